"""
The checks that plugins add; none that fails lets anybody in.
"""

from __future__ import annotations

import json
import threading
import types
import typing as t

import pytest

from globus_core import hookimpl
from globus_core.exc import GlobusSDKUsageError
from globus_core.gare import GARE
from globus_core.resource_server import CheckFailedError, ForbiddenError
from tests.unit.auth import fakes
from tests.unit.resource_server.services import HEADER, OTHER_SCOPE, TOKEN, Service, refusal

if t.TYPE_CHECKING:
    from globus_core.plugins import PluginManager
    from globus_core.resource_server import Caller

    Add = t.Callable[..., "Campus"]


class Campus:
    """
    What a plugin was asked, and what it answers.
    """

    def __init__(self, answer: t.Any) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str]] = []

    def check(self, caller: Caller, service: str) -> t.Any:
        """Answer, or raise what is an exception."""
        self.asked.append((caller.username, service))
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer(caller) if callable(self.answer) else self.answer


@pytest.fixture
def add(globus_plugins: PluginManager) -> Add:
    """Registers a plugin that checks callers."""

    def register(answer: t.Any = None, name: str = "campus") -> Campus:
        campus = Campus(answer)

        @hookimpl
        def globus_check_caller(caller: Caller, service: str) -> t.Any:
            return campus.check(caller, service)

        module = types.ModuleType(f"{name}_hooks")
        module.globus_check_caller = globus_check_caller  # type: ignore[attr-defined]
        globus_plugins.register(module, name=name)
        return campus

    return register


def test_a_plugin_is_asked_about_a_caller_who_meets_all_else(service: Service, add: Add) -> None:
    """globus_check_caller gets the caller and the service; None is no objection."""
    campus = add()
    service.issue()
    checker = service.checker()
    refusal(ForbiddenError, lambda: checker.requiring(scopes=OTHER_SCOPE).check(HEADER))
    assert campus.asked == []

    assert checker.check(HEADER).username == "ada@example.org"
    assert campus.asked == [("ada@example.org", fakes.CLIENT_ID)]


def test_a_text_keeps_the_caller_out(service: Service, add: Add) -> None:
    """It is the message of the response."""
    add("only staff may use this service")
    service.issue()

    error = refusal(ForbiddenError, lambda: service.checker().check(HEADER))

    assert (error.status, error.code) == (403, "PermissionDenied")
    assert json.loads(error.body)["message"] == "only staff may use this service"
    assert "authorization_parameters" not in error.document


def test_a_requirement_asks_for_a_login(service: Service, add: Add) -> None:
    """Which the caller's program makes."""
    wanted = {"session_required_single_domain": ["example.edu"]}
    add(GARE("AuthorizationRequired", t.cast("dict[str, t.Any]", wanted)))
    service.issue()

    error = refusal(ForbiddenError, lambda: service.checker().check(HEADER))

    assert error.document["authorization_parameters"] == wanted
    assert 'error="insufficient_user_authentication"' in error.headers["WWW-Authenticate"]


def test_one_objection_is_enough(service: Service, add: Add) -> None:
    """Whatever the other plugins say."""
    add(None, "one")
    add("no", "two")
    add(None, "three")
    service.issue()

    refusal(ForbiddenError, lambda: service.checker().check(HEADER))


@pytest.mark.parametrize(
    "answer", [ValueError(TOKEN), KeyError("x"), SystemError(), 7, True, False, "", [], {"a": 1}]
)
def test_a_check_that_fails_lets_nobody_in(service: Service, add: Add, answer: t.Any) -> None:
    """One clear answer, without what the plugin said; each request asks again."""
    campus = add(answer)
    service.issue()
    checker = service.checker()

    for _ in range(2):
        error = refusal(CheckFailedError, lambda: checker.check(HEADER))
        assert (error.status, error.code) == (500, "InternalServerError")
        assert str(error) == "this service cannot check who calls; its operator can see why"
        assert TOKEN not in error.body.decode()
    assert len(campus.asked) == 2
    campus.answer = None
    assert checker.check(HEADER)


def test_a_failure_is_on_the_record_of_the_plugin(
    service: Service, add: Add, globus_plugins: PluginManager
) -> None:
    """Where its operator looks."""
    add(ValueError("the directory is away"))
    service.issue()

    refusal(CheckFailedError, lambda: service.checker().check(HEADER))

    (record,) = [one for one in globus_plugins.records() if one.name == "campus"]
    assert "the directory is away" in str(record.reports)


def test_a_refusal_that_a_plugin_raises_is_the_answer(service: Service, add: Add) -> None:
    """Such as that of a consent for what it wanted to ask for the caller."""
    service.consents.clear()
    add(lambda caller: caller.tokens_for("groups"))
    service.issue()

    error = refusal(ForbiddenError, lambda: service.checker().check(HEADER))

    assert error.code == "ConsentRequired"


def test_an_interrupt_is_none_of_the_failures(service: Service, add: Add) -> None:
    """It ends the program."""
    add(KeyboardInterrupt())
    service.issue()

    with pytest.raises(KeyboardInterrupt):
        service.checker().check(HEADER)


def test_answers_are_remembered_for_each_token(service: Service, add: Add) -> None:
    """For as long as those of Globus Auth; objections briefly."""
    campus = add()
    service.issue()
    checker = service.checker(ttl=60, refusal_ttl=5)
    for _ in range(10):
        checker.check(HEADER)
    assert len(campus.asked) == 1
    service.clock.now += 60
    campus.answer = "no"
    for _ in range(10):
        refusal(ForbiddenError, lambda: checker.check(HEADER))
    assert len(campus.asked) == 2
    service.clock.now += 5
    campus.answer = None
    checker.check(HEADER)
    assert len(campus.asked) == 3


def test_a_plugin_that_can_say_that_it_is_away_lets_known_callers_in(
    service: Service, add: Add
) -> None:
    """Within the bound for outages, as with Globus Auth."""
    campus = add()
    service.issue()
    checker = service.checker(ttl=60, outage=300)
    checker.check(HEADER)
    campus.answer = CheckFailedError("the directory is away", code="ServiceUnavailable")

    service.clock.now += 200
    assert checker.check(HEADER)
    other = service.issue("other")
    assert refusal(CheckFailedError, lambda: checker.check(other)).status == 503


def test_event_loops_are_told_only_what_is_known(service: Service, add: Add) -> None:
    """A plugin may take its time."""
    add()
    service.issue()
    checker = service.checker()
    checker._introspection.known(checker._token(HEADER)[1], TOKEN, frozenset())

    assert checker.remembered(HEADER) is None
    checker.check(HEADER)
    assert checker.remembered(HEADER) is not None


@pytest.mark.threads
def test_many_threads_ask_once(service: Service, add: Add) -> None:
    """All get the one answer."""
    campus = add()
    service.issue()
    checker = service.checker()

    threads = [threading.Thread(target=checker.check, args=(HEADER,)) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(campus.asked) == 1


def test_a_plugin_that_is_added_later_is_asked_too(service: Service, add: Add) -> None:
    """Also about callers who are known."""
    add(None, "one")
    service.issue()
    checker = service.checker()
    checker.check(HEADER)

    add("no", "two")

    refusal(ForbiddenError, lambda: checker.check(HEADER))


def test_a_plugin_that_is_needed_must_be_there(
    service: Service, add: Add, globus_plugins: PluginManager
) -> None:
    """At the start, and as long as the service runs."""
    with pytest.raises(GlobusSDKUsageError, match="'campus' has no checks"):
        service.checker(checked_by="campus")
    add()
    service.issue()
    checker = service.checker(checked_by="campus")
    checker.check(HEADER)

    globus_plugins.set_blocked("campus")

    error = refusal(CheckFailedError, lambda: checker.check(HEADER))
    assert error.status == 500


def test_what_is_remembered_has_no_token(service: Service, add: Add) -> None:
    """A plugin may keep the caller; the checker does not."""
    add("no")
    service.issue()
    checker = service.checker()
    refusal(ForbiddenError, lambda: checker.check(HEADER))

    assert TOKEN not in str(checker._institution._memory._entries)
