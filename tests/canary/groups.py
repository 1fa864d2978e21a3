"""
Scenarios: every method of Groups' client and manager, answered and refused by an echoing server.
"""

from __future__ import annotations

import inspect
import typing as t

from globus_core import (
    AccessTokenAuthorizer,
    AuthClient,
    BaseClient,
    BatchMembershipActions,
    GroupMemberVisibility,
    GroupPolicies,
    GroupRequiredSignupFields,
    GroupRole,
    GroupsClient,
    GroupsManager,
    GroupVisibility,
    IdentityMap,
    RetryConfig,
)
from globus_core.services.groups import (
    MemberChange,
    MembershipActionError,
    MembershipFailure,
    MembersSync,
    raise_membership_errors,
)
from tests.canary.echo_server import echoing
from tests.integration.transport.scripted import Answer

if t.TYPE_CHECKING:
    from tests.canary.watch import Watch

MEMBER = {
    "identity_id": "an-id",
    "username": "ada@example.org",
    "role": "member",
    "status": "active",
}
#: what the methods take under these names; under any other, an id
ARGUMENTS: dict[str, t.Any] = {
    "data": {"name": "Lab"},
    "actions": {"add": []},
    "role": "member",
    "members": [],
    "is_high_assurance": False,
    "join_requests": True,
    "signup_fields": ["city"],
    "group_visibility": "private",
    "group_members_visibility": "managers",
}


def all_methods(watch: Watch) -> None:
    """With a list in the response, then with errors that repeat the token."""
    token = watch.secrets.make("an access token for Groups")
    with echoing() as server:
        client = GroupsClient(
            base_url=server.url,
            authorizer=AccessTokenAuthorizer(token),
            retry_config=RetryConfig(max_retries=1, backoff=lambda _: 0.0),
        )
        for one in (client, GroupsManager(client)):
            watch.show(one)
            for name in _methods(type(one)):
                method = getattr(one, name)
                required = {
                    parameter.name: ARGUMENTS.get(parameter.name, "an-id")
                    for parameter in inspect.signature(method).parameters.values()
                    if parameter.default is parameter.empty
                }
                watch.scenario = f"Groups' {name}"
                server.fixed = Answer(200, {"add": [], "errors": {}})
                watch.attempt(lambda m=method, r=required: watch.show(m(**r)))
                server.fixed = None
                for style, status in (("type zero", 403), ("gare", 403), ("jsonapi", 502)):
                    server.style, server.status = style, status
                    watch.failing(method, **required)
        client.close()


def _methods(kind: type) -> list[str]:
    return [name for name in dir(kind) if name[0] != "_" and not hasattr(BaseClient, name)]


def documents(watch: Watch) -> None:
    """What the client sends."""
    actions = BatchMembershipActions()
    for name in _methods(BatchMembershipActions):
        if not hasattr(dict, name):
            arguments = ("member", "an-id") if name == "change_roles" else ("an-id",)
            watch.show(getattr(actions, name)(*arguments))
    policies = GroupPolicies(
        is_high_assurance=False,
        group_visibility=GroupVisibility.private,
        group_members_visibility=GroupMemberVisibility.members,
        join_requests=True,
        signup_fields=[GroupRequiredSignupFields.city],
    )
    watch.show(policies)
    watch.show(GroupRole.admin)


def members(watch: Watch) -> None:
    """Which are brought in line with a list, partly."""
    token = watch.secrets.make("an access token for members")
    map_ = IdentityMap(AuthClient())
    failure = {"identity_id": "an-id", "code": "NO", "detail": "no"}
    group = {"memberships": [MEMBER], "my_memberships": [], "errors": {"remove": [failure]}}
    with echoing() as server:
        client = GroupsClient(base_url=server.url, authorizer=AccessTokenAuthorizer(token))
        server.fixed = Answer(200, group)
        watch.show(client.members("an-id"))
        result = watch.show(client.sync_members("an-id", [], identity_map=map_))
        watch.failing(result.raise_failures)
        watch.failing(raise_membership_errors, client.batch_membership_action("an-id", {}))
        client.close()
    change = MemberChange("add", "an-id", "ada@example.org", "member")
    watch.show(change.entry())
    watch.show(MembersSync(done=[change]))
    watch.show(MembershipActionError([MembershipFailure("add", None, "ada", "NO", "no")]))


SCENARIOS: tuple[t.Callable[[Watch], None], ...] = (all_methods, documents, members)
