"""
The events that observers receive. They hold no secrets.
"""

from __future__ import annotations

from globus_core.printable import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class Event:
    """
    Base of all events: named slots, readable ``repr``.
    """

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, name):
            raise AttributeError("an event is read-only, since other observers receive it too")
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        raise AttributeError("an event is read-only, since other observers receive it too")

    @safe_repr
    def __repr__(self) -> str:
        names = [name for cls in reversed(type(self).__mro__) for name in _slots(cls)]
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__name__}({fields})"


class RequestEvent(Event):
    """
    One attempt to send a request.

    :ivar method: the HTTP method
    :ivar url: the URL, without user, password and query
    :ivar attempt: 0 for the first attempt
    :ivar resource_server: the resource server of the calling client, or None
    """

    __slots__ = ("attempt", "method", "resource_server", "url")

    def __init__(self, method: str, url: str, attempt: int, resource_server: str | None) -> None:
        self.method = method
        self.url = url
        self.attempt = attempt
        self.resource_server = resource_server


class ResponseEvent(Event):
    """
    How one attempt ended.

    :ivar request: the attempt
    :ivar status: the HTTP status, or None if there was no response
    :ivar error: the name of the exception's class, or None if there was a response
    :ivar seconds: from sending to the end of the body (for a stream, of the headers) or to the
        failure
    """

    __slots__ = ("error", "request", "seconds", "status")

    def __init__(
        self, request: RequestEvent, *, status: int | None, error: str | None, seconds: float
    ) -> None:
        self.request = request
        self.status = status
        self.error = error
        self.seconds = seconds


class TokenEvent(Event):
    """
    Something that happened to a token.

    :ivar kind: ``issued``, ``refreshed``, ``revoked``, ``failed``, or ``scopes_differ`` of a
        :class:`ScopesEvent`
    :ivar resource_server: whose token
    :ivar expires_at: UTC epoch seconds, or None if that is not known
    :ivar error: the name of the exception's class if it failed, else None
    """

    __slots__ = ("error", "expires_at", "kind", "resource_server")

    def __init__(
        self,
        kind: t.Literal["issued", "refreshed", "revoked", "failed", "scopes_differ"],
        *,
        resource_server: str | None,
        expires_at: int | None = None,
        error: str | None = None,
    ) -> None:
        self.kind = kind
        self.resource_server = resource_server
        self.expires_at = expires_at
        self.error = error


class ScopesEvent(TokenEvent):
    """
    Tokens were issued or refreshed with other scopes than requested, or than before.

    :ivar missing_scopes: the required scopes that were not granted
    :ivar extra_scopes: the scopes that were granted in addition
    """

    __slots__ = ("extra_scopes", "missing_scopes")

    def __init__(
        self,
        *,
        resource_server: str | None,
        missing_scopes: tuple[str, ...],
        extra_scopes: tuple[str, ...],
    ) -> None:
        super().__init__("scopes_differ", resource_server=resource_server)
        self.missing_scopes = missing_scopes
        self.extra_scopes = extra_scopes


def _slots(cls: type) -> tuple[str, ...]:
    return tuple(getattr(cls, "__slots__", ()))
