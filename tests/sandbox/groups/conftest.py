"""Clients of globus-sdk for people of the sandbox, and one for its confidential client."""

from __future__ import annotations

import dataclasses
import typing as t

import globus_sdk
import pytest

from tests.sandbox.plain_client import PlainClient

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_core_sandbox import Sandbox

SEEDED = "3b6f0d92-58c7-4e1a-a94d-7c20e6f1b835"
ALL = "urn:globus:auth:scope:groups.api.globus.org:all"
VIEW = "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships"
ADA, BO, CHIDI, DANA = (
    "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413",
    "1f8b42d6-7c05-4e93-b8a1-d64e3f90c275",
    "93d6a0e8-25b7-4c1f-8f42-a07b5c9e1d36",
    "48e2f7b1-d03a-4956-9cb8-3e1a7d5f0624",
)
ADA_AT_SCHOOL = "e5c07b34-8f21-4d96-a3be-50d91f7c62a8"


@dataclasses.dataclass
class Village:
    """
    A sandbox, and clients of its people: the first is an admin of the seeded group, the second a
    manager, the third a member; the fourth is not in it.
    """

    sandbox: Sandbox
    plain: PlainClient
    opened: list[globus_sdk.GroupsClient] = dataclasses.field(default_factory=list)

    def person(self, username: str, scope: str = ALL) -> t.Any:
        """
        A client of a person who has logged in; not typed, since tests also call it wrongly.
        """
        token = self.plain.log_in(scope=scope, login_hint=username)["access_token"]
        client = globus_sdk.GroupsClient(
            authorizer=globus_sdk.AccessTokenAuthorizer(token),
            base_url=self.sandbox.service_url("groups"),
        )
        self.opened.append(client)
        return client

    def control(self, verb: str, **arguments: t.Any) -> dict[str, t.Any]:
        """
        Run a control verb of Groups.
        """
        return self.sandbox.control("groups", verb, **arguments)


@pytest.fixture
def village(globus_sandbox: Sandbox, client: PlainClient) -> Iterator[Village]:
    """
    The sandbox with its seeded group.
    """
    made = Village(globus_sandbox, client)
    yield made
    for each in made.opened:
        each.close()
