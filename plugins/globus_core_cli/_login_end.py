"""
When a login ends, as far as can be known from its stored tokens, and the warning some days before.
"""

from __future__ import annotations

import contextlib
import os
import time

from globus_core.documents import utc_text
from globus_core.exc import GlobusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.globus_app import GlobusApp
    from globus_core.token_storage import TokenStorageData

    #: when, in UTC epoch seconds, and what ends then
    End: t.TypeAlias = tuple[float, str]

#: how long a sign-in is accepted by the services that somebody uses
SESSION_LIFETIME_VAR = "GLOBUS_CORE_SESSION_LIFETIME"
#: seconds before the end of a login from which commands warn
WARNED_BEFORE = 3 * 86400

#: seconds after which Globus Auth drops an unused refresh token
_REFRESH_TOKEN_IDLE = 180 * 86400
#: how long an access token lives, by which its expiry tells when it was renewed
_ACCESS_TOKEN_LIFE = 2 * 86400
#: keys in a record's ``extra``, from the ID token of the login
_SIGNED_IN = "last_authentication"
_SIGN_INS = "authentications"


def session_lifetime() -> int | None:
    """
    How old a sign-in may be, in seconds, as the variable says; None if it is not set.

    :raises click.UsageError: if the variable holds no length of time
    """
    text = os.environ.get(SESSION_LIFETIME_VAR)
    if not text:
        return None
    from .durations import seconds

    try:
        return seconds(text)
    except ValueError as error:
        import click

        raise click.UsageError(f"{SESSION_LIFETIME_VAR}: {error}") from error


def end_of(data: TokenStorageData, lifetime: int | None) -> End:
    """
    When tokens stop being of use: the first of the session, and what they are renewed by.

    :param data: the record of the tokens
    :param lifetime: how old a sign-in may be, in seconds; None if nobody looks at it
    """
    end: End = (float(data.expires_at_seconds), "access token")
    if data.refresh_token is not None:
        unused_since = data.expires_at_seconds - _ACCESS_TOKEN_LIFE
        end = (float(unused_since + _REFRESH_TOKEN_IDLE), "refresh token")
    times = sign_ins(data).values()
    if lifetime is not None and times:  # policies ask for any identity that has signed in lately
        end = min(end, (float(max(times) + lifetime), "session"))
    return end


def sign_ins(data: TokenStorageData) -> dict[str, int]:
    """
    When each identity of a session has signed in, as the ID token of the login said.

    :param data: the record of the tokens
    """
    kept = data.extra.get(_SIGN_INS)
    known = dict(kept) if isinstance(kept, dict) else {}
    if data.identity_id and _SIGNED_IN in data.extra:
        known.setdefault(data.identity_id, data.extra[_SIGNED_IN])
    return {identity: when for identity, when in known.items() if isinstance(when, int)}


def warn_of_end(app: GlobusApp, lifetime: int | None) -> None:
    """
    Say on standard error that the login of a command ends within a few days, or its session has.

    Tokens that nobody can renew live for two days at most, so there is no warning of those.

    :param app: the app of a command that has succeeded
    :param lifetime: how old a sign-in may be, in seconds; None if nobody looks at it
    """
    if app.renews_by == "client secret":
        return
    stored: list[TokenStorageData | None] = []
    with contextlib.suppress(GlobusError):  # the command has succeeded
        storage = app.token_storage.token_storage
        stored += [storage.get_token_data(server) for server in app.scope_requirements]
    ends = [end_of(data, lifetime) for data in stored if data is not None]
    near = [end for end in ends if end[1] != "access token" and _is_near(end)]
    if near:
        import click

        click.echo(_warning(*min(near)), err=True)


def _is_near(end: End) -> bool:
    return end[0] - time.time() < WARNED_BEFORE


def _warning(end: float, what: str) -> str:
    left = end - time.time()
    update = "globus-core session update"
    remedy = f"run '{update if what == 'session' else 'globus-core login --force'}' to go on"
    name = "session" if what == "session" else "login"
    if left <= 0:
        return f"the {name} ended at {utc_text(end)}; {remedy}"
    return f"the {name} ends in {_in_words(left)}, at {utc_text(end)}; {remedy}"


def _in_words(seconds: float) -> str:
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = int(seconds // length)
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"
