"""The FastAPI application of the guide, served by uvicorn to many people at once."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import socket
import sys
import threading
import typing as t

import pytest

from tests.docs.pages import files

if t.TYPE_CHECKING:
    import pathlib

    from globus_core_sandbox import Sandbox

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]

PEOPLE = 200


@pytest.fixture
def service(sandbox: Sandbox, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> t.Any:
    """The module of the guide, which talks to the sandbox."""
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    (shown,) = [b for b in files("docs/guides/async.md") if b.value == "people_service.py"]
    path = tmp_path / "people_service.py"
    path.write_text(shown.text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("people_service", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "people_service", module)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def served(api: t.Any) -> t.Iterator[str]:
    """Its address, as long as uvicorn serves it in a thread."""
    import uvicorn

    with socket.create_server(("127.0.0.1", 0), backlog=PEOPLE) as listener:
        config = uvicorn.Config(api, log_level="warning", lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


async def ask(base: str, usernames: t.Sequence[str]) -> list[tuple[int, t.Any]]:
    """Each person's status and answer; all of them ask at once."""
    import aiohttp

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(base, connector=connector) as session:

        async def one(username: str) -> tuple[int, t.Any]:
            async with session.get(f"/people/{username}") as response:
                return response.status, await response.json()

        return await asyncio.gather(*map(one, usernames))


def test_200_people_at_once_are_served_with_one_token(service: t.Any, sandbox: Sandbox) -> None:
    """Each gets the right answer; the first of them gets the token for all."""
    with served(service.api) as base:
        usernames = ["ada@example.org", "nobody@example.org"] * (PEOPLE // 2)
        first = asyncio.run(ask(base, usernames))
        second = asyncio.run(ask(base, usernames))

    for answers in (first, second):
        assert [status for status, _ in answers] == [200, 404] * (PEOPLE // 2)
        assert len({answer["name"] for status, answer in answers if status == 200}) == 1
    assert sandbox.count(grant_type="client_credentials") == 1
    assert sandbox.count(path="/v2/api/identities") >= 2 * PEOPLE
