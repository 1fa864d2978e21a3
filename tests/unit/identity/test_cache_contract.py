"""
The caches keep the contract of all caches, and the contract finds what is wrong with others.
"""

from __future__ import annotations

import functools
import typing as t

import pytest

from globus_core.exc import RenewalError
from globus_core.identities import GLOBUS, Identity
from globus_core.testing import IdentityCacheContract, SharedIdentityCacheContract
from globus_core_identity import MemoryIdentityCache, SQLiteIdentityCache

if t.TYPE_CHECKING:
    from pathlib import Path

    from globus_core.identities import IdentityCacheDescription
    from globus_core.testing.identity_cache import Factory

    Entries = t.Mapping[str, Identity | None]
    Known = dict[str, Identity | None]


class TestMemory(IdentityCacheContract):
    """
    Identities in memory.
    """

    asks_once = True

    @pytest.fixture
    def cache_factory(self) -> Factory:
        return MemoryIdentityCache


class TestSQLite(SharedIdentityCacheContract):
    """
    Identities in a file.
    """

    asks_once = True

    @pytest.fixture
    def cache_factory(self, tmp_path: Path) -> Factory:
        return functools.partial(SQLiteIdentityCache, str(tmp_path / "folder" / "identities.db"))


class _ForgetsNamespaces(MemoryIdentityCache):
    def put_many(self, entries: Entries, *, namespace: str = "") -> None:
        super().put_many(entries)

    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> Known:
        return super().get_many(keys)


class _ForgetsUnknown(MemoryIdentityCache):
    def put_many(self, entries: Entries, *, namespace: str = "") -> None:
        known = {key: record for key, record in entries.items() if record is not None}
        super().put_many(known, namespace=namespace)


class _ForgetsTheSource(MemoryIdentityCache):
    def put_many(self, entries: Entries, *, namespace: str = "") -> None:
        plain = {
            key: None
            if record is None
            else Identity(
                record, source=GLOBUS, extensions=record.extensions, included=record.included
            )
            for key, record in entries.items()
        }
        super().put_many(plain, namespace=namespace)


class _ForgetsExtensions(MemoryIdentityCache):
    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> Known:
        known = super().get_many(keys, namespace=namespace)
        return {
            key: None if record is None else Identity(record, source=record.source)
            for key, record in known.items()
        }


class _AnswersEverything(MemoryIdentityCache):
    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> Known:
        wanted = list(keys)
        return {**dict.fromkeys(wanted), **super().get_many(wanted, namespace=namespace)}


class _ReadsKeysTwice(MemoryIdentityCache):
    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> Known:
        return super().get_many(keys, namespace=namespace) if list(keys) else {}


class _NeverDiscards(MemoryIdentityCache):
    def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
        return len(super().get_many(keys, namespace=namespace))


class _ClearsOneNamespace(MemoryIdentityCache):
    def clear(self) -> None:
        for key in [key for namespace, key in self._entries if not namespace]:
            self.discard_many([key])


class _KeepsUnknownAsLongAsRecords(MemoryIdentityCache):
    def __init__(self, **settings: t.Any) -> None:
        if "ttl" in settings:
            settings["negative_ttl"] = settings["ttl"]
        super().__init__(**settings)


class _HasNoBound(MemoryIdentityCache):
    def __init__(self, **settings: t.Any) -> None:
        settings.pop("max_entries", None)
        super().__init__(**settings)


class _CountsNothing(MemoryIdentityCache):
    def describe(self) -> IdentityCacheDescription:
        facts = super().describe()
        facts.hits = 0
        return facts


class _CutsKeys(MemoryIdentityCache):
    def put_many(self, entries: Entries, *, namespace: str = "") -> None:
        cut = {key[:255]: record for key, record in entries.items()}
        super().put_many(cut, namespace=namespace)


class _HandsOutItsTable(MemoryIdentityCache):
    def __init__(self, **settings: t.Any) -> None:
        super().__init__(**settings)
        self._known: Known = {}

    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> Known:
        wanted = list(keys)
        self._known.update(super().get_many(wanted, namespace=namespace))
        self.discard_many(wanted, namespace=namespace)
        return self._known


class _ClosesForGood(MemoryIdentityCache):
    def close(self) -> None:
        self._entries = None  # type: ignore[assignment]


DEFECTS = {
    _ForgetsNamespaces: "test_namespaces_are_kept_apart",
    _ForgetsUnknown: "test_what_is_put_is_given_back",
    _ForgetsTheSource: "test_the_source_is_kept",
    _ForgetsExtensions: "test_what_is_put_is_given_back",
    _AnswersEverything: "test_nothing_is_known_at_first",
    _ReadsKeysTwice: "test_many_keys_are_answered_in_one_call",
    _NeverDiscards: "test_discarding_counts_what_was_there",
    _ClearsOneNamespace: "test_clear_empties_all_namespaces",
    _KeepsUnknownAsLongAsRecords: "test_unknown_keys_are_forgotten_sooner",
    _HasNoBound: "test_there_are_never_too_many",
    _CountsNothing: "test_a_cache_describes_itself",
    _CutsKeys: "test_keys_may_hold_any_text",
    _HandsOutItsTable: "test_answers_can_be_changed_without_harm",
    _ClosesForGood: "test_a_closed_cache_may_be_used_again",
}


@pytest.mark.parametrize(("defective", "test"), DEFECTS.items())
def test_the_contract_finds_a_defect(defective: type[MemoryIdentityCache], test: str) -> None:
    """A cache with one thing wrong fails the test of that thing, which a right one passes."""
    contract = IdentityCacheContract()

    getattr(contract, test)(MemoryIdentityCache)

    with pytest.raises((AssertionError, AttributeError, TypeError)):
        getattr(contract, test)(defective)


def test_a_cache_without_settings_can_keep_the_contract() -> None:
    """A cache says by two attributes that it takes neither times nor a size."""

    class Plain(IdentityCacheContract):
        expires = bounded = False

    Plain().test_unknown_keys_are_forgotten_sooner(_without_settings)
    Plain().test_there_are_never_too_many(_without_settings)
    with pytest.raises(TypeError):
        IdentityCacheContract().test_there_are_never_too_many(_without_settings)


def _without_settings() -> MemoryIdentityCache:
    return MemoryIdentityCache()


def test_a_question_that_was_never_ended_keeps_nobody_waiting_for_ever(tmp_path: Path) -> None:
    """Such as that of a process that was killed; and it does not end the next one's."""
    now = [1000.0]
    cache = SQLiteIdentityCache(tmp_path / "identities.db", clock=lambda: now[0])
    left = cache.asking("a", timeout=0.0)
    left.__enter__()
    assert left.still_mine()
    with pytest.raises(RenewalError, match="a question about 'a'"):
        cache.asking("a", timeout=0.0).__enter__()
    assert left.extend()

    now[0] += 30.0
    assert not left.still_mine()
    with cache.asking("a", timeout=0.0) as question:
        assert not left.extend()
        left.__exit__(None, None, None)
        assert question.still_mine()
    cache.close()
