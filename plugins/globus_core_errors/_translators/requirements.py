"""
Requirements on a new login: consents, identities, policies, a second factor.
"""

from __future__ import annotations

from globus_core.exc import ErrorFacts
from globus_core.gare import to_gare

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.exc import GlobusAPIError
    from globus_core.gare import GlobusAuthorizationParameters


def authorization_required(error: GlobusAPIError) -> ErrorFacts | None:
    """Any form of a Globus Auth requirements error."""
    gare = to_gare(error)
    if gare is None:
        return None
    parameters = gare.authorization_parameters
    return ErrorFacts(
        advice=_advice(parameters, error.message),
        required_scopes=parameters.required_scopes or None,
        authorization_parameters=parameters.to_dict(),
        # for any status: without a login the same request fails again
        retryable=False,
    )


def _advice(parameters: GlobusAuthorizationParameters, said: str | None) -> str:
    demands = list(_demands(parameters))
    advice = f"log in again {', '.join(demands)}" if demands else "log in again"
    if parameters.required_scopes:
        advice += f"; consent to {', '.join(parameters.required_scopes)}"
    if parameters.session_message and parameters.session_message != said:
        advice += f'; the service says: "{parameters.session_message.strip().rstrip(".")}"'
    return advice


def _demands(parameters: GlobusAuthorizationParameters) -> t.Iterator[str]:
    if identities := parameters.session_required_identities:
        yield f"with the identity {' and '.join(identities)}"
    if domains := parameters.session_required_single_domain:
        yield f"with an identity of {' or '.join(domains)}"
    if parameters.session_required_mfa:
        yield "with a second factor (multi-factor authentication)"
    if policies := parameters.session_required_policies:
        noun = "policy" if len(policies) == 1 else "policies"
        yield f"in a way that meets the authentication {noun} {' and '.join(policies)}"
    if parameters.prompt == "login":
        yield "by entering your password again"
