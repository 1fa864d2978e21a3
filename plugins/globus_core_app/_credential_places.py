"""
The places in which credentials are searched for, in their order.
"""

from __future__ import annotations

import os

from . import credential_names as names
from ._credential_files import UnusableSecretError, one_line, read_descriptor, read_file
from ._preset_tokens import parse_tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Found = dict[str, t.Any]
    Find = t.Callable[[], Found]
    Use = t.Callable[[str, str | None], Found]


class PassedError(Exception):
    """A place has no credentials, and was not named explicitly; the message says why."""


class Place:
    """
    A place where credentials may be.

    :param name: the place: a variable, or a variable and the file that it names
    :param kind: ``client secret``, ``tokens``, or ``credentials`` for either
    :param find: returns the credentials as arguments of ``CredentialSearch``
    """

    __slots__ = ("find", "kind", "name")

    def __init__(self, name: str, kind: str, find: Find) -> None:
        self.name = name
        self.kind = kind
        self.find = find


class Places:
    """
    All places, for one search.

    :param environ: the environment variables
    :param own_client_id: the program's own client id, or None
    """

    def __init__(self, environ: t.Mapping[str, str], own_client_id: str | None) -> None:
        self._environ = environ
        self._own_client_id = own_client_id
        self._all_may_read = environ.get(names.ALLOW_READABLE_VAR) == "1"

    def __iter__(self) -> t.Iterator[Place]:
        """Our own variables and files, then those of other programs, then those of plugins."""
        yield from self._own("client secret", names.SECRET_VARS, self._client)
        yield from self._own("tokens", names.TOKENS_VARS, self._tokens)
        yield from self._of_other_programs()
        yield from self._of_plugins()

    def lone_client_id(self) -> str | None:
        """The client id for a user's login, if there is one."""
        try:
            return self._client_id(None)
        except UnusableSecretError:
            return self._own_client_id

    def _own(self, kind: str, variables: t.Sequence[str], use: Use) -> t.Iterator[Place]:
        plain, descriptor, file, command = variables
        environ, name = self._environ, plain.lower()
        path = environ.get(file)
        systemd, mounted = environ.get(names.SYSTEMD_VAR), names.SECRETS_FOLDER
        reads: tuple[tuple[str, t.Callable[[], str], str | None], ...] = (
            (plain, lambda: self._variable(plain), None),
            (descriptor, lambda: read_descriptor(self._variable(descriptor)), None),
            (f"{file} ({path})" if path else file, lambda: self._named_file(file), None),
            (command, lambda: self._command(command), None),
            (
                f"{names.SYSTEMD_VAR} ({systemd or '...'}/{name})",
                lambda: self._file_in(systemd, name, readable_by_all=False),
                systemd,
            ),
            # Docker makes these files readable for every user of the container
            (
                f"{mounted}/{name}",
                lambda: self._file_in(mounted, name, readable_by_all=True),
                mounted,
            ),
        )
        for label, read, folder in reads:
            yield Place(label, kind, _used_by(use, read, folder))

    def _of_other_programs(self) -> t.Iterator[Place]:
        for pair in names.OTHER_CLIENTS:
            label = f"{pair[0]} and {pair[1].rpartition('_')[2]}"
            yield Place(label, "client secret", self._of_pair(*pair))
        yield Place(names.JUPYTERHUB_VAR, "tokens", self._of_jupyterhub)

    def _of_plugins(self) -> t.Iterator[Place]:
        from globus_core.plugins import others_may_have_plugins

        if not others_may_have_plugins():
            return
        from globus_core import compose, hookspecs

        for name, (record, _) in compose.offers(hookspecs.globus_credential_sources).items():
            label = f"{name!r} of the plugin {record.source}"
            yield Place(label, "credentials", self._of_plugin(name))

    # reading

    def _variable(self, name: str) -> str:
        value = self._environ.get(name)
        if value is None:
            raise PassedError("not set")
        if not value.strip():
            raise PassedError("set, but empty")
        return value

    def _named_file(self, variable: str) -> str:
        path = self._variable(variable)
        try:
            return read_file(path, readable_by_all=self._all_may_read)
        except FileNotFoundError:
            pass
        raise UnusableSecretError("does not exist")

    def _command(self, variable: str) -> str:
        line = self._variable(variable)
        from ._credential_commands import read_command

        return read_command(line, self._environ)

    def _file_in(self, folder: str | None, name: str, *, readable_by_all: bool) -> str:
        if not folder:
            raise PassedError("not set")
        try:
            return read_file(
                os.path.join(folder, name), readable_by_all=readable_by_all or self._all_may_read
            )
        except FileNotFoundError:
            pass
        raise PassedError("no such file")

    # using

    def _client(self, secret: str, folder: str | None) -> Found:
        secret = one_line(secret)
        client_id = self._client_id(folder)
        if client_id is None:
            raise UnusableSecretError("has no client id; set GLOBUS_CLIENT_ID as well")
        return {"client_id": client_id, "client_secret": secret}

    def _tokens(self, text: str, folder: str | None) -> Found:
        return {"client_id": self._client_id(folder), "tokens": parse_tokens(text)}

    def _of_pair(self, id_variable: str, secret_variable: str) -> Find:
        """The client of another program, which wants both variables."""

        def find() -> Found:
            client_id = one_line(self._variable(id_variable))
            if self._environ.get("GLOBUS_CLIENT_ID", "").strip() not in ("", client_id):
                raise PassedError("GLOBUS_CLIENT_ID is that of another client")
            secret = self._environ.get(secret_variable, "")
            if not secret.strip():
                raise PassedError(f"{secret_variable} is not set")
            return {"client_id": client_id, "client_secret": one_line(secret)}

        return find

    def _of_jupyterhub(self) -> Found:
        text = self._variable(names.JUPYTERHUB_VAR)
        from ._jupyterhub import parse_globus_data

        return {"client_id": self.lone_client_id(), "tokens": parse_globus_data(text)}

    def _of_plugin(self, name: str) -> Find:
        def find() -> Found:
            from ._site_credentials import from_plugin

            known = self.lone_client_id()
            found = from_plugin(name, client_id=known)
            if found is None:
                raise PassedError("it has none")
            return {"client_id": known, **found}

        return find

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
            except PassedError:
                continue
            except FileNotFoundError:
                break
        else:
            return self._own_client_id
        raise UnusableSecretError(
            "needs a client id, but the file named by GLOBUS_CLIENT_ID_FILE does not exist"
        )


def _used_by(use: Use, read: t.Callable[[], str], folder: str | None) -> Find:
    """What is read from a place, and what it is used as."""
    return lambda: use(read(), folder)
