"""
What is awaited, and what is plain data.

Awaited are clients, apps, authorizers, storages, login flows, paginators, files and context
managers, and whatever holds one of these or is made with one; so it need not be known which classes
there are. All else is data and stays as it is: responses above all, whose body is in memory, and
mappings, unless they are made with a client to look up what they do not have.
"""

from __future__ import annotations

import enum
import functools
import inspect
import io
import types

from globus_core import BaseClient, GlobusHTTPResponse
from globus_core.authorizers import GlobusAuthorizer
from globus_core.documents import Document
from globus_core.login_flows import LoginFlowManager
from globus_core.paging import Paginator
from globus_core.token_storage import TokenStorage
from globus_core.transport import RequestsTransport, RetryConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_LIVE = (BaseClient, GlobusAuthorizer, LoginFlowManager, Paginator, TokenStorage, io.IOBase)
_DATA = (
    *(BaseException, bool, bytes, Document, enum.Enum, float, int, list, set, str, tuple, type),
    *(GlobusHTTPResponse, RequestsTransport, RetryConfig, type(None)),
)
#: the end of the name of a parameter for something that is awaited
_PARAMETERS = ("app", "authorizer", "cache", "client", "resolver", "storage")
#: the types of parameters that only name or describe such a thing
_NAMES = ("bool", "int", "str", "uuid.UUID")


def is_awaited(value: object) -> bool:
    """
    Whether the methods of an object are to be awaited.

    :param value: the object
    """
    if isinstance(value, GlobusHTTPResponse):
        return not value.is_read
    if isinstance(value, _DATA) or type(value) is dict:
        return False
    kind: t.Any = type(value)
    return _is_awaited_class(kind) or any(isinstance(held, _LIVE) for held in _held(value))


@functools.lru_cache(maxsize=1024)
def is_facade_class(cls: t.Any) -> bool:
    """
    Whether the objects of a class are made to be awaited.

    :param cls: the class
    """
    if isinstance(cls, types.GenericAlias):  # list[int], a class for Python 3.10
        return False
    if issubclass(cls, _DATA) or hasattr(cls, "__dataclass_fields__"):
        return False
    return _is_awaited_class(cls) or any(
        name.endswith(_PARAMETERS) and not str(parameter.annotation).startswith(_NAMES)
        for name, parameter in _constructor_parameters(cls).items()
    )


@functools.lru_cache(maxsize=1024)
def _is_awaited_class(cls: t.Any) -> bool:
    if issubclass(cls, _LIVE):
        return True
    return hasattr(cls, "__enter__") and hasattr(cls, "__exit__")


def _constructor_parameters(cls: type) -> t.Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(cls).parameters
    except (TypeError, ValueError):
        return {}


def _held(value: object) -> t.Iterator[object]:
    yield from getattr(value, "__dict__", {}).values()
    for cls in type(value).__mro__:
        slots = vars(cls).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            yield getattr(value, name, None)
