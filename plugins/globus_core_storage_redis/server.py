"""
A Redis server as the storage and the cache use it: each operation with one deadline for all of its
attempts, and errors that say what to do.
"""

from __future__ import annotations

import inspect
import logging
import pathlib
import time
import typing as t
import weakref

import redis
from redis import exceptions
from redis.backoff import NoBackoff
from redis.connection import AbstractConnection
from redis.retry import Retry

from globus_core import waiting
from globus_core.exc import StorageError

from .connections import Connection, TLSConnection, ending_at
from .errors import EvictionWarning, is_passing, storage_error
from .settings import TIMEOUT_SECONDS, RedisSettings

log = logging.getLogger("globus_core.token_storage")

#: how many keys are asked for in one request
KEYS_AT_ONCE = 1000
_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.5


class RedisServer:
    """
    A server and its connections, which all storages and caches of a process share that have the
    same URL. It has as many connections as threads use it at once.

    :param settings: where the server is
    """

    def __init__(self, settings: RedisSettings) -> None:
        self.settings = settings
        self.timeout = settings.seconds("timeout", TIMEOUT_SECONDS)
        self._eviction_checked = False
        # redis-py 5 does not compare names by itself
        secure: dict[str, t.Any] = {"ssl_cert_reqs": "required", "ssl_check_hostname": True}
        self._pool = redis.ConnectionPool(
            connection_class=TLSConnection if settings.secure else Connection,
            retry=Retry(NoBackoff(), 0),  # we try again ourselves, within one deadline
            retry_on_error=[],
            protocol=2,
            **_without_introduction(),
            credential_provider=_credentials(settings),
            **(secure if settings.secure else {}),
            **settings.connection,
        )
        self._client = redis.Redis(connection_pool=self._pool)
        weakref.finalize(self, self._pool.disconnect)

    def run(self, what: str, operation: t.Callable[..., t.Any], *arguments: t.Any) -> t.Any:
        """
        Do something on the server, again after a lost connection while the deadline allows it.

        :param what: what is done, for the error: ``read tokens``
        :param operation: called with a client and the arguments, such as ``redis.Redis.hget``; it
            must be safe to repeat
        :param arguments: further arguments
        :raises StorageError: if the server cannot be reached in time, or refuses
        """
        end = time.monotonic() + self.timeout
        pause = _FIRST_PAUSE
        while True:
            try:
                with ending_at(end):
                    return waiting.blocking(operation, self._client, *arguments)
            except redis.RedisError as error:
                late = time.monotonic() + pause >= end
                if late or not is_passing(error, self.settings):
                    raise storage_error(what, error, self.settings) from error
                log.debug("%s does not answer, trying again: %s", self.settings.location, error)
                if isinstance(error, exceptions.ReadOnlyError):
                    # after a failover the name may be another server's
                    self._pool.disconnect(inuse_connections=False)
            waiting.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def scan(self, begin: str, end: str = "") -> t.Iterator[list[bytes]]:
        """
        The names of all keys with a beginning and an end, in parts; some may come twice.

        :param begin: what they begin with
        :param end: what they end with
        :raises StorageError: if the server cannot be reached
        """
        pattern = f"{_quoted(begin)}*{_quoted(end)}".encode(errors="surrogatepass")
        cursor = 0
        while True:
            cursor, names = self.run("list keys", redis.Redis.scan, cursor, pattern, KEYS_AT_ONCE)
            if names:
                yield names
            if int(cursor) == 0:
                return

    def warn_of_eviction(self) -> None:
        """
        Warn, once for each server of a process, if it may drop tokens when its memory is full.
        """
        if self._eviction_checked:
            return
        try:
            memory = self.run("store tokens", redis.Redis.info, "memory")
        except StorageError as error:
            if not isinstance(error.__cause__, exceptions.NoPermissionError):
                raise
            memory = {}  # not all users may ask
        self._eviction_checked = True
        policy = str(memory.get("maxmemory_policy", ""))
        if not policy.startswith("allkeys") or not memory.get("maxmemory"):
            return
        import warnings

        warnings.warn(
            f"the Redis server {self.settings.location} drops any key when its memory is full "
            f"(maxmemory-policy {policy}), so that logins can be lost; use noeviction, or a "
            "volatile policy, which drops identities and no tokens",
            EvictionWarning,
            stacklevel=4,
        )

    def is_away(self, error: StorageError) -> bool:
        """
        Whether an error says that the server could not be reached in time.

        :param error: an error of :meth:`run`
        """
        return is_passing(error.__cause__, self.settings)


def server_of(settings: RedisSettings) -> RedisServer:
    """
    The server of a URL, which all of a process share.

    :param settings: where it is
    """
    known = _servers.get(settings.url)
    if known is None:
        known = _servers.setdefault(settings.url, RedisServer(settings))
    return known


_servers: weakref.WeakValueDictionary[str, RedisServer] = weakref.WeakValueDictionary()


class _PasswordFile(redis.CredentialProvider):
    """Reads the password for each connection, so that it may be changed while a program runs."""

    def __init__(self, path: str, username: str | None) -> None:
        self._path = path
        self._username = username

    def get_credentials(self) -> tuple[str] | tuple[str, str]:
        try:
            password = pathlib.Path(self._path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            message = f"the password file {self._path!r} cannot be read: {reason}"
            raise exceptions.AuthenticationError(message) from None
        return (password,) if self._username is None else (self._username, password)


def _credentials(settings: RedisSettings) -> _PasswordFile | None:
    if settings.password_file is None:
        return None
    # redis-py takes a provider or a name and a password, not both
    return _PasswordFile(settings.password_file, settings.connection.pop("username", None))


def _without_introduction() -> dict[str, None]:
    """Do not send the name of the library on each connection, which costs round trips."""
    known = inspect.signature(AbstractConnection.__init__).parameters
    names = ("driver_info",) if "driver_info" in known else ("lib_name", "lib_version")
    return dict.fromkeys(names)


def _quoted(text: str) -> str:
    """A text in a pattern of SCAN."""
    return "".join(f"\\{char}" if char in "\\*?[]^" else char for char in text)
