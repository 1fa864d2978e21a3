"""
The token of one resource server, which is renewed halfway to its expiry.
"""

from __future__ import annotations

import time

from globus_core.authorizers import RenewingAuthorizer
from globus_core.documents import utc_text
from globus_core.exc import GlobusAPIError, GlobusError
from globus_core.printable import one_line
from globus_core.token_storage.validating_token_storage import (
    ExpiredTokenError,
    IdentityMismatchError,
    MissingTokenError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.globus_app import GlobusApp
    from globus_core.token_storage import TokenStorageData

#: how long a token is to live when it is written, in hours; Globus Auth issues them for 48
LASTING_HOURS = 24.0
#: seconds between two looks at the token storage, in case of another login
LOOK_SECONDS = 60.0
#: seconds after a failure before the next attempt: at first, and at the most
FIRST_PAUSE, LONGEST_PAUSE = 15.0, 900.0
#: seconds after which a failure is told again
TELL_AGAIN = 3600.0
#: seconds before its expiry from which a token that was not renewed is a failure
_MARGIN = 60.0


class KeptToken:
    """
    A token, and when it is renewed.

    :param app: the app that has it
    :param resource_server: its resource server
    :param say: tells a person what went wrong, and that it is well again
    :ivar error: why the last renewal failed, or None
    """

    def __init__(
        self, app: GlobusApp, resource_server: str, say: t.Callable[[str], object]
    ) -> None:
        self._app = app
        self._resource_server = resource_server
        self._say = say
        self._data: TokenStorageData | None = None
        self._due = self._due_by_uptime = 0.0
        self._next_look = 0.0
        self._pause = FIRST_PAUSE
        self._told: tuple[object, float] = (None, 0.0)
        self.error: Exception | None = None

    @property
    def usable(self) -> TokenStorageData | None:
        """The token if it has not expired, else None."""
        if self._data is None or self._data.expires_at_seconds <= time.time():
            return None
        return self._data

    @property
    def due(self) -> bool:
        """Whether to renew now: it is time, or the storage has another token."""
        uptime = time.monotonic()
        if time.time() >= self._due or uptime >= self._due_by_uptime:
            return True
        if uptime < self._next_look:
            return False
        self._next_look = uptime + LOOK_SECONDS
        return self._was_replaced()

    def renew(self) -> None:
        """
        Renew it, or find out that it cannot be renewed, which a person is told.
        """
        try:
            self._data = self._fresh()
        except Exception as error:  # a job goes on, whatever happens here
            self.error = error
            self._after_failure()
            return
        self._wait(max((self._data.expires_at_seconds - time.time()) / 2, 1.0))
        self._pause = FIRST_PAUSE
        if self.error is not None:
            self.error, self._told = None, (None, 0.0)
            self._say(f"the token for {self._resource_server} has been renewed")

    def _fresh(self) -> TokenStorageData:
        authorizer = self._app.get_authorizer_without_login(self._resource_server)
        if isinstance(authorizer, RenewingAuthorizer):
            authorizer.ensure_valid_for(hours=LASTING_HOURS)
        else:
            authorizer.handle_missing_authorization()  # reads it again from where it comes from
        data = self._stored()
        if data is None:
            raise MissingTokenError("it is no longer stored", self._resource_server)
        if self._data is not None and self._data.identity_id != data.identity_id:
            before, now = str(self._data.identity_id), str(data.identity_id)
            raise IdentityMismatchError("somebody else has logged in", before, now)
        if data.expires_at_seconds <= time.time() + _MARGIN:
            raise ExpiredTokenError(data.expires_at_seconds)
        return data

    def _stored(self) -> TokenStorageData | None:
        storage = self._app.token_storage.token_storage
        return storage.get_token_data(self._resource_server)

    def _was_replaced(self) -> bool:
        try:
            stored = self._stored()
        except GlobusError:
            return False  # until it is due there is time
        known = None if self._data is None else self._data.access_token
        return (None if stored is None else stored.access_token) != known

    def _wait(self, seconds: float) -> None:
        """Be due later, by the clock, which may be set, or by the uptime, which may stop."""
        self._due, self._due_by_uptime = time.time() + seconds, time.monotonic() + seconds

    def _after_failure(self) -> None:
        usable = self.usable
        left = self._pause if usable is None else usable.expires_at_seconds - time.time()
        self._wait(min(self._pause, left))  # once it has expired it must be taken away
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        trouble, (before, when) = (usable is None, _kind_of(self.error)), self._told
        if trouble == before and time.monotonic() < when + TELL_AGAIN:
            return
        self._told = trouble, time.monotonic()
        until = (
            "expired" if usable is None else f"valid until {utc_text(usable.expires_at_seconds)}"
        )
        what = f"the token for {self._resource_server} ({until})"
        text = one_line(_described(self.error))
        self._say(f"{what} cannot be renewed: {text}; trying again")


def _kind_of(error: Exception | None) -> object:
    """What tells failures apart; a service's message has the id of its request."""
    if isinstance(error, GlobusAPIError):
        return type(error), error.http_status, error.code
    return _described(error)


def _described(error: Exception | None) -> str:
    """An error's message; those that are not ours may contain anything."""
    return str(error) if isinstance(error, GlobusError) else type(error).__name__
