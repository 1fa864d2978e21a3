"""
The ten minutes of the guide for services, as a reader spends them: the service runs, and the
program that calls it logs in.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import typing as t

import pytest
import requests

from tests.docs.pages import blocks, files, programs
from tests.docs.test_examples import environment, run_blocks, site

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["environment", "site"]  # fixtures

PAGE = "docs/guides/protect-your-service.md"
FLASK = ("flask", "--app", "service", "run")
FAST_API = ("uvicorn", "fast_service:app")
MCP = ("uvicorn", "mcp_service:app")
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "whoami"}}


@pytest.fixture(autouse=True)
def _saved_files(site: Path) -> None:
    """The files of the page are there to be run."""
    for block in files(PAGE):
        (site / block.value).write_text(block.text, encoding="utf-8")


@contextlib.contextmanager
def running(command: tuple[str, ...], site: Path, variables: dict[str, str]) -> Iterator[str]:
    """
    Run a server as the page says, on any free port, and give its address.
    """
    with subprocess.Popen(
        [sys.executable, "-m", *command, "--port", "0"],
        cwd=site,
        env={**variables, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        try:
            said = []
            for line in process.stderr:
                said.append(line)
                if found := re.search(r"http://127\.0\.0\.1:[1-9]\d*", line):
                    yield found[0]
                    return
            raise AssertionError("".join(said))
        finally:
            process.kill()


@pytest.mark.parametrize("command", [FLASK, pytest.param(FAST_API, marks=pytest.mark.full)])
def test_a_program_logs_in_because_the_service_asks_for_it(
    command: tuple[str, ...], site: Path, environment: dict[str, str]
) -> None:
    """Once for the first view, and once more for what the second one requires."""
    if command is FAST_API:
        pytest.importorskip("fastapi", reason="the full tests install it")
    with running(command, site, environment) as address:
        refused = requests.get(f"{address}/hello", timeout=30)
        (program,) = (block for block in files(PAGE) if block.value == "client.py")
        text = program.text.replace("http://127.0.0.1:5000", address)
        (done,) = run_blocks(PAGE, [program._replace(text=text)], environment)

    assert done["error"] is None, done["error"]
    logins = r".*?https?://\S+/authorize\S+.*?"
    assert re.fullmatch(rf"{logins}Ada Kestrel\n{logins}ada@example\.org\n", done["printed"], re.S)
    (answer,) = (block.text for block in blocks(PAGE) if block.text.startswith("HTTP/1.1"))
    assert answer.startswith(f"HTTP/1.1 {refused.status_code} ")
    assert f"WWW-Authenticate: {refused.headers['WWW-Authenticate']}\n" in answer
    assert answer.endswith(f"\n\n{refused.text}\n")


@pytest.mark.full
def test_the_mcp_server_on_the_page_knows_its_caller(
    site: Path, environment: dict[str, str]
) -> None:
    """And lets nobody else in."""
    pytest.importorskip("mcp", reason="the full tests install it")
    ready, logged_in, *_ = programs(PAGE)
    printing = logged_in._replace(text="print(header)")
    *_, done = run_blocks(PAGE, [ready, logged_in, printing], environment)
    headers = {
        "Authorization": done["printed"].strip(),
        "Accept": "application/json, text/event-stream",
    }
    with running(MCP, site, environment) as address:
        refused = requests.post(f"{address}/mcp", json=CALL, timeout=30)
        started = {
            "jsonrpc": "2.0",
            "id": 0,
            "method": "initialize",
            "params": {
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "tests", "version": "1"},
            },
        }
        session = requests.post(f"{address}/mcp", json=started, headers=headers, timeout=30)
        headers["Mcp-Session-Id"] = session.headers["Mcp-Session-Id"]
        answer = requests.post(f"{address}/mcp", json=CALL, headers=headers, timeout=30)

    assert refused.status_code == 401
    assert refused.json()["code"] == "Unauthorized"
    assert "ada@example.org" in answer.text
