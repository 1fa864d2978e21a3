"""
Tokens that were obtained elsewhere and are given to a job.
"""

from __future__ import annotations

import time

from globus_core.exc import ValidationError
from globus_core.token_storage import TokenStorageData

from ._credential_files import UnusableSecretError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: the longest lifetime of an access token of Globus Auth, in seconds
LONGEST_LIFE = 48 * 3600
#: the key in ``extra`` of a record whose expiry is unknown
END_UNKNOWN = "end_unknown"


def parse_tokens(text: str) -> dict[str, t.Any]:
    """
    Parse JSON with an access token or a record for each resource server.

    :param text: the JSON document
    :raises UnusableSecretError: if it is anything else; the message contains nothing of it
    """
    tokens = _loaded(text)
    if not isinstance(tokens, dict) or not tokens:
        raise UnusableSecretError("is not a JSON object with a token for each resource server")
    check_tokens(tokens)
    return tokens


def check_tokens(tokens: t.Mapping[str, t.Any]) -> None:
    """
    Refuse what holds something else than access tokens and records.

    :param tokens: the tokens by resource server
    :raises UnusableSecretError: if it does; the message contains nothing of it
    """
    for resource_server, given in tokens.items():
        if _record(resource_server, given) is None:
            raise UnusableSecretError("has a token that is neither a string nor a record")


def record(resource_server: str, given: t.Any) -> TokenStorageData:
    """
    The storage record for a given token.

    :param resource_server: whose
    :param given: the access token, or a mapping with ``access_token`` and, where known,
        ``refresh_token``, ``scope`` and ``expires_at_seconds``
    :raises ValidationError: if it is neither; the message contains nothing of it
    """
    made = _record(resource_server, given)
    if made is None:
        raise ValidationError(f"the token for {resource_server!r} is neither a string nor a record")
    return made


def _loaded(text: str) -> t.Any:
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None  # the parser's error would contain the text


def _record(resource_server: str, given: t.Any) -> TokenStorageData | None:
    fields: t.Any = {"access_token": given} if isinstance(given, str) else given
    if not hasattr(fields, "get") or not fields.get("access_token"):
        return None
    end = fields.get("expires_at_seconds")
    try:
        return TokenStorageData(
            resource_server=resource_server,
            identity_id=fields.get("identity_id"),
            scope=fields.get("scope") or "",
            access_token=fields["access_token"],
            refresh_token=fields.get("refresh_token"),
            expires_at_seconds=int(time.time()) + LONGEST_LIFE if end is None else end,
            token_type=fields.get("token_type", "Bearer"),
            extra={END_UNKNOWN: True} if end is None else None,
        )
    except ValidationError:
        return None  # the message may contain a token in the wrong place
