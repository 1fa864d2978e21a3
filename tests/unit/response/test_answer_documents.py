"""The fields that type checkers and editors know are those that the services answer."""

from __future__ import annotations

import typing as t

import pytest

from globus_core.services import auth, groups, transfer
from globus_core.testing import get_response_set
from tests.typed_documents import misfits

if t.TYPE_CHECKING:
    from globus_core.testing import ResponseSet


def listed(kind: t.Any) -> t.Any:
    """The body of a list of Transfer."""
    from globus_core_transfer.answer_documents import TransferListFields

    fields = t.get_type_hints(TransferListFields)
    return t.TypedDict("listed", {**fields, "DATA": list[kind]}, total=False)  # type: ignore


#: for each set of canned answers the type of its body, and the cases that are errors or otherwise
#: of another kind are left out by their status
ANSWERS: dict[str, t.Any] = {
    "auth.userinfo": auth.UserinfoDocument,
    "auth.get_identities": auth.IdentitiesDocument,
    "auth.get_identity_providers": auth.IdentityProvidersDocument,
    "auth.get_consents": auth.ConsentsDocument,
    "auth.oauth2_token_introspect": auth.IntrospectionDocument,
    "auth.oauth2_validate_token": auth.IntrospectionDocument,
    "auth.oauth2_exchange_code_for_tokens": auth.TokensDocument,
    "auth.oauth2_refresh_token": auth.TokensDocument,
    "auth.oauth2_client_credentials_tokens": auth.TokensDocument,
    "auth.oauth2_get_dependent_tokens": list[auth.IssuedToken],
    "auth.get_projects": auth.ProjectsDocument,
    "auth.get_policies": auth.PoliciesDocument,
    "auth.get_clients": auth.ClientsDocument,
    "auth.get_client_credentials": auth.CredentialsDocument,
    "auth.get_scopes": auth.ScopesDocument,
    "transfer.get_task": transfer.TaskDocument,
    "transfer.task_list": listed(transfer.TaskDocument),
    "transfer.task_event_list": listed(transfer.TaskEvent),
    "transfer.task_successful_transfers": listed(transfer.SuccessfulTransfer),
    "transfer.task_skipped_errors": listed(transfer.SkippedError),
    "transfer.get_endpoint": transfer.TransferEndpoint,
    "transfer.endpoint_search": listed(transfer.TransferEndpoint),
    "transfer.operation_ls": listed(transfer.FileDocument),
    "transfer.operation_stat": transfer.FileDocument,
    "transfer.operation_mkdir": transfer.ResultDocument,
    "transfer.submit_transfer": transfer.SubmissionDocument,
    "transfer.submit_delete": transfer.SubmissionDocument,
    "transfer.get_submission_id": transfer.SubmissionIdDocument,
    "transfer.cancel_task": transfer.ResultDocument,
    "transfer.my_effective_pause_rule_list": listed(transfer.PauseRule),
    "transfer.endpoint_acl_list": listed(transfer.AccessRule),
    "transfer.endpoint_role_list": listed(transfer.RoleDocument),
    "transfer.bookmark_list": listed(transfer.BookmarkDocument),
    "groups.get_my_groups": list[groups.GroupDocument],
    "groups.get_group": groups.GroupDocument,
    "groups.create_group": groups.GroupDocument,
    "groups.get_group_policies": groups.GroupPoliciesDocument,
    "groups.get_group_by_subscription_id": groups.SubscriptionGroup,
}


def bodies(canned: ResponseSet) -> t.Iterator[t.Any]:
    """The bodies of the cases of a set that are no errors."""
    for case in canned.cases():
        found = canned.lookup(case)
        for response in getattr(found, "responses", [found]):
            if response.status < 400:
                yield response.json


@pytest.mark.parametrize("name", ANSWERS)
def test_a_canned_answer_has_the_fields_that_its_type_has(name: str) -> None:
    """All that are required, no others, and each with a value of its type."""
    found = [
        misfit for body in bodies(get_response_set(name)) for misfit in misfits(body, ANSWERS[name])
    ]

    assert sorted(set(found)) == []


def test_what_is_not_as_its_type_says_is_found() -> None:
    """A missing field, an unknown one, and one of another type; also further inside."""
    wrong: dict[str, t.Any] = {"identities": [{"id": 1, "user": "x"}], "included": None}

    assert {each.split()[0] for each in misfits(wrong, auth.IdentitiesDocument)} >= {
        ".identities[].id",
        ".identities[].user",
        ".identities[].username",
        ".included",
    }
