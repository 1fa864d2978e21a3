"""
What a PostgreSQL URL says: where the server is, in the words of libpq, and our own settings.
"""

from __future__ import annotations

import os
import typing as t
from urllib.parse import parse_qsl, quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from globus_core.arguments import check_text
from globus_core.exc import GlobusSDKUsageError

from .schema import check_identifier

#: the variable with the URL of a storage that is selected by its name
URL_VARIABLE = "GLOBUS_CORE_POSTGRES_URL"
DEFAULT_URL = "postgresql:"
DEFAULT_APP = "globus-core"
#: seconds that one operation may take, with all its attempts
TIMEOUT_SECONDS = 5.0
#: seconds for which the lock on a renewal lasts after it was taken or extended
LEASE_SECONDS = 45.0
#: connections that a process has at the most
CONNECTIONS = 4

_SETTINGS = ("app", "connections", "key_file", "lease_seconds", "schema", "timeout")


class PostgresSettings:
    """
    Where a PostgreSQL server is, and how it is used. Its ``repr`` has no password.

    :param url: ``postgresql://user@host:5432/database``, or ``postgresql:`` for what the variables
        of libpq say (``PGHOST``, ``PGDATABASE``, ...). After a ``?`` come parameters of libpq, such
        as ``sslmode`` and ``passfile``, and our own: ``schema`` (of the tables), ``app`` (whose
        tokens), ``key_file`` (a file with the keys that encrypt them), ``timeout`` (seconds for an
        operation), ``lease_seconds`` (for which a renewal lock lasts), and ``connections`` (how
        many a process has at most)
    :raises GlobusSDKUsageError: if it is no such URL, or has a setting that is not known
    :ivar url: the URL, which may have a password
    :ivar location: the URL without user, password and settings
    :ivar hosts: for each host, in turn, the connection string of libpq
    :ivar secure: whether the connection is encrypted for certain
    """

    def __init__(self, url: str) -> None:
        check_text(url, "url")
        if not url.startswith(("postgresql:", "postgres:")):
            raise GlobusSDKUsageError(
                "the URL of a PostgreSQL server is postgresql://user@host:port/database"
            )
        self.url = url
        address, _, query = url.partition("?")
        pairs = parse_qsl(query, keep_blank_values=True)
        self.own = {name: value for name, value in pairs if name in _SETTINGS}
        self._libpq = [pair for pair in pairs if pair[0] not in _SETTINGS]
        self._address = f"postgresql://{address.partition(':')[2].removeprefix('//')}"
        parameters = self._parameters()
        _check_ports(str(parameters.get("port", "")))
        self.location = _location(parameters)
        self.secure = parameters.get("sslmode") in ("require", "verify-ca", "verify-full")
        self.hosts = [make_conninfo("", **host) for host in _each_host(parameters)]
        self._check_names()
        self.timeout = self._number("timeout", TIMEOUT_SECONDS, 0.0)
        self.lease_seconds = self._number("lease_seconds", LEASE_SECONDS, 1.0)
        self.connections = int(self._number("connections", CONNECTIONS, 1.0))

    def _parameters(self) -> dict[str, t.Any]:
        """What libpq is told; it reads its variables and the password file by itself."""
        query = urlencode(self._libpq, quote_via=quote)
        try:
            told = conninfo_to_dict(f"{self._address}?{query}" if query else self._address)
        except psycopg.Error as error:
            known = ", ".join(_SETTINGS)
            raise GlobusSDKUsageError(
                f"the URL of a PostgreSQL server cannot be used: {_without_values(error)}; its own "
                f"settings are {known}, all others are parameters of libpq"
            ) from None
        return {"application_name": "globus-core", **told, "client_encoding": "UTF8"}

    def _check_names(self) -> None:
        for name, value in self.own.items():
            if not value or "\0" in value:
                raise GlobusSDKUsageError(f"{name!r} in the URL of a PostgreSQL server is empty")
        check_identifier("schema", self.schema)

    def _number(self, name: str, default: float, least: float) -> float:
        text = self.own.get(name)
        if text is None:
            return default
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if number > 0 and least <= number < 10**9:
            return number
        raise GlobusSDKUsageError(
            f"{name!r} must be a number, {f'at least {least:g}' if least else 'greater than 0'}, "
            f"not {text!r:.80}"
        )

    @property
    def app(self) -> str:
        """Whose tokens these are."""
        return self.own.get("app", DEFAULT_APP)

    @property
    def key_file(self) -> str | None:
        """The file with the keys that encrypt tokens, or None."""
        path = self.own.get("key_file")
        return None if path is None else os.path.expanduser(path)

    @property
    def schema(self) -> str | None:
        """The schema of the tables; None for that of the server's search path."""
        return self.own.get("schema")

    @property
    def server(self) -> tuple[t.Hashable, ...]:
        """What storages have in common that share their connections."""
        return (*self.hosts, self.schema, self.timeout, self.connections)

    def with_app(self, *names: str) -> PostgresSettings:
        """
        The same server, for the tokens of one app, unless the URL says whose tokens it is for.

        :param names: any texts
        """
        if "app" in self.own:
            return self
        app = ":".join(quote(name, safe="@ ") for name in names)
        joint = "&" if "?" in self.url else "?"
        return PostgresSettings(f"{self.url}{joint}{urlencode({'app': app})}")

    def __repr__(self) -> str:
        return f"<PostgreSQL at {self.location}>"


def url_of_this_machine() -> str:
    """
    The URL for a storage that is selected by its name alone.
    """
    return os.environ.get(URL_VARIABLE) or DEFAULT_URL


def _location(parameters: dict[str, t.Any]) -> str:
    """The address without user and password, with what the variables of libpq add."""
    host = parameters.get("host") or parameters.get("hostaddr") or os.environ.get("PGHOST", "")
    port = parameters.get("port") or os.environ.get("PGPORT", "5432")
    database = parameters.get("dbname") or os.environ.get("PGDATABASE", "")
    if host.startswith(("/", "@")):
        return f"postgresql:{host}/{database}"
    return f"postgresql://{host or 'localhost'}:{port}/{database}"


def _each_host(parameters: dict[str, t.Any]) -> t.Iterator[dict[str, t.Any]]:
    """The parameters for each host, so that one that does not answer leaves time for the next."""
    lists = {
        name: str(parameters[name]).split(",")
        for name in ("host", "hostaddr", "port")
        if parameters.get(name)
    }
    hosts = max((len(lists.get(name, "")) for name in ("host", "hostaddr")), default=0)
    for number in range(hosts or 1):
        mine = {name: values[number % len(values)] for name, values in lists.items()}
        yield {**parameters, **mine}


def _check_ports(ports: str) -> None:
    """libpq looks at them only when it connects, and shows them in its error."""
    for port in filter(None, ports.split(",")):
        if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
            raise GlobusSDKUsageError("the port of a PostgreSQL URL is a number up to 65535")


def _without_values(error: Exception) -> str:
    """What libpq says of a URL; it quotes names, and the value of a port or of an escape."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else "it is not valid"
    return text if "parameter" in text else "it is not valid"
