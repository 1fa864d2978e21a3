"""
The command that meets what a service demands of a session, for its error.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.exc import GlobusError
    from globus_core.gare import GlobusAuthorizationParameters

#: characters of a command line that is shown
_LONGEST = 2000


def session_command(error: GlobusError) -> str | None:
    """
    The command line that signs in or consents as an error of a service demands; None for others.

    :param error: the error
    """
    from globus_core.exc import GlobusAPIError
    from globus_core.gare import to_gare

    gare = to_gare(error) if isinstance(error, GlobusAPIError) else None
    if gare is None:
        return None
    wanted = gare.authorization_parameters
    options = list(_options(wanted))
    if options or wanted.prompt == "login":
        return _line("update", options)
    return _line("consent", wanted.required_scopes) if wanted.required_scopes else None


def _line(verb: str, values: t.Sequence[str]) -> str | None:
    """The command line; None if what the service said is no sensible part of one."""
    import shlex

    line = shlex.join(["globus-core", "session", verb, *values])
    return line if line.isprintable() and len(line) <= _LONGEST else None


def _options(wanted: GlobusAuthorizationParameters) -> t.Iterator[str]:
    named = {
        "--policy": wanted.session_required_policies,
        "--domain": wanted.session_required_single_domain,
        "--identity": wanted.session_required_identities,
    }
    for option, values in named.items():
        for value in values or ():
            yield f"{option}={value}"
    if wanted.session_required_mfa:
        yield "--mfa"
