"""
Scenarios: what developers manage, with the secrets that are made there.
"""

from __future__ import annotations

import typing as t

from globus_core import (
    AccessTokenAuthorizer,
    AuthClient,
    ConfidentialAppAuthClient,
    DependentScopeSpec,
    NativeAppAuthClient,
)
from globus_core.scopes import AuthScopes
from tests.canary.logins_and_tokens import AT_ONCE, BACK, a_sandbox, code_of

if t.TYPE_CHECKING:
    from globus_core.testing import Sandbox
    from tests.canary.watch import Watch

#: nothing has this id
NOBODY = "00000000-0000-4000-8000-000000000005"


def projects_and_policies(watch: Watch) -> None:
    """All that is done to them, then the same with a token that is refused."""
    with a_sandbox(watch) as sandbox, _developer(watch, sandbox) as auth:
        ada = sandbox.people[0].id
        key = watch.show(auth.create_project("Lab", "lab@example.org", admin_ids=ada))["project"]
        project = key["id"]
        policy = auth.create_policy(project_id=project, display_name="a", description="b")
        policy_id = watch.show(policy)["policy"]["id"]
        calls: list[t.Callable[[], object]] = [
            lambda: auth.get_project(project),
            auth.get_projects,
            lambda: auth.update_project(project, display_name="Lab 2"),
            lambda: auth.get_policy(policy_id),
            auth.get_policies,
            lambda: auth.update_policy(policy_id, description="c"),
            lambda: auth.delete_policy(policy_id),
            lambda: auth.delete_project(project),
        ]
        for call in calls:
            watch.show(call())
        auth.authorizer = AccessTokenAuthorizer(watch.secrets.make("a refused access token"))
        for call in calls:
            watch.failing(call)


def clients_and_scopes(watch: Watch) -> None:
    """All that is done to them; new secrets show in no text, and log in."""
    with a_sandbox(watch) as sandbox, _developer(watch, sandbox) as auth:
        project = sandbox.seeds.projects[0].id
        made = auth.create_client("Lab", project, public_client=False)
        client = watch.show(made)["client"]["id"]
        new = watch.show(auth.create_client_credential(client, "main"), holds_tokens=True)
        secret, credential = new["credential"]["secret"], new["credential"]["id"]
        spec = watch.show(DependentScopeSpec(sandbox.seeds.scopes[0].id))
        watch.text("a specification", f"{spec.scope} {spec.optional} {spec.requires_refresh_token}")
        scope = auth.create_scope(client, "a", "b", "c", dependent_scopes=[spec])
        scope_id = watch.show(scope)["scope"]["id"]
        watch.failing(auth.create_client_credential, NOBODY, "main")
        with ConfidentialAppAuthClient(client, secret, transport_params=AT_ONCE) as lab:
            child = watch.show(lab.create_child_client("Worker", public_client=True))
            watch.failing(lab.create_child_client, "a\nb", public_client=True)
            watch.show(lab.delete_client(child["client"]["id"]))
        for call in (
            lambda: auth.get_client(client_id=client),
            auth.get_clients,
            lambda: auth.update_client(client, name="Lab 2"),
            lambda: auth.get_client_credentials(client),
            lambda: auth.get_scope(scope_id),
            auth.get_scopes,
            lambda: auth.update_scope(scope_id, name="d"),
            lambda: auth.delete_scope(scope_id),
            lambda: auth.delete_client_credential(client, credential),
            lambda: auth.delete_client(client),
        ):
            watch.show(t.cast("t.Callable[[], object]", call)())


def instances_of_native_apps(watch: Watch) -> None:
    """The secret that comes along shows in no text."""
    with a_sandbox(watch) as sandbox, NativeAppAuthClient(sandbox.native_client_id) as native:
        made = native.create_native_app_instance(sandbox.native_client_id, "laptop")
        watch.show(made, holds_tokens=True)
        watch.failing(native.create_native_app_instance, NOBODY, "laptop")


def _developer(watch: Watch, sandbox: Sandbox) -> AuthClient:
    with NativeAppAuthClient(sandbox.native_client_id, transport_params=AT_ONCE) as native:
        scopes = [AuthScopes.openid, AuthScopes.manage_projects]
        flow = native.oauth2_start_flow(scopes, redirect_uri=BACK, state=None)
        tokens = flow.exchange_callback(code_of(watch, flow.get_authorize_url()))
    authorizer = AccessTokenAuthorizer(tokens["access_token"])
    watch.text("a hash", authorizer.access_token_hash)
    return AuthClient(authorizer=authorizer, transport_params=AT_ONCE)


SCENARIOS = (projects_and_policies, clients_and_scopes, instances_of_native_apps)
