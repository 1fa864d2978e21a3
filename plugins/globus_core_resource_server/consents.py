"""
What other services require of a caller, as a requirement that the caller's program can meet.
"""

from __future__ import annotations

import typing as t

from globus_core.exc import GlobusAPIError, GlobusSDKUsageError
from globus_core.gare import GARE, GlobusAuthorizationParameters, to_gare
from globus_core.scopes import Scope, ScopeParser

from .refusals import ForbiddenError

if t.TYPE_CHECKING:
    from collections.abc import Iterable


def below(service_scope: str, scopes: Iterable[str | Scope]) -> str:
    """
    The scope of this service with those that it needs of others, as a login asks for it.

    :param service_scope: the scope of this service
    :param scopes: the scopes of other services; those that begin with this service's are taken as
        they are
    """
    needed: list[Scope] = []
    for scope in scopes:
        for parsed in ScopeParser.parse(str(scope)):
            is_own = parsed.scope_string == service_scope
            needed += parsed.dependencies if is_own else (parsed,)
    # read together, so that each comes once, with all that it has in brackets
    merged = ScopeParser.parse(" ".join(map(str, needed)))
    return str(Scope(service_scope, dependencies=merged))


def consent_required(service_scope: str, scopes: Iterable[str | Scope]) -> ForbiddenError:
    """
    The refusal of a caller who has not consented to what this service does at others.

    :param service_scope: the scope of this service
    :param scopes: the scopes of other services
    """
    message = "this service needs your consent to act for you at another service"
    wanted = [below(service_scope, scopes)]
    parameters = GlobusAuthorizationParameters(required_scopes=wanted, session_message=message)
    return forbidden(GARE("ConsentRequired", parameters), message)


def required_elsewhere(error: object, service_scope: str) -> ForbiddenError | None:
    """
    The refusal of a caller of whom another service requires a consent or a login; None if an error
    states no requirement.

    :param error: the error of the other service, or the document in its response
    :param service_scope: the scope of this service
    """
    if not isinstance(error, (GlobusAPIError, dict)):
        return None
    found = to_gare(error)
    if found is None:
        return None
    return passed_on(found.authorization_parameters, service_scope)


def passed_on(wanted: GlobusAuthorizationParameters, service_scope: str) -> ForbiddenError:
    """
    The refusal of a caller whose login has to meet what another service requires.

    :param wanted: what the other service requires
    :param service_scope: the scope of this service
    """
    parameters = GlobusAuthorizationParameters.from_dict(wanted.to_dict())
    if wanted.required_scopes:
        try:
            parameters.required_scopes = [below(service_scope, wanted.required_scopes)]
        except GlobusSDKUsageError:  # what is no scope can be asked for by nobody
            parameters.required_scopes = None
    needs_consent = parameters.required_scopes is not None
    message = (
        "this service needs your consent to act for you at another service"
        if needs_consent
        else "another service, which this one uses for you, requires another login"
    )
    if parameters.session_message is None:
        parameters.session_message = message
    code = "ConsentRequired" if needs_consent else "AuthorizationRequired"
    return forbidden(GARE(code, parameters), message)


def forbidden(gare: GARE, message: str) -> ForbiddenError:
    """
    The refusal of a caller whose login has to meet a requirement.

    :param gare: the requirement
    :param message: why, in one sentence
    """
    scopes = gare.authorization_parameters.required_scopes or []
    return ForbiddenError(
        message,
        code=gare.code,
        error="insufficient_scope" if scopes else "insufficient_user_authentication",
        # a challenge has plain scopes (RFC 6749 section 3.3)
        scopes=[scope.partition("[")[0] for scope in scopes],
        gare=gare,
    )
