"""
The contract of identity caches, as tests that authors of caches inherit.
"""

from __future__ import annotations

import threading
import typing as t
from contextlib import closing

from globus_core.exc import RenewalError
from globus_core.identities import GLOBUS, Identity, IdentityCache

from ._processes import PATIENCE_SECONDS, in_threads, workers

Factory = t.Callable[..., IdentityCache]

NOBODY = "nobody@example.org"
HERE, ELSEWHERE = "https://auth.example.org/", "https://auth.example.com/"


def make_identity(number: int, **changes: t.Any) -> Identity:
    """
    A record with made-up values.

    :param number: which person it is
    :param changes: fields with other values
    """
    document: dict[str, t.Any] = {
        "id": f"5a9db0c1-7e10-4fa3-86d9-{number:012d}",
        "username": f"person{number}@example.org",
        "name": "Zoë Müller",
        "email": None,
        "identity_provider": "9c3f5e08-7b21-4d6c-8a90-e41f2c7d3b56",
        "status": "used",
    }
    return Identity(
        {**document, **changes},
        source=GLOBUS,
        extensions={"campus": {"departments": ["Physics"]}},
        included={"identity_provider": {"id": document["identity_provider"], "name": "Example"}},
    )


class IdentityCacheContract:
    """
    Tests for any identity cache. Subclass it in a test module and define the fixture
    ``cache_factory``: a function that creates a new cache object, within one test always on the
    same medium. It is called without arguments or, if the attributes below say that the cache has
    these settings, with ``ttl``, ``negative_ttl`` and ``clock``, or with ``max_entries``.

    A cache that processes share also passes :class:`SharedIdentityCacheContract`.

    :cvar expires: whether the cache takes ``ttl`` and ``negative_ttl`` in seconds, and ``clock``, a
        function that returns the time in seconds
    :cvar bounded: whether the cache takes ``max_entries``, the number of keys that it holds
    :cvar asks_once: whether ``asking`` makes others wait, as it need not
    """

    expires = True
    bounded = True
    asks_once = False

    def test_nothing_is_known_at_first(self, cache_factory: Factory) -> None:
        """A new cache has no entries, and nothing to remove."""
        with closing(cache_factory()) as cache:
            assert cache.get_many([NOBODY]) == {}
            assert cache.get_many([]) == {}
            assert cache.discard_many([NOBODY]) == 0
            assert cache.describe().entries == 0

    def test_what_is_put_is_given_back(self, cache_factory: Factory) -> None:
        """A record comes back complete, and "unknown" is distinguished from no entry."""
        record = make_identity(1)
        with closing(cache_factory()) as cache:
            cache.put_many({record.id: record, NOBODY: None})
            answers = cache.get_many([record.id, NOBODY, "else@example.org"])
            assert set(answers) == {record.id, NOBODY}
            assert answers[NOBODY] is None
            read = answers[record.id]
            assert isinstance(read, Identity)
            assert read.to_dict() == record.to_dict()

    def test_the_source_is_kept(self, cache_factory: Factory) -> None:
        """A record that an institution asserted does not come back with the source Globus Auth."""
        record = Identity(make_identity(1), source="plugin:campus")
        with closing(cache_factory()) as cache:
            cache.put_many({record.username: record})
            read = cache.get_many([record.username])[record.username]
            assert read is not None
            assert (read.source, read.asserted) == ("plugin:campus", True)

    def test_a_record_is_found_by_both_keys(self, cache_factory: Factory) -> None:
        """A record stored under id and username is found by either, and by both at once."""
        record = make_identity(1)
        with closing(cache_factory()) as cache:
            cache.put_many({record.id: record, record.username: record})
            for keys in ([record.id], [record.username], [record.username, record.id]):
                assert cache.get_many(keys) == dict.fromkeys(keys, record)

    def test_a_later_answer_replaces_an_earlier_one(self, cache_factory: Factory) -> None:
        """An unknown key may become known; a record may change, or become unknown."""
        record = make_identity(1)
        with closing(cache_factory()) as cache:
            for answer in (None, record, make_identity(1, name="Zoë Sand"), None):
                cache.put_many({record.id: answer})
                assert cache.get_many([record.id]) == {record.id: answer}

    def test_putting_changes_only_what_it_names(self, cache_factory: Factory) -> None:
        """Other keys keep their entries, also when nothing is stored."""
        one, two = make_identity(1), make_identity(2)
        with closing(cache_factory()) as cache:
            cache.put_many({one.id: one})
            cache.put_many({two.id: two})
            cache.put_many({})
            assert cache.get_many([one.id, two.id]) == {one.id: one, two.id: two}

    def test_discarding_counts_what_was_there(self, cache_factory: Factory) -> None:
        """Unknown keys count as entries, keys without an entry do not, and other entries stay."""
        one, two = make_identity(1), make_identity(2)
        with closing(cache_factory()) as cache:
            cache.put_many({one.id: one, two.id: two, NOBODY: None})
            assert cache.discard_many([one.id, NOBODY, "else@example.org"]) == 2
            assert cache.get_many([one.id, two.id, NOBODY]) == {two.id: two}

    def test_namespaces_are_kept_apart(self, cache_factory: Factory) -> None:
        """The entries of one server are not used for another."""
        record = make_identity(1)
        with closing(cache_factory()) as cache:
            cache.put_many({record.id: record}, namespace=HERE)
            assert cache.get_many([record.id], namespace=ELSEWHERE) == {}
            cache.put_many({record.id: None}, namespace=ELSEWHERE)
            assert cache.discard_many([record.id], namespace=ELSEWHERE) == 1
            assert cache.get_many([record.id], namespace=HERE) == {record.id: record}

    def test_clear_empties_all_namespaces(self, cache_factory: Factory) -> None:
        """Afterwards there are no entries in any namespace, and the cache still works."""
        record = make_identity(1)
        with closing(cache_factory()) as cache:
            for namespace in ("", HERE, ELSEWHERE):
                cache.put_many({record.id: record}, namespace=namespace)
            cache.clear()
            for namespace in ("", HERE, ELSEWHERE):
                assert cache.get_many([record.id], namespace=namespace) == {}
            assert cache.describe().entries == 0
            cache.put_many({record.id: record})
            assert cache.get_many([record.id]) == {record.id: record}

    def test_keys_may_hold_any_text(self, cache_factory: Factory) -> None:
        """Keys with quotes, patterns, other alphabets and long names are distinguished."""
        keys = ["it's", 'say "hi"', "a%", "a_", "a*", "züri@example.org", "a b", "x" * 1024, "ab"]
        with closing(cache_factory()) as cache:
            for number, key in enumerate(keys):
                cache.put_many({key: make_identity(number)}, namespace="it's; a/test")
            found = cache.get_many(keys, namespace="it's; a/test")
            assert found == {key: make_identity(number) for number, key in enumerate(keys)}

    def test_many_keys_are_answered_in_one_call(self, cache_factory: Factory) -> None:
        """Thousands at once, also from an iterator that can be read only once."""
        records = [make_identity(number) for number in range(2500)]
        entries = {record.id: record for record in records}
        with closing(cache_factory()) as cache:
            cache.put_many(entries)
            assert cache.get_many(iter(entries)) == entries
            assert cache.discard_many(iter(entries)) == len(entries)

    def test_answers_can_be_changed_without_harm(self, cache_factory: Factory) -> None:
        """Changes to a stored or returned record do not affect the cache."""
        record = make_identity(1)
        with closing(cache_factory()) as cache:
            entries: dict[str, Identity | None] = {record.id: record}
            cache.put_many(entries)
            entries.clear()
            cache.get_many([record.id]).clear()
            assert cache.get_many([record.id]) == {record.id: record}

    def test_a_cache_describes_itself(self, cache_factory: Factory) -> None:
        """Entries, unknown keys, hits and misses are counted."""
        record = make_identity(1)
        with closing(cache_factory()) as cache:
            cache.put_many({record.id: record, NOBODY: None})
            cache.get_many([record.id, NOBODY, "else@example.org"])
            facts = cache.describe()
            assert facts.location
            assert (facts.entries, facts.negative_entries) == (2, 1)
            assert (facts.hits, facts.misses) == (2, 1)

    def test_a_closed_cache_may_be_used_again(self, cache_factory: Factory) -> None:
        """Closing twice is allowed."""
        cache, record = cache_factory(), make_identity(1)
        cache.close()
        cache.close()
        try:
            cache.put_many({record.id: record})
            assert cache.get_many([record.id]) == {record.id: record}
        finally:
            cache.close()

    def test_threads_lose_nothing(self, cache_factory: Factory) -> None:
        """Threads that store and read through one object all find what they stored."""
        cache = cache_factory()

        def work(thread: int) -> None:
            for number in range(10):
                record = make_identity(100 * thread + number)
                cache.put_many({record.id: record})
                assert cache.get_many([record.id]) == {record.id: record}

        try:
            in_threads(work, 8)
            assert cache.describe().entries == 80
        finally:
            cache.close()

    def test_asking_about_a_key_ends_with_its_block(self, cache_factory: Factory) -> None:
        """It can be done again, after an error as well, and does not keep out other keys."""
        import pytest

        with closing(cache_factory()) as cache:
            for _ in range(2):
                with (
                    pytest.raises(KeyError),
                    cache.asking("a", namespace=HERE, timeout=PATIENCE_SECONDS),
                    cache.asking("b", namespace=HERE, timeout=PATIENCE_SECONDS),
                    cache.asking("a", namespace=ELSEWHERE, timeout=PATIENCE_SECONDS),
                ):
                    cache.put_many({"a": None})
                    raise KeyError
            assert cache.describe().entries == 1

    def test_one_thread_at_a_time_asks_about_a_key(self, cache_factory: Factory) -> None:
        """The others wait, and go on when it has the answer."""
        if not self.asks_once:
            return
        inside: list[int] = []
        most: list[int] = []
        with closing(cache_factory()) as cache:

            def work(thread: int) -> None:
                with cache.asking("a", timeout=PATIENCE_SECONDS):
                    inside.append(thread)
                    most.append(len(inside))
                    inside.remove(thread)

            in_threads(work, 8)
        assert most == [1] * 8

    def test_unknown_keys_are_forgotten_sooner(self, cache_factory: Factory) -> None:
        """Records live for ``ttl`` seconds, unknown keys for ``negative_ttl``."""
        if not self.expires:
            return
        now = [1000.0]
        record = make_identity(1)
        with closing(cache_factory(ttl=100.0, negative_ttl=10.0, clock=lambda: now[0])) as cache:
            cache.put_many({record.id: record, NOBODY: None})
            now[0] = 1009.0
            assert set(cache.get_many([record.id, NOBODY])) == {record.id, NOBODY}
            now[0] = 1010.0
            assert set(cache.get_many([record.id, NOBODY])) == {record.id}
            cache.put_many({NOBODY: None})
            now[0] = 1100.0
            assert cache.get_many([record.id]) == {}

    def test_there_are_never_too_many(self, cache_factory: Factory) -> None:
        """The bound holds, the last entry is there, and no entry is wrong."""
        if not self.bounded:
            return
        with closing(cache_factory(max_entries=50)) as cache:
            for number in range(120):
                cache.put_many({make_identity(number).id: make_identity(number)})
            keys = [make_identity(number).id for number in range(120)]
            assert cache.describe().entries <= 50
            assert 0 < len(cache.get_many(keys)) <= 50
            assert cache.get_many(keys[-1:]) == {keys[-1]: make_identity(119)}


class SharedIdentityCacheContract(IdentityCacheContract):
    """
    Further tests for a cache that several processes share.

    The fixture's function is passed to other processes, so it must be picklable, such as
    ``functools.partial(MyCache, "place")``.

    :cvar processes: the number of processes that store at once
    """

    processes = 2

    def test_it_says_that_it_is_shared(self, cache_factory: Factory) -> None:
        """The description says that other processes see the entries."""
        with closing(cache_factory()) as cache:
            assert cache.describe().shared

    def test_a_second_object_sees_what_the_first_puts(self, cache_factory: Factory) -> None:
        """Each change through one object is seen at once through another."""
        one, two = cache_factory(), cache_factory()
        try:
            for number in range(10):
                record = make_identity(1, name=f"Name {number}")
                one.put_many({record.id: record})
                assert two.get_many([record.id]) == {record.id: record}
            two.clear()
            assert one.get_many([make_identity(1).id]) == {}
        finally:
            one.close()
            two.close()

    def test_processes_lose_nothing(self, cache_factory: Factory) -> None:
        """Processes that open and store at the same time all find their entries."""
        with workers(self.processes, _put_many, cache_factory) as told:
            reports = [told.get(timeout=PATIENCE_SECONDS) for _ in range(self.processes)]
        assert reports == ["done"] * self.processes
        with closing(cache_factory()) as cache:
            assert cache.describe().entries == self.processes * 20

    def test_one_process_at_a_time_asks_about_a_key(self, cache_factory: Factory) -> None:
        """Others wait for that key only, and for as long as they want to."""
        if not self.asks_once:
            return
        import pytest

        with closing(cache_factory()) as cache, workers(1, _ask, cache_factory) as told:
            assert told.get(timeout=PATIENCE_SECONDS) == "asking"
            with pytest.raises(RenewalError):
                cache.asking("a", namespace=HERE, timeout=0.05).__enter__()
            with cache.asking("b", namespace=HERE, timeout=PATIENCE_SECONDS):
                pass


def _put_many(number: int, told: t.Any, factory: Factory) -> None:
    cache = factory()
    for index in range(20):
        record = make_identity(1000 * number + index)
        cache.put_many({record.id: record})
    cache.close()
    told.send("done")


def _ask(number: int, told: t.Any, factory: Factory) -> None:
    with factory().asking("a", namespace=HERE, timeout=PATIENCE_SECONDS):
        told.send("asking")
        threading.Event().wait(PATIENCE_SECONDS)  # until it is killed
