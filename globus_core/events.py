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
    :ivar client: the name of the calling client's class, or None
    :ivar namespace: the namespace of the client's app, or None without an app
    """

    __slots__ = ("attempt", "client", "method", "namespace", "resource_server", "url")

    def __init__(
        self,
        method: str,
        url: str,
        attempt: int,
        resource_server: str | None,
        *,
        client: str | None = None,
        namespace: str | None = None,
    ) -> None:
        self.method = method
        self.url = url
        self.attempt = attempt
        self.resource_server = resource_server
        self.client = client
        self.namespace = namespace


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
    :ivar client_id: the OAuth client that asked, or None if it has none
    :ivar seconds: how long the server was waited for; None where it was not
    """

    __slots__ = ("client_id", "error", "expires_at", "kind", "resource_server", "seconds")

    def __init__(
        self,
        kind: t.Literal["issued", "refreshed", "revoked", "failed", "scopes_differ"],
        *,
        resource_server: str | None,
        expires_at: int | None = None,
        error: str | None = None,
        client_id: str | None = None,
        seconds: float | None = None,
    ) -> None:
        self.kind = kind
        self.client_id = client_id
        self.seconds = seconds
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


class StepEvent(Event):
    """
    Longer work has begun.

    :ivar kind: ``login``; ``renewal``, of a token; ``lock_wait``, for the lock on such a renewal;
        or ``look_up``, of identities in one request
    :ivar resource_server: whose token it is, or who is asked; None if that is not known
    :ivar client_id: the OAuth client, or None if it is not known
    :ivar namespace: the namespace of the tokens, or None if they are not stored
    :ivar count: how many identities are looked up, else None
    """

    __slots__ = ("client_id", "count", "kind", "namespace", "resource_server")

    def __init__(
        self,
        kind: str,
        *,
        resource_server: str | None = None,
        client_id: str | None = None,
        namespace: str | None = None,
        count: int | None = None,
    ) -> None:
        self.kind = kind
        self.resource_server = resource_server
        self.client_id = client_id
        self.namespace = namespace
        self.count = count


class StepEndEvent(Event):
    """
    Longer work has ended.

    :ivar step: how it began
    :ivar error: the name of the exception's class that ended it, or None
    :ivar seconds: how long it took
    """

    __slots__ = ("error", "seconds", "step")

    def __init__(self, step: StepEvent, *, error: str | None, seconds: float) -> None:
        self.step = step
        self.error = error
        self.seconds = seconds


def _slots(cls: type) -> tuple[str, ...]:
    return tuple(getattr(cls, "__slots__", ()))
