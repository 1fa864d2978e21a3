"""
Credentials for unattended programs, searched for in a fixed order of places.
"""

from __future__ import annotations

import os

from globus_core.arguments import why_not_plain
from globus_core.exc import GlobusError
from globus_core.printable import safe_repr

from ._credential_files import UnusableSecretError, one_line, read_descriptor, read_file
from ._preset_tokens import parse_tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: where container platforms mount secrets as files
SECRETS_FOLDER = "/run/secrets"
#: variables with the secret, with a file descriptor, and with a file name
SECRET_VARS = ("GLOBUS_CLIENT_SECRET", "GLOBUS_CLIENT_SECRET_FD", "GLOBUS_CLIENT_SECRET_FILE")
TOKENS_VARS = ("GLOBUS_TOKENS", "GLOBUS_TOKENS_FD", "GLOBUS_TOKENS_FILE")
#: set to ``1`` to accept secrets in files that everyone can read
ALLOW_READABLE_VAR = "GLOBUS_ALLOW_READABLE_SECRETS"


class CredentialLink:
    """
    One place in the search, and its outcome.

    :param name: the place: a variable, or a variable and the file that it names
    :param kind: ``client secret`` or ``tokens``
    :param state: ``used``, ``skipped`` or ``refused``
    :param reason: why, without any value; empty for the place that was used
    """

    __slots__ = ("kind", "name", "reason", "state")

    def __init__(self, name: str, kind: str, state: str, reason: str = "") -> None:
        self.name = name
        self.kind = kind
        self.state = state
        self.reason = reason

    @safe_repr
    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        told = f"{self.state}: {self.reason}" if self.reason else self.state
        return f"{self.kind} from {self.name}: {told}"


class CredentialSearch:
    """
    The result of a search for credentials. Its ``repr`` shows no secret.

    :ivar links: all places, in the order of the search
    :ivar client_id: the client's id, or None
    :ivar client_secret: the client's secret, or None
    :ivar tokens: tokens by resource server, as for ``TokenApp``, or None
    """

    __slots__ = ("_environ", "client_id", "client_secret", "links", "tokens")

    def __init__(
        self,
        links: t.Sequence[CredentialLink],
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        tokens: t.Mapping[str, t.Any] | None = None,
        environ: t.Mapping[str, str] | None = None,
    ) -> None:
        self.links = tuple(links)
        self.client_id = client_id
        self.client_secret = client_secret
        self.tokens = tokens
        self._environ = environ

    def _read_tokens_again(self) -> t.Mapping[str, t.Any] | None:
        """
        Search for the tokens anew, since the file that they are in may have been replaced.

        :raises CredentialsError: if they cannot be used now
        """
        return find_credentials(client_id=self.client_id, environ=self._environ).tokens

    @property
    def used(self) -> CredentialLink | None:
        """The place where credentials were found, or None."""
        return next((link for link in self.links if link.state == "used"), None)

    def explain(self) -> str:
        """
        Describe the outcome of each place, one line for each.
        """
        return "\n".join(str(link) for link in self.links)

    @safe_repr
    def __repr__(self) -> str:
        return f"<credentials: {self.used or 'none were found'}>"


class CredentialsError(GlobusError):
    """
    Credentials were found but cannot be used, or none were found.

    :param message: what is wrong, in one sentence
    :param links: the places that were searched
    """

    advice = "set GLOBUS_CLIENT_ID and GLOBUS_CLIENT_SECRET_FILE, or GLOBUS_TOKENS_FILE"

    def __init__(self, message: str, links: t.Sequence[CredentialLink] = ()) -> None:
        super().__init__(message)
        self.links = tuple(links)

    def explain(self) -> str:
        """
        Say what is wrong, which places were searched, and what to do.
        """
        places = "\n".join(f"  {link}" for link in self.links)
        what, *more = super().explain().splitlines()
        return "\n".join([what, *([places] if places else []), *more])


def find_credentials(
    *, client_id: str | None = None, environ: t.Mapping[str, str] | None = None
) -> CredentialSearch:
    """
    Look for a client secret, then for tokens, in a fixed order of places.

    The places are a variable (``GLOBUS_CLIENT_SECRET``, ``GLOBUS_TOKENS``), a file descriptor
    (``..._FD``), a file (``..._FILE``), and the files ``globus_client_secret`` and
    ``globus_tokens`` in systemd's ``$CREDENTIALS_DIRECTORY`` and in ``/run/secrets``. The first
    place with credentials is used. A place that was named but cannot be used is an error.

    The client id comes from ``GLOBUS_CLIENT_ID``, from the file named by
    ``GLOBUS_CLIENT_ID_FILE``, from the file ``globus_client_id`` in the same directory, or else
    from ``client_id``.

    :param client_id: the program's own client id, for a secret without one; or None
    :param environ: the environment variables; None uses those of this process
    :raises CredentialsError: if a named place cannot be used; says which and why
    """
    return _Chain(os.environ if environ is None else environ, client_id).search()


class _PassedError(Exception):
    """A place has no credentials, and was not named explicitly; the message says why."""


class _Chain:
    """One search."""

    def __init__(self, environ: t.Mapping[str, str], own_client_id: str | None) -> None:
        self._environ = environ
        self._given_environ = None if environ is os.environ else environ
        self._own_client_id = own_client_id
        self._all_may_read = environ.get(ALLOW_READABLE_VAR) == "1"

    def _check_client_id(self) -> None:
        value = self._environ.get("GLOBUS_CLIENT_ID", "")
        problem = why_not_plain(value.removesuffix("\n").removesuffix("\r"))
        if problem is not None and value.strip():
            raise CredentialsError(f"GLOBUS_CLIENT_ID {problem}; remove them")

    def search(self) -> CredentialSearch:
        self._check_client_id()
        links: list[CredentialLink] = []
        found: dict[str, t.Any] = {}
        for kind, variables, use in (
            ("client secret", SECRET_VARS, self._client),
            ("tokens", TOKENS_VARS, self._tokens),
        ):
            for name, read, folder in self._places(*variables):
                if found:
                    links.append(
                        CredentialLink(name, kind, "skipped", "an earlier source was used")
                    )
                    continue
                try:
                    found = use(read(), folder)
                    links.append(CredentialLink(name, kind, "used"))
                except _PassedError as reason:
                    links.append(CredentialLink(name, kind, "skipped", str(reason)))
                except UnusableSecretError as reason:
                    links.append(CredentialLink(name, kind, "refused", str(reason)))
                    break
            if links[-1].state == "refused":
                break
        if links[-1].state == "refused":  # outside the except: no context
            link = links[-1]
            raise CredentialsError(f"the {link.kind} from {link.name} {link.reason}", links)
        found = found or {"client_id": self._lone_client_id()}
        return CredentialSearch(links, environ=self._given_environ, **found)

    def _places(
        self, variable: str, descriptor: str, file: str
    ) -> t.Iterator[tuple[str, t.Callable[[], str], str | None]]:
        yield variable, lambda: self._variable(variable), None
        yield descriptor, lambda: read_descriptor(self._variable(descriptor)), None
        path = self._environ.get(file)
        yield f"{file} ({path})" if path else file, lambda: self._named_file(file), None
        name = variable.lower()
        folder = self._environ.get("CREDENTIALS_DIRECTORY")
        yield (
            f"CREDENTIALS_DIRECTORY ({folder or '...'}/{name})",
            lambda: self._file_in(folder, name, readable_by_all=False),
            folder,
        )
        # Docker makes these files readable for every user of the container
        yield (
            f"{SECRETS_FOLDER}/{name}",
            lambda: self._file_in(SECRETS_FOLDER, name, readable_by_all=True),
            SECRETS_FOLDER,
        )

    # reading

    def _variable(self, name: str) -> str:
        value = self._environ.get(name)
        if value is None:
            raise _PassedError("not set")
        if not value.strip():
            raise _PassedError("set, but empty")
        return value

    def _named_file(self, variable: str) -> str:
        path = self._variable(variable)
        try:
            return read_file(path, readable_by_all=self._all_may_read)
        except FileNotFoundError:
            pass
        raise UnusableSecretError("does not exist")

    def _file_in(self, folder: str | None, name: str, *, readable_by_all: bool) -> str:
        if not folder:
            raise _PassedError("not set")
        try:
            return read_file(
                os.path.join(folder, name), readable_by_all=readable_by_all or self._all_may_read
            )
        except FileNotFoundError:
            pass
        raise _PassedError("no such file")

    # using

    def _client(self, secret: str, folder: str | None) -> dict[str, t.Any]:
        secret = one_line(secret)
        client_id = self._client_id(folder)
        if client_id is None:
            raise UnusableSecretError("has no client id; set GLOBUS_CLIENT_ID as well")
        return {"client_id": client_id, "client_secret": secret}

    def _tokens(self, text: str, folder: str | None) -> dict[str, t.Any]:
        return {"client_id": self._client_id(folder), "tokens": parse_tokens(text)}

    def _lone_client_id(self) -> str | None:
        """The client id for a user's login, if there is one."""
        try:
            return self._client_id(None)
        except UnusableSecretError:
            return self._own_client_id

    def _client_id(self, folder: str | None) -> str | None:
        # a client id is no secret, so the file may be readable by everyone
        places: tuple[t.Callable[[], str], ...] = (
            lambda: self._variable("GLOBUS_CLIENT_ID"),
            lambda: read_file(self._variable("GLOBUS_CLIENT_ID_FILE"), readable_by_all=True),
            lambda: self._file_in(folder, "globus_client_id", readable_by_all=True),
        )
        for read in places:
            try:
                return one_line(read())
            except _PassedError:
                continue
            except FileNotFoundError:
                break
        else:
            return self._own_client_id
        raise UnusableSecretError(
            "needs a client id, but the file named by GLOBUS_CLIENT_ID_FILE does not exist"
        )
