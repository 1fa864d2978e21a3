"""Folders of guest collections are shared with people and groups by their names."""

from __future__ import annotations

import datetime
import typing as t
import uuid
from pathlib import Path

import pytest

from globus_core import (
    AccessTokenAuthorizer,
    ClientApp,
    DeleteData,
    GlobusAppConfig,
    GlobusSDKUsageError,
    GroupsClient,
    GroupsManager,
    TransferAPIError,
    TransferClient,
)
from globus_core.scopes import GroupsScopes
from globus_core.services.groups import raise_membership_errors
from globus_core.services.transfer import UnknownPrincipalError
from tests.sandbox.plain_client import TRANSFER, PlainClient
from tests.sandbox.transfer.conftest import Site, client_with

BO = "1f8b42d6-7c05-4e93-b8a1-d64e3f90c275"

WITH_GROUPS = f"{TRANSFER}[{GroupsScopes.view_my_groups_and_memberships}]"
MY_GROUPS = "/groups/v2/groups/my_groups"

pytestmark = pytest.mark.usefixtures("surroundings")


@pytest.fixture
def app(site: Site) -> t.Iterator[ClientApp]:
    """The app of the client that owns the collection."""
    with ClientApp(
        "sharing",
        client_id=site.sandbox.confidential_client_id,
        client_secret=site.sandbox.confidential_client_secret,
        config=GlobusAppConfig(token_storage="memory"),
    ) as app:
        yield app


@pytest.fixture
def owner(app: ClientApp) -> t.Iterator[TransferClient]:
    """The client of the owner."""
    with TransferClient(app=app) as client:
        yield client


@pytest.fixture
def guest(site: Site, tmp_path: Path) -> str:
    """A guest collection with two folders."""
    for name in ("in", "out"):
        (tmp_path / "guest" / name).mkdir(parents=True)
    owner = site.sandbox.confidential_client_id
    return site.collection("guest", tmp_path / "guest", kind="guest", owner=owner)


def bo(site: Site, scope: str = TRANSFER) -> TransferClient:
    """
    The client of a person who owns nothing here.
    """
    plain = PlainClient(site.sandbox)
    token = plain.log_in(scope=scope, login_hint="bo@example.org")["access_token"]
    plain.session.close()
    return client_with(site, token)


def groups_of(site: Site, username: str) -> GroupsClient:
    """
    The client of Groups of a person.
    """
    plain = PlainClient(site.sandbox)
    token = plain.log_in(scope=str(GroupsScopes.all), login_hint=username)["access_token"]
    plain.session.close()
    authorizer = AccessTokenAuthorizer(token)
    return GroupsClient(authorizer=authorizer, base_url=site.sandbox.service_url("groups"))


def rules(client: TransferClient, guest: str) -> list[tuple[str, str, str, str]]:
    """
    The rules of the collection.
    """
    return [
        (rule["principal_type"], rule["principal"], rule["path"], rule["permissions"])
        for rule in client.endpoint_acl_list(guest)
    ]


def test_a_folder_is_shared_with_a_person(site: Site, owner: TransferClient, guest: str) -> None:
    """By a username; then that person may read there and nowhere else, until it is revoked."""
    person = bo(site)
    with pytest.raises(TransferAPIError, match="PermissionDenied"):
        person.operation_ls(guest, "/in/")

    made = owner.grant(guest, "/in", "bo@example.org")
    assert (made.change, made.path, made.permissions) == ("created", "/in/", "r")
    assert made.principal == ("identity", BO)
    assert owner.get_endpoint_acl_rule(guest, made.access_id)["principal"] == BO
    assert list(person.operation_ls(guest, "/in/")) == []
    with pytest.raises(TransferAPIError, match="PermissionDenied"):
        person.operation_mkdir(guest, "/in/new")
    with pytest.raises(TransferAPIError, match="PermissionDenied"):
        person.operation_ls(guest, "/out/")

    assert owner.revoke(guest, "/in", "bo@example.org") is True
    assert owner.revoke(guest, "/in", "bo@example.org") is False
    with pytest.raises(TransferAPIError, match="PermissionDenied"):
        person.operation_ls(guest, "/in/")
    person.close()


def test_granting_again_makes_no_second_rule(site: Site, owner: TransferClient, guest: str) -> None:
    """It changes the permissions, or nothing, however the folder is written."""
    first = owner.grant(guest, "/in", "bo@example.org")
    again = owner.grant(guest, "//in/.//", uuid.UUID(BO))
    assert (again.change, again.access_id) == ("unchanged", first.access_id)
    more = owner.grant(guest, "/in/", BO.upper(), "rw")
    assert (more.change, more.access_id) == ("updated", first.access_id)
    other = owner.grant(guest, "/", "bo@example.org", "rw")
    assert other.access_id != first.access_id
    assert sorted(rules(owner, guest)) == [
        ("identity", BO, "/", "rw"),
        ("identity", BO, "/in/", "rw"),
    ]


def test_another_program_may_be_faster(
    owner: TransferClient, guest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rule is taken as if it had been there."""
    listed = [owner.endpoint_acl_list(guest)]
    first = owner.grant(guest, "/in", "bo@example.org")
    real = owner.endpoint_acl_list
    monkeypatch.setattr(
        owner, "endpoint_acl_list", lambda each: listed.pop() if listed else real(each)
    )
    again = owner.grant(guest, "/in", "bo@example.org", "rw")
    assert (again.change, again.access_id) == ("updated", first.access_id)


def test_the_members_of_a_group_may_use_its_folder(
    site: Site, owner: TransferClient, guest: str
) -> None:
    """Active ones, as long as they are in it; Groups is not asked without such a rule."""
    people = {"bo@example.org": "member", "ada@example.org": "admin"}
    group = site.sandbox.control("groups", "groups/add", name="Kestrels", members=people)["id"]
    with bo(site, WITH_GROUPS) as person, groups_of(site, "ada@example.org") as ada:
        with pytest.raises(TransferAPIError, match="PermissionDenied"):
            person.operation_ls(guest, "/in/")
        assert site.sandbox.count(path=MY_GROUPS) == 0

        owner.grant(guest, "/in", group=group)
        assert list(person.operation_ls(guest, "/in/")) == []
        shared = person.endpoint_search(filter_scope="shared-with-me")
        assert [each["id"] for each in shared] == [guest]
        with pytest.raises(TransferAPIError, match="PermissionDenied"):
            person.operation_mkdir(guest, "/in/new")
        with pytest.raises(TransferAPIError, match="PermissionDenied"):
            person.operation_ls(guest, "/out/")
        owner.grant(guest, "/in", group=group, permissions="rw")
        person.operation_mkdir(guest, "/in/new")
        deleting = DeleteData(endpoint=guest, recursive=True)
        deleting.add_item("/in/new")
        task = person.submit_delete(deleting)["task_id"]
        site.control("settle")
        assert person.get_task(task)["status"] == "SUCCEEDED"

        raise_membership_errors(GroupsManager(ada).remove_member(group, BO))
        with pytest.raises(TransferAPIError, match="PermissionDenied"):
            person.operation_ls(guest, "/in/")


def test_a_group_has_no_members_without_a_consent_to_look(
    site: Site, owner: TransferClient, guest: str
) -> None:
    """Transfer's own scope does not let it ask Groups."""
    members = {"bo@example.org": "admin"}
    group = site.sandbox.control("groups", "groups/add", name="Kestrels", members=members)["id"]
    owner.grant(guest, "/in", group=group)
    with bo(site) as person, pytest.raises(TransferAPIError, match="PermissionDenied"):
        person.operation_ls(guest, "/in/")


@pytest.mark.parametrize("everybody", ["all_authenticated_users", "anonymous"])
def test_a_folder_is_shared_with_everybody(
    owner: TransferClient, guest: str, everybody: str
) -> None:
    """With everybody who has a login, or with everybody."""
    end = datetime.datetime(2100, 1, 2, tzinfo=datetime.timezone.utc)
    made = owner.grant(guest, "/in", everybody, expiration_date=end)
    assert made.principal == (everybody, "")
    rule = owner.get_endpoint_acl_rule(guest, made.access_id)
    assert rule["expiration_date"] == "2100-01-02T00:00:00+00:00"
    assert owner.grant(guest, "/in", everybody).change == "unchanged"
    assert owner.revoke(guest, "/in", everybody)


def test_a_folder_is_shared_with_a_group(app: ClientApp, owner: TransferClient, guest: str) -> None:
    """By its name among the caller's groups, or by its id; two of a name are no answer."""
    with GroupsClient(app=app, app_scopes=[GroupsScopes.all]) as groups:
        made = groups.create_group({"name": "Kestrels", "description": ""})["id"]
        assert owner.grant(guest, "/in", group="Kestrels").principal == ("group", made)
        assert owner.grant(guest, "/in", group=made).change == "unchanged"
        assert owner.revoke(guest, "/in", group="Kestrels")
        groups.create_group({"name": "Kestrels", "description": "others"})
    with pytest.raises(UnknownPrincipalError, match="2 groups with the name 'Kestrels'"):
        owner.grant(guest, "/in", group="Kestrels")
    assert rules(owner, guest) == []


def test_who_is_not_known_gets_nothing(owner: TransferClient, guest: str) -> None:
    """Neither a misspelt username nor a group of others; no rule is asked for."""
    with pytest.raises(UnknownPrincipalError, match=r"'bob@example\.org'"):
        owner.grant(guest, "/in", "bob@example.org")
    with pytest.raises(UnknownPrincipalError, match="no group with the name 'None'"):
        owner.revoke(guest, "/in", group="None")
    assert rules(owner, guest) == []


def test_a_client_without_an_app_takes_ids_and_a_map(site: Site, guest: str) -> None:
    """Names need somebody to ask; a table of one's own will do."""
    with TransferClient(authorizer=AccessTokenAuthorizer(site.token())) as client:
        for names in ({"who": "bo@example.org"}, {"group": "Kestrels"}):
            with pytest.raises(GlobusSDKUsageError, match="no app to look up names"):
                client.grant(guest, "/in", **t.cast("t.Any", names))
        assert client.grant(guest, "/in", BO).change == "created"
        table = {"bo@example.org": {"id": BO}}
        assert client.grant(guest, "/in", "bo@example.org", identities=table).change == "unchanged"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"path": "in", "who": BO}, "path"),
        ({"path": "/a/../b", "who": BO}, "path"),
        ({"path": 5, "who": BO}, "path"),
        ({"path": "/", "who": BO, "permissions": "w"}, "permissions"),
        ({"path": "/"}, "either a person or a group"),
        ({"path": "/", "who": BO, "group": BO}, "either a person or a group"),
        ({"path": "/", "who": " "}, "who"),
        ({"path": "/", "group": 5}, "group"),
        ({"path": "/", "who": "bo@example.org", "identities": 5}, "identities"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_sent(
    owner: TransferClient, arguments: dict[str, t.Any], message: str
) -> None:
    """Each names what is wrong with it."""
    with pytest.raises(GlobusSDKUsageError, match=message):
        owner.grant("a-collection", **arguments)


def test_only_guest_collections_are_shared(site: Site, owner: TransferClient, guest: str) -> None:
    """And only by those who manage the access to them."""
    with pytest.raises(TransferAPIError, match="no guest collection"):
        owner.grant(site.source, "/", BO)
    person = bo(site)
    with pytest.raises(TransferAPIError, match="403"):
        person.grant(guest, "/", BO)
    person.close()
