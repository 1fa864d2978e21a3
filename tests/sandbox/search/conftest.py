"""An index of the sandbox, and globus-sdk's own client for it."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterator

import globus_sdk
import pytest

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox

SCOPE = "urn:globus:auth:scope:search.api.globus.org:"
IDENTITY = "urn:globus:auth:identity:"
#: the index that every sandbox has
STARS = "4c8e17a5-93d2-4f60-b8a1-e07c5d2f9b36"

Document = dict[str, t.Any]


def entry(subject: str, content: Document | None = None, **more: t.Any) -> Document:
    """
    An entry that everybody may see.
    """
    return {"subject": subject, "visible_to": ["public"], "content": content or {}, **more}


def ingest(*entries: Document) -> Document:
    """
    The document that ingests entries.
    """
    return {"ingest_type": "GMetaList", "ingest_data": {"gmeta": [*entries]}}


@dataclasses.dataclass
class Library:
    """
    An index of the confidential client's, and a client.
    """

    sandbox: Sandbox
    client: globus_sdk.SearchClient
    index: str

    def control(self, verb: str, **arguments: t.Any) -> Document:
        """
        Run a control verb of Search.
        """
        return self.sandbox.control("search", verb, **arguments)

    def add(self, *entries: Document) -> None:
        """
        Put entries into the index.
        """
        self.control("entries/add", index_id=self.index, entries=entries)

    def token(self, scope: str = "all") -> str:
        """
        An access token of the confidential client for Search.
        """
        auth = globus_sdk.ConfidentialAppAuthClient(
            self.sandbox.confidential_client_id, self.sandbox.confidential_client_secret
        )
        auth.base_url = self.sandbox.url
        answer = auth.oauth2_client_credentials_tokens(requested_scopes=SCOPE + scope)
        auth.close()
        return str(answer["access_token"])

    def client_with(self, token: str | None) -> globus_sdk.SearchClient:
        """
        A client of globus-sdk with a token, or without one.
        """
        authorizer = globus_sdk.AccessTokenAuthorizer(token) if token else None
        return globus_sdk.SearchClient(
            authorizer=authorizer, base_url=self.sandbox.service_url("search")
        )

    def state(self, task: t.Any) -> str:
        """
        The state of a task, by the answer that names it.
        """
        return str(self.client.get_task(task["task_id"])["state"])

    def refused(self, method: t.Callable[..., t.Any], *arguments: t.Any, **more: t.Any) -> str:
        """
        The status and code of a refusal.
        """
        with pytest.raises(globus_sdk.SearchAPIError) as caught:
            method(*arguments, **more)
        return f"{caught.value.http_status} {caught.value.code}"

    def subjects(self, query: Document, index: str | None = None) -> list[str]:
        """
        The subjects that a query finds.
        """
        found = self.client.post_search(index or self.index, query)
        return [each["subject"] for each in found["gmeta"]]


@pytest.fixture
def library(globus_sandbox: Sandbox) -> Iterator[Library]:
    """
    An empty index.
    """
    made = Library(globus_sandbox, t.cast("t.Any", None), "")
    owner = globus_sandbox.confidential_client_id
    made.index = made.control("indices/add", display_name="Library", owner=owner)["id"]
    made.client = made.client_with(made.token())
    yield made
    made.client.close()
