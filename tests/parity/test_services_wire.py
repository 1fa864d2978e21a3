"""
Every method of the services' clients sends what globus-sdk's sends.

``services_calls.tsv`` has what globus-sdk 4.10 was seen to send for each method, with its required
arguments and with all of them. Its last column says in which parts ours is different on purpose;
each difference is explained in ``docs/migrating.md``.
"""

from __future__ import annotations

import csv
import json
import pathlib
import time
import typing as t
from importlib import import_module
from itertools import groupby
from urllib.parse import parse_qsl, unquote, urlsplit

import globus_sdk
import pytest
import requests
from globus_sdk.experimental import TransferClientV2
from requests.adapters import BaseAdapter

import globus_core
from globus_core import BaseClient
from tests.parity.services_arguments import CONSTRUCTORS, ONE, THREE, TWO, arguments

if t.TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, str]
Calls = dict[tuple[str, str, str], list[Row]]

#: where clients are that are not at the top level
ELSEWHERE = {"TransferClientV2": "globus_core.experimental"}
#: methods that send nothing that a table could hold; each has tests of its own
WITHOUT_A_ROW: dict[str, set[str]] = {
    "TimersClient": {"add_app_flow_user_scope", "add_app_transfer_data_access_scope"},
    "GCSClient": {
        "create_guest_collection",
        "endpoint_client_id",
        "get_gcs_collection_scopes",
        "get_gcs_endpoint_scopes",
    },
    "FlowsClient": {"follow_logs", "wait_for_run", "watch_run"},
    "SpecificFlowClient": {"add_app_transfer_data_access_scope", "login_and_resume"},
    "GroupsClient": {"members", "sync_members"},
    "TransferClient": {
        "add_app_data_access_scope",
        "create_tunnel",
        "for_collections",
        "forget_submission",
        "glob",
        "grant",
        "plan",
        "revoke",
        "submit_many",
        "submit_once",
        "task_wait",
        "wait_for_task",
        "walk",
        "watch_many",
        "watch_task",
    },
    "SearchClient": {"ingest_many", "search_all", "wait_for_task"},
    "TransferClientV2": {"create_tunnel"},
}
_IDS = {ONE: "<1>", TWO: "<2>", THREE: "<3>"}


def _rows() -> list[Row]:
    path = pathlib.Path(__file__).with_name("services_calls.tsv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _calls(rows: list[Row]) -> Calls:
    """The rows of each call: most calls send one request."""
    grouped = groupby(rows, key=lambda row: (row["client"], row["method"], row["arguments"]))
    return {call: list(lines) for call, lines in grouped}


CALLS = _calls(_rows())
CLIENTS = sorted({client for client, _, _ in CALLS})


class Notebook(BaseAdapter):
    """
    Answers every request, and remembers it as the table has it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, t.Any]] = []

    def send(self, request: requests.PreparedRequest, **options: t.Any) -> requests.Response:  # type: ignore[override]
        url = urlsplit(request.url or "")
        body: t.Any = request.body
        self.sent.append(
            {
                "verb": request.method,
                "path": _with_names(unquote(url.path)),
                "query": sorted(parse_qsl(_with_names(url.query), keep_blank_values=True)),
                "body": json.loads(_with_names(body.decode())) if body else None,
            }
        )
        response = requests.Response()
        response.status_code = 200
        response.request = request
        response.url = request.url or ""
        response._content = json.dumps({"value": THREE}).encode()
        response.headers["Content-Type"] = "application/json"
        return response

    def close(self) -> None:
        """There is nothing to close."""


def _with_names(text: str) -> str:
    for identifier, name in _IDS.items():
        text = text.replace(identifier, name)
    return text


def _expected(row: Row) -> dict[str, t.Any]:
    query = [tuple(pair.partition("=")[::2]) for pair in row["query"].split("&") if pair]
    return {
        "verb": row["verb"],
        "path": row["path"],
        "query": sorted(query),
        "body": json.loads(row["body"]) if row["body"] else None,
    }


def _expected_of_ours(row: Row) -> dict[str, t.Any]:
    """The same with what the last column says: other values by query parameter, another body."""
    expected = _expected(row)
    other = _ours(row)
    other.pop("returns", None)
    if "query" in other:
        query = {**dict(expected["query"]), **other.pop("query")}
        expected["query"] = sorted(query.items())
    return {**expected, **other}


def _ours(row: Row) -> dict[str, t.Any]:
    return json.loads(row["ours"]) if row["ours"] else {}


def _client(kind: t.Any, sdk: t.Any) -> tuple[t.Any, Notebook]:
    authorizer = sdk.AccessTokenAuthorizer("a-token")
    client = kind(authorizer=authorizer, **CONSTRUCTORS.get(kind.__name__, {}))
    notebook = Notebook()
    client.transport.session.mount("https://", notebook)
    return client, notebook


def _called(client: t.Any, call: tuple[str, str, str]) -> object:
    name, method_name, which = call
    method = getattr(client, method_name)
    return method(**arguments(name, method, which))


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A datetime without a time zone is in local time, which is UTC here."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


def _our_client(name: str) -> t.Any:
    return getattr(import_module(ELSEWHERE.get(name, "globus_core")), name)


@pytest.mark.parametrize("call", CALLS, ids="-".join)
def test_each_method_sends_what_the_table_says(call: tuple[str, str, str]) -> None:
    """Verb, path, query and body, and the class of the answer."""
    rows = CALLS[call]
    client, notebook = _client(_our_client(call[0]), globus_core)

    result = _called(client, call)

    assert notebook.sent == [_expected_of_ours(row) for row in rows]
    last = rows[-1]
    assert type(result).__name__ == _ours(last).get("returns", last["returns"])


@pytest.mark.parametrize("call", CALLS, ids="-".join)
def test_the_table_says_what_globus_sdk_sends(call: tuple[str, str, str]) -> None:
    """So that its rows, and the arguments that belong to them, are right before we need them."""
    rows = CALLS[call]
    kind = TransferClientV2 if call[0] == "TransferClientV2" else getattr(globus_sdk, call[0])
    client, notebook = _client(kind, globus_sdk)

    result = _called(client, call)

    assert notebook.sent == [_expected(row) for row in rows]
    assert type(result).__name__ == rows[-1]["returns"]


@pytest.mark.parametrize("name", CLIENTS)
def test_the_table_has_every_method(name: str) -> None:
    """With all arguments too, if there are optional ones."""
    client = _our_client(name)
    methods = {m for m in dir(client) if m[0] != "_" and not hasattr(BaseClient, m)}

    assert {call[1] for call in CALLS if call[0] == name} == methods - WITHOUT_A_ROW.get(
        name, set()
    )
