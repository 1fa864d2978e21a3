"""
Settings that are read from environment variables where no argument gives them.

The variables for the URLs of services are in :mod:`.environments`.
"""

from __future__ import annotations

import os

from globus_core.exc.base import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pathlib

ENVNAME_VAR = "GLOBUS_SDK_ENVIRONMENT"
HTTP_TIMEOUT_VAR = "GLOBUS_SDK_HTTP_TIMEOUT"
SSL_VERIFY_VAR = "GLOBUS_SDK_VERIFY_SSL"

DEFAULT_HTTP_TIMEOUT = 60.0

_TRUE = frozenset({"y", "yes", "t", "true", "on", "1"})
_FALSE = frozenset({"n", "no", "f", "false", "off", "0"})


def get_environment_name(inputenv: str | None = None) -> str:
    """
    The name of the Globus environment to use.

    :param inputenv: The name, if one was passed; None takes ``GLOBUS_SDK_ENVIRONMENT``, or else
        ``"production"``. Whether there is such an environment is not checked here.
    :raises GlobusSDKUsageError: If the variable is set but empty. It is then unclear which
        environment is meant, and production would be a bad guess.
    """
    if inputenv is not None:
        return inputenv
    name = os.environ.get(ENVNAME_VAR, "production")
    if not name:
        raise GlobusSDKUsageError(
            f"{ENVNAME_VAR} is set but empty, unset it or name an environment"
        )
    if not name.isalnum():
        from globus_core.arguments import check_plain

        check_plain(name, ENVNAME_VAR)
    return name


def get_http_timeout(value: float | None = None) -> float | None:
    """
    The time to wait for a response, in seconds; None means no limit.

    :param value: The seconds, if passed, where -1 means no limit; None takes
        ``GLOBUS_SDK_HTTP_TIMEOUT``, or 60 if that is unset or empty.
    :raises GlobusSDKUsageError: If it is not a number of seconds.
    """
    if value is not None:
        from globus_core.arguments import check_numbers

        check_numbers(http_timeout=value)
        return _checked_timeout(value, value)
    text = os.environ.get(HTTP_TIMEOUT_VAR, "")
    if not text:
        return DEFAULT_HTTP_TIMEOUT
    try:
        return _checked_timeout(float(text), text)
    except ValueError:
        raise _timeout_error(text) from None


def get_ssl_verify(value: bool | str | pathlib.Path | None = None) -> bool | str:
    """
    Whether certificates are verified, or the certificate authorities to verify them against.

    :param value: True, False, one of their spellings, or the path of a file or directory of
        certificate authorities; None takes ``GLOBUS_SDK_VERIFY_SSL``, or True if that is unset or
        empty.
    :raises GlobusSDKUsageError: If it is neither a boolean nor a path that exists.
    """
    if value is None:
        value = os.environ.get(SSL_VERIFY_VAR) or True
    if isinstance(value, bool):
        return value
    text = str(value)
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    if os.path.exists(text):
        return text
    raise GlobusSDKUsageError(
        f"{text!r} does not say whether to verify certificates, use true, false or the path of "
        "an existing file of certificate authorities"
    )


def expand_home(path: str) -> str:
    """
    A path whose leading ``~`` or ``~user`` is replaced by that user's home folder.

    :param path: the path
    :raises GlobusSDKUsageError: if the home folder is unknown; ``~`` is never left in the path,
        where it would name a folder in the working directory
    """
    if not path.startswith("~"):
        return path
    expanded = os.path.expanduser(path)
    if not expanded.startswith("~") and os.path.isabs(_home() if _is_own(path) else expanded):
        return expanded
    if _is_own(path):
        variable = "USERPROFILE" if os.name == "nt" else "HOME"
        raise GlobusSDKUsageError(
            f"the home folder in {path!r} is unknown: {variable} is not set to an absolute path, "
            f"and the system does not know it either; set {variable}, or use an absolute path"
        )
    user = path[1:].partition("/")[0]
    raise GlobusSDKUsageError(
        f"the home folder in {path!r} is unknown: there is no user {user!r}; use an absolute path"
    )


def _is_own(path: str) -> bool:
    return path == "~" or path[1] in (os.sep, os.altsep)


def _home() -> str:
    # An empty HOME would make the path one below the root folder.
    return os.path.expanduser("~") if os.environ.get("HOME") != "" else ""


def _checked_timeout(seconds: float, given: object) -> float | None:
    if seconds == -1:
        return None
    # written so that NaN is refused too
    if not 0 < seconds < float("inf"):
        raise _timeout_error(given)
    return seconds


def _timeout_error(given: object) -> Exception:
    return GlobusSDKUsageError(
        f"{given!r} is not a timeout, use a number of seconds above 0, or -1 for no limit"
    )
