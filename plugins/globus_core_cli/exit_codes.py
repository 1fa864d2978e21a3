"""
The exit codes of all commands.
"""

from __future__ import annotations

import enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.exc import GlobusError


class ExitCode(enum.IntEnum):
    """
    What the exit code of a command means; a command may have more of its own.
    """

    OK = 0
    FAILED = 1
    USAGE = 2
    LOGIN_NEEDED = 4
    INTERRUPTED = 130


def exit_code_of(error: GlobusError) -> ExitCode:
    """
    The exit code of a command that ends with an error.

    :param error: the error
    """
    from globus_core.exc import GlobusAPIError, LoginRequiredError
    from globus_core.token_storage import validating_token_storage as validation

    login_helps = (
        LoginRequiredError,
        validation.MissingTokenError,
        validation.ExpiredTokenError,
        validation.UnmetScopeRequirementsError,
    )
    refused = isinstance(error, GlobusAPIError) and error.code == "invalid_grant"
    if refused or isinstance(error, login_helps):
        return ExitCode.LOGIN_NEEDED
    return ExitCode.FAILED
