"""
Finding canned responses by the method that they answer, and activating them.
"""

from __future__ import annotations

import sys

from globus_core.exc import GlobusSDKUsageError

from .models import RegisteredResponse, ResponseSet, mock

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from requests import PreparedRequest
    from responses import RequestsMock

    from .models import ResponseList

_registered: dict[t.Any, ResponseSet] = {}


def register_response_set(
    set_id: t.Any,
    rset: ResponseSet | t.Mapping[str, t.Any],
    metadata: dict[str, t.Any] | None = None,
) -> ResponseSet:
    """
    Register a set under a key, in this process; it takes precedence over those of plugins.

    :param set_id: the key: a client's method, ``service.method``, or any other hashable object
    :param rset: the set, or the plain dicts of :meth:`ResponseSet.from_dict`
    :param metadata: metadata for a set of plain dicts
    """
    made = rset if isinstance(rset, ResponseSet) else ResponseSet.from_dict(rset, metadata)
    _registered[_key(set_id)] = made
    return made


def get_response_set(set_id: t.Any) -> ResponseSet:
    """
    Find a set, without activating it.

    :param set_id: a method of a client or of its class, ``service.method``, or a registered key
    :raises GlobusSDKUsageError: if there is no such set
    :raises PluginUnavailableError: if the plugin that has the service's sets cannot be used
    """
    key = _key(set_id)
    if key in _registered:
        return _registered[key]
    service, dot, method = key.partition(".") if isinstance(key, str) else ("", "", "")
    found = _sets_of(service).get(method) if dot else None
    if found is None:
        raise GlobusSDKUsageError(
            f"there are no canned responses for {key!r}; add some by register_response_set"
        )
    return found


def load_response_set(set_id: t.Any, *, requests_mock: RequestsMock | None = None) -> ResponseSet:
    """
    Activate all cases of a set.

    :param set_id: the set, or an argument of :func:`get_response_set`
    :param requests_mock: the mock; None is the default mock of ``responses``
    :raises GlobusSDKUsageError: if there is no such set
    :raises PluginUnavailableError: if ``responses`` is not installed
    """
    found = set_id if isinstance(set_id, ResponseSet) else get_response_set(set_id)
    return found.activate_all(requests_mock=requests_mock, base_url=_base_url(set_id))


def load_response(
    set_id: t.Any, *, case: str = "default", requests_mock: RequestsMock | None = None
) -> RegisteredResponse | ResponseList:
    """
    Activate one response: the response to a method in one case.

    For a method of a client object, the response is at that client's address.

    :param set_id: the response, or an argument of :func:`get_response_set`
    :param case: the case; ``default`` is success
    :param requests_mock: the mock; None is the default mock of ``responses``
    :raises GlobusSDKUsageError: if there is no such set
    :raises LookupError: if the set has no such case
    :raises PluginUnavailableError: if ``responses`` is not installed
    """
    if isinstance(set_id, RegisteredResponse):
        return set_id.add(requests_mock=requests_mock)
    found = set_id if isinstance(set_id, ResponseSet) else get_response_set(set_id)
    return found.activate(case, requests_mock=requests_mock, base_url=_base_url(set_id))


def get_last_request(*, requests_mock: RequestsMock | None = None) -> PreparedRequest | None:
    """
    The last request that was answered, or None if there was none.

    :param requests_mock: the mock; None is the default mock of ``responses``
    :raises PluginUnavailableError: if ``responses`` is not installed
    """
    calls = mock(requests_mock).calls
    return calls[-1].request if len(calls) else None


def _key(set_id: t.Any) -> t.Any:
    """``service.method`` for a method of a client; any other key as it is."""
    owner = _owner(set_id)
    service = getattr(owner, "canned_responses", "") or getattr(owner, "service_name", "")
    return f"{service}.{set_id.__name__}" if service else set_id


def _owner(method: t.Any) -> t.Any:
    """The client that a method is bound to, or the class that defines it; None for others."""
    if not hasattr(method, "__qualname__"):
        return None
    bound = getattr(method, "__self__", None)
    if bound is not None:
        return bound
    owner: t.Any = sys.modules.get(method.__module__)
    for name in method.__qualname__.split(".")[:-1]:
        owner = getattr(owner, name, None)
    return owner


def _base_url(set_id: t.Any) -> str | None:
    return getattr(_owner(set_id), "base_url", None) or None


def _sets_of(service: str) -> t.Mapping[str, ResponseSet]:
    from globus_core.plugins import get_plugin_manager

    manager = get_plugin_manager()
    try:
        sets: t.Mapping[str, ResponseSet] = manager.public_name("testing.canned", service)
    except AttributeError:
        return {}
    return sets
