"""
What all checks of one run share: the options, the app, and the secrets that no line may show.
"""

from __future__ import annotations

import os
import re

import click

from globus_core.exc import redacted

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.globus_app import GlobusApp

_SECRET_NAME = re.compile(
    "secret|token|passw|credential|_key$|cookie|auth|^GLOBUS_(?!CORE_|SDK_)", re.IGNORECASE
)
#: the ends of names of variables that only say where a secret is
_PLACES = ("_FILE", "_FD", "_DIR", "_DIRECTORY", "_STORAGE", "_SOCK", "_ID")
#: a run of characters that may be a credential within a value, such as one of JSON
_WORD = re.compile(r"[\w.~+/=-]{12,}")
_QUERY_VALUE = re.compile(r"[?&;][^\s=&;#]+=([^\s&;#]{8,})")
_USER_PART = re.compile(r"//([^/\s?#]*)@|^([^/\s?#]*)@")
#: shorter values are words that a report may need
_SHORTEST_PASSWORD = 4
_SHORTEST_SECRET = 8
#: of a client id, in whatever way it is written; a client's secret in its place is longer
LONGEST_ID = 40


class Hidden:
    """
    Removes secrets from texts: those that it was told, and what looks like one. The home folder is
    written as ``~``.
    """

    def __init__(self) -> None:
        self._values: set[str] = set()
        home = os.path.expanduser("~")
        # the name of a person is in most paths of home folders
        self._home = re.compile(rf"{re.escape(home)}(?=[/\\])") if len(home) > 1 else None

    def add(self, *values: str | None) -> None:
        """
        Hide values from now on.

        :param values: secrets; None is ignored
        """
        self._values.update(value for value in values if value and len(value) >= _SHORTEST_PASSWORD)

    def add_variables(self, environ: t.Mapping[str, str]) -> None:
        """
        Hide the secrets in environment variables: in those whose name says so, and the user, the
        password and the query of URLs in any.

        :param environ: the variables
        """
        from urllib.parse import unquote

        for name, value in environ.items():
            if _is_secret(name, value):
                self.add(value.strip(), *_WORD.findall(value))
            for found in _USER_PART.finditer(value):
                user, _, password = (found[1] or found[2] or "").partition(":")
                self.add(password or user, unquote(password or user))
            for found in _QUERY_VALUE.finditer(value):
                self.add(found[1], unquote(found[1]))

    def without(self, text: str) -> str:
        """
        A text without the secrets.

        :param text: the text
        """
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, "***")
        return redacted(self._home.sub("~", text) if self._home else text)


class Examined:
    """
    What the checks of one run share.

    :param make_app: makes the app that the options name
    :param offline: whether the network must not be used
    :param client_id: the client id that was given, or None
    :param environment: the name of the Globus environment that was given, or None
    """

    def __init__(
        self,
        make_app: t.Callable[[], GlobusApp],
        *,
        offline: bool = False,
        client_id: str | None = None,
        environment: str | None = None,
    ) -> None:
        self.offline = offline
        self.client_id = client_id
        self.environment = environment
        #: whether Globus Auth has been tried in vain
        self.unreachable = False
        self.hidden = Hidden()
        self.hidden.add_variables(os.environ)
        if client_id is not None and len(client_id) > LONGEST_ID:
            self.hidden.add(client_id)
        self._make_app = make_app
        self._app: GlobusApp | None = None
        self._error: Exception | None = None

    def app(self) -> GlobusApp:
        """
        The app, made at the first call; if that failed, each call raises the same exception.
        """
        if self._error is not None:
            raise self._error
        if self._app is None:
            # in force until the app is made: a check that waits for it in vain is given up
            self._error = click.ClickException("not tried, since the token storage does not answer")
            try:
                self._app = self._make_app()
            except Exception as error:
                self._error = error
                raise
            self._error = None
        return self._app


def _is_secret(name: str, value: str) -> bool:
    if not _SECRET_NAME.search(name) or len(value.strip()) < _SHORTEST_SECRET:
        return False
    names_a_place = name.endswith(_PLACES) or "://" in value or os.path.exists(value)
    return not names_a_place
