"""
The dependency of FastAPI.
"""

from __future__ import annotations

import json
import typing as t

import pytest

from globus_core.exc import GlobusSDKUsageError
from tests.unit.resource_server.services import HEADER, OTHER_SCOPE, Service
from tests.unit.resource_server.test_adapters import call_asgi

fastapi = pytest.importorskip("fastapi", reason="the extra fastapi is not installed")

pytestmark = pytest.mark.full


@pytest.fixture
def api(service: Service) -> t.Any:
    """An application with path operations that require a token, a further scope, and nothing."""
    from globus_core.resource_server import FastAPIProtection

    app = fastapi.FastAPI()
    checker = service.checker()
    strict = checker.requiring(scopes=OTHER_SCOPE)
    known = fastapi.Depends(FastAPIProtection(app, checker))
    well_known = fastapi.Depends(FastAPIProtection(app, strict))
    router = fastapi.APIRouter(dependencies=[known])

    def name(caller: t.Any = known) -> str:
        return t.cast("str", caller.username)

    async def strict_name(caller: t.Any = well_known) -> str:
        return t.cast("str", caller.username)

    def inside() -> str:
        return strict.check(HEADER).username

    def anybody() -> str:
        return "anybody"

    for path, operation in (
        ("/", name),
        ("/strict", strict_name),
        ("/inside", inside),
        ("/open", anybody),
    ):
        app.get(path)(operation)

    async def routed(request: t.Any) -> t.Any:
        return fastapi.Response(request.scope["globus.caller"].username)

    routed.__annotations__["request"] = fastapi.Request
    router.get("/routed")(routed)
    app.include_router(router)

    async def socket(socket: t.Any, caller: t.Any = known) -> None:
        await socket.accept()
        await socket.send_text(caller.username)
        await socket.close()

    socket.__annotations__["socket"] = fastapi.WebSocket
    app.websocket("/socket")(socket)
    return app


def call(
    app: t.Any, path: str, *headers: str, kind: str = "http"
) -> tuple[int, dict[str, str], bytes]:
    """
    Status, headers and body of the answer to a request.
    """
    scope = {
        "type": kind,
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(b"authorization", header.encode("latin-1")) for header in headers],
    }
    begun, *bodies = call_asgi(app, scope)
    named = {name.decode().title(): value.decode() for name, value in begun["headers"]}
    return begun["status"], named, b"".join(message["body"] for message in bodies)


@pytest.mark.parametrize("path", ["/", "/routed"])
def test_a_path_operation_has_its_caller(service: Service, api: t.Any, path: str) -> None:
    """As an argument, or in the scope of the request; Globus Auth is asked once."""
    service.issue()

    for _ in range(2):
        status, _, body = call(api, path, HEADER)
        assert (status, body.strip(b'"')) == (200, b"ada@example.org")
    assert service.asked == 1


@pytest.mark.parametrize("headers", [(), ("Bearer unknown",), ("Basic x",), (HEADER, HEADER)])
@pytest.mark.parametrize("path", ["/", "/strict", "/routed"])
def test_others_get_the_answer_of_the_refusal(
    service: Service, api: t.Any, path: str, headers: tuple[str, ...]
) -> None:
    """As it is, not wrapped in FastAPI's own errors; two headers are no token."""
    service.issue()

    status, named, body = call(api, path, *headers)

    assert status == 401
    assert named["Www-Authenticate"].startswith('Bearer realm="Globus"')
    assert named["Content-Type"] == "application/json"
    assert json.loads(body)["code"] == "Unauthorized"


@pytest.mark.parametrize("path", ["/strict", "/inside"])
def test_path_operations_may_require_more(service: Service, api: t.Any, path: str) -> None:
    """By a dependency of their own, or in their code; the client can act on the answer."""
    service.issue()

    status, _, body = call(api, path, HEADER)

    assert status == 403
    wanted = json.loads(body)["required_scopes"]
    assert OTHER_SCOPE in wanted


def test_an_outage_is_answered_as_one(service: Service, api: t.Any) -> None:
    """503 with Retry-After."""
    service.go_down()

    status, named, _ = call(api, "/", HEADER)

    assert (status, named["Retry-After"]) == (503, "5")


def test_other_path_operations_are_for_anybody(api: t.Any) -> None:
    """The dependency protects what depends on it."""
    assert call(api, "/open")[0] == 200


def test_a_websocket_has_its_caller_or_is_closed(service: Service, api: t.Any) -> None:
    """A refused one before it is accepted, which servers answer with 403."""
    service.issue()
    headers = [(b"authorization", HEADER.encode())]
    scope = {"type": "websocket", "path": "/socket", "query_string": b"", "subprotocols": []}

    accepted, said, *_ = call_asgi(
        api, {**scope, "headers": headers}, {"type": "websocket.connect"}
    )
    (closed,) = call_asgi(api, {**scope, "headers": []}, {"type": "websocket.connect"})

    assert (accepted["type"], said["text"]) == ("websocket.accept", "ada@example.org")
    assert (closed["type"], closed["code"]) == ("websocket.close", 1008)


def test_the_documentation_of_the_application_says_that_a_token_is_needed(api: t.Any) -> None:
    """With a form to enter it; for the operations that need one only."""
    document = api.openapi()

    assert document["components"]["securitySchemes"] == {
        "Globus Auth": {"type": "http", "scheme": "bearer"}
    }
    assert document["paths"]["/"]["get"]["security"] == [{"Globus Auth": []}]
    assert "security" not in document["paths"]["/open"]["get"]
    assert "parameters" not in document["paths"]["/"]["get"]


def test_wrong_arguments_are_refused_at_once(service: Service, api: t.Any) -> None:
    """Such as in the wrong order."""
    from globus_core.resource_server import FastAPIProtection

    with pytest.raises(GlobusSDKUsageError):
        FastAPIProtection(t.cast("t.Any", service.checker()), api)
    with pytest.raises(GlobusSDKUsageError):
        FastAPIProtection(api, api)
