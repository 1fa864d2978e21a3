"""The sandbox as a Python object."""

from __future__ import annotations

import typing as t

from ._app import Gate, make_app
from ._control_routes import change_settings, describe
from ._errors import ApiError
from ._exc import SandboxError, SandboxStartError
from ._fault_checks import FaultError
from ._fault_orders import FaultOrders
from ._faults import describe_kinds
from ._journal import JournalRecord
from ._people import synthetic_id, synthetic_username
from ._records import is_loopback
from ._seeds import Person, Seeds
from ._server import HttpServer
from ._state import Settings, State


class Sandbox(FaultOrders):
    """
    A local Globus Auth for development, demonstrations and tests; never for anything else.

    Used with ``with``, or with :py:meth:`start` and :py:meth:`stop`.

    :param host: address to listen on; only loopback, unless ``allow_remote`` is set
    :param port: port to listen on, 0 for any free one
    :param auto_approve: answer logins at once, without showing a page
    :param rotate_refresh_tokens: give a new refresh token with each refresh, and revoke all when
        an old one comes back (RFC 9700, 4.14)
    :param access_token_lifetime: seconds
    :param seeds: the people, clients and so on to start with, None for made-up ones
    :param issuer: issuer to state in documents and ID tokens, None for the sandbox's own address
    :param synthetic_identities: how many people ``user00001@example.org``, ... there are
    :param allow_remote: listen on other addresses than loopback; nothing protects them
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        auto_approve: bool = True,
        rotate_refresh_tokens: bool = False,
        access_token_lifetime: int = 172800,
        seeds: Seeds | None = None,
        issuer: str | None = None,
        synthetic_identities: int = 10_000,
        allow_remote: bool = False,
    ) -> None:
        if not allow_remote and not is_loopback(host):
            raise SandboxError(
                f"the sandbox is for development and listens on loopback only, not on {host!r}"
            )
        settings = Settings(
            auto_approve=auto_approve,
            rotate_refresh_tokens=rotate_refresh_tokens,
            access_token_lifetime=access_token_lifetime,
        )
        self._address = (host, port)
        self._issuer = issuer
        self._allow_remote = allow_remote
        self._state = State(seeds or Seeds(), settings, synthetic=synthetic_identities)
        self._server: HttpServer | None = None

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Sandbox {self._state.url or 'not running'}>"

    def start(self) -> Sandbox:
        """
        Listen, and serve in a thread.

        :raises SandboxStartError: if the address cannot be had
        """
        if self._server is not None:
            return self
        host, port = self._address
        try:
            server = HttpServer(host, port, self._state.clock.now)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise SandboxStartError(f"cannot listen on {host!r} port {port!r}: {reason}") from error
        shown = f"[{host}]" if ":" in host else host
        self._state.url = f"http://{shown}:{server.server_port}/"
        self._state.issuer = self._issuer or self._state.url.rstrip("/")
        server.set_app(Gate(make_app(self._state), self._state, any_host=self._allow_remote))
        server.start()
        self._server = server
        return self

    def stop(self) -> None:
        """
        Hang up and close the socket; does nothing if it is not running.
        """
        server, self._server = self._server, None
        if server is not None:
            server.stop()

    @property
    def url(self) -> str:
        """
        The address, with a slash at its end, to be used as base URL of Auth clients.

        :raises SandboxError: if it was never started
        """
        if not self._state.url:
            raise SandboxError("the sandbox has no address before start()")
        return self._state.url

    @property
    def native_client_id(self) -> str:
        """
        The id of the first client without a secret.
        """
        return self._client(confidential=False)[0]

    @property
    def confidential_client_id(self) -> str:
        """
        The id of the first client with a secret.
        """
        return self._client(confidential=True)[0]

    @property
    def confidential_client_secret(self) -> str:
        """
        Its secret, which is made up.
        """
        return self._client(confidential=True)[1] or ""

    def _client(self, *, confidential: bool) -> tuple[str, str | None]:
        for client in self._state.seeds.clients:
            if (client.secret is not None) is confidential:
                return client.id, client.secret
        kind = "confidential" if confidential else "native"
        raise SandboxError(f"the seeds of this sandbox hold no {kind} client")

    @property
    def people(self) -> tuple[Person, ...]:
        """
        The people who can sign in.
        """
        return self._state.seeds.people

    @property
    def access_token_lifetime(self) -> int:
        """
        For how many seconds access tokens are issued.
        """
        return self._state.settings.access_token_lifetime

    @property
    def seeds(self) -> Seeds:
        """
        Everything it started with.
        """
        return self._state.seeds

    def synthetic_usernames(self, count: int) -> list[str]:
        """
        User names of synthetic people.

        :param count: how many, from the first on
        """
        return [synthetic_username(number) for number in range(1, count + 1)]

    def synthetic_ids(self, count: int) -> list[str]:
        """
        Identity ids of synthetic people.

        :param count: how many, from the first on
        """
        return [synthetic_id(number) for number in range(1, count + 1)]

    def state(self) -> dict[str, t.Any]:
        """
        Address, settings, clients and people, as the control API gives them.
        """
        return describe(self._state)

    def now(self) -> float:
        """
        The sandbox's time, in seconds of the UTC epoch.
        """
        return self._state.clock.now()

    def advance_clock(self, seconds: float) -> None:
        """
        Move the sandbox's time.

        :param seconds: how far, negative to go back
        """
        self._state.clock.advance(seconds)

    def set_clock(self, timestamp: float) -> None:
        """
        Set the sandbox's time, which then runs on from there.

        :param timestamp: seconds of the UTC epoch
        """
        self._state.clock.set(timestamp)

    def rotate_keys(self) -> None:
        """
        Sign ID tokens with a new key from now on; the one before stays published.
        """
        self._state.keys.rotate()

    def _order_fault(self, order: dict[str, t.Any]) -> None:
        try:
            self._state.faults.order(order)
        except FaultError as error:
            raise SandboxError(str(error)) from error

    def fault_kinds(self) -> dict[str, str]:
        """
        The ready-made faults: what ``kind`` of :py:meth:`fail` can be, and what it does.
        """
        return describe_kinds()

    def clear_faults(self) -> None:
        """
        Drop the faults that are waiting.
        """
        self._state.faults.clear()

    def deny_next_login(self, times: int = 1) -> None:
        """
        Refuse the next logins as if the person had.

        :param times: how many, 0 to take it back
        """
        self._state.settings.denials = times

    def configure(self, **settings: t.Any) -> None:
        """
        Change settings until the next :py:meth:`reset`.

        :param settings: ``auto_approve``, ``rotate_refresh_tokens``, ``access_token_lifetime``
        :raises SandboxError: if there is no such setting or the value has the wrong type
        """
        try:
            change_settings(self._state, settings)
        except ApiError as error:
            raise SandboxError(error.detail) from error

    def journal(self) -> list[JournalRecord]:
        """
        The requests so far, oldest first; those to the control API are left out.
        """
        return self._state.journal.records()

    def count(
        self,
        *,
        path: str | None = None,
        method: str | None = None,
        grant_type: str | None = None,
        status: int | None = None,
    ) -> int:
        """
        How many requests there were.

        :param path: only with this path, ``*`` and ``?`` as in file names
        :param method: only with this method
        :param grant_type: only token requests for this grant
        :param status: only answered with this status, 0 for dropped connections
        """
        return self._state.journal.count(
            path=path, method=method, grant_type=grant_type, status=status
        )

    def reset(self) -> None:
        """
        Return to the state at the start: clock, keys, settings, tokens, faults, journal.
        """
        self._state.reset()
