"""
What the answer to a renewal must be: a token for the same resource server and the same person.
"""

from __future__ import annotations

from globus_core.documents import why_not_bearer
from globus_core.exc.base import RenewalError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorageData


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
