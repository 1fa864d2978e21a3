"""
How long answers count, where they are kept, and how often Globus Auth is asked.
"""

from __future__ import annotations

import pathlib
import secrets
import sqlite3
import threading
import typing as t

import pytest

from globus_core import TokenChecker
from globus_core.exc import StorageError
from globus_core.identities import MemoryIdentityCache, SQLiteIdentityCache
from globus_core.resource_server import CheckFailedError, ForbiddenError, UnauthenticatedError
from globus_core.transport import RetryConfig
from tests.unit.auth import fakes
from tests.unit.resource_server.services import (
    HEADER,
    INTROSPECT,
    OTHER_SCOPE,
    POLICY,
    SCOPE,
    TOKEN,
    Gate,
    Service,
    refusal,
)

if t.TYPE_CHECKING:
    import requests


def test_a_token_is_asked_about_once_in_a_while(service: Service) -> None:
    """And again when the answer is as old as ``ttl``."""
    service.issue()
    checker = service.checker(ttl=60)

    for _ in range(10):
        checker.check(HEADER)
    assert service.asked == 1
    service.clock.now += 59.9
    checker.check(HEADER)
    assert service.asked == 1
    service.clock.now += 0.1
    checker.check(HEADER)
    assert service.asked == 2


def test_a_revoked_token_is_accepted_no_longer_than_the_ttl(service: Service) -> None:
    """``checked_at`` says when Globus Auth was asked."""
    service.issue()
    checker = service.checker(ttl=60)
    asked_at = checker.check(HEADER).checked_at
    service.tokens.clear()

    service.clock.now += 59
    assert checker.check(HEADER).checked_at == asked_at
    service.clock.now += 1
    refusal(UnauthenticatedError, lambda: checker.check(HEADER))


def test_an_expired_token_is_refused_within_the_ttl(service: Service) -> None:
    """Not one second later than it says."""
    service.issue(exp=int(service.clock.now) + 30)
    checker = service.checker(ttl=60)
    checker.check(HEADER)

    service.clock.now += 29.9
    checker.check(HEADER)
    service.clock.now += 0.1
    refusal(UnauthenticatedError, lambda: checker.check(HEADER))


def test_a_refusal_is_remembered_briefly(service: Service) -> None:
    """So that a client that repeats itself does not make this service ask each time."""
    checker = service.checker(refusal_ttl=5)

    for _ in range(3):
        refusal(UnauthenticatedError, lambda: checker.check(HEADER))
    assert service.asked == 1
    service.issue()
    service.clock.now += 5
    assert checker.check(HEADER).username == "ada@example.org"


def test_a_clock_that_is_set_back_prolongs_nothing(service: Service) -> None:
    """An answer from the future is asked for again."""
    service.issue()
    checker = service.checker()
    checker.check(HEADER)

    service.clock.now -= 3600
    checker.check(HEADER)

    assert service.asked == 2


def test_a_clock_that_is_fast_is_warned_about(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """It refuses tokens that Globus Auth calls active, which happens at their end anyway."""
    service.issue(exp=int(service.clock.now) - 1)
    checker = service.checker()
    refusal(UnauthenticatedError, lambda: checker.check(HEADER))
    assert not caplog.messages
    service.clock.now += 7200

    refusal(UnauthenticatedError, lambda: checker.check(HEADER))

    (message,) = caplog.messages
    assert "expired 7201 seconds ago by this host's clock" in message
    assert "check the clock" in message


def test_a_clock_that_is_slow_prolongs_no_token_beyond_the_ttl(service: Service) -> None:
    """Globus Auth says when it ends."""
    service.issue()
    service.clock.now -= 3600
    checker = service.checker(ttl=60)
    checker.check(HEADER)
    service.tokens.clear()  # it expired

    service.clock.now += 60
    refusal(UnauthenticatedError, lambda: checker.check(HEADER))


def test_tokens_that_begin_alike_are_not_confused(service: Service) -> None:
    """Two that share their first 40 characters, one of them revoked."""
    one, other = "Ag" + "x" * 38 + "1" * 50, "Ag" + "x" * 38 + "2" * 50
    service.issue(one)
    checker = service.checker()

    assert checker.check(f"Bearer {one}").username == "ada@example.org"
    refusal(UnauthenticatedError, lambda: checker.check(f"Bearer {other}"))
    assert checker.check(f"Bearer {one}").username == "ada@example.org"


@pytest.mark.parametrize("shared", [False, True])
def test_of_two_tokens_that_begin_alike_one_can_be_revoked(
    service: Service, tmp_path: pathlib.Path, shared: bool
) -> None:
    """It is refused within the ttl, and the other one goes on, also in what workers share."""
    headers = [service.issue("Ag" + "x" * 38 + digit * 50) for digit in "12"]
    cache = SQLiteIdentityCache(tmp_path / "tokens.db") if shared else None
    checker = service.checker(ttl=60, cache=cache)
    for header in headers:
        checker.check(header)
    del service.tokens[headers[0].removeprefix("Bearer ")]

    service.clock.now += 60
    refusal(UnauthenticatedError, lambda: checker.check(headers[0]))
    assert checker.check(headers[1]).username == "ada@example.org"
    if cache is not None:
        another = service.checker(cache=cache)
        refusal(UnauthenticatedError, lambda: another.check(headers[0]))
        assert another.check(headers[1]).username == "ada@example.org"
        cache.close()


def test_made_up_tokens_neither_fill_the_memory_nor_drive_callers_out(service: Service) -> None:
    """Both tables are of limited size, and apart."""
    service.issue()
    checker = service.checker(max_entries=50, ttl=3600)
    checker.check(HEADER)
    for number in range(500):
        refusal(UnauthenticatedError, lambda number=number: checker.check(f"Bearer x{number}"))  # type: ignore[misc]
    asked = service.asked

    checker.check(HEADER)

    assert service.asked == asked
    assert len(checker._introspection._refused) == 50
    assert len(checker._introspection._memory) == 1


class Deny:
    """
    A client to which every token is unknown but one.
    """

    client_id = fakes.CLIENT_ID
    base_url = fakes.BASE_URL
    retry_config = RetryConfig()

    def __init__(self, service: Service) -> None:
        service.issue()
        self._good = service.tokens
        self.asked = 0

    def oauth2_token_introspect(self, token: str, **options: t.Any) -> Deny:
        """The answer about a token."""
        self.asked += 1
        self.data = self._good.get(token, {"active": False})
        return self


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("shared", [False, True])
def test_a_hundred_thousand_made_up_tokens_leave_hardly_a_trace(
    service: Service, tmp_path: pathlib.Path, shared: bool
) -> None:
    """Neither in memory nor in the file; and the caller is still known."""
    cache = SQLiteIdentityCache(tmp_path / "tokens.db") if shared else None
    client = t.cast("t.Any", Deny(service))
    checker = TokenChecker(
        client, scopes=SCOPE, cache=cache, clock=service.clock, ttl=3600, refusal_ttl=3600
    )
    introspection = checker._introspection
    introspection._client = client
    checker.check(HEADER)

    for _ in range(100_000):
        made_up = f"Bearer {secrets.token_urlsafe(64)}"
        refusal(UnauthenticatedError, lambda: checker.check(made_up))  # noqa: B023

    assert client.asked == 100_001
    assert len(introspection._refused) == 10_000
    assert len(introspection._memory) == 1
    assert not introspection._flights._flights.get()
    checker.check(HEADER)
    assert client.asked == 100_001
    if cache is not None:
        assert cache.describe().entries == 1
        cache.close()


def test_of_many_callers_those_who_came_first_are_forgotten_first(service: Service) -> None:
    """Their tokens are asked about again."""
    checker = service.checker(max_entries=2)
    headers = [service.issue(f"token{number}") for number in range(3)]

    for header in headers:
        checker.check(header)

    assert checker.remembered(headers[0]) is None
    assert checker.remembered(headers[2]) is not None


def test_what_is_remembered_can_be_asked_without_waiting(service: Service) -> None:
    """For event loops: the caller, None if Globus Auth would be asked, or the refusal."""
    checker = service.checker()
    service.issue()

    assert checker.remembered(HEADER) is None
    caller = checker.check(HEADER)
    again = checker.remembered(HEADER)
    assert again is not None
    assert (again.id, again.checked_at) == (caller.id, caller.checked_at)
    refusal(ForbiddenError, lambda: checker.requiring(scopes=OTHER_SCOPE).remembered(HEADER))
    refusal(UnauthenticatedError, lambda: checker.remembered(None))
    assert service.asked == 1


@pytest.mark.threads
@pytest.mark.parametrize("is_valid", [True, False])
def test_a_thousand_calls_at_once_ask_once(service: Service, is_valid: bool) -> None:
    """Valid or not, all get the one answer."""
    if is_valid:
        service.issue()
    checker = service.checker()
    gate = Gate(service)
    outcomes: list[str] = []

    def call() -> None:
        try:
            outcomes.append(checker.check(HEADER).username)
        except UnauthenticatedError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=call) for _ in range(1000)]
    for thread in threads:
        thread.start()
    gate.opened.set()
    for thread in threads:
        thread.join()

    assert outcomes == ["ada@example.org" if is_valid else "Unauthorized"] * 1000
    assert service.asked == 1


@pytest.mark.threads
def test_a_failure_is_for_all_who_wait_for_it(service: Service) -> None:
    """Each gets an error of its own, with the same cause; nobody asks again."""
    checker = service.checker()
    service.go_down()
    gate = Gate(service)
    errors: list[CheckFailedError] = []

    def call() -> None:
        try:
            checker.check(HEADER)
        except CheckFailedError as error:
            errors.append(error)

    threads = [threading.Thread(target=call) for _ in range(20)]
    for thread in threads:
        thread.start()
    gate.opened.set()
    for thread in threads:
        thread.join()

    assert [error.status for error in errors] == [503] * 20
    assert len({id(error) for error in errors}) == 20
    assert service.asked == 1


def test_an_interrupted_check_leaves_nothing_behind(service: Service) -> None:
    """The next one asks."""
    service.issue()
    checker = service.checker()
    answer = service.auth._answers[INTROSPECT]

    def interrupt(request: requests.PreparedRequest) -> requests.Response:
        raise KeyboardInterrupt

    service.auth._answers[INTROSPECT] = interrupt
    with pytest.raises(KeyboardInterrupt):
        checker.check(HEADER)
    service.auth._answers[INTROSPECT] = answer

    assert checker.check(HEADER).username == "ada@example.org"


# outages


@pytest.mark.parametrize("status", [None, 429, 500, 503])
def test_known_callers_are_let_in_during_an_outage_of_auth(
    service: Service, status: int | None
) -> None:
    """Within the stated bound, counted from when Globus Auth was asked; unknown ones are not."""
    service.issue()
    checker = service.checker(ttl=60, outage=300)
    checker.check(HEADER)
    if status is None:
        service.go_down()
    else:
        service.auth.answer(INTROSPECT, {"code": "Away"}, status)

    service.clock.now += 299
    assert checker.check(HEADER).checked_at == service.clock.now - 299
    error = refusal(CheckFailedError, lambda: checker.check("Bearer unknown"))
    assert (error.status, error.headers["Retry-After"]) == (503, "5")
    service.clock.now += 1
    refusal(CheckFailedError, lambda: checker.check(HEADER))


@pytest.mark.parametrize("answer", [{"active": "true"}, {}, [], "<html>Log in to the network"])
def test_an_answer_of_something_else_is_an_outage(service: Service, answer: t.Any) -> None:
    """Such as of a proxy: it says nothing about any token."""
    service.issue()
    checker = service.checker(ttl=60, outage=300)
    checker.check(HEADER)
    service.auth.answer(INTROSPECT, answer)

    service.clock.now += 60
    checker.check(HEADER)
    error = refusal(CheckFailedError, lambda: checker.check("Bearer unknown"))
    assert (error.status, error.headers["Retry-After"]) == (503, "5")


def test_the_operator_can_see_in_the_log_why_tokens_cannot_be_checked(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Once for each time that Globus Auth is tried, and without the token."""
    checker = service.checker()
    service.go_down()
    for _ in range(3):
        refusal(CheckFailedError, lambda: checker.check(HEADER))
    service.auth.answer(INTROSPECT, {"error": "invalid_client"}, 401)
    service.clock.now += 5
    refusal(CheckFailedError, lambda: checker.check(HEADER))

    away, broken = caplog.records
    assert (away.levelname, broken.levelname) == ("WARNING", "ERROR")
    assert away.getMessage().startswith("Globus Auth cannot be reached to check the token: ")
    assert "the connection to the server failed" in away.getMessage()
    assert "401" in broken.getMessage()
    assert TOKEN not in caplog.text


def test_an_expired_token_ends_during_an_outage(service: Service) -> None:
    """The outage prolongs no token."""
    service.issue(exp=int(service.clock.now) + 100)
    checker = service.checker(ttl=60, outage=300)
    checker.check(HEADER)
    service.go_down()

    service.clock.now += 99
    checker.check(HEADER)
    service.clock.now += 1
    refusal(CheckFailedError, lambda: checker.check(HEADER))


def test_a_token_that_was_refused_stays_out_during_an_outage(service: Service) -> None:
    """What was revoked is not known any more."""
    service.issue()
    checker = service.checker(ttl=60, outage=300)
    checker.check(HEADER)
    service.tokens.clear()
    service.clock.now += 60
    refusal(UnauthenticatedError, lambda: checker.check(HEADER))
    service.go_down()

    service.clock.now += 60
    refusal(CheckFailedError, lambda: checker.check(HEADER))


def test_during_an_outage_auth_is_tried_every_few_seconds(service: Service) -> None:
    """Not at each request."""
    checker = service.checker()
    service.go_down()

    for number in range(20):
        refusal(CheckFailedError, lambda number=number: checker.check(f"Bearer x{number}"))  # type: ignore[misc]
    first = service.asked
    service.clock.now += 5
    for number in range(20):
        refusal(CheckFailedError, lambda number=number: checker.check(f"Bearer x{number}"))  # type: ignore[misc]

    assert first <= 2
    assert service.asked <= 2 * first


def test_after_an_outage_everything_is_as_before(service: Service) -> None:
    """The first answer ends it."""
    checker = service.checker()
    service.go_down()
    refusal(CheckFailedError, lambda: checker.check(HEADER))
    service.come_back()
    service.issue()

    service.clock.now += 5
    assert checker.check(HEADER).username == "ada@example.org"
    refusal(UnauthenticatedError, lambda: checker.check("Bearer unknown"))


# shared by all workers


@pytest.fixture(params=["memory", "sqlite"])
def cache(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> t.Any:
    """
    A cache that two workers share.
    """
    if request.param == "memory":
        yield MemoryIdentityCache()
        return
    shared = SQLiteIdentityCache(tmp_path / "tokens.db")
    yield shared
    shared.close()


def test_workers_ask_once_for_all(service: Service, cache: t.Any) -> None:
    """An answer is as old for the second worker as it is for the first."""
    service.issue()
    one, other = service.checker(cache=cache), service.checker(cache=cache)
    first = one.check(HEADER)

    service.clock.now += 59
    second = other.check(HEADER)

    assert service.asked == 1
    assert (second.checked_at, second.facts) == (first.checked_at, first.facts)
    service.clock.now += 1
    other.check(HEADER)
    assert service.asked == 2


def test_a_worker_that_was_not_asked_yet_survives_an_outage_too(
    service: Service, cache: t.Any
) -> None:
    """What another worker was told counts within the same bound."""
    service.issue()
    service.checker(cache=cache).check(HEADER)
    service.go_down()

    service.clock.now += 100
    assert service.checker(cache=cache).check(HEADER).username == "ada@example.org"


def test_what_was_revoked_leaves_the_shared_cache(service: Service, cache: t.Any) -> None:
    """So that no outage brings it back."""
    service.issue()
    one = service.checker(cache=cache)
    one.check(HEADER)
    service.tokens.clear()
    service.clock.now += 60
    refusal(UnauthenticatedError, lambda: one.check(HEADER))
    service.go_down()

    refusal(CheckFailedError, lambda: service.checker(cache=cache).check(HEADER))


def test_checkers_that_ask_about_other_policies_share_nothing(
    service: Service, cache: t.Any
) -> None:
    """Their answers differ."""
    service.issue(policy_evaluations={POLICY: {"evaluation": True}})
    service.checker(cache=cache).check(HEADER)
    service.checker(cache=cache, policies=POLICY).check(HEADER)

    assert service.asked == 2


def test_a_shared_file_has_no_token(service: Service, tmp_path: pathlib.Path) -> None:
    """Neither the token nor a part of it; refused tokens leave no trace at all."""
    file = tmp_path / "tokens.db"
    service.issue()
    checker = service.checker(cache=f"sqlite:{file}")
    checker.check(HEADER)
    refusal(UnauthenticatedError, lambda: checker.check("Bearer made-up"))

    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"ada@example.org" in everything
    assert TOKEN[:20].encode() not in everything
    with sqlite3.connect(file) as connection:
        tables = connection.execute("select name from sqlite_master where type='table'").fetchall()
        assert tables
    connection.close()


class Broken(MemoryIdentityCache):
    """
    A cache whose server is away.
    """

    used = 0

    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> t.NoReturn:
        self.used += 1
        raise StorageError("the server cannot be reached")

    put_many = discard_many = get_many  # type: ignore[assignment]


def test_a_cache_that_fails_is_done_without(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """It is left alone for a few seconds, and a warning says so."""
    cache = Broken()
    service.issue()
    checker = service.checker(cache=cache)

    assert checker.check(HEADER).username == "ada@example.org"
    refusal(UnauthenticatedError, lambda: checker.check("Bearer unknown"))

    assert cache.used == 1
    assert caplog.messages == [
        "the cache of checked tokens cannot be used: the server cannot be reached"
    ]


@pytest.mark.parametrize("stored", [{}, {"facts": 7, "checked_at": 0}, {"facts": {}}, {"x": []}])
def test_an_entry_that_cannot_be_read_is_asked_for_again(
    service: Service, stored: dict[str, t.Any]
) -> None:
    """Whoever wrote it."""
    cache = MemoryIdentityCache()
    service.issue()
    service.checker(cache=cache).check(HEADER)
    for place, entry in cache._entries.items():
        assert entry.record is not None
        cache._entries[place] = entry._replace(
            record=entry.record.extended({"introspection": stored})
        )

    assert service.checker(cache=cache).check(HEADER).username == "ada@example.org"
    assert service.asked == 2
