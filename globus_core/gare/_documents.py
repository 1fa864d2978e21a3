"""
The documents of Globus Auth Requirements Errors (GARE).
"""

from __future__ import annotations

from globus_core.documents import (
    Serializable,
    check_bool,
    check_instance,
    check_str,
    check_str_list,
)
from globus_core.printable import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class GlobusAuthorizationParameters(Serializable):
    """
    What a login must satisfy; None means no requirement.

    :param session_message: text for the person who logs in; it does not affect authorization
    :param session_required_identities: identities that must be in the session
    :param session_required_policies: ids of authentication policies that must all be met
    :param session_required_single_domain: domains, one of which the login must be with
    :param session_required_mfa: whether a second factor is needed; only meaningful together with
        identities or domains
    :param required_scopes: scope strings that must all be consented to
    :param prompt: ``login`` to make the person sign in again, ``none`` to show no page
    :param extra: unknown keys of the document
    :raises ValidationError: if a value has a wrong type
    """

    _fields = (
        "session_message",
        "session_required_identities",
        "session_required_policies",
        "session_required_single_domain",
        "session_required_mfa",
        "required_scopes",
        "prompt",
    )

    def __init__(
        self,
        *,
        session_message: str | None = None,
        session_required_identities: list[str] | None = None,
        session_required_policies: list[str] | None = None,
        session_required_single_domain: list[str] | None = None,
        session_required_mfa: bool | None = None,
        required_scopes: list[str] | None = None,
        prompt: str | None = None,
        extra: dict[str, t.Any] | None = None,
    ) -> None:
        check_str("session_message", session_message, optional=True)
        check_str_list("session_required_identities", session_required_identities, optional=True)
        check_str_list("session_required_policies", session_required_policies, optional=True)
        check_str_list(
            "session_required_single_domain", session_required_single_domain, optional=True
        )
        check_bool("session_required_mfa", session_required_mfa, optional=True)
        check_str_list("required_scopes", required_scopes, optional=True)
        check_str("prompt", prompt, optional=True)
        self.session_message = session_message
        self.session_required_identities = session_required_identities
        self.session_required_policies = session_required_policies
        self.session_required_single_domain = session_required_single_domain
        self.session_required_mfa = session_required_mfa
        self.required_scopes = required_scopes
        self.prompt = prompt
        check_instance("extra", extra, dict, optional=True)
        self.extra = extra or {}

    def to_dict(self, include_extra: bool = False) -> dict[str, t.Any]:
        """
        Return the requirements as a new dict, without the fields that require nothing.

        :param include_extra: include the unknown keys
        """
        result = super().to_dict(include_extra)
        # an empty list or string requires nothing; False is a value
        for field in self._fields:
            if result.get(field) in ([], ""):
                del result[field]
        return result

    @safe_repr
    def __repr__(self) -> str:
        known = ", ".join(f"{field}={value!r}" for field, value in self.to_dict().items())
        return f"GlobusAuthorizationParameters({known})"


class GARE(Serializable):
    """
    A Globus Auth Requirements Error: the authorization that a request needs in addition.

    :param code: ``ConsentRequired``, ``AuthorizationRequired``, or another code, which has no
        defined meaning
    :param authorization_parameters: what a login must satisfy; a dict is converted
    :param extra: unknown keys of the document
    :raises ValidationError: if a value has a wrong type
    """

    _fields = ("code", "authorization_parameters")

    def __init__(
        self,
        code: str,
        authorization_parameters: dict[str, t.Any] | GlobusAuthorizationParameters,
        *,
        extra: dict[str, t.Any] | None = None,
    ) -> None:
        check_str("code", code)
        if isinstance(authorization_parameters, dict):
            authorization_parameters = GlobusAuthorizationParameters.from_dict(
                authorization_parameters
            )
        check_instance(
            "authorization_parameters", authorization_parameters, GlobusAuthorizationParameters
        )
        self.code = code
        self.authorization_parameters: GlobusAuthorizationParameters = authorization_parameters
        check_instance("extra", extra, dict, optional=True)
        self.extra = extra or {}

    @safe_repr
    def __repr__(self) -> str:
        return (
            f"GARE(code={self.code!r}, authorization_parameters={self.authorization_parameters!r})"
        )
