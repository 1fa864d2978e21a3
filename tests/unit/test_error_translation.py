from __future__ import annotations

import pickle
import typing as t

import pytest

from globus_core import compose, hookspecs
from globus_core.exc import ErrorFacts, GlobusAPIError, GlobusError, _redact, api_error
from tests.unit.exc.helpers import make_response


class ServiceError(GlobusAPIError):
    """What some client raises."""


class CampusError(Exception):
    """A class which a plugin has for its people; its constructor suits no response."""

    advice = "call the help desk"

    def __init__(self, building: str, *, floor: int) -> None:
        super().__init__(building, floor)


class CampusGlobusError(GlobusError):
    advice = "call the help desk"


class CampusFileError(OSError):
    pass


class CampusServiceError(ServiceError):
    pass


class FussyServiceError(ServiceError):
    def __init__(self, r: t.Any, *args: t.Any) -> None:
        raise RuntimeError("no")


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> t.Callable[[t.Any], list[tuple[t.Any, ...]]]:
    """Let one plugin answer; gives the list of what is reported about it."""

    def set_answer(value: t.Any) -> list[tuple[t.Any, ...]]:
        reports: list[tuple[t.Any, ...]] = []
        result = None if value is None else ("campus", value)
        monkeypatch.setattr(compose, "first", lambda hook, **arguments: result)
        monkeypatch.setattr(compose, "report", lambda *report: reports.append(report))
        return reports

    return set_answer


def test_without_an_answer_the_error_stays_as_parsed(answer: t.Any) -> None:
    """No plugin has to know an error."""
    answer(None)
    error = api_error(ServiceError, make_response({"code": "A", "message": "m"}))

    assert type(error) is ServiceError
    assert (error.code, error.facts, error.translated_by, error.advice) == ("A", None, None, None)


def test_facts_fill_what_the_body_did_not_say(answer: t.Any) -> None:
    """Code, message and request id come from a translator only where the body has none."""
    answer(ErrorFacts(code="B", message="n", request_id="i", advice="wait", retry_after=3.0))
    known = api_error(ServiceError, make_response({"code": "A", "message": "m"}))
    unknown = api_error(ServiceError, make_response(b""))

    assert (known.code, known.message, known.request_id) == ("A", "m", "i")
    assert (unknown.code, unknown.message, unknown.advice) == ("B", "n", "wait")
    assert unknown.args[4:] == ("B", "n", "i")
    assert (unknown.retry_after, unknown.translated_by) == (3.0, "campus")


def test_facts_decide_whether_an_error_is_retryable(answer: t.Any) -> None:
    """A translator knows better than the status."""
    answer(ErrorFacts(retryable=False, retry_after=1))
    assert not api_error(ServiceError, make_response(status=503)).retryable
    answer(ErrorFacts(retryable=True, retry_after=1))
    error = api_error(ServiceError, make_response(status=400))

    assert error.retryable
    assert error.explain().endswith("after 1 second.")


@pytest.mark.parametrize("extra", [CampusError, CampusGlobusError, CampusFileError])
def test_an_exception_class_is_joined_with_the_clients(
    answer: t.Any, extra: type[Exception]
) -> None:
    """The error can be caught by the client's class and by the plugin's."""
    reports = answer(extra)
    error = api_error(ServiceError, make_response({"code": "A", "message": "m"}))

    assert isinstance(error, ServiceError)
    assert isinstance(error, extra)
    assert (error.code, error.translated_by, reports) == ("A", "campus", [])
    assert error.advice == getattr(extra, "advice", None)
    assert "A: m" in str(error)


@pytest.mark.parametrize("meaning", [None, CampusError, ErrorFacts(code="B")])
def test_one_redactor_serves_an_error(
    answer: t.Any, monkeypatch: pytest.MonkeyPatch, meaning: t.Any
) -> None:
    """It is made once, however often the error is built, and is not kept with its secrets."""
    made: list[_redact.Redactor] = []
    real = _redact.for_request

    def for_request(request: t.Any) -> _redact.Redactor:
        made.append(real(request))
        return made[-1]

    monkeypatch.setattr(_redact, "for_request", for_request)
    answer(meaning)
    error = api_error(ServiceError, make_response({"message": "opaque-token-1 is old"}))

    assert error.message == "*** is old"
    assert len(made) == 1
    assert made[0] not in vars(error).values()


def test_a_pair_of_classes_is_joined_once(answer: t.Any) -> None:
    """Two errors of one kind have one class."""
    answer(CampusError)

    first, second = (api_error(ServiceError, make_response()) for _ in range(2))
    assert type(first) is type(second)


def test_a_joined_error_survives_pickling(answer: t.Any) -> None:
    """The class, which no module holds, is made again on the other side."""
    answer(CampusError)
    error = api_error(ServiceError, make_response({"code": "A", "message": "m"}))
    twin = pickle.loads(pickle.dumps(error))

    assert type(twin) is type(error)
    assert (twin.args, twin.translated_by) == (error.args, "campus")


def test_facts_survive_pickling(answer: t.Any) -> None:
    """A copied error explains itself like the original."""
    answer(ErrorFacts(code="B", advice="wait", required_scopes=["a"]))
    error = api_error(ServiceError, make_response())
    twin = pickle.loads(pickle.dumps(error))

    assert (twin.facts, twin.explain(), twin.args) == (error.facts, error.explain(), error.args)
    assert error.facts is not None
    assert error.facts.required_scopes == ("a",)


def test_a_subclass_of_the_clients_class_is_used_as_it_is(answer: t.Any) -> None:
    """No third class where the plugin's own will do."""
    answer(CampusServiceError)

    assert type(api_error(ServiceError, make_response())) is CampusServiceError


def test_a_wider_class_changes_nothing(answer: t.Any) -> None:
    """An error that already is one stays of the client's class."""
    answer(GlobusError)

    assert type(api_error(ServiceError, make_response())) is ServiceError


NONSENSE: t.Any = [
    42,
    "text",
    object,
    KeyboardInterrupt,
    FussyServiceError,
    ErrorFacts(code=t.cast("t.Any", 5)),
    ErrorFacts(retry_after=t.cast("t.Any", "x")),
]


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_other_answers_are_reported_and_ignored(answer: t.Any, nonsense: t.Any) -> None:
    """A plugin that answers nonsense does not cost the caller the error."""
    reports = answer(nonsense)
    error = api_error(ServiceError, make_response({"code": "A", "message": "m"}))

    assert type(error) is ServiceError
    assert error.code == "A"
    assert [report[:2] for report in reports] == [("campus", hookspecs.globus_translate_error)]


def test_facts_are_relieved_of_credentials(answer: t.Any) -> None:
    """A translator may copy out of the body whatever it likes."""
    answer(
        ErrorFacts(
            message="opaque-token-1 has expired",
            advice="renew opaque-token-1",
            authorization_parameters={"session_message": ["opaque-token-1"]},
        )
    )
    error = api_error(ServiceError, make_response())

    assert "opaque-token-1" not in f"{error} {error.explain()} {error.facts!r}"
    assert b"opaque-token-1" not in pickle.dumps(error)


def test_facts_say_only_what_is_known() -> None:
    """A fact that is None is not shown."""
    assert repr(ErrorFacts(code="A")) == "ErrorFacts(code='A')"
    assert ErrorFacts(code="A") != ErrorFacts(code="B")
    assert ErrorFacts() != 3
