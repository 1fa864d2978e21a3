"""
What the client of Groups is, and what it asks an app for.
"""

from __future__ import annotations

import typing as t
import uuid

import pytest

from globus_core import (
    GlobusSDKUsageError,
    GroupsAPIError,
    GroupsClient,
    MemoryTokenStorage,
    UserApp,
    client_class,
)
from globus_core.globus_app import GlobusAppConfig
from globus_core.response import ArrayResponse
from globus_core.scopes import GroupsScopes
from tests.unit.transfer.answering import answered

A = str(uuid.UUID(int=1))
VIEW = "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships"


def test_the_class_knows_its_server_and_scopes() -> None:
    """As an instance does."""
    for one in (GroupsClient, GroupsClient()):
        assert one.resource_server == "groups.api.globus.org"
        assert one.default_scope_requirements == [GroupsScopes.view_my_groups_and_memberships]
        assert one.scopes is GroupsScopes
        assert one.error_class is GroupsAPIError
    assert client_class("groups") is GroupsClient


@pytest.mark.parametrize(
    ("asked", "scopes"), [(None, [VIEW]), ([GroupsScopes.all], [str(GroupsScopes.all)])]
)
def test_an_app_is_asked_for_what_the_program_wants(asked: t.Any, scopes: list[str]) -> None:
    """To see the own groups, unless ``app_scopes`` says otherwise."""
    config = GlobusAppConfig(token_storage=MemoryTokenStorage())
    with UserApp("tests", client_id=A, config=config) as app:
        GroupsClient(app=app, app_scopes=asked)

    assert [str(each) for each in app.scope_requirements["groups.api.globus.org"]] == scopes


def test_the_own_groups_are_iterated_over() -> None:
    """They are an array."""
    client = answered(GroupsClient, [{"id": A}])
    groups = client.get_my_groups(statuses="active")

    assert isinstance(groups, ArrayResponse)
    assert [group["id"] for group in groups] == [A]
    assert client.answering.paths == ["/v2/groups/my_groups?statuses=active"]


@pytest.mark.parametrize("identifier", ["", ".", "..", None])
def test_an_id_stays_in_its_place(identifier: t.Any) -> None:
    """It cannot lead to another path."""
    client = answered(GroupsClient, {})

    with pytest.raises(GlobusSDKUsageError):
        client.delete_group(identifier)
    assert client.answering.sent == []


def test_a_slash_in_an_id_is_a_part_of_it() -> None:
    """It is encoded."""
    client = answered(GroupsClient, {})
    client.get_group("../preferences")

    assert client.answering.paths == ["/v2/groups/..%2Fpreferences"]


def test_an_error_says_what_is_wrong() -> None:
    """Its class is that of the service."""
    body = {"code": "FORBIDDEN", "detail": "you are no admin"}
    client = answered(GroupsClient, (403, body))

    with pytest.raises(GroupsAPIError, match="you are no admin") as caught:
        client.delete_group(A)
    assert (caught.value.http_status, caught.value.code) == (403, "FORBIDDEN")


@pytest.mark.parametrize(
    ("detail", "messages"),
    [
        ([{"loc": ["body", "add", 0, "role"], "msg": "no role"}], ["body.add.0.role: no role"]),
        ([{"loc": [], "msg": "a"}, {"msg": "b"}, "c"], ["a", "b"]),
        ([], []),
        ("in words", ["in words"]),
        ({"loc": "x"}, []),
    ],
)
def test_an_invalid_document_is_told_field_by_field(detail: t.Any, messages: list[str]) -> None:
    """Whatever the body looks like."""
    client = answered(GroupsClient, (422, {"detail": detail}))

    with pytest.raises(GroupsAPIError) as caught:
        client.create_group({})
    assert caught.value.messages == messages
    assert all(message in str(caught.value) for message in messages)
