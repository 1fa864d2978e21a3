"""
The record that a storage keeps for one resource server.
"""

from __future__ import annotations

from globus_core.documents import Serializable, check_int, check_str, why_not_bearer
from globus_core.exc.base import ValidationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


# the last second of the year 9999; no platform and no datetime has later ones
_LATEST = 253_402_300_799
#: seconds after which Globus Auth forgets a refresh token that nobody has used: six months
UNUSED_SECONDS = 183 * 86400.0


class DamagedStorageWarning(UserWarning):
    """
    A damaged token file was renamed, and the message has the new name; or one stored record cannot
    be used, and the message has its resource server.
    """


class TokenStorageData(Serializable):
    """
    The tokens of one resource server. Its ``repr`` does not show them.

    :param resource_server: the resource server
    :param identity_id: the identity of the tokens, or None if it is not known
    :param scope: the granted scopes, separated by spaces
    :param access_token: the access token
    :param refresh_token: the refresh token, or None
    :param expires_at_seconds: when the access token expires, in UTC epoch seconds
    :param token_type: usually ``Bearer``, or None
    :param extra: keys that this version does not know
    :raises ValidationError: if a value has a wrong type, or the time is too far away; names the
        field
    """

    _fields = (
        "resource_server",
        "identity_id",
        "scope",
        "access_token",
        "refresh_token",
        "expires_at_seconds",
        "token_type",
    )
    __slots__ = (*_fields, "extra")

    def __init__(
        self,
        resource_server: str,
        identity_id: str | None,
        scope: str,
        access_token: str,
        refresh_token: str | None,
        expires_at_seconds: int,
        token_type: str | None,
        extra: dict[str, t.Any] | None = None,
    ) -> None:
        # Runs at every read of a token: one check of all types, and the name only if one is wrong.
        if not (
            type(resource_server) is type(scope) is type(access_token) is str
            and type(expires_at_seconds) is int
            and -_LATEST <= expires_at_seconds <= _LATEST
            and (identity_id is None or type(identity_id) is str)
            and (refresh_token is None or type(refresh_token) is str)
            and (token_type is None or type(token_type) is str)
        ):
            check_str("resource_server", resource_server)
            check_str("identity_id", identity_id, optional=True)
            check_str("scope", scope)
            check_str("access_token", access_token)
            check_str("refresh_token", refresh_token, optional=True)
            check_int("expires_at_seconds", expires_at_seconds)
            check_str("token_type", token_type, optional=True)
            if not -_LATEST <= expires_at_seconds <= _LATEST:
                raise ValidationError("'expires_at_seconds' is later than the year 9999")
        self.resource_server = resource_server
        self.identity_id = identity_id
        self.scope = scope
        self.access_token = access_token
        self.refresh_token = refresh_token
        self.expires_at_seconds = expires_at_seconds
        self.token_type = token_type
        if extra is not None and not isinstance(extra, dict):
            raise ValidationError(f"'extra' must be a dict, not {type(extra).__name__}")
        self.extra = extra if extra is not None else {}

    def copy(self) -> TokenStorageData:
        """
        A record that can be changed without changing this one.
        """
        extra = self.extra
        if extra:
            from copy import deepcopy

            extra = deepcopy(extra)
        return TokenStorageData(
            self.resource_server,
            self.identity_id,
            self.scope,
            self.access_token,
            self.refresh_token,
            self.expires_at_seconds,
            self.token_type,
            extra or None,
        )

    @property
    def revision(self) -> str:
        """A hash of the tokens, by which :meth:`TokenStorage.replace` knows a record again."""
        from hashlib import sha256

        tokens = f"{self.access_token}\0{self.refresh_token or ''}"
        return sha256(tokens.encode(errors="surrogatepass")).hexdigest()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TokenStorageData):
            return NotImplemented
        return self.to_dict(include_extra=True) == other.to_dict(include_extra=True)

    __hash__ = None  # type: ignore[assignment]

    def _repr_html_(self) -> str:
        from globus_core import notebook

        return notebook.page("TokenStorageData", notebook.tokens([self.to_dict()]))

    def __repr__(self) -> str:
        if not hasattr(self, "extra"):  # set last: the constructor has refused a value
            return "<TokenStorageData, not complete>"
        refresh = "no refresh token" if self.refresh_token is None else "with refresh token"
        return (
            f"<TokenStorageData for {self.resource_server!r}, {refresh}, "
            f"expires_at_seconds={self.expires_at_seconds}>"
        )


def why_not_of(resource_server: str, data: object) -> str | None:
    """
    Why a record is not one of a resource server; None if it is.

    :param resource_server: the resource server that it is stored for
    :param data: the record
    """
    if getattr(data, "resource_server", None) == resource_server:
        return None
    return "the record is for another resource server"


def decode(resource_server: str, value: t.Any) -> tuple[TokenStorageData | None, str]:
    """
    A stored record, or None and why it cannot be used, which quotes nothing of it.

    :param resource_server: the resource server that it is stored for
    :param value: the parsed JSON value
    """
    try:
        record = TokenStorageData.from_dict(value)
    except ValidationError as error:
        return None, str(error)
    problem = why_not_of(resource_server, record)
    return (record, "") if problem is None else (None, problem)


def warn_of_bad_record(resource_server: str, place: str, problem: str) -> None:
    """
    Say that a stored record counts as missing.

    :param resource_server: the resource server that it is stored for
    :param place: where it is stored
    :param problem: why it cannot be used, without its content
    """
    import warnings

    from globus_core.printable import quoted

    warnings.warn(
        f"the token for {quoted(resource_server)} in {place} cannot be used and counts as "
        f"missing, so that a new login may be required: {problem}",
        DamagedStorageWarning,
        stacklevel=3,
    )


def check_records(records: t.Mapping[str, TokenStorageData]) -> None:
    """
    Refuse to store a record under the name of another resource server.

    :param records: the records by resource server
    :raises ValidationError: if one is for another
    """
    for resource_server, data in records.items():
        problem = why_not_of(resource_server, data)
        if problem is not None:
            raise ValidationError(f"the token for {resource_server!r} is not stored: {problem}")


def check_bearer(access_token: object, token_type: str | None) -> None:
    """
    Refuse to store a token that cannot be sent as a bearer token.

    :param access_token: the token
    :param token_type: its type; None if it is not known
    :raises ValidationError: if it cannot
    """
    reason = why_not_bearer(access_token, token_type)
    if reason is not None:
        raise ValidationError(f"the token is not stored: {reason}")


def can_be_sent(data: TokenStorageData) -> bool:
    """
    Whether a stored token can be sent as a bearer token; if not, there is a warning.

    :param data: the record
    """
    reason = why_not_bearer(data.access_token, data.token_type)
    if reason is not None:
        from globus_core._log import LazyLogger

        log = LazyLogger("globus_core.token_storage")
        log.warning("the stored token for %r is not used: %s", data.resource_server, reason)
    return reason is None
