"""
The forms in which services state authorization requirements, with a small reader for each.

A reader takes a document and returns the requirement in canonical form, or None if the document has
another form. They are tried in the order of ``READERS``; the first result wins.
"""

from __future__ import annotations

from globus_core.exc.base import ValidationError

from ._documents import GARE, GlobusAuthorizationParameters

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]

CONSENT_REQUIRED = "ConsentRequired"
AUTHORIZATION_REQUIRED = "AuthorizationRequired"

_COMMA_STRINGS = ("session_required_policies", "session_required_single_domain")


def read(document: object) -> GARE | None:
    """The requirement that a document states; None if it states none."""
    if not isinstance(document, dict):
        return None
    for reader in READERS:
        try:
            found = reader(document)
        except ValidationError:
            continue
        if found is not None:
            return found
    return None


def _canonical(document: Document) -> GARE | None:
    if not isinstance(document.get("authorization_parameters"), dict):
        return None
    return GARE.from_dict(document)


def _with_legacy_parameters(document: Document) -> GARE | None:
    """Lists as comma-separated strings, and possibly no code."""
    found = document.get("authorization_parameters")
    if not isinstance(found, dict) or found.get("prompt") not in (None, "login"):
        return None
    values = {key: value for key, value in found.items() if key != "required_scopes"}
    for key in _COMMA_STRINGS:
        if isinstance(value := values.get(key), str):
            values[key] = split_commas(value)
    parameters = GlobusAuthorizationParameters.from_dict(values)
    _add_scopes(parameters, found.get("required_scopes"))
    code = document.get("code")
    extra = {key: document[key] for key in document if key not in GARE._fields}
    return GARE(AUTHORIZATION_REQUIRED if code is None else code, parameters, extra=extra)


def _add_scopes(parameters: GlobusAuthorizationParameters, scopes: object) -> None:
    if isinstance(scopes, str):
        parameters.required_scopes = [scopes]
    elif isinstance(scopes, list) and all(isinstance(scope, str) for scope in scopes):
        parameters.required_scopes = list(scopes)
    elif scopes is not None:
        parameters.extra["required_scopes"] = scopes


def _transfer_consent(document: Document) -> GARE | None:
    if document.get("code") != CONSENT_REQUIRED or document.get("required_scopes") is None:
        return None
    return _consent(document, document["required_scopes"], "required_scopes", "message")


def _action_provider_consent(document: Document) -> GARE | None:
    scope = document.get("required_scope")
    if document.get("code") != CONSENT_REQUIRED or not isinstance(scope, str):
        return None
    return _consent(document, [scope], "required_scope", "description")


def _consent(document: Document, scopes: list[str], scopes_key: str, text_key: str) -> GARE | None:
    unread = document.get("authorization_parameters")
    if not isinstance(unread, (dict, type(None))):
        return None
    readable = _readable(unread or {})
    wanted = {key: getattr(readable, key) for key in GlobusAuthorizationParameters._fields}
    wanted["required_scopes"] = _both(scopes, readable.required_scopes)
    if (text := document.get(text_key)) is not None:
        wanted["session_message"] = text
    parameters = GlobusAuthorizationParameters(**wanted, extra=readable.extra)
    known = (*GARE._fields, scopes_key)
    extra = {key: value for key, value in document.items() if key not in known}
    return GARE(CONSENT_REQUIRED, parameters, extra=extra)


def _both(scopes: list[str], more: list[str] | None) -> list[str]:
    """The scopes of the document, unchecked, and those of its parameters."""
    if not more or not isinstance(scopes, list):
        return scopes
    return [*scopes, *(scope for scope in more if scope not in scopes)]


def _dependent_consent(document: Document) -> GARE | None:
    errors = document.get("errors")
    if document.get("error") != "dependent_consent_required" or not isinstance(errors, list):
        return None
    if not errors or not isinstance(errors[0], dict):
        return None
    # Of several dependent scopes only the first is used; the next attempt reveals the next.
    scopes = errors[0].get("unapproved_scopes")
    parameters = GlobusAuthorizationParameters(required_scopes=[] if scopes is None else scopes)
    return GARE(CONSENT_REQUIRED, parameters)


def _readable_part(document: Document) -> GARE | None:
    """Parameters of which some cannot be read: the others, if there are any."""
    found = document.get("authorization_parameters")
    if not isinstance(found, dict):
        return None
    parameters = _readable(found)
    wrong = set(parameters.extra) & set(GlobusAuthorizationParameters._fields)
    if not parameters.to_dict() or not wrong:
        return None
    code = document.get("code")
    extra = {key: document[key] for key in document if key not in GARE._fields}
    return GARE(AUTHORIZATION_REQUIRED if code is None else code, parameters, extra=extra)


def _readable(found: Document) -> GlobusAuthorizationParameters:
    known: Document = {}
    for key in GlobusAuthorizationParameters._fields:
        value: t.Any = found.get(key)
        if key in _COMMA_STRINGS and isinstance(value, str):
            value = split_commas(value)
        if key == "required_scopes" and isinstance(value, str):
            value = [value]
        try:
            GlobusAuthorizationParameters.from_dict({key: value})
        except ValidationError:
            continue
        if value is not None:
            known[key] = value
    extra = {key: value for key, value in found.items() if key not in known and value is not None}
    return GlobusAuthorizationParameters(**known, extra=extra)


def split_commas(text: str) -> list[str]:
    """The parts of a comma-separated string, without white space and empty parts."""
    return [part.strip() for part in text.split(",") if part.strip()]


READERS: tuple[t.Callable[[Document], GARE | None], ...] = (
    _canonical,
    _with_legacy_parameters,
    _transfer_consent,
    _action_provider_consent,
    _dependent_consent,
    _readable_part,
)
