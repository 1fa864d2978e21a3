"""
Credentials for unattended programs, searched for in a fixed order of places.
"""

from __future__ import annotations

import os

from globus_core.arguments import why_not_plain
from globus_core.exc import GlobusError
from globus_core.printable import safe_repr

from ._credential_files import UnusableSecretError
from ._credential_places import PassedError, Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from ._credential_places import Place


class CredentialLink:
    """
    One place in the search, and its outcome.

    :param name: the place: a variable, or a variable and the file that it names
    :param kind: ``client secret``, ``tokens``, or ``credentials`` where a plugin decides which
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

    :param links: all places, in the order of the search
    :param client_id: the client's id, or None
    :param client_secret: the client's secret, or None
    :param tokens: tokens by resource server, as for ``TokenApp``, or None
    :param environ: the variables that were searched; None for none
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

    def again(self) -> CredentialSearch:
        """
        The result of the same search now, since a file or what a command prints may have changed.

        :raises CredentialsError: as for :func:`find_credentials`
        """
        return find_credentials(client_id=self.client_id, environ=self._environ)

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
    (``..._FD``), a file (``..._FILE``), the output of a command (``..._COMMAND``), and the files
    ``globus_client_secret`` and ``globus_tokens`` in systemd's ``$CREDENTIALS_DIRECTORY`` and in
    ``/run/secrets``. After them come the variables of other programs: the client of globus-cli
    (``GLOBUS_CLI_CLIENT_ID``, ``GLOBUS_CLI_CLIENT_SECRET``) or of Globus Compute
    (``GLOBUS_COMPUTE_...``), the tokens from JupyterHub (``GLOBUS_DATA``); and then the places
    that plugins know (hook ``globus_credential_sources``). The first place with credentials is
    used. A place that was named but cannot be used is an error.

    The client id comes from ``GLOBUS_CLIENT_ID``, from the file named by
    ``GLOBUS_CLIENT_ID_FILE``, from the file ``globus_client_id`` in the same directory, or else
    from ``client_id``.

    :param client_id: the program's own client id, for a secret without one; or None
    :param environ: the environment variables; None uses those of this process
    :raises CredentialsError: if a named place cannot be used; says which and why
    """
    variables = os.environ if environ is None else environ
    _check_client_id(variables)
    places = Places(variables, client_id)
    links: list[CredentialLink] = []
    found: dict[str, t.Any] = {}
    for place in places:
        link = CredentialLink(place.name, place.kind, "skipped", "an earlier source was used")
        links.append(link)
        if found:
            continue
        link.state, link.reason, found = _tried(place)
        if link.state == "refused":
            raise CredentialsError(f"{link.name} {link.reason}", links)
    found = found or {"client_id": places.lone_client_id()}
    return CredentialSearch(links, environ=environ, **found)


def _tried(place: Place) -> tuple[str, str, dict[str, t.Any]]:
    """The state of a place, why, and what is there."""
    try:
        return "used", "", place.find()
    except PassedError as reason:
        return "skipped", str(reason), {}
    except UnusableSecretError as reason:
        return "refused", str(reason), {}


def _check_client_id(environ: t.Mapping[str, str]) -> None:
    value = environ.get("GLOBUS_CLIENT_ID", "")
    problem = why_not_plain(value.removesuffix("\n").removesuffix("\r"))
    if problem is not None and value.strip():
        raise CredentialsError(f"GLOBUS_CLIENT_ID {problem}; remove them")
