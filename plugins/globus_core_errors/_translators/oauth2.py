"""
OAuth2 errors: token endpoint (RFC 6749 section 5.2) and bearer tokens (RFC 6750 section 3).
"""

from __future__ import annotations

from globus_core.exc import ErrorFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.exc import GlobusAPIError

ADVICE = {
    "access_denied": "log in again, and allow the requested access",
    "insufficient_scope": "log in again with the scopes that this call needs",
    "invalid_client": (
        "check the client id and the client secret, and that the registered client is of the kind "
        "that is used here (native clients have no secret, confidential ones need theirs)"
    ),
    "invalid_grant": (
        "log in again: the authorization code or refresh token has expired, was used before, was "
        "revoked, or belongs to another client or login"
    ),
    "invalid_request": (
        "check the arguments of the call: one is missing, given twice or malformed; a code must be "
        "exchanged with the redirect URI of its login"
    ),
    "invalid_scope": (
        "check the requested scopes for typos, and whether this client may request them"
    ),
    "invalid_token": "log in again: the token has expired, was revoked, or is for another service",
    "server_error": "try again later; see https://status.globus.org for known problems",
    "temporarily_unavailable": "try again later; see https://status.globus.org for known problems",
    "unauthorized_client": (
        "use another grant type, or change the client's registration at "
        "https://app.globus.org/settings/developers: this client may not use this one"
    ),
    "unsupported_grant_type": (
        "check that the URL is that of Globus Auth: the server does not support this grant type"
    ),
    "unsupported_response_type": (
        "check that the URL is that of Globus Auth: the server does not support this response type"
    ),
}

PASSING = frozenset(("server_error", "temporarily_unavailable"))


def from_body(error: GlobusAPIError) -> ErrorFacts | None:
    """``{"error": "...", "error_description": "..."}``"""
    body = error.raw_json
    if not isinstance(body, dict) or not isinstance(body.get("error"), str):
        return None
    return _facts(body["error"], body.get("error_description"))


def from_challenge(error: GlobusAPIError) -> ErrorFacts | None:
    """``WWW-Authenticate: Bearer error="...", error_description="..."``"""
    challenge = error.headers.get("WWW-Authenticate") or ""
    if not challenge.lower().startswith("bearer "):
        return None
    import re

    stated = dict(re.findall(r'(\w+)="([^"]*)"', challenge[:10_000]))
    return _facts(stated["error"], stated.get("error_description")) if "error" in stated else None


def _facts(code: str, description: object) -> ErrorFacts:
    return ErrorFacts(
        code=code,
        message=description if isinstance(description, str) and description else None,
        advice=ADVICE.get(code),
        retryable=True if code in PASSING else None,
    )
