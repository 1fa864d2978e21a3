"""
From a response to the one exception that is raised for it.
"""

from __future__ import annotations

from .api import GlobusAPIError
from .facts import ErrorFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from ._redact import Redactor

_joined: dict[tuple[type, type], type] = {}


def api_error(error_class: type[GlobusAPIError], response: t.Any) -> GlobusAPIError:
    """
    Build the error for a response, and let plugins say what it means.

    The result is always an instance of ``error_class``.

    :param error_class: the client's error class
    :param response: the response, such as a requests.Response
    """
    from globus_core import compose, hookspecs

    error = error_class(response)
    answer = compose.first(hookspecs.globus_translate_error, error=error)
    if answer is None:
        return error
    plugin, meaning = answer
    if isinstance(meaning, ErrorFacts):
        return _with_facts(error, meaning, plugin, response)
    if isinstance(meaning, type) and issubclass(meaning, Exception):
        return _as_instance(error, meaning, plugin, response)
    _report(plugin, f"ErrorFacts or an exception class was expected, not {_name(meaning)}")
    return error


def joined(error_class: type[GlobusAPIError], extra: type[Exception]) -> type[GlobusAPIError]:
    """
    The class whose instances are both; the same one each time for a pair.

    :param error_class: the client's error class, which builds the instances
    :param extra: a class to catch them by as well; its constructor is not called
    :raises TypeError: if Python cannot derive one class from both
    """
    if issubclass(extra, error_class):
        return extra
    if issubclass(error_class, extra):
        return error_class
    pair = (error_class, extra)
    if pair not in _joined:
        namespace = {"__module__": extra.__module__, "__doc__": extra.__doc__, "_joined_from": pair}
        advice = getattr(extra, "advice", None)
        if isinstance(advice, str):
            namespace["advice"] = advice
        # setdefault, so that two threads get one class
        _joined.setdefault(pair, type(extra.__name__, pair, namespace))
    return _joined[pair]


def _as_instance(
    error: GlobusAPIError, extra: type[Exception], plugin: str, response: t.Any
) -> GlobusAPIError:
    try:
        better = joined(type(error), extra)(response)
    except Exception as failure:  # the class is a plugin's, and so may be its constructor
        _report(plugin, f"{extra.__name__} cannot be raised for a response: {_name(failure)}")
        return error
    better.translated_by = plugin
    return better


def _with_facts(
    error: GlobusAPIError, facts: ErrorFacts, plugin: str, response: t.Any
) -> GlobusAPIError:
    from ._redact import for_request

    try:
        error._apply(_checked(facts, for_request(getattr(response, "request", None))), plugin)
    except (TypeError, ValueError) as failure:
        _report(plugin, str(failure))
    return error


def _checked(facts: ErrorFacts, redactor: Redactor) -> ErrorFacts:
    """The facts without credentials that a translator may have copied out of the body."""
    known = facts.to_dict()
    for name in ("code", "message", "advice", "request_id"):
        if not isinstance(known.get(name, ""), str):
            raise TypeError(f"the fact {name!r} must be a string, not {_name(known[name])}")
    for name in ("retry_after", "retryable"):
        if not isinstance(known.get(name, 0), (int, float)):
            raise TypeError(f"the fact {name!r} must be a number, not {_name(known[name])}")
    return ErrorFacts(**{name: redactor.clean_value(value) for name, value in known.items()})


def _report(plugin: str, message: str) -> None:
    from globus_core import compose, hookspecs

    compose.report(plugin, hookspecs.globus_translate_error, message)


def _name(value: object) -> str:
    return type(value).__name__
