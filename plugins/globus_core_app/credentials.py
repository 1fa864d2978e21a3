"""
Credentials for programs that run without a person: one ordered chain of places to look in.
"""

from __future__ import annotations

import os

from globus_core.exc import GlobusError

from ._preset_tokens import parse_tokens
from ._secret_files import UnusableSecretError, one_line, read_descriptor, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: where container platforms put secrets, each in a file
SECRETS_FOLDER = "/run/secrets"
#: the variables that hold a secret, that name a descriptor, and that name a file
SECRET_VARS = ("GLOBUS_CLIENT_SECRET", "GLOBUS_CLIENT_SECRET_FD", "GLOBUS_CLIENT_SECRET_FILE")
TOKENS_VARS = ("GLOBUS_TOKENS", "GLOBUS_TOKENS_FD", "GLOBUS_TOKENS_FILE")
#: set to ``1``, it lets secrets be taken from files that everybody may read
ALLOW_READABLE_VAR = "GLOBUS_ALLOW_READABLE_SECRETS"


class CredentialLink:
    """
    One place of the chain, and what became of it.

    :param name: the place: a variable, or a variable and the file it names
    :param kind: ``client secret`` or ``tokens``
    :param state: ``used``, ``skipped`` or ``refused``
    :param reason: why, in words and without any value; empty for the one that was used
    """

    __slots__ = ("kind", "name", "reason", "state")

    def __init__(self, name: str, kind: str, state: str, reason: str = "") -> None:
        self.name = name
        self.kind = kind
        self.state = state
        self.reason = reason

    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        told = f"{self.state}: {self.reason}" if self.reason else self.state
        return f"{self.kind} from {self.name}: {told}"


class CredentialSearch:
    """
    What a search for credentials has found, and where it has looked. No ``repr`` shows a value.

    :ivar links: all places, in their order
    :ivar client_id: the client's id, or None
    :ivar client_secret: the client's secret, or None
    :ivar tokens: tokens by resource server, or None; as ``TokenApp`` takes them
    """

    __slots__ = ("client_id", "client_secret", "links", "tokens")

    def __init__(
        self,
        links: t.Sequence[CredentialLink],
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        tokens: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        self.links = tuple(links)
        self.client_id = client_id
        self.client_secret = client_secret
        self.tokens = tokens

    @property
    def used(self) -> CredentialLink | None:
        """The place that the credentials are from, or None if there are none."""
        return next((link for link in self.links if link.state == "used"), None)

    def explain(self) -> str:
        """
        Say what was found and why each other place was passed over, one line a place.
        """
        return "\n".join(str(link) for link in self.links)

    def __repr__(self) -> str:
        return f"<credentials: {self.used or 'none were found'}>"


class CredentialsError(GlobusError):
    """
    Credentials are somewhere and cannot be used, or there are none.

    :param message: what is wrong, in one sentence
    :param links: the places, as far as they were looked at
    """

    advice = "set GLOBUS_CLIENT_ID and GLOBUS_CLIENT_SECRET_FILE, or GLOBUS_TOKENS_FILE"

    def __init__(self, message: str, links: t.Sequence[CredentialLink] = ()) -> None:
        super().__init__(message)
        self.links = tuple(links)

    def explain(self) -> str:
        """
        Say what is wrong, where was looked, and what to do next.
        """
        places = "\n".join(f"  {link}" for link in self.links)
        what, *more = super().explain().splitlines()
        return "\n".join([what, *([places] if places else []), *more])


def find_credentials(
    *, client_id: str | None = None, environ: t.Mapping[str, str] | None = None
) -> CredentialSearch:
    """
    Look for a client's secret, then for tokens, in this order of places.

    A variable (``GLOBUS_CLIENT_SECRET``, ``GLOBUS_TOKENS``), a file descriptor (``..._FD``), a
    file (``..._FILE``), systemd's ``$CREDENTIALS_DIRECTORY`` and ``/run/secrets``, where the file
    is named ``globus_client_secret`` or ``globus_tokens``. The first that has something wins.
    One that was named and cannot be used is an error, never passed over in silence.

    The id beside a secret is ``GLOBUS_CLIENT_ID``, what ``GLOBUS_CLIENT_ID_FILE`` holds, the file
    ``globus_client_id`` in the same folder, or else the program's own.

    :param client_id: the program's own client id, for a secret that comes without one; or None
    :param environ: the environment variables; None takes those of this process
    :raises CredentialsError: if a place that was named cannot be used; says which, and why
    """
    return _Chain(os.environ if environ is None else environ, client_id).search()


class _PassedError(Exception):
    """There is nothing at a place, and nobody said that there is; the text says what is not."""


class _Chain:
    """One search."""

    def __init__(self, environ: t.Mapping[str, str], own_client_id: str | None) -> None:
        self._environ = environ
        self._own_client_id = own_client_id
        self._all_may_read = environ.get(ALLOW_READABLE_VAR) == "1"

    def search(self) -> CredentialSearch:
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
        if links[-1].state == "refused":  # outside of the except, so that no cause hangs on it
            link = links[-1]
            raise CredentialsError(f"the {link.kind} from {link.name} {link.reason}", links)
        return CredentialSearch(links, **(found or {"client_id": self._lone_client_id()}))

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
        # What is in there is for this container alone, and Docker lets all of it read.
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
        """The id for a person's login, of which nobody said that there is one."""
        try:
            return self._client_id(None)
        except UnusableSecretError:
            return self._own_client_id

    def _client_id(self, folder: str | None) -> str | None:
        # An id is no secret, so whoever may read it.
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
