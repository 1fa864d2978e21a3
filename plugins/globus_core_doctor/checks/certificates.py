"""
Who vouches for the certificate of a server, and whether the network puts its own in its place.

Where a certificate is not trusted, it is fetched once more without checking it, to say who issued
it; nothing but the greeting of TLS is sent on that connection.
"""

from __future__ import annotations

import http.client
import ssl
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from globus_core.origins import is_loopback
from globus_core.printable import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime

    from globus_core.cli import DoctorReport

_TIMEOUT = 5.0
_NOT_OFF = "do not turn verification off: whoever is in between would get your tokens"
_SETTINGS = "GLOBUS_SDK_VERIFY_SSL or REQUESTS_CA_BUNDLE"
#: OpenSSL's reasons why a certificate is not valid: expired, not yet valid, for another host
_EXPIRED, _NOT_YET, _OTHER_HOST = 10, 9, 62
#: domains whose certificates are issued by authorities that every machine knows
_PUBLIC = (".globus.org", ".globusonline.org")


class Target(NamedTuple):
    """
    A server, and the way to it.

    :ivar url: its URL
    :ivar proxy: the URL of the proxy, or None
    :ivar verify: whether its certificate is verified, or the file or folder of authorities
    """

    url: str
    proxy: str | None
    verify: bool | str

    @property
    def is_tls(self) -> bool:
        """Whether it speaks https."""
        return self.url.lower().startswith("https:")

    @property
    def host(self) -> str:
        """Its name or address."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """Its port."""
        return urlsplit(self.url).port or (443 if self.is_tls else 80)

    @property
    def is_public(self) -> bool:
        """Whether its true certificate is trusted everywhere."""
        return f".{self.host}".endswith(_PUBLIC)


class Certificate(NamedTuple):
    """
    What a certificate says.

    :ivar issuer: who issued it
    :ivar not_before: from when it is valid
    :ivar not_after: until when it is valid
    """

    issuer: str
    not_before: datetime.datetime
    not_after: datetime.datetime


def examine_distrust(target: Target, report: DoctorReport) -> None:
    """
    Report why the certificate of a server is not trusted.

    :param target: the server
    :param report: where findings go
    """
    certificate = _shown(target)
    refusal = _refusal(target, _context(target.verify))
    code = getattr(refusal, "verify_code", None)
    issuer = "an unknown authority" if certificate is None else certificate.issuer
    if code in (_EXPIRED, _NOT_YET) and certificate is not None:
        _report_times(target, certificate, report)
    elif code == _OTHER_HOST:
        report.problem(
            f"the certificate shown for {target.host} is for another host (issued by {issuer}): "
            "something else answers in its place",
            f"log in to this network in a browser if it wants that, check the proxy; {_NOT_OFF}",
        )
    elif certificate is not None and _is_trusted_by_system(target):
        report.problem(
            f"{_in_words(target, issuer)}, which this system trusts, but not Python's requests",
            f"set REQUESTS_CA_BUNDLE={_system_bundle()}, the authorities of this system",
        )
    elif _refusal(target, _lenient(_context(target.verify))) is None:
        report.problem(
            f"{_in_words(target, issuer)}, which is trusted, but its certificates break a rule "
            f"that Python keeps from 3.13 on ({getattr(refusal, 'verify_message', refusal)})",
            f"tell those who run the network; until they mend it, use Python 3.12; {_NOT_OFF}",
        )
    else:
        report.problem(
            f"{_in_words(target, issuer)}, which is not trusted here",
            f"get the file of that authority from those who run the network, and name it in "
            f"{_SETTINGS}; {_NOT_OFF}",
        )


def examine_trust(target: Target, report: DoctorReport) -> None:
    """
    Report who vouches for a server whose certificate was accepted.

    :param target: the server
    :param report: where findings go
    """
    if target.verify is False:
        report.problem(
            f"certificates are not verified, so anybody in between can pass for {target.host}",
            "unset GLOBUS_SDK_VERIFY_SSL; if a certificate is not trusted, name the file of its "
            "authority there instead",
        )
        return
    certificate = _shown(target)
    issuer = "an unknown authority" if certificate is None else certificate.issuer
    if target.verify is True:
        report.ok(f"the certificate of {target.host} is trusted; issued by {issuer}")
    elif _refusal(target, _context(True)) is None:
        report.ok(f"the certificate of {target.host} is trusted by {target.verify}, and without it")
    else:
        report.note(f"{_in_words(target, issuer)}, which {target.verify} makes trusted")


def _in_words(target: Target, issuer: str) -> str:
    shown = f"the certificate shown for {target.host} is issued by {issuer}"
    if target.is_public:
        return f"this network inspects TLS: {shown}"
    if is_loopback(target.url):
        return shown
    return f"this network inspects TLS, or the server has an authority of its own: {shown}"


def _report_times(target: Target, certificate: Certificate, report: DoctorReport) -> None:
    import datetime

    now = datetime.datetime.now(datetime.timezone.utc)
    report.problem(
        f"the certificate of {target.host} is valid from {certificate.not_before:%Y-%m-%d %H:%M} "
        f"to {certificate.not_after:%Y-%m-%d %H:%M} UTC, and here it is {now:%Y-%m-%d %H:%M} UTC",
        "set the clock of this machine if that is wrong; else those who run the server have to "
        "renew its certificate",
    )


def _shown(target: Target) -> Certificate | None:
    """The certificate that the server shows, without checking it; None if it cannot be had."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        return _parsed(_handshake(target, context))
    except (OSError, ValueError, http.client.HTTPException):
        return None


def _is_trusted_by_system(target: Target) -> bool:
    return _system_bundle() is not None and not _refusal(target, ssl.create_default_context())


def _refusal(target: Target, context: ssl.SSLContext) -> Exception | None:
    """Why there is no connection that a context trusts; None if there is one."""
    try:
        _handshake(target, context)
    except (OSError, http.client.HTTPException) as error:
        return error
    return None


def _system_bundle() -> str | None:
    paths = ssl.get_default_verify_paths()
    return paths.cafile or paths.capath


def _context(verify: bool | str) -> ssl.SSLContext:
    """A context with the authorities that requests uses."""
    import os

    from requests.utils import DEFAULT_CA_BUNDLE_PATH

    place = verify if isinstance(verify, str) else DEFAULT_CA_BUNDLE_PATH
    if os.path.isdir(place):
        return ssl.create_default_context(capath=place)
    return ssl.create_default_context(cafile=place)


def _lenient(context: ssl.SSLContext) -> ssl.SSLContext:
    """A context without the rules that Python keeps from 3.13 on."""
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _handshake(target: Target, context: ssl.SSLContext) -> bytes:
    """Greet the server, through the proxy if there is one, and return its certificate."""
    connection = _connection(target, context)
    try:
        connection.connect()
        sock: ssl.SSLSocket = connection.sock
        return sock.getpeercert(binary_form=True) or b""
    finally:
        connection.close()


def _connection(target: Target, context: ssl.SSLContext) -> http.client.HTTPSConnection:
    if target.proxy is None:
        return http.client.HTTPSConnection(
            target.host, target.port, timeout=_TIMEOUT, context=context
        )
    parts = urlsplit(target.proxy if "://" in target.proxy else f"http://{target.proxy}")
    if parts.scheme != "http":
        raise OSError("the certificate is not looked at through such a proxy")
    connection = http.client.HTTPSConnection(
        parts.hostname or "", parts.port or 80, timeout=_TIMEOUT, context=context
    )
    connection.set_tunnel(target.host, target.port, headers=_proxy_headers(parts.netloc))
    return connection


def _proxy_headers(authority: str) -> dict[str, str]:
    import base64

    user, at, _ = authority.rpartition("@")
    if not at:
        return {}
    coded = base64.b64encode(unquote(user).encode()).decode()
    return {"Proxy-Authorization": f"Basic {coded}"}


def _parsed(data: bytes) -> Certificate:
    import datetime
    import warnings

    from cryptography import x509

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old certificates have deprecated features
        certificate = x509.load_der_x509_certificate(data)
    names = certificate.issuer.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    names += certificate.issuer.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    issuer = ", ".join(dict.fromkeys(repr(str(name.value)) for name in names))
    utc = datetime.timezone.utc
    return Certificate(
        one_line(issuer or certificate.issuer.rfc4514_string(), 200),
        certificate.not_valid_before_utc.astimezone(utc),
        certificate.not_valid_after_utc.astimezone(utc),
    )
