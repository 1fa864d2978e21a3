"""
What a Redis URL says: where the server is, how to log in, and our own settings after the ``?``.
"""

from __future__ import annotations

import os
import typing as t
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from globus_core.arguments import check_text
from globus_core.exc import GlobusSDKUsageError

#: the variable with the URL of a storage or cache that is selected by its name
URL_VARIABLE = "GLOBUS_CORE_REDIS_URL"
DEFAULT_URL = "redis://localhost:6379/0"
DEFAULT_PREFIX = "globus-core"
#: seconds that one operation may take, with all its retries
TIMEOUT_SECONDS = 5.0
#: seconds for which the lock on a renewal lasts after it was taken or extended
LEASE_SECONDS = 45.0

#: what TLS may need, under the names of redis-py
_TLS = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
_SETTINGS = ("prefix", "timeout", "lease_seconds", "ttl", "negative_ttl")


class RedisSettings:
    """
    Where a Redis server is, and how it is used. Its ``repr`` has no password.

    :param url: ``redis://user:password@host:6379/0``, ``rediss://`` for TLS. After a ``?`` may come
        ``password_file`` (a file with the password), ``key_file`` (a file with the keys that
        encrypt tokens), ``ssl_ca_certs``, ``ssl_certfile`` and ``ssl_keyfile`` (files for TLS),
        ``prefix`` (of all keys), ``timeout`` (seconds for an operation), ``lease_seconds`` (for
        which a renewal lock lasts), and for identities ``ttl`` and ``negative_ttl`` (seconds)
    :raises GlobusSDKUsageError: if it is no such URL, or has a setting that is not known
    :ivar url: the URL, which may have a password
    :ivar location: the URL without user, password and settings
    :ivar connection: the arguments of a connection of redis-py, without the password of a file
    :ivar password_file: the file with the password, or None
    :ivar key_file: the file with the keys that encrypt tokens, or None
    :ivar own: our own settings, as text
    """

    def __init__(self, url: str) -> None:
        check_text(url, "url")
        parts = urlsplit(url)
        if parts.scheme not in ("redis", "rediss") or not parts.hostname or parts.fragment:
            raise GlobusSDKUsageError(
                "the URL of a Redis server is redis://host:port/number, or rediss:// for TLS"
            )
        self.url = url
        self.location = f"{parts.scheme}://{parts.hostname}:{_port(parts)}/{_database(parts.path)}"
        self.secure = parts.scheme == "rediss"
        self.password_file: str | None = None
        self.key_file: str | None = None
        self.own: dict[str, str] = {}
        self.connection: dict[str, t.Any] = {
            "host": parts.hostname,
            "port": _port(parts),
            "db": _database(parts.path),
        }
        self._read_query(parts.query)
        self._read_login(parts)
        if "ssl_keyfile" in self.connection and "ssl_certfile" not in self.connection:
            raise GlobusSDKUsageError(
                "'ssl_keyfile' needs 'ssl_certfile', the client's certificate"
            )

    def _read_query(self, query: str) -> None:
        for name, value in parse_qsl(query, keep_blank_values=True):
            if not value:
                raise GlobusSDKUsageError(f"{name!r} in the URL of a Redis server has no value")
            if name == "password_file":
                self.password_file = os.path.expanduser(value)
            elif name == "key_file":
                self.key_file = os.path.expanduser(value)
            elif name in _TLS and self.secure:
                self.connection[name] = os.path.expanduser(value)
            elif name in _SETTINGS:
                self.own[name] = value
            else:
                known = ", ".join(("password_file", "key_file", *_TLS, *_SETTINGS))
                raise GlobusSDKUsageError(
                    f"the URL of a Redis server has an unknown setting {name!r:.80}; known are "
                    f"{known}, those for TLS with rediss://"
                )

    def _read_login(self, parts: t.Any) -> None:
        from urllib.parse import unquote

        if parts.username:
            self.connection["username"] = unquote(parts.username)
        if parts.password:
            self.connection["password"] = unquote(parts.password)
        if parts.password and self.password_file:
            raise GlobusSDKUsageError("give the password in the URL or in a file, not in both")

    def seconds(self, name: str, default: float) -> float:
        """
        One of our own settings, as seconds.

        :param name: its name
        :param default: what it is if the URL does not say it
        :raises GlobusSDKUsageError: if it is not a number greater than 0
        """
        text = self.own.get(name)
        if text is None:
            return default
        try:
            seconds = float(text)
        except ValueError:
            seconds = -1.0
        if 0 < seconds < 10**9:
            return seconds
        raise GlobusSDKUsageError(f"{name!r} must be a number of seconds, not {text!r:.80}")

    def unreadable_file(self) -> str | None:
        """
        Which file for TLS cannot be read, and why; None if all can be.
        """
        for name in _TLS:
            try:
                if name in self.connection:
                    open(self.connection[name], "rb").close()
            except OSError as error:
                path = self.connection[name]
                return f"the file {path!r} of {name!r} cannot be read: {error.strerror}"
        return None

    @property
    def prefix(self) -> str:
        """What all keys begin with."""
        return self.own.get("prefix", DEFAULT_PREFIX)

    def with_prefix(self, *names: str) -> RedisSettings:
        """
        The same server, with a prefix for keys that is made of names, unless the URL has one.

        :param names: any texts
        """
        if "prefix" in self.own:
            return self
        prefix = ":".join((DEFAULT_PREFIX, *(key_part(name) for name in names)))
        parts = urlsplit(self.url)
        query = urlencode([*parse_qsl(parts.query), ("prefix", prefix)])
        return RedisSettings(urlunsplit(parts._replace(query=query)))

    def __repr__(self) -> str:
        return f"<Redis at {self.location}>"


def url_of_this_machine() -> str:
    """
    The URL for a storage or cache that is selected by its name alone.
    """
    return os.environ.get(URL_VARIABLE) or DEFAULT_URL


def key_part(name: str) -> str:
    """
    A name as a part of a key: without colons and braces, which have a meaning there.

    :param name: any text
    """
    return quote(name, safe="@/", errors="surrogatepass")


def _port(parts: t.Any) -> int:
    try:
        return parts.port or 6379
    except ValueError:
        raise GlobusSDKUsageError("the port of a Redis URL is a number up to 65535") from None


def _database(path: str) -> int:
    number = path.strip("/")
    if not number:
        return 0
    if number.isascii() and number.isdigit():
        return int(number)
    raise GlobusSDKUsageError(f"a Redis database is a number, not {number!r:.80}")
