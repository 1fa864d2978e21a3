"""
Errors of requests that got no response.
"""

from __future__ import annotations

from globus_core.printable import printable

from .base import GlobusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class NetworkError(GlobusError):
    """
    A request got no response, or only part of one.
    """

    retryable: bool = True

    def __init__(self, msg: str, exc: Exception, *args: t.Any, **kwargs: t.Any) -> None:
        """
        Make the error of a request without a response.

        :param msg: what happened, in one sentence
        :param exc: the exception of the HTTP library, kept as ``underlying_exception``
        :param args: further values for ``args``
        :param kwargs: ignored; for subclasses
        """
        super().__init__(msg, *args)
        self.message = msg
        self.underlying_exception = exc

    def __str__(self) -> str:
        return printable(self.message)

    def __reduce__(self) -> tuple[t.Any, ...]:
        state = dict(vars(self))
        state["underlying_exception"] = _portable(self.underlying_exception)
        return _revive, (type(self), self.args, state)


class GlobusTimeoutError(NetworkError):
    """
    A request took longer than allowed; the message names the limit.
    """

    advice = "check the network connection, or allow more time with GLOBUS_SDK_HTTP_TIMEOUT"


class GlobusConnectionTimeoutError(GlobusTimeoutError):
    """
    No connection was made in time, so the request was not sent.
    """


class GlobusConnectionError(NetworkError):
    """
    No connection could be made, or it broke.
    """


def _revive(
    error_class: type[NetworkError], args: tuple[t.Any, ...], state: dict[str, t.Any]
) -> NetworkError:
    error = error_class.__new__(error_class)
    error.args = args
    vars(error).update(state)
    return error


def _portable(exc: Exception) -> Exception:
    """A stand-in of the same class without the request, which holds credentials."""
    from ._redact import for_request

    text = for_request(getattr(exc, "request", None)).clean(str(exc))
    try:
        return type(exc)(text)
    except Exception:  # foreign constructors may need other arguments
        return GlobusError(f"{type(exc).__name__}: {text}")
