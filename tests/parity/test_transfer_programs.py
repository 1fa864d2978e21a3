"""
Programs written for globus-sdk's TransferClient do the same with ours.
"""

from __future__ import annotations

import json
import typing as t
from importlib import import_module
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from tests.integration.transport.scripted import Answer, Seen, running
from tests.parity.transfer_programs import PROGRAMS, TASK, A, B, Program

DATA = "/v0.10"
MANAGER = f"{DATA}/endpoint_manager"
REFUSED = {"message": "no", "request_id": "r1", "resource": "/x"}
FILES = [
    {"name": "a.txt", "type": "file", "size": 1},
    {"name": "b", "type": "dir", "size": 0},
]
TUNNEL = {"data": {"type": "Tunnel", "id": TASK, "attributes": {}}}


class Transfer:
    """
    As much of Transfer as the programs need.
    """

    def __init__(self) -> None:
        self.seen: list[t.Any] = []
        self._polls = 0
        listed: dict[str, t.Any] = {"DATA": [{"id": A, "permissions": "rw", "name": "sky"}]}
        result: dict[str, t.Any] = {"code": "Done", "id": B, "access_id": B, "done": True}
        self._fixed: dict[str, t.Any] = {
            f"{DATA}/submission_id": {"value": "a-submission"},
            f"{DATA}/operation/endpoint/{B}/mkdir": result,
            f"{DATA}/endpoint/{B}/access_list": listed,
            f"{DATA}/endpoint/{B}/access/{B}": {**result, "principal": A, "path": "/"},
            f"{DATA}/task/{TASK}/cancel": {"code": "Canceled"},
            f"{DATA}/task/{TASK}/pause_info": {"pause_rules": []},
            f"{DATA}/bookmark": result,
            f"{DATA}/bookmark_list": listed,
            f"{DATA}/bookmark/{B}": result,
            f"{DATA}/endpoint/{A}/server/5": {"hostname": "h.example.org"},
            f"{MANAGER}/admin_cancel": result,
            f"{MANAGER}/admin_cancel/{B}": result,
            f"{MANAGER}/pause_rule_list": listed,
            f"/v2/tunnels/{TASK}": TUNNEL,
            f"/v2/tunnels/{TASK}/events": {"data": [{"id": 1}]},
        }

    def next(self, seen: Seen) -> Answer:
        """Note a request, and answer it."""
        url = urlsplit(seen.target)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        body = json.loads(seen.body) if seen.body else None
        path = unquote(url.path)
        authorization = seen.headers.get("authorization")
        self.seen.append((seen.method, path, sorted(parse_qsl(url.query)), body, authorization))
        return self._answer(seen.method, path, query, body)

    def _answer(self, method: str, path: str, query: dict[str, str], body: t.Any) -> Answer:
        if path in self._fixed:
            return Answer(200, self._fixed[path])
        kind = path.rpartition("/")[2]
        found = getattr(self, f"_{kind.replace('-', '_')}", None)
        if found is None:
            return Answer(404, {"code": "ClientError.NotFound", **REFUSED})
        answer: Answer = found(method, query, body)
        return answer

    def _ls(self, method: str, query: dict[str, str], body: t.Any) -> Answer:
        if query["path"] == "/missing/":
            return Answer(404, {"code": "ClientError.NotFound", **REFUSED})
        return Answer(200, {"DATA": FILES if query["path"] == "/" else FILES[:1]})

    def _access(self, method: str, query: dict[str, str], body: t.Any) -> Answer:
        if body["path"] == "/denied/":
            return Answer(403, {"code": "PermissionDenied", **REFUSED})
        return Answer(201, {"access_id": B})

    def _transfer(self, method: str, query: dict[str, str], body: t.Any) -> Answer:
        if body["DATA"][0]["source_path"] == "/consent":
            scopes = {"required_scopes": ["urn:a[*b]"]}
            return Answer(403, {"code": "ConsentRequired", **REFUSED, **scopes})
        return self._accepted(body)

    def _delete(self, method: str, query: dict[str, str], body: t.Any) -> Answer:
        return self._accepted(body)

    def _accepted(self, body: t.Any) -> Answer:
        submission = {"submission_id": body["submission_id"]}
        return Answer(202, {"code": "Accepted", "task_id": TASK, **submission})

    def _task_list(self, method: str, query: dict[str, str], body: t.Any) -> Answer:
        first = not ({"offset", "last_key"} & query.keys())
        items = [{"task_id": "1" if first else "2"}]
        page = {"DATA": items, "total": 2, "has_next_page": first, "last_key": "k"}
        return Answer(200, page)

    def _successful_transfers(self, method: str, query: dict[str, str], body: t.Any) -> Answer:
        first = "marker" not in query
        items = [{"source_path": "/a" if first else "/b"}]
        return Answer(200, {"DATA": items, "next_marker": 93979 if first else None})

    def _skipped_errors(self, method: str, query: dict[str, str], body: t.Any) -> Answer:
        return Answer(200, {"DATA": [], "next_marker": None})

    def _event_list(self, method: str, query: dict[str, str], body: t.Any) -> Answer:
        return Answer(200, {"DATA": [{"code": "STARTED"}], "total": 1})

    def _endpoint_search(self, method: str, query: dict[str, str], body: t.Any) -> Answer:
        return Answer(200, {"DATA": [{"id": A}], "has_next_page": query.get("offset") != "1"})

    def _tunnels(self, method: str, query: dict[str, str], body: t.Any) -> Answer:
        return Answer(200, {"data": [TUNNEL["data"]]} if method == "GET" else TUNNEL)

    def __getattr__(self, name: str) -> t.Any:
        if name != f"_{TASK.replace('-', '_')}":
            raise AttributeError(name)
        return self._task

    def _task(self, method: str, query: dict[str, str], body: t.Any) -> Answer:
        return Answer(200, {"task_id": TASK, "status": "SUCCEEDED", "files": 2})


def outcome(name: str, program: Program) -> tuple[t.Any, t.Any]:
    """
    What comes of a program, and its requests.

    :param name: the SDK that it imports
    :param program: the program
    """
    sdk = import_module(name)
    with running() as server:
        transfer = Transfer()
        server._server.next = transfer.next  # type: ignore[method-assign]
        authorizer = sdk.AccessTokenAuthorizer("a-token")
        client = sdk.TransferClient(base_url=server.url, authorizer=authorizer)
        try:
            result = program(sdk, client)
        finally:
            client.close()
    return json.loads(json.dumps(result, default=lambda _: "MISSING")), transfer.seen


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_a_program_for_transfer_does_the_same(program: Program) -> None:
    """Results and requests, with only another import."""
    theirs, ours = (outcome(name, program) for name in ("globus_sdk", "globus_core"))

    assert ours[0] == theirs[0]
    assert ours[1] == theirs[1]
    assert ours[1] or program.__name__ in ("wrong_arguments", "ask_an_app_for_access")
