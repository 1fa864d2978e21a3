"""
General advice by status, if nothing more specific is known.
"""

from __future__ import annotations

from globus_core.exc import ErrorFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.exc import GlobusAPIError

_SERVER_TROUBLE = "try again later; see https://status.globus.org for known problems"
_CHECK_ARGUMENTS = "check the arguments of the call"

_SENT_NOTHING = (
    "make the client with an app or an authorizer, such as AuthClient(app=UserApp(...)): the "
    "request was sent without a token"
)

ADVICE = {
    400: _CHECK_ARGUMENTS,
    401: "log in again: the token is missing, has expired, was revoked, or is for another service",
    403: ("request access to the resource, or log in with an identity that has access"),
    404: "check the id and the URL: the resource does not exist, or you are not allowed to see it",
    405: "check the path and the method of the call: the service offers no such operation",
    408: "try again, and check the network connection",
    409: "read the current state and try again: it has changed, or the resource already exists",
    410: "look for a replacement: the resource was removed permanently",
    413: "send less data in one request",
    415: "check the encoding of the call's data",
    422: _CHECK_ARGUMENTS,
}


def by_status(error: GlobusAPIError) -> ErrorFacts | None:
    """General advice for a status."""
    if error.http_status >= 500:
        return ErrorFacts(advice=_SERVER_TROUBLE)
    advice = ADVICE.get(error.http_status)
    if error.http_status == 401 and error.args[2] is None:
        advice = _SENT_NOTHING
    if error.http_status == 401 and _used_a_secret(error):
        advice = "check the client id and the client secret"
    return ErrorFacts(advice=advice) if advice else None


def _used_a_secret(error: GlobusAPIError) -> bool:
    scheme = error.args[2]
    return isinstance(scheme, str) and scheme.lower() == "basic"
