"""
Tokens in Redis or Valkey, which processes on many hosts share.
"""

from __future__ import annotations

import contextlib
import typing as t
from urllib.parse import unquote

from redis import Redis

from globus_core.arguments import check_numbers
from globus_core.exc import GlobusSDKUsageError
from globus_core.token_storage import StorageDescription, TokenStorage
from globus_core.token_storage.data import check_records
from globus_core.token_storage.records import chosen_envelope

from . import scripts
from .leases import RedisLease
from .records import Records
from .server import RedisServer, server_of
from .settings import DEFAULT_URL, LEASE_SECONDS, RedisSettings, key_part, url_of_this_machine

if t.TYPE_CHECKING:
    from typing_extensions import Self

    from globus_core.token_storage import Envelope, TokenStorageData

#: the longest time to wait for another renewal of the same token, in seconds
RENEWAL_LOCK_SECONDS = 120.0


class RedisTokenStorage(TokenStorage):
    """
    Keeps tokens in Redis or Valkey, for any number of processes and hosts.

    The tokens of a namespace are one hash, so that storing several is one step; the keys of a
    namespace are in one hash slot. Tokens do not expire by themselves: a refresh token outlives its
    access token, and a record that vanished would be a logout. The lock on a renewal is a lease of
    45 seconds, which its holder extends before each request, see
    :class:`globus_core.leases.RenewalLease`.

    An operation takes at most 5 seconds, with all attempts after a lost connection. Connections are
    shared by all storages of the process with the same URL.

    :param url: see the guide on many hosts; the settings after the ``?`` are ``password_file``,
        ``ssl_ca_certs``, ``ssl_certfile``, ``ssl_keyfile``, ``prefix``, ``timeout``,
        ``lease_seconds`` and ``key_file``
    :param namespace: which tokens this object sees
    :param envelope: encrypts the tokens before they are sent to the server; None takes the keys of
        the URL's ``key_file``, and without one does not encrypt them
    :raises GlobusSDKUsageError: if the URL or the namespace is not one, or keys are given twice
    """

    namespaces_have_slashes = True
    _not_pickled = TokenStorage._not_pickled | {"_server", "_key"}
    _server: RedisServer | None = None

    def __init__(
        self,
        url: str = DEFAULT_URL,
        *,
        namespace: str = "DEFAULT",
        envelope: Envelope | None = None,
    ) -> None:
        super().__init__(namespace)
        self._settings = RedisSettings(url)
        self.envelope = chosen_envelope(self._settings.key_file, envelope)
        self.lease_seconds = self._settings.seconds("lease_seconds", LEASE_SECONDS)
        self._settings.seconds("timeout", 1.0)
        if self.lease_seconds < 1:
            raise GlobusSDKUsageError("'lease_seconds' must be at least 1")

    @classmethod
    def for_globus_app(
        cls, client_id: object, app_name: str, config: t.Any, namespace: str
    ) -> Self:
        """
        Create the storage of an app, at the server that ``GLOBUS_CORE_REDIS_URL`` names, else on
        this machine. Its keys have the client id and the app's name.

        :param client_id: the app's client id
        :param app_name: the app's name
        :param config: the app's configuration, of which only the environment is used
        :param namespace: which tokens the storage sees
        :raises GlobusSDKUsageError: if the variable has no URL of a Redis server
        """
        names = (str(client_id), app_name, str(config.environment))
        settings = RedisSettings(url_of_this_machine()).with_prefix(*names)
        return cls(settings.url, namespace=namespace)

    @classmethod
    def from_url(cls, url: str, *, namespace: str = "DEFAULT") -> Self:
        """
        Create a storage from a URL; ``redis:`` alone means this machine.

        :param url: the URL
        :param namespace: which tokens the storage sees
        :raises GlobusSDKUsageError: if it is no URL of a Redis server
        """
        return cls(url, namespace=namespace)

    def _use_namespace(self, namespace: str) -> None:
        self.namespace = namespace

    def _share(self, origin: t.Any) -> None:
        super()._share(origin)
        self._server = origin.server  # else its connections would end with this object

    @property
    def server(self) -> RedisServer:
        """The server, with the connections of this process."""
        if self._server is None:
            self._server = server_of(self._settings)
        return self._server

    def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None:
        check_records(token_data_by_resource_server)
        encoded = self._records_here.encoded
        fields = {
            _bytes(server): encoded(data) for server, data in token_data_by_resource_server.items()
        }
        if not fields:
            return
        self.server.warn_of_eviction()
        self.server.run("store tokens", scripts.store, self._tokens, fields)

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        stored = self.server.run("read tokens", Redis.hgetall, self._tokens)
        decoded = self._records_here.decoded
        names = {_text(field): value for field, value in stored.items()}
        records = {name: decoded(name, value) for name, value in names.items()}
        return {name: record for name, record in records.items() if record is not None}

    def get_token_data(self, resource_server: str) -> TokenStorageData | None:
        field = _bytes(resource_server)
        stored = self.server.run("read a token", Redis.hget, self._tokens, field)
        return self._records_here.decoded(resource_server, stored)

    def remove_token_data(self, resource_server: str) -> bool:
        key, field = self._tokens, _bytes(resource_server)
        attempts: list[int] = []

        def remove(client: Redis) -> bool:
            attempts.append(1)
            # after a lost answer, the token may be gone because of the first attempt
            return bool(client.hdel(key, field)) or len(attempts) > 1

        return bool(self.server.run("remove a token", remove))

    def replace(self, resource_server: str, expected: str, new: TokenStorageData | None) -> bool:
        if new is not None:
            check_records({resource_server: new})
        text = b"" if new is None else self._records_here.encoded(new)
        key, field = self._tokens, _bytes(resource_server)
        attempts: list[int] = []

        def change(client: Redis) -> bool:
            again = int(bool(attempts))
            attempts.append(1)
            arguments = [field, expected, text, again]
            return bool(scripts.run(client, scripts.REPLACE, [key], arguments))

        return bool(self.server.run("store a token", change))

    def namespaces(self) -> t.Iterator[str]:
        begin, end = f"{self._settings.prefix}:{{", "}:tokens"
        seen = set()
        for keys in self.server.scan(begin, end):
            for key in keys:
                name = unquote(_text(key)[len(begin) : -len(end)], errors="surrogatepass")
                if name not in seen:
                    seen.add(name)
                    yield name

    def describe(self) -> StorageDescription:
        way = "over TLS" if self._settings.secure else "not encrypted on the way"
        there = "not encrypted there"
        if self.envelope is not None:
            there = f"encrypted with a key from {self.envelope.source}"
        return StorageDescription(
            location=self._where,
            protection=f"readable by whoever may log in to the server, {way}, {there}",
            shared=True,
        )

    @contextlib.contextmanager
    def renewal_lock(
        self, resource_server: str, *, timeout: float = RENEWAL_LOCK_SECONDS
    ) -> t.Iterator[RedisLease]:
        """
        Hold the lease for renewing one token, on any host, for a ``with`` block.

        :param resource_server: the resource server
        :param timeout: the longest time to wait, in seconds
        :raises RenewalError: if this thread already holds it, or the wait takes too long
        :raises StorageError: if the server cannot be reached
        """
        check_numbers(timeout=timeout)
        purpose = f"a renewal of the token for {resource_server!r}"
        key = self._key_of("renewal", resource_server)
        with (
            super().renewal_lock(resource_server, timeout=timeout),  # the threads of this object
            RedisLease(self.server, key, self.lease_seconds, timeout, purpose) as lease,
        ):
            yield lease

    def close(self) -> None:
        """
        Let go of the connections, which are closed once nothing in this process uses them.
        """
        self._server = None

    @property
    def _where(self) -> str:
        return f"{self._settings.location} ({self._settings.prefix})"

    @property
    def _records_here(self) -> Records:
        return Records(self._tokens.decode(), self._where, self.envelope)

    @property
    def _tokens(self) -> bytes:
        return self._key_of("tokens")

    def _key_of(self, *names: str) -> bytes:
        """A key of the namespace; what is in braces decides about the hash slot."""
        space = f"{self._settings.prefix}:{{{key_part(self.namespace)}}}"
        return ":".join((space, *(key_part(name) for name in names))).encode()


def _bytes(name: str) -> bytes:
    return name.encode(errors="surrogatepass")


def _text(field: bytes) -> str:
    return field.decode(errors="surrogatepass")
