"""
Whether an app's tokens will outlive a job (``ensure_valid_for``).
"""

from __future__ import annotations

import time

from globus_core.authorizers import RenewingAuthorizer
from globus_core.documents import utc_text
from globus_core.exc import GlobusError, NetworkError
from globus_core.printable import safe_repr
from globus_core.token_storage.validating_token_storage import MissingTokenError

from ._preset_tokens import END_UNKNOWN, LONGEST_LIFE

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.gare import GlobusAuthorizationParameters
    from globus_core.token_storage import TokenStorageData

    from .app import GlobusApp

#: seconds after which Globus Auth drops an unused refresh token
REFRESH_TOKEN_IDLE = 180 * 86400
#: the key in a record's ``extra`` with the time of the sign-in
SIGNED_IN = "last_authentication"

_LOG_IN_LASTING = "log in with request_refresh_tokens=True, or run the job with its own client"
_LOG_IN_BEFORE = "log in again right before the job is submitted"
_LOG_IN = "log in"


class TokenOutlook:
    """
    How long one resource server can be used.

    :param resource_server: the resource server
    :param lasts: whether that is long enough, as far as can be known now
    :param by: what decides it: ``access token``, ``refresh token``, ``client secret``,
        ``session`` or ``nothing``
    :param until: until when, in UTC epoch seconds; None if that is not known
    :param advice: what to do, or None
    :param error: why no token could be had, or None
    """

    __slots__ = ("advice", "by", "error", "lasts", "resource_server", "until")

    def __init__(
        self,
        resource_server: str,
        *,
        lasts: bool,
        by: str,
        until: float | None,
        advice: str | None = None,
        error: GlobusError | None = None,
    ) -> None:
        self.resource_server = resource_server
        self.lasts = lasts
        self.by = by
        self.until = until
        self.advice = advice
        self.error = error

    def __str__(self) -> str:
        known = "no known end" if self.until is None else f"until {utc_text(self.until)}"
        told = f"{self.resource_server}: {'lasts' if self.lasts else 'too short'}"
        advice = f"; {self.advice}" if self.advice else ""
        return f"{told}, by {self.by}, {known}{advice}"

    @safe_repr
    def __repr__(self) -> str:
        return f"<{self}>"


class Outlook:
    """
    Whether everything lasts; true if it does.

    :param end: until when tokens have to last, in UTC epoch seconds
    :param tokens: the outlook for each resource server
    """

    __slots__ = ("end", "tokens")

    def __init__(self, end: float, tokens: t.Sequence[TokenOutlook]) -> None:
        self.end = end
        self.tokens = tuple(tokens)

    def __bool__(self) -> bool:
        return all(token.lasts for token in self.tokens)

    def explain(self) -> str:
        """
        Describe the outlook for each resource server, one line for each.
        """
        return "\n".join([f"needed until {utc_text(self.end)}", *map(str, self.tokens)])

    @safe_repr
    def __repr__(self) -> str:
        return f"<Outlook until {utc_text(self.end)}: {'lasts' if self else 'too short'}>"


class Forecast:
    """
    Makes the outlook of an app.

    :param app: the app
    :param hours: how long tokens have to last from now on
    :param refresh: whether to renew tokens that expire too early
    :param session_hours: the maximum age of a sign-in, or None
    """

    def __init__(
        self, app: GlobusApp, hours: float, *, refresh: bool, session_hours: float | None
    ) -> None:
        self._app = app
        self._end = time.time() + hours * 3600
        self._refresh = refresh
        self._session_hours = session_hours

    def of_all(self, resource_servers: t.Iterable[str]) -> Outlook:
        """
        The outlook for several resource servers.

        :param resource_servers: the resource servers
        """
        return Outlook(self._end, [self.of(server) for server in resource_servers])

    def required_session(self) -> GlobusAuthorizationParameters | None:
        """
        What a login must satisfy so that everything lasts; None if any login is enough.
        """
        if self._session_hours is None:
            return None
        from globus_core.gare import GlobusAuthorizationParameters

        return GlobusAuthorizationParameters(prompt="login")

    def of(self, resource_server: str) -> TokenOutlook:
        """
        The outlook for one resource server.

        :param resource_server: the resource server
        """
        if self._refresh:
            error = self._renewed(resource_server)
            if error is not None:
                return self._without_renewal(resource_server, error)
        data = self._app.token_storage.token_storage.get_token_data(resource_server)
        session = self._of_session(resource_server, data)
        return session or self._of_tokens(resource_server, data)

    def _renewed(self, resource_server: str) -> GlobusError | None:
        """Get a token, and renew it if needed, as the job will have to."""
        try:
            authorizer = self._app.get_authorizer_without_login(resource_server)
            if isinstance(authorizer, RenewingAuthorizer):
                authorizer.ensure_valid_for(hours=max(self._end - time.time(), 0) / 3600)
        except GlobusError as error:
            return error
        return None

    def _without_renewal(self, resource_server: str, error: GlobusError) -> TokenOutlook:
        """The outlook if no token could be had; one that is stored lives on without the server."""
        by, until = "nothing", time.time()
        if isinstance(error, NetworkError):
            data = self._app.token_storage.token_storage.get_token_data(resource_server)
            if data is not None and data.expires_at_seconds > until:
                by, until = "access token", data.expires_at_seconds
        return self._short(resource_server, by, until, _advice(error), error=error)

    def _of_session(
        self, resource_server: str, data: TokenStorageData | None
    ) -> TokenOutlook | None:
        """The outlook if the sign-in becomes too old, which renewals do not change; else None."""
        if self._session_hours is None or self._app.renews_by == "client secret":
            return None
        signed_in = None if data is None else data.extra.get(SIGNED_IN)
        if signed_in is None:
            advice = "the time of the last sign-in is unknown; log in with prompt='login'"
            return self._short(resource_server, "session", None, advice)
        until = signed_in + self._session_hours * 3600
        if until >= self._end:
            return None
        return self._short(resource_server, "session", until, "log in with prompt='login'")

    def _of_tokens(self, resource_server: str, data: TokenStorageData | None) -> TokenOutlook:
        if self._app.renews_by == "client secret":
            return TokenOutlook(resource_server, lasts=True, by="client secret", until=None)
        if data is None:
            return self._short(resource_server, "nothing", time.time(), _LOG_IN)
        if data.extra.get(END_UNKNOWN):
            return self._short(
                resource_server, "access token", None, "provide the time when the token expires"
            )
        if data.expires_at_seconds >= self._end:
            until = float(data.expires_at_seconds)
            return TokenOutlook(resource_server, lasts=True, by="access token", until=until)
        if data.refresh_token is None or self._app.renews_by != "refresh token":
            started_anew = time.time() + LONGEST_LIFE >= self._end
            advice = _LOG_IN_BEFORE if started_anew else _LOG_IN_LASTING
            return self._short(resource_server, "access token", data.expires_at_seconds, advice)
        until = time.time() + REFRESH_TOKEN_IDLE
        if until < self._end:
            return self._short(
                resource_server, "refresh token", until, "use it at least every six months"
            )
        return TokenOutlook(resource_server, lasts=True, by="refresh token", until=until)

    def _short(
        self,
        resource_server: str,
        by: str,
        until: float | None,
        advice: str,
        error: GlobusError | None = None,
    ) -> TokenOutlook:
        return TokenOutlook(
            resource_server, lasts=False, by=by, until=until, advice=advice, error=error
        )


def _advice(error: GlobusError) -> str:
    what = str(error) or type(error).__name__
    advice = _LOG_IN if isinstance(error, MissingTokenError) else error.advice
    return f"{what}: {advice}" if advice else what
