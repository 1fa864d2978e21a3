"""
What a renewal may use and replace: the answer and the stored record must be for the same resource
server and the same person.
"""

from __future__ import annotations

from globus_core.documents import why_not_bearer
from globus_core.exc.base import RenewalError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.exc import GlobusAPIError
    from globus_core.token_storage import TokenStorage, TokenStorageData


def check_answer(
    response: t.Any,
    token: t.Mapping[str, t.Any],
    *,
    resource_server: str | None,
    replaced: TokenStorageData | None,
) -> None:
    """
    Refuse an answer that is for something or somebody else; other scopes are only reported.

    :param response: the token response
    :param token: its one token
    :param resource_server: whose token was to be renewed; None if that is not known
    :param replaced: the record of the token that was to be renewed, or None
    :raises RenewalError: if the token is of another resource server, or cannot be sent
    :raises IdentityMismatchError: if the response names another person than the record
    """
    from globus_core.token_storage.base import check_same_identity

    got = token.get("resource_server", resource_server)
    if resource_server is not None and got != resource_server:
        raise RenewalError(
            f"the token for {resource_server!r} was to be renewed, but the answer is a token for "
            f"{str(got)[:200]!r}"
        )
    reason = why_not_bearer(token.get("access_token"), token.get("token_type"))
    if reason is not None:
        raise RenewalError(f"the new token for {resource_server!r} is not used: {reason}")
    if replaced is not None:
        check_same_identity(response, replaced.identity_id)
        if getattr(response, "requested_scopes", None) is None:
            _report_scopes(token, replaced)


def _report_scopes(token: t.Mapping[str, t.Any], replaced: TokenStorageData) -> None:
    before, now = replaced.scope.split(), str(token.get("scope", replaced.scope)).split()
    missing = tuple([scope for scope in before if scope not in now])
    extra = tuple([scope for scope in now if scope not in before])
    if not missing and not extra:
        return
    from globus_core import compose, hookspecs
    from globus_core.events import ScopesEvent

    event = ScopesEvent(
        resource_server=replaced.resource_server, missing_scopes=missing, extra_scopes=extra
    )
    compose.notify(hookspecs.globus_token_event, event)


def read(storage: TokenStorage | None, resource_server: str | None) -> TokenStorageData | None:
    """
    The record of a resource server, whether or not it passes the checks of a validating storage.

    :param storage: the storage
    :param resource_server: the resource server
    :raises PluginError: if the storage returns something else
    """
    from globus_core.token_storage.validating_token_storage import ValidatingTokenStorage
    from globus_core.token_storage.validating_token_storage.storage import one_of

    assert storage is not None
    assert resource_server is not None
    while isinstance(storage, ValidatingTokenStorage):
        storage = storage.token_storage
    return one_of(storage, resource_server)


def check_record(
    stored: TokenStorageData | None,
    resource_server: str | None,
    logged_in: bool,
    identity_id: str | None,
) -> None:
    """
    Refuse a record that shows that the login has ended, or is now another person's.

    :param stored: the record, or None
    :param resource_server: the resource server
    :param logged_in: whether there was a record before
    :param identity_id: whose record it was; None if that is not known
    :raises LoginRequiredError: if there was a record, and no longer is
    :raises IdentityMismatchError: if it is another person's
    """
    if stored is None:
        if not logged_in:
            return
        from globus_core.exc.base import LoginRequiredError

        raise LoginRequiredError(
            f"the login for {resource_server!r} has ended: its token is no longer stored"
        )
    if identity_id is None or stored.identity_id in (None, identity_id):
        return
    from globus_core.token_storage.validating_token_storage import IdentityMismatchError

    raise IdentityMismatchError(
        f"the stored token for {resource_server!r} is now one of the identity "
        f"{stored.identity_id!r}, no longer of {identity_id!r}",
        identity_id,
        stored.identity_id or "",
    )


def usable(storage: TokenStorage | None, stored: TokenStorageData) -> bool:
    """
    Whether a record that was read can be sent, and passes the checks of a validating storage.

    :param storage: the storage
    :param stored: its record
    """
    from globus_core.token_storage.data import can_be_sent
    from globus_core.token_storage.validating_token_storage import (
        TokenValidationError,
        ValidatingTokenStorage,
    )

    if not can_be_sent(stored):
        return False
    if isinstance(storage, ValidatingTokenStorage):
        try:
            storage.check_retrieved({stored.resource_server: stored})
        except TokenValidationError:
            return False
    return True


def store(
    storage: TokenStorage,
    response: t.Any,
    resource_server: str | None,
    replaced: TokenStorageData | None,
) -> bool:
    """
    Store the response of a renewal, and return whether the record that it replaces was there.

    :param storage: the storage, whose renewal lock is held
    :param response: the response, with one token
    :param resource_server: the resource server
    :param replaced: the record that the token was renewed from; None if there was none, so that
        this is a login
    """
    from globus_core.plugins.contracts import expect
    from globus_core.token_storage import TokenStorage

    own_store = storage.store_token_response
    overridden = getattr(own_store, "__func__", None) is not TokenStorage.store_token_response
    if replaced is None and not overridden:
        storage._store_response(response, None)
        return True
    if overridden:  # it may store more than the records, so that only these steps are left
        now = None if replaced is None else read(storage, resource_server)
        if replaced is not None and (now is None or now.revision != replaced.revision):
            return False
        own_store(response)
        return True
    assert replaced is not None
    assert resource_server is not None
    (record,) = storage._records(response, replaced).values()
    done = storage.replace(resource_server, replaced.revision, record)
    return expect(done, bool, storage, "replace")


def is_invalid_grant(error: GlobusAPIError) -> bool:
    """
    Whether the server says that the grant is void (RFC 6749 section 5.2).

    :param error: the error made from its answer
    """
    if error.http_status not in (400, 401):
        return False
    # Plugins set the code; this must also work without them.
    body = error.raw_json
    return "invalid_grant" in (error.code, body.get("error") if isinstance(body, dict) else None)
