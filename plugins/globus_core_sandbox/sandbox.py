"""The sandbox as a Python object."""

from __future__ import annotations

import os
import typing as t

from globus_core.printable import safe_repr
from globus_core.testing.sandbox import ApiError, ServiceSandbox, is_loopback

from .control.verbs import Verbs
from .errors import SandboxError, SandboxStartError
from .faults.checks import FaultError
from .faults.orders import FaultOrders
from .faults.queue import describe_kinds
from .host import Host
from .http.app import make_app
from .http.journal import JournalRecord
from .http.middleware import Middleware
from .http.server import HttpServer
from .state_file import StateFile

if t.TYPE_CHECKING:
    from globus_core.testing.sandbox import Person, Seeds


class Sandbox(FaultOrders, Verbs):
    """
    A local Globus Auth for development, demonstrations and tests; never for anything else.

    Used with ``with``, or with :py:meth:`start` and :py:meth:`stop`.

    :param host: address to listen on; only loopback, unless ``allow_remote`` is set
    :param port: port to listen on; 0 takes any free one
    :param auto_approve: approve logins at once, without showing a page
    :param rotate_refresh_tokens: issue a new refresh token at each refresh, and revoke all when an
        old one is used (RFC 9700, 4.14)
    :param access_token_lifetime: seconds
    :param seeds: the people, clients and so on at the start; None takes made-up ones
    :param issuer: the issuer in documents and ID tokens; None takes the sandbox's URL
    :param synthetic_identities: the number of people ``user00001@example.org``, ...
    :param allow_remote: also listen on other addresses than loopback, without any protection
    :param options: arguments for the sandboxes of services, by the services' names
    :param state_file: a file that keeps keys, tokens, consents, clients and clock: read now, and
        written by :py:meth:`save` and :py:meth:`stop`; None keeps nothing
    :param authority_file: where the certificate is written that clients have to trust for the
        addresses by TLS; it stays, so that variables which name it remain right. None takes a
        temporary file
    :raises SandboxError: if the address is not a loopback address, a service cannot be created, or
        the file cannot be used
    :raises GlobusSDKUsageError: if there are options for a service that no plugin offers
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
        options: t.Mapping[str, t.Mapping[str, t.Any]] | None = None,
        state_file: str | os.PathLike[str] | None = None,
        authority_file: str | os.PathLike[str] | None = None,
    ) -> None:
        if not allow_remote and not is_loopback(host):
            raise SandboxError(
                f"the sandbox is for development and listens on loopback only, not on {host!r}"
            )
        auth: dict[str, t.Any] = {
            "auto_approve": auto_approve,
            "rotate_refresh_tokens": rotate_refresh_tokens,
            "access_token_lifetime": access_token_lifetime,
            "seeds": seeds,
            "issuer": issuer,
            "synthetic_identities": synthetic_identities,
        }
        given = dict(options or {})
        self._address = (host, port)
        self._allow_remote = allow_remote
        self._host = Host({**given, "auth": {**auth, **given.get("auth", {})}})
        self._world = self._host.world
        self._world.secure.place = (
            None if authority_file is None else os.path.abspath(authority_file)
        )
        self._server: HttpServer | None = None
        self._state_file = None if state_file is None else StateFile(state_file)
        if self._state_file is not None:
            self._state_file.load(self._host)

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    @safe_repr
    def __repr__(self) -> str:
        return f"<Sandbox {self._host.url or 'not running'}>"

    def start(self) -> Sandbox:
        """
        Listen, and serve in a thread.

        :raises SandboxStartError: if it cannot listen on the address, or write its certificates
        """
        if self._server is not None:
            return self
        host, port = self._address
        try:
            server = HttpServer(host, port, self._world.clock.now)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise SandboxStartError(f"cannot listen on {host!r} port {port!r}: {reason}") from error
        shown = f"[{host}]" if ":" in host else host
        try:
            self._host.start(f"http://{shown}:{server.server_port}/")
        except OSError as error:
            server.stop()
            self._host.stop()
            raise SandboxStartError(f"cannot write {error.filename!r}: {error.strerror}") from error
        app = make_app(self._host)
        server.set_app(Middleware(app, self._world, any_host=self._allow_remote))
        server.start()
        self._server = server
        return self

    def stop(self) -> None:
        """
        Close all connections and the socket; does nothing if it is not running.
        """
        server, self._server = self._server, None
        if server is not None:
            server.stop()
            self._host.stop()
            self.save()

    def save(self) -> None:
        """
        Write the state file, if there is one and the state has changed since it was last written.

        :raises SandboxError: if it cannot be written
        """
        if self._state_file is not None:
            self._state_file.save(self._host)

    @property
    def url(self) -> str:
        """
        The URL, with a slash at its end, for use as base URL of Auth clients.

        :raises SandboxError: if it was never started
        """
        if not self._host.url:
            raise SandboxError("the sandbox has no URL before start()")
        return self._host.url

    @property
    def services(self) -> dict[str, ServiceSandbox]:
        """
        The sandboxes of the services by name, including ``auth``.
        """
        return {name: service.sandbox for name, service in self._host.services.items()}

    def service_url(self, service: str) -> str:
        """
        The URL of a service, with a slash at its end, for use as base URL of its clients.

        :param service: the service's name
        :raises SandboxError: if it was never started, or does not have the service
        """
        _ = self.url
        try:
            return self._world.url(service)
        except ApiError as error:
            raise SandboxError(error.detail) from error

    def environment(self) -> dict[str, str]:
        """
        The environment variables that make the clients of all services use this sandbox.

        :raises SandboxError: if it was never started
        """
        services = self._host.services.items()
        found = {service.variable: self.service_url(name) for name, service in services}
        found.pop("", None)
        if (authority := self._world.secure.authority_file) is not None:
            found["GLOBUS_SDK_VERIFY_SSL"] = authority
        return found

    @property
    def _auth(self) -> t.Any:
        return self._host.services["auth"].sandbox

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
        for client in self._auth.seeds.clients:
            if (client.secret is not None) is confidential:
                return client.id, client.secret
        kind = "confidential" if confidential else "native"
        raise SandboxError(f"the seeds of this sandbox have no {kind} client")

    @property
    def people(self) -> tuple[Person, ...]:
        """
        The people who can sign in.
        """
        people: tuple[Person, ...] = self._auth.seeds.people
        return people

    @property
    def access_token_lifetime(self) -> int:
        """
        The lifetime of access tokens in seconds.
        """
        return int(self._auth.access_token_lifetime)

    @property
    def seeds(self) -> Seeds:
        """
        The people, clients and so on at the start.
        """
        seeds: Seeds = self._auth.seeds
        return seeds

    def synthetic_usernames(self, count: int) -> list[str]:
        """
        Usernames of synthetic people.

        :param count: how many, from the first on
        """
        return list(self._auth.synthetic_usernames(count))

    def synthetic_ids(self, count: int) -> list[str]:
        """
        Identity ids of synthetic people.

        :param count: how many, from the first on
        """
        return list(self._auth.synthetic_ids(count))

    def state(self) -> dict[str, t.Any]:
        """
        URL, settings, clients and people, as the control API returns them.
        """
        return self._host.describe()

    def now(self) -> float:
        """
        The sandbox's time, in UTC epoch seconds.
        """
        return self._world.clock.now()

    def advance_clock(self, seconds: float) -> None:
        """
        Move the sandbox's time.

        :param seconds: how far; negative to move back
        """
        self._world.clock.advance(seconds)

    def set_clock(self, timestamp: float) -> None:
        """
        Set the sandbox's time, which then continues from there.

        :param timestamp: the time, in UTC epoch seconds
        """
        self._world.clock.set(timestamp)

    def control(self, service: str, verb: str, /, **arguments: t.Any) -> dict[str, t.Any]:
        try:
            return self._host.control(service, verb, arguments)
        except ApiError as error:
            raise SandboxError(error.detail) from error

    def _order_fault(self, order: dict[str, t.Any]) -> None:
        try:
            self._world.faults.order(order)
        except FaultError as error:
            raise SandboxError(str(error)) from error

    def fault_kinds(self) -> dict[str, str]:
        """
        The predefined faults: the values of ``kind`` in :py:meth:`fail`, each with what it does.
        """
        return describe_kinds()

    def clear_faults(self) -> None:
        """
        Remove the faults that are still ordered.
        """
        self._world.faults.clear()

    def journal(self) -> list[JournalRecord]:
        """
        The requests so far, oldest first; those to the control API are left out.
        """
        return self._world.journal.records()

    def _count(self, **wanted: t.Any) -> int:
        return self._world.journal.count(**wanted)

    def reset(self) -> None:
        """
        Return to the initial state: clock, keys, settings, tokens, faults, journal.
        """
        self._host.reset()
