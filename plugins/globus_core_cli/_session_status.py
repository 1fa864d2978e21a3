"""
The session of a login as ``session show`` shows it: which identities have signed in, and when.
"""

from __future__ import annotations

import time

from globus_core.documents import utc_text
from globus_core.printable import one_line

from ._login_end import sign_ins

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.globus_app import GlobusApp
    from globus_core.token_storage import TokenStorageData

    SessionStatus = dict[str, t.Any]


def session_status(app: GlobusApp, *, offline: bool = False) -> SessionStatus:
    """
    The session that the stored tokens belong to, without secrets.

    The times are those of the ID token of the login. If usernames could not be looked up,
    ``trouble`` says why.

    :param app: the app
    :param offline: do not ask Globus Auth for usernames
    """
    stored = app.token_storage.token_storage.get_token_data_by_resource_server()
    identity_id = next((data.identity_id for data in stored.values() if data.identity_id), None)
    times = _latest(stored.values())
    asked: dict[str, t.Any] = {}
    if not offline and stored:
        asked = _usernames(app, times)
    names = asked.pop("names", {})
    return {
        "logged_in": bool(stored),
        "identity_id": identity_id,
        "authentications": [
            {
                "identity_id": identity,
                "username": names.get(identity),
                "signed_in_at": utc_text(seconds),
                "signed_in_at_seconds": seconds,
            }
            for identity, seconds in sorted(times.items(), key=lambda item: -item[1])
        ],
        **asked,
    }


def _latest(stored: t.Iterable[TokenStorageData]) -> dict[str, int]:
    """The time of the latest sign-in of each identity."""
    times: dict[str, int] = {}
    for data in stored:
        for identity, seconds in sign_ins(data).items():
            times[identity] = max(seconds, times.get(identity, 0))
    return times


def _usernames(app: GlobusApp, identities: t.Iterable[str]) -> dict[str, t.Any]:
    from globus_core import AuthClient
    from globus_core.exc import GlobusError

    wanted = list(identities)
    if not wanted:
        return {}
    try:
        with AuthClient(app=app, app_scopes=[]) as client:
            found = client.get_identities(ids=wanted)
            return {"names": {item["id"]: item["username"] for item in found}}
    except GlobusError as error:
        return {"trouble": str(error)}


def described(status: SessionStatus) -> str:
    """
    The session as text.

    :param status: the result of :func:`session_status`
    """
    if not status["logged_in"]:
        return "not logged in; run 'globus-core login' in a terminal"
    lines = [f"session of {status['identity_id'] or 'an unknown identity'}"]
    if "trouble" in status:
        lines.append(f"  usernames could not be looked up: {status['trouble']}")
    if not status["authentications"]:
        lines.append("  the time of the sign-in is unknown; 'globus-core session update' renews it")
    now = time.time()
    for done in status["authentications"]:
        who = one_line(str(done["username"] or done["identity_id"]))
        ago = _ago(now - done["signed_in_at_seconds"])
        lines.append(f"  {who}: signed in {done['signed_in_at']}, {ago}")
    return "\n".join(lines)


def _ago(seconds: float) -> str:
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = int(seconds // length)
        if count >= 1:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"
