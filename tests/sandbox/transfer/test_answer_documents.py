"""What the sandbox answers has the fields that type checkers and editors know."""

from __future__ import annotations

import typing as t

from globus_core import (
    AccessTokenAuthorizer,
    AuthClient,
    ConfidentialAppAuthClient,
    DeleteData,
    GroupsClient,
    TransferData,
)
from globus_core.scopes import AuthScopes, GroupsScopes
from globus_core.services import auth, groups, transfer
from tests.sandbox.plain_client import PlainClient
from tests.sandbox.transfer.conftest import client_with
from tests.typed_documents import misfits

if t.TYPE_CHECKING:
    from tests.sandbox.transfer.conftest import Site

_SCOPES = f"openid profile email {AuthScopes.view_identity_set} {AuthScopes.view_identities}"
_SCOPES += f" {AuthScopes.view_consents} {AuthScopes.manage_projects} {GroupsScopes.all}"


def test_globus_auth_and_groups(site: Site) -> None:
    """About a person, tokens, consents, developers and groups."""
    sandbox = site.sandbox
    plain = PlainClient(sandbox)
    with plain.session:
        answer = plain.log_in(scope=_SCOPES)
    assert misfits(answer, auth.TokensDocument) == []
    token = answer["access_token"]
    with AuthClient(authorizer=AccessTokenAuthorizer(token), base_url=sandbox.url) as client:
        assert misfits(client.userinfo().data, auth.UserinfoDocument) == []
        people = client.get_identities(
            usernames="ada@example.org", query_params={"include": "identity_provider"}
        )
        assert misfits(people.data, auth.IdentitiesDocument) == []
        assert misfits(client.get_consents(all=True).data, auth.ConsentsDocument) == []
        assert misfits(client.get_projects().data, auth.ProjectsDocument) == []
        assert misfits(client.get_clients().data, auth.ClientsDocument) == []
        assert misfits(client.get_scopes().data, auth.ScopesDocument) == []
    with ConfidentialAppAuthClient(
        sandbox.confidential_client_id, sandbox.confidential_client_secret, base_url=sandbox.url
    ) as own:
        tokens = own.oauth2_client_credentials_tokens(str(AuthScopes.openid))
        for each in tokens.by_resource_server.values():
            assert misfits(dict(each), auth.TokenFields) == []
            included = own.oauth2_token_introspect(
                each["access_token"],
                include=["session_info", "identity_set", "identity_set_detail"],
            )
            assert misfits(included.data, auth.IntrospectionDocument) == []
    theirs = next(each for each in answer["other_tokens"] if "groups" in each["resource_server"])
    with GroupsClient(
        authorizer=AccessTokenAuthorizer(theirs["access_token"]),
        base_url=sandbox.service_url("groups"),
    ) as client_of_groups:
        found = client_of_groups.get_my_groups()
        assert misfits(found.data, list[groups.GroupDocument]) == []
        one = client_of_groups.get_group(
            found[0]["id"],
            include=["memberships", "my_memberships", "policies", "allowed_actions", "child_ids"],
        )
        assert misfits(one.data, groups.GroupDocument) == []


def test_transfer(site: Site) -> None:
    """Of collections, files and tasks, which succeed or fail."""
    (site.source_root / "a.txt").write_text("a")
    with client_with(site, site.token()) as client:
        assert misfits(client.get_endpoint(site.source).data, transfer.TransferEndpoint) == []
        for found in client.endpoint_search(filter_scope="my-endpoints"):
            assert misfits(found, transfer.TransferEndpoint) == []
        for file in client.operation_ls(site.source, "/"):
            assert misfits(file, transfer.FileDocument) == []
        made = client.operation_mkdir(site.target, "/made")
        assert misfits(made.data, transfer.ResultDocument) == []
        data = TransferData(site.source, site.target, skip_source_errors=True)
        data.add_item("/a.txt", "/a.txt")
        data.add_item("/missing", "/missing")
        submitted = client.submit_transfer(data)
        assert misfits(submitted.data, transfer.SubmissionDocument) == []
        gone = DeleteData(site.source)
        gone.add_item("/missing")
        deleted = client.submit_delete(gone)["task_id"]
        site.control("settle")
        for task_id in (submitted["task_id"], deleted):
            assert misfits(client.get_task(task_id).data, transfer.TaskDocument) == []
            events = client.task_event_list(task_id)
            assert [misfits(event, transfer.TaskEvent) for event in events] == [[]] * len(
                events["DATA"]
            )
        done = client.task_successful_transfers(submitted["task_id"])
        skipped = client.task_skipped_errors(submitted["task_id"])
        assert [misfits(each, transfer.SuccessfulTransfer) for each in done] == [[]]
        assert [misfits(each, transfer.SkippedError) for each in skipped] == [[]]
