"""
Turning an error response into the one exception that is raised for it.
"""

from __future__ import annotations

from globus_core import compose, hookspecs
from globus_core.exc import _redact
from globus_core.exc.api import GlobusAPIError, joined
from globus_core.exc.error_facts import ErrorFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.exc._redact import Redactor


def api_error(error_class: type[GlobusAPIError], response: t.Any) -> GlobusAPIError:
    """
    Build the error for a response, and ask plugins what it means.

    The result is always an instance of ``error_class``.

    :param error_class: the client's error class
    :param response: the response, such as a requests.Response
    """
    redactor = _redact.for_request(getattr(response, "request", None))
    error = _built(error_class, response, redactor)
    unseal = error._seal()
    try:
        answer = compose.first(hookspecs.globus_translate_error, error=error)
    finally:
        unseal()
    if answer is None:
        return error
    plugin, meaning = answer
    if isinstance(meaning, ErrorFacts):
        return _with_facts(error, meaning, plugin, redactor)
    if isinstance(meaning, type) and issubclass(meaning, Exception):
        return _as_instance(error, meaning, plugin, response, redactor)
    _report(plugin, f"ErrorFacts or an exception class was expected, not {_name(meaning)}")
    return error


def _built(
    error_class: type[GlobusAPIError], response: t.Any, redactor: Redactor
) -> GlobusAPIError:
    """The error as its constructor makes it, but with an existing redactor."""
    error = error_class.__new__(error_class, response)
    error._redactor = redactor
    error_class.__init__(error, response)
    return error


def _as_instance(
    error: GlobusAPIError,
    extra: type[Exception],
    plugin: str,
    response: t.Any,
    redactor: Redactor,
) -> GlobusAPIError:
    try:
        better = _built(joined(type(error), extra), response, redactor)
    except Exception as failure:  # the class and its constructor can be a plugin's
        _report(plugin, f"{extra.__name__} cannot be raised for a response: {_name(failure)}")
        return error
    better.translated_by = plugin
    return better


def _with_facts(
    error: GlobusAPIError, facts: ErrorFacts, plugin: str, redactor: Redactor
) -> GlobusAPIError:
    try:
        error._apply(_checked(facts, redactor), plugin)
    except (TypeError, ValueError) as failure:
        _report(plugin, str(failure))
    return error


def _checked(facts: ErrorFacts, redactor: Redactor) -> ErrorFacts:
    """The facts, without credentials that a translator may have copied from the body."""
    known = facts.to_dict()
    for name in ("code", "message", "advice", "request_id"):
        if not isinstance(known.get(name, ""), str):
            raise TypeError(f"the fact {name!r} must be a string, not {_name(known[name])}")
    for name in ("retry_after", "retryable"):
        if not isinstance(known.get(name, 0), (int, float)):
            raise TypeError(f"the fact {name!r} must be a number, not {_name(known[name])}")
    return ErrorFacts(**{name: redactor.clean_value(value) for name, value in known.items()})


def _report(plugin: str, message: str) -> None:
    compose.report(plugin, hookspecs.globus_translate_error, message)


def _name(value: object) -> str:
    return type(value).__name__
