"""
The way to Globus Auth: name, proxy, TLS, answer, and the clock of this machine against its clock.
"""

from __future__ import annotations

import os
import time

from globus_core.config import get_service_url
from globus_core.exc import NetworkError
from globus_core.origins import bare, is_loopback, origin, setting
from globus_core.transport import RequestCallerInfo, RequestsTransport, RetryConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    import requests

    from globus_core.cli import DoctorReport

    from .certificates import Target

_PAGE = ".well-known/openid-configuration"
_TIMEOUT = 5.0
#: seconds by which the clock may be wrong; ID tokens are accepted within as many
_CLOCK_TOLERANCE = 30


def check_network(report: DoctorReport) -> None:
    """
    Send one request to Globus Auth, as every program does, and explain what goes wrong.

    :param report: where findings go
    """
    url = get_service_url("auth", report.environment)
    if report.offline:
        report.skip(f"the way to {origin(url)}, since the network is not to be used")
        return
    report.unreachable = True  # also if this takes too long
    transport = RequestsTransport(http_timeout=_TIMEOUT)
    try:
        target = _target(url, transport)
        _report_way(target, report)
        _ask(target, transport, report)
    finally:
        transport.close()


def _ask(target: Target, transport: RequestsTransport, report: DoctorReport) -> None:
    where = origin(target.url)
    report.doing(f"waiting for an answer from {where}")
    started = time.time()
    try:
        response = transport.request(
            "GET",
            f"{target.url.rstrip('/')}/{_PAGE}",
            caller_info=RequestCallerInfo(retry_config=RetryConfig(max_retries=0)),
        )
    except NetworkError as error:
        _report_failure(error, target, report)
        return
    ended = time.time()
    if _is_globus_auth(response):
        report.unreachable = False
        report.ok(f"{where} answers, in {(ended - started) * 1000:.0f} ms")
        _check_clock(response, started, ended, report)
    else:
        kind = response.headers.get("Content-Type", "no type").partition(";")[0]
        report.problem(
            f"something else answers in place of {where}: {response.status_code}, {kind}",
            "if this network wants you to log in or to agree to something, do so in a browser; "
            "else ask its administrators whether it lets https through",
        )
    _report_trust(target, report)


def _target(url: str, transport: RequestsTransport) -> Target:
    from requests.utils import select_proxy

    from .certificates import Target

    proxies, verify = transport.environment.get(url, transport.verify_ssl)
    return Target(url, select_proxy(url, proxies), verify)


def _report_way(target: Target, report: DoctorReport) -> None:
    """Say which proxy is used, and find the name of the server if this machine has to."""
    if target.proxy is not None:
        report.ok(f"requests go through the proxy {setting(target.proxy)}")
        return
    if os.environ.get("HTTP_PROXY") or os.environ.get("http_proxy"):
        report.note(
            "HTTP_PROXY is for plain http only, so that requests go out without a proxy",
            "set HTTPS_PROXY to the same URL, if there is no way out of this network without it",
        )
    else:
        report.ok("no proxy is used")
    import socket

    report.doing(f"looking up the name {target.host}")
    try:
        socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return  # the request fails for the same reason, and says so


def _report_failure(error: NetworkError, target: Target, report: DoctorReport) -> None:
    from .certificates import examine_distrust

    causes = f"{error.underlying_exception}"
    if "407" in causes and target.proxy is not None:
        report.problem(
            f"the proxy {setting(target.proxy)} wants a user and a password, or refuses them",
            "name it as http://user:password@host:port in HTTPS_PROXY; percent-encode other signs",
        )
    elif "CERTIFICATE_VERIFY_FAILED" in causes:
        report.doing(f"looking at the certificate of {target.host}")
        examine_distrust(target, report)
    else:
        report.problem_of(error)


def _is_globus_auth(response: requests.Response) -> bool:
    try:
        return response.status_code == 200 and "issuer" in response.json()
    except (ValueError, TypeError, RecursionError):
        return False


def _check_clock(
    response: requests.Response, started: float, ended: float, report: DoctorReport
) -> None:
    """Compare the clock with the Date header, which has whole seconds."""
    from email.utils import parsedate_to_datetime

    try:
        there = parsedate_to_datetime(response.headers["Date"]).timestamp() + 0.5
        there += float(response.headers.get("Age", 0))
    except (KeyError, ValueError, TypeError, OverflowError):
        report.skip("the clock, since the answer does not say what time it is there")
        return
    ahead = round((started + ended) / 2 - there)
    if abs(ahead) <= _CLOCK_TOLERANCE:
        report.ok(f"the clock differs from the server's by {abs(ahead)} s or less")
        return
    direction = "ahead of" if ahead > 0 else "behind"
    report.problem(
        f"the clock of this machine is {abs(ahead)} s {direction} the server's, so that fresh "
        "tokens and certificates can look expired or not yet valid",
        "set the clock, and let it be kept right: 'timedatectl set-ntp true' on most Linux systems",
    )


def _report_trust(target: Target, report: DoctorReport) -> None:
    from .certificates import examine_trust

    if target.is_tls:
        report.doing(f"looking at the certificate of {target.host}")
        examine_trust(target, report)
    elif not is_loopback(target.url):
        report.problem(
            f"{bare(target.url)} is not https, so that others can read what is sent",
            "correct GLOBUS_SDK_SERVICE_URL_AUTH",
        )
