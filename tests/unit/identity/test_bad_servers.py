from __future__ import annotations

import typing as t

import pytest
import requests

from globus_core.exc import GlobusAPIError, GlobusConnectionError
from globus_core.identities import NOT_VISIBLE
from globus_core_identity import IdentityMap


def refusal(status: int, body: str, kind: str = "application/json") -> GlobusAPIError:
    response = requests.Response()
    response.status_code = status
    response._content = body.encode()
    response.headers["Content-Type"] = kind
    response.request = requests.Request("GET", "https://auth.example.org/").prepare()
    response.url = "https://auth.example.org/"
    return GlobusAPIError(response)


FORBIDDEN = '{"errors": [{"status": "403", "code": "FORBIDDEN", "detail": "no scope"}]}'


def test_a_server_that_answers_for_other_keys(
    auth: t.Any, people: t.Any, caplog: pytest.LogCaptureFixture
) -> None:
    """What was asked for and came is found; nothing else gets in, and it is logged."""
    auth.answer = lambda asked: [people.document(1), people.document(77), people.document(78)]
    identities = IdentityMap(auth)

    resolution = identities.resolve_many([people.username(1), people.username(2)])

    assert list(resolution.found) == [people.username(1)]
    assert resolution.unknown == [people.username(2)]
    assert "another identity" in str(resolution.unresolved[people.username(2)].detail)
    assert caplog.text.count("was not asked for") == 2
    assert list(identities) == [people.id(1)]


def test_a_key_that_is_missing_among_odd_records_is_not_remembered_as_unknown(
    auth: t.Any, people: t.Any
) -> None:
    """It is a KeyError or the default, and asked for again."""
    identities = IdentityMap(auth, [people.username(1)])
    auth.answer = lambda asked: [people.document(2)]
    assert identities.get(people.username(1), "nobody") == "nobody"
    with pytest.raises(KeyError):
        identities[people.username(1)]
    auth.answer = None
    assert identities[people.username(1)].id == people.id(1)


def test_a_list_of_something_else_is_a_failure_also_with_includes(
    auth: t.Any, people: t.Any
) -> None:
    """What is no document fails the look-up; what came along is not looked for in it."""
    auth.get_identities = lambda **query: _Answer(
        ["text", None, 5], {"included": {"identity_providers": [{"id": people.id(1)}]}}
    )
    identities = IdentityMap(auth, include=["identity_provider"])

    assert identities.resolve_many([people.username(1)]).failed == [people.username(1)]


class _Answer(list[t.Any]):
    """Documents, with what came along."""

    def __init__(self, documents: list[t.Any], fields: dict[str, t.Any]) -> None:
        super().__init__(documents)
        self._fields = fields

    def __getitem__(self, name: t.Any) -> t.Any:
        return self._fields[name]


def test_a_server_that_answers_twice(auth: t.Any, people: t.Any) -> None:
    """Each record twice, in any order, is each record once."""
    auth.answer = lambda asked: [auth.by_name[key] for key in (*asked, *reversed(asked))]
    identities = IdentityMap(auth, map(people.username, range(150)))

    assert len(identities) == 150
    assert auth.count == 2


def test_a_server_that_drops_every_third_batch(auth: t.Any, people: t.Any) -> None:
    """The other batches are found; asking again asks only for what is left."""
    error = GlobusConnectionError("the connection was closed", ConnectionError("closed"))
    served = 0

    def answer(asked: list[str]) -> list[t.Any]:
        nonlocal served
        served += 1
        if served % 3 == 0:
            raise error
        return [auth.by_name[key] for key in asked]

    auth.answer = answer
    identities = IdentityMap(auth, map(people.username, range(900)), max_connections=1)

    first = identities.prefetch()
    assert (len(first.found), len(first.failed)) == (600, 300)
    second = identities.prefetch()
    assert (len(second.found), len(second.failed)) == (200, 100)
    assert len(identities.prefetch().found) == 100
    assert auth.count == 9 + 3 + 1


def test_a_name_with_two_identities(auth: t.Any, people: t.Any) -> None:
    """The one that somebody has logged in with has the name, in whichever order they come."""
    used = people.document(1)
    unused = people.document(2, username=people.username(1), status="unused")
    for answer in ([used, unused], [unused, used]):
        auth.answer = lambda asked, answer=answer: answer
        identities = IdentityMap(auth)

        assert identities[people.username(1)].id == people.id(1)
        assert identities[people.id(2)]["status"] == "unused"


def test_who_may_not_look_is_told_so(auth: t.Any, people: t.Any) -> None:
    """FORBIDDEN from Globus Auth is "not visible", for all keys, and is not remembered."""
    auth.errors = [refusal(403, FORBIDDEN)] * 3
    identities = IdentityMap(auth, max_connections=1)

    resolution = identities.resolve_many(map(people.username, range(300)))

    assert len(resolution.not_visible) == 300
    assert {why.reason for why in resolution.unresolved.values()} == {NOT_VISIBLE}
    assert (resolution.failed, resolution.unknown, resolution.complete) == ([], [], False)
    assert "300 not visible" in repr(resolution)
    with pytest.raises(GlobusAPIError, match="403"):
        resolution.raise_for_failure()
    assert auth.count == 1
    auth.errors = []
    assert identities[people.username(1)].id == people.id(1)


def test_a_proxy_that_forbids_says_nothing_of_identities(auth: t.Any, people: t.Any) -> None:
    """A 403 that is not Globus Auth's is a failure."""
    auth.errors = [refusal(403, "<html>Campus gateway</html>", "text/html")]

    assert IdentityMap(auth).resolve_many([people.username(1)]).failed == [people.username(1)]


def test_a_record_without_its_username_is_not_visible(auth: t.Any, people: t.Any) -> None:
    """Globus Auth knows the id and does not show who it is."""
    auth.answer = lambda asked: [{"id": people.id(1), "username": None}, people.document(2)]
    identities = IdentityMap(auth)

    resolution = identities.resolve_many([people.id(1), people.id(2)])

    assert resolution.not_visible == [people.id(1)]
    assert list(resolution.found) == [people.id(2)]
    resolution.raise_for_failure()
    assert identities.get(people.id(1)) is None


@pytest.mark.parametrize(
    "key",
    ["", "   ", "x" * 1025, "é" * 513, "a\x00b@example.org", "a\nb", "\ud800@x", "\u202egro.x@y"],
)
def test_keys_that_nobody_can_have(auth: t.Any, people: t.Any, key: str) -> None:
    """Empty, huge and unprintable keys are told as such, are not sent, and harm no other key."""
    resolution = IdentityMap(auth).resolve_many([key, people.username(1)])

    assert resolution.unresolved[key].reason == "invalid"
    assert resolution.unresolved[key].detail
    assert auth.requests == [[people.username(1)]]


def test_the_longest_keys_can_be_sent(auth: t.Any) -> None:
    """The longest keys that are allowed, percent-encoded, still fit on a request line."""
    names = [f"{'ü' * 500}{number}@x" for number in range(5)]

    IdentityMap(auth).resolve_many(names)

    assert sorted(len(keys) for keys in auth.requests) == [1, 2, 2]
