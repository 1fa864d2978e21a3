"""
The environment variables in force.
"""

from __future__ import annotations

import contextlib
import os

from globus_core import config
from globus_core.exc import GlobusError
from globus_core.origins import setting
from globus_core.service_clients import client_class, service_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.cli import DoctorReport

#: those of globus-core and its default plugins whose values may be shown, without users and
#: passwords in URLs
PUBLIC = {
    "GLOBUS_ALLOW_READABLE_SECRETS",
    "GLOBUS_CLIENT_ID",
    "GLOBUS_CLI_CLIENT_ID",
    "GLOBUS_COMPUTE_CLIENT_ID",
    "GLOBUS_CLIENT_ID_FILE",
    "GLOBUS_CLIENT_SECRET_FD",
    "GLOBUS_CLIENT_SECRET_FILE",
    "GLOBUS_CORE_IDENTITY_CACHE",
    "GLOBUS_CORE_KEYRING_POLICY",
    "GLOBUS_CORE_KEYRING_TIMEOUT",
    "GLOBUS_CORE_LOGIN_FLOW",
    "GLOBUS_CORE_NAMESPACE",
    "GLOBUS_CORE_PLAIN_TRANSPORT",
    "GLOBUS_CORE_PLUGINS",
    "GLOBUS_CORE_PLUGINS_BLOCKED",
    "GLOBUS_CORE_PLUGINS_STRICT",
    "GLOBUS_CORE_POSTGRES_URL",
    "GLOBUS_CORE_REDIS_URL",
    "GLOBUS_CORE_RUN_DIR",
    "GLOBUS_CORE_SESSION_LIFETIME",
    "GLOBUS_CORE_STORAGE_KEY_FD",
    "GLOBUS_CORE_STORAGE_KEY_FILE",
    "GLOBUS_CORE_TOKEN_STORAGE",
    "GLOBUS_CORE_TOTAL_TIMEOUT",
    "GLOBUS_SDK_ENVIRONMENT",
    "GLOBUS_SDK_HTTP_TIMEOUT",
    "GLOBUS_SDK_VERIFY_SSL",
    "GLOBUS_TOKENS_FD",
    "GLOBUS_TOKENS_FILE",
}
#: those whose values are, or may have, secrets
SECRET = {
    "GLOBUS_CLIENT_SECRET",
    "GLOBUS_CLIENT_SECRET_COMMAND",
    "GLOBUS_CLI_CLIENT_SECRET",
    "GLOBUS_COMPUTE_CLIENT_SECRET",
    "GLOBUS_CORE_STORAGE_KEY",
    "GLOBUS_DATA",
    "GLOBUS_TOKENS",
    "GLOBUS_TOKENS_COMMAND",
}
SERVICE_URL = "GLOBUS_SDK_SERVICE_URL_"
#: what else decides how requests are sent
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
_OTHERS = (
    *_PROXIES,
    *map(str.lower, _PROXIES),
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "CREDENTIALS_DIRECTORY",
    "NO_COLOR",
)
_KEY_LOG = "SSLKEYLOGFILE"


def check_variables(report: DoctorReport) -> None:
    """
    Which variables are set, their values unless these are secret, and which are wrong.

    :param report: where findings go
    """
    names = sorted(name for name in os.environ if name.startswith("GLOBUS_"))
    names += [name for name in _OTHERS if name in os.environ]
    for name in names:
        _report_variable(name, os.environ[name], report)
    if not names:
        report.ok("none is set that changes what globus-core does")
    if os.environ.get(_KEY_LOG):
        report.problem(
            f"{_KEY_LOG} is set: the keys of all connections are written to a file, with which "
            "others can read tokens",
            f"unset {_KEY_LOG}, unless you are looking at your own traffic",
        )
    for check in (_check_values, _check_home):
        check(report)


def _report_variable(name: str, value: str, report: DoctorReport) -> None:
    if name in SECRET:
        report.ok(f"{name} is set; its value is not shown")
    elif name.startswith(SERVICE_URL):
        _report_service_url(name, value, report)
    elif name in PUBLIC or name in _OTHERS:
        report.ok(f"{name}={setting(value)}")
    elif near := _near(name, PUBLIC | SECRET):
        report.problem(
            f"{name} is set, but nothing in globus-core reads it",
            f"is {near} meant? unset the other",
        )
    else:
        report.note(f"{name} is set; it is none of globus-core's, and its value is not shown")


def _report_service_url(name: str, value: str, report: DoctorReport) -> None:
    """A service of a program's own may have any name, so that only a near miss is a problem."""
    service, known = name.removeprefix(SERVICE_URL), _service_names()
    near = None if service in known else _near(service, known, 0.8)
    if near is not None:
        report.problem(
            f"{name} is set, but no client of an installed plugin has a service of that name",
            f"is {SERVICE_URL}{near} meant? unset the other",
        )
    elif not value.lower().startswith(("https://", "http://")):
        report.problem(
            f"{name} has no URL that begins with https:// or http://",
            f"set it to the service's whole address, such as {name}=https://service.example.org/",
        )
    else:
        report.ok(f"{name}={setting(value)}")


def _service_names() -> set[str]:
    """The services that plugins have clients for, as variables have them."""
    names = set()
    for service in service_names():
        with contextlib.suppress(GlobusError):  # a plugin that cannot be used is told elsewhere
            names.add(client_class(service).service_name)
    return {name.upper().replace("-", "_") for name in names}


def _near(name: str, known: t.Collection[str], cutoff: float = 0.9) -> str | None:
    import difflib

    close = difflib.get_close_matches(name, known, n=1, cutoff=cutoff)
    return close[0] if close else None


def _check_values(report: DoctorReport) -> None:
    """Let the kernel read the settings as it does when a program starts."""
    from globus_core.config.environments import known_environment
    from globus_core.transport import RequestsTransport

    readers: tuple[t.Callable[[], object], ...] = (
        lambda: known_environment(report.environment),
        lambda: config.get_service_url("auth", report.environment),
        lambda: RequestsTransport().close(),
    )
    told: set[str] = set()
    for read in readers:
        try:
            read()
        except GlobusError as error:
            if str(error) not in told:
                report.problem_of(error)
            told.add(str(error))


def _check_home(report: DoctorReport) -> None:
    from globus_core.config.env_vars import expand_home

    try:
        expand_home("~")
    except GlobusError as error:
        report.problem(error, "set HOME to the folder where your files are")
