"""
The fields of a client's registration, as they are sent.
"""

from __future__ import annotations

from globus_core import MISSING, MissingType
from globus_core.documents import listed
from globus_core.exc import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


def check_kind(public_client: object, client_type: object) -> None:
    """
    Check that a new client's kind is told in exactly one way.

    :param public_client: whether it is public, or MISSING
    :param client_type: its type, or MISSING
    :raises GlobusSDKUsageError: if both are given, or neither
    """
    if (public_client is MISSING) is (client_type is MISSING):
        raise GlobusSDKUsageError("pass either 'public_client' or 'client_type'")


def registration(
    *,
    redirect_uris: t.Iterable[str] | str | MissingType,
    terms_and_conditions: str | MissingType | None,
    privacy_policy: str | MissingType | None,
    additional_fields: t.Mapping[str, t.Any] | MissingType | None,
    **fields: t.Any,
) -> dict[str, t.Any]:
    """
    The body of a request that makes or changes a client.

    :param redirect_uris: one address or several
    :param terms_and_conditions: an address; not without ``privacy_policy``
    :param privacy_policy: an address; not without ``terms_and_conditions``
    :param additional_fields: further fields, which win
    :param fields: the others, by their wire names
    :raises GlobusSDKUsageError: if one of the two addresses is given without the other
    """
    fields["redirect_uris"] = listed(redirect_uris)
    if (terms_and_conditions is MISSING) is not (privacy_policy is MISSING):
        raise GlobusSDKUsageError("pass 'terms_and_conditions' and 'privacy_policy' together")
    if terms_and_conditions is not MISSING:
        fields["links"] = {
            "terms_and_conditions": terms_and_conditions,
            "privacy_policy": privacy_policy,
        }
    further = {} if isinstance(additional_fields, MissingType) else additional_fields or {}
    return {"client": {**fields, **further}}
