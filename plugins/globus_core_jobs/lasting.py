"""
Whether the tokens that a job needs outlive it.
"""

from __future__ import annotations

from globus_core import waiting
from globus_core.exc import LoginRequiredError
from globus_core.printable import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.exc import GlobusError
    from globus_core.globus_app import GlobusApp, TokenOutlook

#: seconds between attempts to find out whether a login lasts
PAUSES = (2.0, 10.0, 30.0)


def check_lasting(
    app: GlobusApp,
    resource_servers: t.Container[str],
    hours: float,
    say: t.Callable[[str], object],
) -> None:
    """
    Make sure that tokens last, and try again while a server has a passing trouble.

    :param app: the app whose tokens they are
    :param resource_servers: whose tokens have to last
    :param hours: for how long
    :param say: tells a person about another attempt
    :raises GlobusError: if they do not last, or that cannot be found out
    """
    for pause in (*PAUSES, None):
        outlook = app.ensure_valid_for(hours)
        needed = [token for token in outlook.tokens if token.resource_server in resource_servers]
        error = too_short(needed)
        if error is None:
            return
        if pause is None or not getattr(error, "retryable", False):
            raise error
        say(f"{one_line(str(error))}; trying again in {pause:g} s")
        waiting.sleep(pause)


def too_short(tokens: t.Iterable[TokenOutlook]) -> GlobusError | None:
    """
    The error for tokens that do not last, or None if all of them do.

    Where a server could not be asked, this is the error of that, and not that a login is needed.

    :param tokens: the outlook for each resource server
    """
    short = [token for token in tokens if not token.lasts]
    if not short:
        return None
    for token in short:
        if token.error is not None:
            return token.error
    lines = "\n".join(f"  {token}" for token in short)
    return LoginRequiredError(f"the login does not last long enough\n{lines}")
