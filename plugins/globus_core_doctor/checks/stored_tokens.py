"""
The stored tokens: until when they are valid, whether they are renewed, and whether they work.
"""

from __future__ import annotations

import time

from globus_core.documents import utc_text
from globus_core.exc import GlobusAPIError, GlobusError, NetworkError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.cli import DoctorReport
    from globus_core.globus_app import GlobusApp
    from globus_core.token_storage import TokenStorageData

_AUTH = "auth.globus.org"
_LOG_IN = "run 'globus-core login'"
#: minutes in which a token expires that is worth a word
_SOON = 60


def check_tokens(report: DoctorReport) -> None:
    """
    Look at each stored token, and use the one for Globus Auth.

    :param report: where findings go
    """
    app = report.app()
    report.doing("reading the stored tokens")
    stored = app.token_storage.token_storage.get_token_data_by_resource_server()
    by_secret = app.renews_by == "client secret"
    if not stored and by_secret:
        report.ok("there are no tokens yet; the client gets them with its secret")
    elif not stored:
        report.note(f"there are no tokens for the client {app.client_id}", _LOG_IN)
    for name in sorted(stored):
        report.hide(stored[name].access_token, stored[name].refresh_token)
        _report_token(stored[name], by_secret or _is_renewable(app, stored[name]), report)
    if stored and not report.offline:
        _try(app, _AUTH in stored, report)


def _is_renewable(app: GlobusApp, data: TokenStorageData) -> bool:
    return data.refresh_token is not None and app.renews_by is not None


def _report_token(data: TokenStorageData, renewable: bool, report: DoctorReport) -> None:
    left = data.expires_at_seconds - time.time()
    until = utc_text(data.expires_at_seconds)
    name = data.resource_server
    if renewable:
        state = "expired" if left <= 0 else "valid until"
        report.ok(f"{name}: {state} {until}, renewed when needed")
    elif left <= 0:
        report.problem(f"{name}: expired {until}, and nothing can renew it", _LOG_IN)
    elif left < _SOON * 60:
        report.note(f"{name}: valid until {until} and not renewed", _LOG_IN)
    else:
        report.ok(f"{name}: valid until {until}, and not renewed")


def _try(app: GlobusApp, has_token: bool, report: DoctorReport) -> None:
    """Ask Globus Auth who it is whose token it is."""
    if report.unreachable:
        report.skip("whether Globus Auth accepts the login, since it does not answer")
        return
    if not has_token:
        report.skip("whether Globus Auth accepts the login, since there is no token for it")
        return
    from globus_core import AuthClient
    from globus_core.transport import RetryConfig

    report.doing("asking Globus Auth whether it accepts the token")
    try:
        with AuthClient(app=app, app_scopes=[], retry_config=RetryConfig(max_retries=0)) as client:
            client.userinfo()
    except NetworkError:
        report.skip("whether Globus Auth accepts the login, since there was no answer")
    except GlobusAPIError as error:
        report.problem(f"Globus Auth does not accept the login: {error}", error.advice or _LOG_IN)
    except GlobusError as error:
        report.problem(f"the login cannot be used: {error}", error.advice or _LOG_IN)
    else:
        report.ok("Globus Auth accepts the login")
