"""
Membership in groups as a requirement.
"""

from __future__ import annotations

import threading
import typing as t

import pytest
import requests

from globus_core import GroupsClient, RetryConfig
from globus_core.exc import GlobusSDKUsageError, StorageError
from globus_core.identities import MemoryIdentityCache
from globus_core.resource_server import CheckFailedError, ForbiddenError
from tests.unit.auth import fakes
from tests.unit.resource_server.services import (
    AT_SCHOOL,
    DEPENDENT,
    GROUPS,
    GROUPS_VIEW,
    HEADER,
    Service,
    refusal,
)

if t.TYPE_CHECKING:
    from globus_core import TokenChecker

CREW = "3b6f0d92-58c7-4e1a-a94d-7c20e6f1b835"
BOARD = "8d2f6a10-93c4-4b7e-8f15-2a6c0e9d7b41"
MINE = "/v2/groups/my_groups"


class FakeGroups(fakes.FakeAuth):
    """
    Globus Groups: the roles of identities by group.
    """

    def __init__(self) -> None:
        super().__init__()
        self.roles: dict[str, dict[str, str]] = {CREW: {}, BOARD: {}}
        self._answers[MINE] = self._mine
        for group in self.roles:
            self._answers[f"/v2/groups/{group}"] = self._group

    def _mine(self, request: requests.PreparedRequest) -> requests.Response:
        found = [
            {"id": group, "name": group, "my_memberships": _memberships(roles)}
            for group, roles in self.roles.items()
            if roles
        ]
        return self._response(request, found)

    def _group(self, request: requests.PreparedRequest) -> requests.Response:
        group = self.last.path.rpartition("/")[2]
        return self._response(
            request, {"id": group, "memberships": _memberships(self.roles[group])}
        )

    def _response(self, request: requests.PreparedRequest, body: t.Any) -> requests.Response:
        import json

        return fakes.make_response(request, json.dumps(body), 200, "application/json")

    def own_client(self) -> GroupsClient:
        """A client of the service itself."""
        retries = RetryConfig(max_retries=0)
        client = GroupsClient(base_url="https://groups.example.org/", retry_config=retries)
        return fakes.joined(t.cast("t.Any", client), self)  # type: ignore[no-any-return]


def _memberships(roles: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"identity_id": identity, "role": role.rstrip("?"), "status": _status(role)}
        for identity, role in roles.items()
    ]


def _status(role: str) -> str:
    return "pending" if role.endswith("?") else "active"


@pytest.fixture
def groups() -> FakeGroups:
    """A Globus Groups without a network."""
    return FakeGroups()


@pytest.fixture(params=["for the caller", "for the service"])
def asks(request: pytest.FixtureRequest, service: Service, groups: FakeGroups) -> t.Any:
    """Makes checkers that ask Globus Groups in one of two ways."""

    def make(**options: t.Any) -> TokenChecker:
        if request.param == "for the service":
            options["groups_client"] = groups.own_client()
        return joined(service.checker(**options), groups)

    return make


def joined(checker: TokenChecker, groups: FakeGroups) -> TokenChecker:
    """A checker whose clients for callers speak to a fake server only."""
    checker._tokens.transport.session.mount("https://", groups)
    return checker


def test_members_get_in_and_others_do_not(
    service: Service, groups: FakeGroups, asks: t.Any
) -> None:
    """With one sentence and no login, since none would help."""
    service.issue()
    checker = asks(groups=CREW)

    error = refusal(ForbiddenError, lambda: checker.check(HEADER))
    assert (error.status, error.code) == (403, "PermissionDenied")
    assert str(error) == f"only members of the group {CREW} may do this"
    assert "authorization_parameters" not in error.document

    groups.roles[CREW] = {fakes.IDENTITY: "member"}
    service.clock.now += 5
    assert checker.check(HEADER).username == "ada@example.org"


@pytest.mark.parametrize(
    ("role", "wanted", "enough"),
    [
        ("member", "member", True),
        ("manager", "member", True),
        ("admin", "manager", True),
        ("member", "manager", False),
        ("manager", "admin", False),
        ("member?", "member", False),
    ],
)
def test_a_role_includes_those_below_it(
    service: Service, groups: FakeGroups, asks: t.Any, role: str, wanted: t.Any, enough: bool
) -> None:
    """A membership that is only requested is none."""
    service.issue()
    groups.roles[CREW] = {fakes.IDENTITY: role}
    checker = asks(groups=CREW, group_role=wanted)

    if enough:
        checker.check(HEADER)
    else:
        refusal(ForbiddenError, lambda: checker.check(HEADER))


def test_a_linked_identity_is_a_member_too(
    service: Service, groups: FakeGroups, asks: t.Any
) -> None:
    """And the highest role counts."""
    service.issue()
    groups.roles[CREW] = {fakes.IDENTITY: "member", AT_SCHOOL: "admin"}

    asks(groups=CREW, group_role="admin").check(HEADER)


def test_one_of_several_groups_is_enough(service: Service, groups: FakeGroups, asks: t.Any) -> None:
    """But what requiring() adds has to be met besides."""
    service.issue()
    groups.roles[BOARD] = {fakes.IDENTITY: "member"}
    checker = asks(groups=[CREW, BOARD])

    checker.check(HEADER)
    error = refusal(ForbiddenError, lambda: checker.requiring(groups=CREW).check(HEADER))
    assert str(error) == f"only members of the group {CREW} may do this"
    strict = checker.requiring(groups=BOARD, group_role="manager")
    refusal(ForbiddenError, lambda: strict.check(HEADER))


def test_groups_are_asked_once_in_a_while(
    service: Service, groups: FakeGroups, asks: t.Any
) -> None:
    """Within the ttl a removed member goes on, after that no more."""
    service.issue()
    groups.roles[CREW] = {fakes.IDENTITY: "member"}
    checker = asks(groups=CREW, ttl=60)

    for _ in range(10):
        checker.check(HEADER)
    assert len(groups.sent) == 1
    groups.roles[CREW] = {}
    service.clock.now += 59
    checker.check(HEADER)
    service.clock.now += 1
    refusal(ForbiddenError, lambda: checker.check(HEADER))
    assert len(groups.sent) == 2


def test_who_is_no_member_is_not_asked_about_each_time(
    service: Service, groups: FakeGroups, asks: t.Any
) -> None:
    """But again after a few seconds."""
    service.issue()
    checker = asks(groups=CREW, refusal_ttl=5)

    for _ in range(10):
        refusal(ForbiddenError, lambda: checker.check(HEADER))
    assert len(groups.sent) == 1
    service.clock.now += 5
    refusal(ForbiddenError, lambda: checker.check(HEADER))
    assert len(groups.sent) == 2


def test_known_members_go_on_while_groups_is_away(
    service: Service, groups: FakeGroups, asks: t.Any
) -> None:
    """Within the bound for outages; others get 503."""
    service.issue()
    other = service.issue("other")
    groups.roles[CREW] = {fakes.IDENTITY: "member"}
    checker = asks(groups=CREW, ttl=60, outage=300)
    checker.check(HEADER)
    checker.check(other)
    groups.go_down()

    service.clock.now += 299
    service.issue()
    checker.check(HEADER)
    service.clock.now += 1
    error = refusal(CheckFailedError, lambda: checker.check(HEADER))
    assert (error.status, str(error)) == (
        503,
        "Globus Groups cannot be reached to check the caller's groups",
    )


@pytest.mark.parametrize("body", [7, [7], [{}], {"memberships": 7}, [{"id": "x"}], "{"], ids=str)
def test_an_answer_that_makes_no_sense_lets_nobody_in(
    service: Service, groups: FakeGroups, asks: t.Any, body: t.Any
) -> None:
    """It is that of a proxy: 503."""
    service.issue()
    groups.answer(MINE, body)
    groups.answer(f"/v2/groups/{CREW}", body)

    error = refusal(CheckFailedError, lambda: asks(groups=CREW).check(HEADER))

    assert error.status == 503
    assert error.__cause__ is not None


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_of_groups_is_the_services_problem(
    service: Service, groups: FakeGroups, asks: t.Any, status: int
) -> None:
    """500: no login of the caller would help."""
    service.issue()
    for path in (MINE, f"/v2/groups/{CREW}"):
        groups.answer(path, {"errors": [{"code": "X"}]}, status)

    error = refusal(CheckFailedError, lambda: asks(groups=CREW).check(HEADER))

    assert error.status == 500
    assert "its operator can see why" in str(error)


def test_the_caller_has_to_consent(service: Service, groups: FakeGroups) -> None:
    """Unless the service asks for itself."""
    service.consents.remove(GROUPS_VIEW)
    service.issue()
    groups.roles[CREW] = {fakes.IDENTITY: "member"}
    checker = joined(service.checker(groups=CREW), groups)

    error = refusal(ForbiddenError, lambda: checker.check(HEADER))
    assert error.code == "ConsentRequired"
    (scope,) = error.document["required_scopes"]
    assert scope.endswith(f"[{GROUPS_VIEW}]")

    own = service.checker(groups=CREW, groups_client=groups.own_client())
    assert own.check(HEADER).username == "ada@example.org"
    assert groups.last.authorization is None


def test_the_dependent_token_is_sent(service: Service, groups: FakeGroups) -> None:
    """And no other."""
    service.issue()
    groups.roles[CREW] = {fakes.IDENTITY: "member"}

    joined(service.checker(groups=CREW), groups).check(HEADER)

    assert groups.last.authorization == f"Bearer {DEPENDENT}-1-{GROUPS}"


def test_event_loops_are_told_only_what_is_known(
    service: Service, groups: FakeGroups, asks: t.Any
) -> None:
    """None as long as Globus Groups would have to be asked."""
    service.issue()
    groups.roles[CREW] = {fakes.IDENTITY: "member"}
    checker = asks()
    checker.check(HEADER)
    crew, board = (checker.requiring(groups=group) for group in (CREW, BOARD))

    assert crew.remembered(HEADER) is None
    crew.check(HEADER)
    assert crew.remembered(HEADER) is not None
    refusal(ForbiddenError, lambda: board.check(HEADER))
    refusal(ForbiddenError, lambda: board.remembered(HEADER))


@pytest.mark.threads
def test_many_threads_ask_once(service: Service, groups: FakeGroups, asks: t.Any) -> None:
    """All get the one answer."""
    service.issue()
    groups.roles[CREW] = {fakes.IDENTITY: "member"}
    checker = asks(groups=CREW)
    found: list[str] = []

    threads = [
        threading.Thread(target=lambda: found.append(checker.check(HEADER).username))
        for _ in range(50)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 50
    assert len(groups.sent) == 1


def test_workers_ask_once_for_all(service: Service, groups: FakeGroups) -> None:
    """An answer is as old for the second worker as for the first."""
    cache = MemoryIdentityCache()
    service.issue()
    groups.roles[CREW] = {fakes.IDENTITY: "member"}
    one, other = (joined(service.checker(cache=cache, groups=CREW), groups) for _ in range(2))

    one.check(HEADER)
    service.clock.now += 59
    other.check(HEADER)
    assert len(groups.sent) == 1
    groups.roles[CREW] = {}
    service.clock.now += 1
    refusal(ForbiddenError, lambda: other.check(HEADER))


@pytest.mark.parametrize("facts", [{}, {"roles": 7, "ends": 1}, {"roles": {}}, {"x": []}], ids=str)
def test_an_entry_that_cannot_be_read_is_asked_for_again(
    service: Service, groups: FakeGroups, facts: dict[str, t.Any]
) -> None:
    """Whoever wrote it."""
    cache = MemoryIdentityCache()
    service.issue()
    groups.roles[CREW] = {fakes.IDENTITY: "member"}
    joined(service.checker(cache=cache, groups=CREW), groups).check(HEADER)
    stored = {"facts": facts, "checked_at": service.clock.now}
    for place, entry in cache._entries.items():
        if place[1].startswith("memberships:"):
            assert entry.record is not None
            cache._entries[place] = entry._replace(
                record=entry.record.extended({"memberships": stored})
            )

    joined(service.checker(cache=cache, groups=CREW), groups).check(HEADER)
    assert len(groups.sent) == 2


class Broken(MemoryIdentityCache):
    """
    A cache whose server is away.
    """

    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> t.NoReturn:
        raise StorageError("the server cannot be reached")

    put_many = discard_many = get_many  # type: ignore[assignment]


def test_a_cache_that_fails_is_done_without(service: Service, groups: FakeGroups) -> None:
    """Globus Groups is asked instead."""
    service.issue()
    groups.roles[CREW] = {fakes.IDENTITY: "member"}

    joined(service.checker(cache=Broken(), groups=CREW), groups).check(HEADER)


@pytest.mark.parametrize(
    "arguments",
    [
        {"groups": "crew"},
        {"groups": 7},
        {"groups": CREW, "group_role": "boss"},
        {"groups_client": 7},
        {"groups_client": GroupsClient},
    ],
    ids=str,
)
def test_arguments_that_cannot_be_used_are_refused_at_once(
    service: Service, arguments: dict[str, t.Any]
) -> None:
    """Such as the name of a group in place of its id."""
    with pytest.raises((GlobusSDKUsageError, ValueError)):
        service.checker(**arguments)
