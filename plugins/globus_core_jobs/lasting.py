"""
Whether the tokens that a job needs outlive it.
"""

from __future__ import annotations

from globus_core.exc import LoginRequiredError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.exc import GlobusError
    from globus_core.globus_app import TokenOutlook


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
