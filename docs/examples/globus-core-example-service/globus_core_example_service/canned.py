"""What the service answers, canned for unit tests: by method, then by case."""

from __future__ import annotations

import typing as t

from globus_core.testing import RegisteredResponse, ResponseSet

THING_ID = "f1f5f2b4-3c2e-4c1b-8f0a-9b7d2f6c1e55"
THING = {"id": THING_ID, "name": "kite", "tags": ["red"]}
PICTURE = f"things/{THING_ID}/picture"
NOT_FOUND = {"code": "NotFound", "message": "there is no such thing", "hint": "list the things"}


def _answer(method: str, path: str, **answer: t.Any) -> RegisteredResponse:
    return RegisteredResponse(service="example_service", method=method, path=path, **answer)


def _set(args: dict[str, t.Any], **cases: RegisteredResponse) -> ResponseSet:
    return ResponseSet({"args": args}, **cases)


RESPONSE_SETS = {
    "get_thing": _set(
        {"thing_id": THING_ID},
        default=_answer("GET", f"things/{THING_ID}", json=THING),
        not_found=_answer("GET", f"things/{THING_ID}", status=404, json=NOT_FOUND),
    ),
    "create_thing": _set(
        {"thing": {"name": "kite", "tags": ["red"]}},
        default=_answer("POST", "things", status=201, json=THING),
    ),
    "list_things": _set(
        {"limit": 10},
        default=_answer("GET", "things", json={"things": [THING], "has_next_page": False}),
    ),
    "put_picture": _set(
        {"thing_id": THING_ID, "picture": iter([b"a picture"])},
        default=_answer("PUT", PICTURE, status=204),
    ),
    "get_picture": _set(
        {"thing_id": THING_ID},
        default=_answer("GET", PICTURE, body=b"a picture", content_type="image/png"),
    ),
    "picture_size": _set(
        {"thing_id": THING_ID},
        default=_answer("HEAD", PICTURE, headers={"Content-Length": "9"}),
    ),
}
