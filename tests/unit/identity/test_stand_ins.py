"""
Identity maps as programs written for globus-sdk test and fill them: stubs, and caches of their own.
"""

from __future__ import annotations

import collections
import json
import pickle
import typing as t
from unittest import mock

import pytest
import requests

from globus_core import AuthClient, GlobusHTTPResponse
from globus_core.identities import GLOBUS
from globus_core_identity import IdentityMap


class Stub:
    """A client that gives one answer to everything, and counts."""

    def __init__(self, *documents: dict[str, t.Any]) -> None:
        self.documents = documents
        self.count = 0

    def get_identities(self, *, usernames: t.Any = None, ids: t.Any = None) -> t.Any:
        self.count += 1
        return {"identities": list(self.documents)}


def test_a_plain_dict_is_a_response(people: t.Any) -> None:
    """
    With the documents under "identities".
    """
    identities = IdentityMap(Stub(people.document(1)))
    assert identities[people.username(1)]["id"] == people.id(1)
    assert identities[people.id(1)]["username"] == people.username(1)


@pytest.mark.parametrize("key", ["one@example.org", "id-1"])
def test_ids_of_a_stub_need_not_be_uuids(key: str) -> None:
    """
    They are found by username and by id.
    """
    stub = Stub({"id": "id-1", "username": "one@example.org", "name": "One"})
    identities = IdentityMap(stub, [key])
    assert identities[key] == {"id": "id-1", "username": "one@example.org", "name": "One"}
    assert identities["one@example.org"]["id"] == "id-1"
    assert identities["id-1"].id == "id-1"
    assert list(identities) == ["id-1"]
    assert stub.count == 1


def test_a_record_with_any_id_survives_copies() -> None:
    """
    Pickled, extended and copied.
    """
    found = IdentityMap(Stub({"id": "id-1", "username": "one@example.org"}))["one@example.org"]
    assert pickle.loads(pickle.dumps(found)).id == "id-1"
    assert found.extended({"campus": {"x": 1}}).id == "id-1"
    assert found.copy() == dict(found)


def test_a_mock_with_a_dict_is_a_client(people: t.Any) -> None:
    """
    As tests make them.
    """
    client = mock.Mock()
    client.get_identities.return_value = {"identities": [people.document(1)]}
    assert IdentityMap(client, [people.username(1)]).get(people.username(1)) == people.document(1)


def test_any_response_with_identities_is_one(people: t.Any) -> None:
    """
    Its class makes no difference.
    """
    received = requests.Response()
    received.status_code = 200
    received._content = json.dumps({"identities": [people.document(1)]}).encode()
    client = mock.Mock()
    client.get_identities.return_value = GlobusHTTPResponse(received, AuthClient())
    assert IdentityMap(client)[people.username(1)] == people.document(1)


def test_a_dict_without_a_list_of_identities_is_a_failure(people: t.Any) -> None:
    """
    And tells nothing about the keys.
    """
    client = mock.Mock()
    for answer in ({}, {"identities": None}, {"identities": {"id": "x"}}):
        client.get_identities.return_value = answer
        assert IdentityMap(client).resolve_many(["a@b.org"]).failed == ["a@b.org"]


def test_keys_are_unresolved_until_they_are_answered(auth: t.Any, people: t.Any) -> None:
    """
    Ids and usernames apart, as they were spelled.
    """
    name, number = people.username(1).title(), people.id(2).upper()
    identities = IdentityMap(auth, [name, number, "x@nowhere.org"])
    assert identities.unresolved_usernames == {name, "x@nowhere.org"}
    assert identities.unresolved_ids == {number}
    identities[name]
    assert identities.unresolved_usernames == set()
    assert identities.unresolved_ids == {number}
    identities.prefetch()
    assert identities.unresolved_ids == set()


# caches of the caller's own


@pytest.mark.parametrize("kind", [dict, collections.OrderedDict, collections.UserDict])
def test_a_cache_of_the_callers_gets_dicts(auth: t.Any, people: t.Any, kind: t.Any) -> None:
    """
    Which may be changed and written as JSON; a map knows where its records come from all the same.
    """
    cache = kind()
    identities = IdentityMap(auth, cache=cache)
    identities[people.username(1)]
    assert {type(value) for value in cache.values()} == {dict}
    assert sorted(cache) == sorted([people.id(1), people.username(1)])
    assert json.loads(json.dumps(dict(cache)))[people.id(1)] == people.document(1)
    assert identities[people.id(1)].source == GLOBUS
    cache[people.id(1)]["name"] = "Changed"
    assert identities[people.id(1)]["name"] == "Changed"
    assert IdentityMap(auth, cache=cache)[people.id(1)]["name"] == "Changed"
    assert auth.count == 1


def test_what_the_caller_put_into_the_cache_instead_is_not_globus_auths(
    auth: t.Any, people: t.Any
) -> None:
    """
    The source says whose word it is.
    """
    cache: dict[str, t.Any] = {}
    identities = IdentityMap(auth, cache=cache)
    identities[people.id(1)]
    cache[people.id(1)] = people.document(1, name="Another")
    assert identities[people.id(1)].asserted


def test_none_in_a_cache_of_the_callers_is_believed(auth: t.Any, people: t.Any) -> None:
    """
    It is what a look-up gives; nothing is requested.
    """
    identities = IdentityMap(auth, cache={people.username(1): None})
    assert identities[people.username(1)] is None
    assert identities.get(people.username(1), "nobody") is None
    assert identities.resolve_many([people.username(1)]).unknown == [people.username(1)]
    assert auth.count == 0


@pytest.mark.parametrize("document", [{}, {"id": "7"}, {"name": "One"}, {"username": "Any"}])
def test_a_partial_document_in_a_cache_of_the_callers_is_believed(
    auth: t.Any, people: t.Any, document: dict[str, t.Any]
) -> None:
    """
    As it is; nothing is requested, and it does not harm the rest of the cache.
    """
    identities = IdentityMap(auth, cache={people.username(1): document})
    assert identities[people.username(1)] == document
    assert dict(identities.resolve_many([people.username(1)]).found) == {
        people.username(1): document
    }
    assert auth.count == 0
    assert len(identities) == 1
    assert identities[people.username(2)].id == people.id(2)


def test_a_cache_of_the_callers_may_spell_keys_in_any_way(auth: t.Any, people: t.Any) -> None:
    """
    A key that is spelled as in the cache is found there.
    """
    identities = IdentityMap(auth, cache={"One@Example.ORG": people.document(1)})
    assert identities["One@Example.ORG"].id == people.id(1)
    assert auth.count == 0
