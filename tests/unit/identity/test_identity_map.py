from __future__ import annotations

import copy
import pickle
import typing as t
import uuid
from collections.abc import Mapping

import pytest

from globus_core.exc import (
    GlobusError,
    GlobusSDKUsageError,
    LoginRequiredError,
    ValidationError,
)
from globus_core.identities import Identity
from globus_core_identity import IdentityMap, MappingIdentityCache


def test_one_record_is_found_by_both_keys(auth: t.Any, people: t.Any) -> None:
    """Id and username lead to the same object after one request."""
    identities = IdentityMap(auth)

    record = identities[people.username(7)]

    assert people.document(7) == record
    assert record is identities[people.id(7)]
    assert auth.count == 1


@pytest.mark.parametrize("argument", ["identity_ids", "id_list"])
def test_announced_keys_share_one_request(auth: t.Any, people: t.Any, argument: str) -> None:
    """The constructor announces, and the first look-up asks for all of a kind."""
    announced = [people.username(number) for number in range(50)]
    identities = IdentityMap(auth, **t.cast("t.Any", {argument: announced}))
    assert auth.count == 0

    for name in announced:
        assert identities[name]["username"] == name

    assert auth.count == 1


def test_the_second_argument_is_the_list_of_keys(auth: t.Any, people: t.Any) -> None:
    """Both documented signatures take the keys as second positional argument."""
    identities = IdentityMap(auth, [people.username(1), people.username(2)])

    assert identities[people.username(2)].id == people.id(2)
    assert auth.requests == [[people.username(2), people.username(1)]]


def test_ids_and_usernames_are_not_mixed_in_a_request(auth: t.Any, people: t.Any) -> None:
    """A look-up takes along announced keys of its own kind only."""
    identities = IdentityMap(auth, [people.id(1), people.username(2), people.id(3)])

    assert identities[people.id(3)]

    assert auth.kinds == ["ids"]
    assert {people.id(1), people.id(3)} == set(auth.requests[0])


def test_a_miss_sends_one_batch(auth: t.Any, people: t.Any) -> None:
    """The first look-up asks for no more than a batch, however much is announced."""
    identities = IdentityMap(auth, map(people.username, range(1000)), id_batch_size=10)

    assert identities[people.username(0)]

    assert [len(keys) for keys in auth.requests] == [10]


def test_working_through_a_list_fills_the_batches(auth: t.Any, people: t.Any) -> None:
    """1000 announced names that are looked up one by one cost 10 full requests."""
    names = [people.username(number) for number in range(1000)]
    identities = IdentityMap(auth, names)

    assert names == [identities[name].username for name in names]
    assert [len(keys) for keys in auth.requests] == [100] * 10


def test_add_says_whether_a_key_is_new(auth: t.Any, people: t.Any) -> None:
    """False for a key that is announced or known."""
    identities = IdentityMap(auth)

    assert identities.add(people.username(1)) is True
    assert identities.add(people.username(1)) is False
    assert identities[people.username(1)]
    assert identities.add(people.username(1).upper()) is False
    assert identities.add(people.id(1)) is False
    assert identities.add(uuid.UUID(people.id(2))) is True
    assert identities.add(people.id(2)) is False
    assert auth.count == 1


def test_a_document_can_be_added(auth: t.Any, people: t.Any) -> None:
    """A document is found by both keys without a request, as the caller's word."""
    identities = IdentityMap(auth)

    assert identities.add(people.document(1)) is True
    assert identities.add(people.document(1)) is False

    assert identities[people.id(1)] == identities[people.username(1)] == people.document(1)
    assert identities[people.id(1)].source == "caller"
    assert auth.count == 0


def test_keys_and_documents_can_be_given_by_other_keywords(auth: t.Any, people: t.Any) -> None:
    """``identity`` of get and ``identity_document`` of add, in place of the first argument."""
    for names in (IdentityMap(auth), IdentityMap(auth, cache={})):
        document = {"id": str(uuid.UUID(int=5)), "username": "new@example.org"}
        assert names.add(identity_document=document)
        assert names.get(identity="new@example.org")["id"] == document["id"]
        assert names.get(identity=document["id"], default=1)["id"] == document["id"]
        assert names.get(document["id"])["id"] == document["id"]
        with pytest.raises(GlobusSDKUsageError, match="one identity id"):
            names.get()
        with pytest.raises(GlobusSDKUsageError, match="one identity id"):
            names.get(document["id"], identity=document["id"])
        with pytest.raises(GlobusSDKUsageError, match="not both"):
            names.add("a@example.org", identity_document=document)
        with pytest.raises(GlobusSDKUsageError, match="expected an identity id"):
            names.add()
    assert auth.count == 0


def test_a_document_without_id_is_refused(auth: t.Any) -> None:
    """What is added must be an identity."""
    with pytest.raises(ValidationError, match="'id'"):
        IdentityMap(auth).add({"username": "a@example.org"})


def test_what_is_no_key_is_refused(auth: t.Any) -> None:
    """Adding a number is a usage error, looking one up a KeyError."""
    identities: t.Any = IdentityMap(auth)

    with pytest.raises(GlobusSDKUsageError, match="not 7"):
        identities.add(7)
    with pytest.raises(KeyError):
        identities[7]
    assert 7 not in identities


def test_names_are_found_in_any_case(auth: t.Any, people: t.Any) -> None:
    """Usernames in mixed case and UUIDs in other spellings need no further request."""
    identities = IdentityMap(auth, [people.username(1).title()])

    record = identities[people.username(1).upper()]

    assert record is identities[people.username(1).title()]
    assert record is identities[people.id(1).replace("-", "").upper()]
    assert record is identities[uuid.UUID(people.id(1))]
    assert auth.requests == [[people.username(1)]]


def test_a_name_that_the_server_spells_otherwise_is_found(auth: t.Any, people: t.Any) -> None:
    """The server may answer with capitals; its spelling is kept in the record."""
    auth.answer = lambda asked: [people.document(1, username="User00001@Example.ORG")]
    identities = IdentityMap(auth)

    assert identities[people.username(1)]["username"] == "User00001@Example.ORG"
    assert identities["USER00001@example.org"].id == people.id(1)
    assert auth.count == 1


def test_an_unknown_key_is_a_key_error_and_remembered(auth: t.Any) -> None:
    """Nobody is asked twice for a name that nobody has."""
    identities = IdentityMap(auth)

    for _ in range(3):
        with pytest.raises(KeyError, match=r"nobody@example\.org"):
            identities["nobody@example.org"]
    assert identities.get("Nobody@example.org") is None
    assert identities.get("nobody@example.org", 5) == 5
    assert "nobody@example.org" not in identities
    assert auth.count == 1


def test_one_in_ten_unknown_costs_no_more_requests(auth: t.Any, people: t.Any) -> None:
    """2000 names, 200 of them unknown: 20 requests, and none in a second pass."""
    names = [
        people.username(number) if number % 10 else f"nobody{number}@example.org"
        for number in range(2000)
    ]
    identities = IdentityMap(auth, names)

    for _ in range(2):
        assert sum(identities.get(name) is not None for name in names) == 1800
        assert auth.count == 20


def test_deleting_forgets_one_key(auth: t.Any, people: t.Any) -> None:
    """The deleted key is asked for again; the other key of the record is not touched."""
    identities = IdentityMap(auth)
    assert identities[people.username(1)]

    del identities[people.id(1)]

    assert identities[people.username(1)]
    assert auth.count == 1
    assert identities[people.id(1)]
    assert auth.count == 2
    with pytest.raises(KeyError):
        del identities["nobody@example.org"]


def test_deleting_forgets_that_a_key_is_unknown(auth: t.Any, people: t.Any) -> None:
    """A person who has signed up meanwhile is found after del."""
    identities = IdentityMap(auth)
    assert identities.get("new@example.org") is None
    auth.by_name["new@example.org"] = people.document(1, username="new@example.org")

    del identities["new@example.org"]

    assert identities["new@example.org"].id == people.id(1)


def test_it_is_a_mapping_of_ids_to_records(auth: t.Any, people: t.Any) -> None:
    """Iteration looks up what is announced and gives each identity once."""
    identities = IdentityMap(auth, [people.username(1), people.id(2), "nobody@example.org"])

    expected = {people.id(number): people.document(number) for number in (1, 2)}

    assert isinstance(identities, Mapping)
    assert expected == dict(identities.items())
    assert expected == dict(identities)
    assert expected == identities.copy()
    assert set(expected) == set(identities) == set(identities.keys())
    assert len(identities) == 2
    assert all(isinstance(record, Identity) for record in identities.values())
    assert auth.count == 2


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_map_is_not_copied_and_says_what_to_take_instead(
    auth: t.Any, people: t.Any, duplicate: t.Callable[[t.Any], t.Any]
) -> None:
    """Nobody is asked for that; there is a copy of what was found."""
    identities = IdentityMap(auth, [people.username(1)])

    with pytest.raises(TypeError, match=r"use to_dict\(\) or copy\(\)"):
        duplicate(identities)

    assert auth.count == 0
    assert list(identities.copy()) == [people.id(1)]


def test_a_map_is_true_and_hashable_without_a_request(auth: t.Any, people: t.Any) -> None:
    """Testing, comparing and printing a map asks nobody."""
    identities = IdentityMap(auth, [people.username(1)])

    assert identities
    assert identities == identities
    assert identities != IdentityMap(auth)
    assert len({identities}) == 1
    assert repr(identities) == "<IdentityMap: 0 found, 1 announced>"
    assert auth.count == 0


def test_records_are_put_in_with_add_only(auth: t.Any, people: t.Any) -> None:
    """The ways to change a dict are refused with the remedy."""
    identities: t.Any = IdentityMap(auth)

    with pytest.raises(TypeError, match="add\\(document\\)"):
        identities[people.id(1)] = people.document(1)
    with pytest.raises(TypeError):
        identities.update({})
    with pytest.raises(TypeError):
        identities.setdefault("a", {})


def test_clear_forgets_everything(auth: t.Any, people: t.Any) -> None:
    """After clear the map asks again."""
    identities = IdentityMap(auth, [people.username(1)])
    assert len(identities) == 1

    identities.clear()

    assert list(identities) == []
    assert identities[people.username(1)]
    assert auth.count == 2


def test_to_dict_is_plain_data(auth: t.Any, people: t.Any) -> None:
    """Everything found, by id, with source and extensions."""
    identities = IdentityMap(auth, [people.username(1)])

    expected = {"identity": people.document(1), "source": "globus", "extensions": {}}

    assert {people.id(1): expected} == identities.to_dict()


def test_prefetch_asks_for_all_that_is_announced(auth: t.Any, people: t.Any) -> None:
    """Afterwards nothing needs a request; the result tells what was found."""
    identities = IdentityMap(auth, [people.id(1), people.username(2)])

    resolution = identities.prefetch(["nobody@example.org"])

    assert [people.id(1), people.username(2)] == list(resolution.found)
    assert resolution.unknown == ["nobody@example.org"]
    assert resolution.complete
    assert auth.count == 2
    assert identities.prefetch().found == {}
    assert len(identities) == 2
    assert auth.count == 2


def test_resolve_many_answers_in_the_callers_spelling(auth: t.Any, people: t.Any) -> None:
    """Duplicates and mixed case are asked for once and answered each."""
    identities = IdentityMap(auth)
    spellings = [people.username(1), people.username(1).upper(), people.username(1)]

    resolution = identities.resolve_many([*spellings, "a,b@example.org", "", "No@example.org"])

    assert set(spellings) == set(resolution.found)
    assert {key: why.reason for key, why in resolution.unresolved.items()} == {
        "a,b@example.org": "invalid",
        "": "invalid",
        "No@example.org": "unknown",
    }
    assert auth.requests == [[people.username(1), "no@example.org"]]


def test_progress_is_told(auth: t.Any, people: t.Any) -> None:
    """The callback sees the number of answered keys grow to the number of all."""
    seen: list[tuple[int, int]] = []
    identities = IdentityMap(auth, max_connections=2)

    identities.resolve_many(
        map(people.username, range(250)), progress=lambda done, total: seen.append((done, total))
    )

    assert sorted(seen) == seen
    assert {250} == {total for _, total in seen}
    assert seen[-1] == (250, 250)


def test_impossible_keys_are_never_sent(auth: t.Any) -> None:
    """A key with a comma would be read as two; it is simply not found."""
    identities = IdentityMap(auth, ["", "a,b@example.org", "x" * 5000, "a\x07@example.org"])

    assert list(identities) == []
    assert identities.get("a,b@example.org") is None
    assert auth.count == 0


def test_an_empty_cell_in_a_list_of_keys_is_no_username(auth: t.Any, people: t.Any) -> None:
    """Nothing is sent for a list with None in it, and it is not looked up as "none"."""
    identities = IdentityMap(auth)
    keys: list[t.Any] = [people.username(1), None]
    for look_up in (identities.resolve_many, identities.prefetch):
        with pytest.raises(GlobusSDKUsageError, match="not None"):
            look_up(keys)
    with pytest.raises(GlobusSDKUsageError, match="not None"):
        next(identities.resolve_iter(keys))
    assert auth.requests == []


def test_a_failing_look_up_raises_and_is_not_remembered(auth: t.Any, people: t.Any) -> None:
    """The client's error comes through; announced keys are asked for again later."""
    identities = IdentityMap(auth, [people.username(1), people.username(2)])
    auth.errors.append(GlobusError("the server is ill"))

    with pytest.raises(GlobusError, match="the server is ill"):
        identities[people.username(1)]

    assert identities[people.username(1)].id == people.id(1)
    assert identities[people.username(2)].id == people.id(2)
    assert auth.count == 2


def test_iterating_over_a_failure_raises(auth: t.Any, people: t.Any) -> None:
    """An incomplete iteration would look like a complete one."""
    identities = IdentityMap(auth, [people.username(1)])
    auth.errors.append(GlobusError("the server is ill"))

    with pytest.raises(GlobusError):
        list(identities)
    assert [people.id(1)] == list(identities)


def test_partial_failure_gives_what_was_found(auth: t.Any, people: t.Any) -> None:
    """One batch of three fails: the other two are found, and the reason is told."""
    identities = IdentityMap(auth, max_connections=1)
    auth.errors = [ValueError("no JSON")]

    resolution = identities.resolve_many(map(people.username, range(300)))

    assert len(resolution.found) == 200
    assert [people.username(number) for number in range(100)] == resolution.failed
    assert not resolution.complete
    with pytest.raises(ValidationError, match="no list of identities"):
        resolution.raise_for_failure()


@pytest.mark.parametrize("connections", [1, 2])
def test_a_hopeless_failure_ends_the_rest(auth: t.Any, people: t.Any, connections: int) -> None:
    """Without a login no further batch is sent."""
    error = LoginRequiredError("nobody is logged in")
    auth.errors = [error] * 50
    identities = IdentityMap(auth, max_connections=connections, id_batch_size=10)

    resolution = identities.resolve_many(map(people.username, range(500)))

    assert len(resolution.failed) == 500
    assert {id(error)} == {id(why.error) for why in resolution.unresolved.values()}
    assert auth.count < 20


@pytest.mark.parametrize(
    "answer",
    [
        lambda asked: [{"id": "x"}],
        lambda asked: ["text"],
        lambda asked: [None],
    ],
)
def test_a_nonsense_answer_is_a_failure_and_not_remembered(
    auth: t.Any, people: t.Any, answer: t.Any
) -> None:
    """A key that is missing from a faulty answer is not taken for unknown."""
    identities = IdentityMap(auth)
    auth.answer = answer

    with pytest.raises(ValidationError, match="Globus Auth sent"):
        identities[people.username(1)]
    auth.answer = None

    assert identities[people.username(1)].id == people.id(1)


def test_what_was_not_asked_for_is_not_taken(auth: t.Any, people: t.Any) -> None:
    """An answer for another key does not get into the map."""
    auth.answer = lambda asked: [people.document(1), people.document(2)]
    identities = IdentityMap(auth)

    assert identities[people.username(1)].id == people.id(1)
    auth.answer = None

    assert identities[people.username(2)]
    assert auth.count == 2


def test_of_two_identities_the_used_one_has_the_name(auth: t.Any, people: t.Any) -> None:
    """Both are found by id; answering twice for one does no harm."""
    unused = people.document(2, username=people.username(1), status="unused")
    auth.answer = lambda asked: [unused, people.document(1), people.document(1)]
    identities = IdentityMap(auth)

    assert identities[people.username(1)].id == people.id(1)
    assert identities[people.id(2)].get("status") == "unused"
    assert auth.count == 1


def test_long_usernames_are_spread_over_requests(auth: t.Any) -> None:
    """No request line is longer than servers accept, and every key is asked for once."""
    names = [f"{'x' * 90}{number:04d}@example.org" for number in range(100)]
    identities = IdentityMap(auth, names)

    identities.prefetch()

    assert sorted(names) == sorted(name for keys in auth.requests for name in keys)
    assert auth.count == 2
    assert max(len("%2C".join(keys)) + 2 * len(keys) for keys in auth.requests) <= 6144


def test_a_dict_serves_as_cache_of_several_maps(auth: t.Any, people: t.Any) -> None:
    """It holds each record under id and username, and nothing else."""
    cache: dict[str, t.Any] = {}
    first = IdentityMap(auth, [people.username(1), people.username(2)], cache=cache)
    assert first[people.username(1)]
    assert first.get("nobody@example.org") is None

    second = IdentityMap(auth, cache=cache)

    assert second[people.id(2)] == people.document(2)
    assert second.add(people.id(2)) is False
    assert auth.count == 2
    expected = {key for number in (1, 2) for key in (people.id(number), people.username(number))}
    assert expected == set(cache)
    assert isinstance(first.cache, MappingIdentityCache)


def test_a_filled_dict_is_taken_over(auth: t.Any, people: t.Any) -> None:
    """Plain documents that another program stored count as known."""
    identities = IdentityMap(auth, cache={people.id(1): people.document(1)})

    assert identities[people.id(1)].username == people.username(1)
    assert auth.count == 0


@pytest.mark.parametrize(
    "arguments",
    [
        {"identity_ids": [], "id_list": []},
        {"id_batch_size": 0},
        {"max_connections": 0},
        {"max_connections": 33},
        {"cache": 7},
    ],
)
def test_arguments_without_sense_are_usage_errors(auth: t.Any, arguments: dict[str, t.Any]) -> None:
    """The error names the argument."""
    with pytest.raises(GlobusSDKUsageError, match=next(iter(arguments))):
        IdentityMap(auth, **arguments)


def test_a_single_key_is_not_taken_for_letters(auth: t.Any, people: t.Any) -> None:
    """A string in place of a list is one key."""
    identities = IdentityMap(auth, people.username(1))

    assert [people.id(1)] == list(identities)
    assert list(identities.resolve_many(people.username(1)).found) == [people.username(1)]


def test_a_deleted_id_is_no_longer_listed(auth: t.Any, people: t.Any) -> None:
    """Iteration after del does not ask for the key again."""
    identities = IdentityMap(auth, [people.id(1), people.id(2)])
    assert len(identities) == 2

    del identities[people.id(1)]

    assert list(identities) == [people.id(2)]
    assert auth.count == 1
