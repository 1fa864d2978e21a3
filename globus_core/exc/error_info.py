"""
ErrorInfo: well-known parts of error bodies, read tolerantly.
"""

from __future__ import annotations

from globus_core._log import LazyLogger
from globus_core.printable import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

log = LazyLogger(__name__)


class ErrorInfo:
    """
    One part of an error body; it is true if the body has that part.
    """

    _has_data: bool = False

    def __bool__(self) -> bool:
        return self._has_data

    def __str__(self) -> str:
        shown = {key: value for key, value in vars(self).items() if not key.startswith("_")}
        fields = ", ".join(f"{key}={quoted(value)}" for key, value in shown.items())
        return f"{type(self).__name__}({fields if self else ':'})"

    __repr__ = __str__


class AuthorizationParameterInfo(ErrorInfo):
    """
    What a new login must satisfy, from ``authorization_parameters``.

    A field is None if it is absent or has a wrong type.

    :param error_data: the error body
    """

    def __init__(self, error_data: t.Mapping[str, t.Any]) -> None:
        found = error_data.get("authorization_parameters")
        self._has_data = isinstance(found, dict)
        data: dict[str, t.Any] = found if isinstance(found, dict) else {}

        self.session_message: str | None = _typed(data, "session_message", str)
        self.session_required_identities: list[str] | None = _strings(
            data, "session_required_identities"
        )
        self.session_required_single_domain: list[str] | None = _strings(
            data, "session_required_single_domain"
        )
        self.session_required_policies: list[str] | None = _strings(
            data, "session_required_policies", or_commas=True
        )
        self.session_required_mfa: bool | None = _typed(data, "session_required_mfa", bool)


class ConsentRequiredInfo(ErrorInfo):
    """
    The scopes that a person must consent to, when the error is about a missing consent.

    :param error_data: the error body
    """

    def __init__(self, error_data: t.Mapping[str, t.Any]) -> None:
        self.required_scopes: list[str] = []
        if error_data.get("code") == "ConsentRequired":
            self.required_scopes = _scopes(error_data)
        self._has_data = bool(self.required_scopes)


class ErrorInfoContainer:
    """
    All well-known parts of one error body.

    :param error_data: the error body; None if it was not a JSON object
    """

    authorization_parameters: AuthorizationParameterInfo
    consent_required: ConsentRequiredInfo

    def __init__(self, error_data: t.Mapping[str, t.Any] | None) -> None:
        self.authorization_parameters = AuthorizationParameterInfo(error_data or {})
        self.consent_required = ConsentRequiredInfo(error_data or {})

    def __str__(self) -> str:
        return f"{self.authorization_parameters}|{self.consent_required}"


def _typed(data: t.Mapping[str, t.Any], field: str, kind: type) -> t.Any:
    value = data.get(field)
    if value is None or isinstance(value, kind):
        return value
    _ignored(field, value)
    return None


def _strings(
    data: t.Mapping[str, t.Any], field: str, *, or_commas: bool = False
) -> list[str] | None:
    value = data.get(field)
    if or_commas and isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if value is None or (isinstance(value, list) and all(isinstance(v, str) for v in value)):
        return value
    _ignored(field, value)
    return None


def _scopes(data: t.Mapping[str, t.Any]) -> list[str]:
    several, one = data.get("required_scopes"), data.get("required_scope")
    if isinstance(several, list) and several and all(isinstance(s, str) for s in several):
        return list(several)
    return [one] if isinstance(one, str) and one else []


def _ignored(field: str, value: object) -> None:
    kind = type(value).__name__
    log.warning("an error response has %r of type %s, which is ignored", field, kind)
