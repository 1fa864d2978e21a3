"""Starting, stopping and speaking HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

import globus_core_sandbox
from globus_core_sandbox import (
    ClientSeed,
    Person,
    Sandbox,
    SandboxError,
    SandboxStartError,
    Seeds,
)
from tests.sandbox.plain_client import PlainClient, redirect_query

ROOT = Path(globus_core_sandbox.__file__).resolve().parents[2]
# Ctrl-C is heard also where the tests themselves run in the background of a shell.
RUN_COMMAND = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from globus_core_sandbox.cli import sandbox
sandbox()
"""


def _environment() -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "plugins")])
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def _python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_sandbox_can_be_started_and_stopped_again_and_again() -> None:
    """Stopping closes the socket and ends all threads, starting anew works."""
    sandbox = Sandbox()
    before = set(threading.enumerate())
    with requests.Session() as session:
        for _ in range(2):
            sandbox.start()
            assert session.get(sandbox.url + "jwk.json", timeout=10).status_code == 200
            sandbox.stop()
            with pytest.raises(requests.ConnectionError):
                session.get(sandbox.url + "jwk.json", timeout=10)
    sandbox.stop()
    for thread in set(threading.enumerate()) - before:
        thread.join(60)
        assert not thread.is_alive()


def test_stopping_does_not_wait_for_late_answers() -> None:
    """A request that is being delayed is hung up."""
    with Sandbox() as sandbox, ThreadPoolExecutor(1) as pool:
        sandbox.fail(latency=3600)
        answer = pool.submit(requests.get, sandbox.url, timeout=7200)
        while sandbox.state()["faults"] != 0:
            threading.Event().wait(0.005)
        sandbox.stop()
        with pytest.raises(requests.ConnectionError):
            answer.result(60)


def test_an_address_in_use_is_a_clear_error() -> None:
    """It is an OSError and a GlobusError that names the address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SandboxStartError, match=f"cannot listen on '127.0.0.1' port {port}"):
            Sandbox(port=port).start()
    assert issubclass(SandboxStartError, OSError)


@pytest.mark.parametrize("port", [70000, -1])
def test_an_impossible_port_is_a_clear_error(port: int) -> None:
    """Python's own overflow does not leak."""
    with pytest.raises(SandboxStartError, match="cannot listen"):
        Sandbox(port=port).start()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "example.org", ""])
def test_only_loopback_is_served(host: str) -> None:
    """Everything else needs an explicit wish."""
    with pytest.raises(SandboxError, match="loopback only"):
        Sandbox(host)
    Sandbox(host, allow_remote=True)


def test_there_is_no_address_before_the_start() -> None:
    """Asking for it is a clear error."""
    with pytest.raises(SandboxError, match="before start"):
        _ = Sandbox().url


def test_connections_are_kept(globus_sandbox: Sandbox) -> None:
    """Several requests of all kinds go over one connection."""
    parts = urlsplit(globus_sandbox.url)
    request = b"GET /jwk.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
    post = (
        b"POST /v2/oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\ngrant_type=x"
    )
    with socket.create_connection((str(parts.hostname), parts.port or 0), timeout=10) as wire:
        wire.sendall(
            request + post + request + request.replace(b"1\r\nH", b"1\r\nConnection: close\r\nH", 1)
        )
        received = b""
        while chunk := wire.recv(65536):
            received += chunk
    assert received.count(b"HTTP/1.1 200 ") == 3
    assert received.count(b"HTTP/1.1 400 ") == 1


def test_a_body_without_a_length_or_too_long_is_refused(globus_sandbox: Sandbox) -> None:
    """The connection ends with an error, the server goes on."""
    url = globus_sandbox.url + "v2/oauth2/token"
    assert requests.post(url, data=iter([b"a=b"]), timeout=10).status_code == 411
    parts = urlsplit(url)
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n"
    with socket.create_connection((str(parts.hostname), parts.port or 0), timeout=10) as wire:
        wire.sendall(head)
        assert wire.recv(65536).startswith(b"HTTP/1.1 413 ")
    assert requests.head(globus_sandbox.url, timeout=10).status_code == 200


def test_many_threads_can_log_in_at_once(globus_sandbox: Sandbox) -> None:
    """Each gets its own tokens."""

    def log_in(_: int) -> str:
        plain = PlainClient(globus_sandbox)
        with plain.session:
            return str(plain.log_in()["access_token"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(log_in, range(24)))) == 24


def test_ipv6_and_a_given_issuer_work_as_well() -> None:
    """The address is written with brackets; the issuer is what was asked for."""
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        sandbox = Sandbox("::1", issuer="https://auth.globus.org").start()
    except SandboxStartError:
        pytest.skip("this machine has no IPv6 loopback")
    with sandbox:
        plain = PlainClient(sandbox)
        with plain.session:
            claims = plain.verify(plain.log_in()["id_token"])
    assert sandbox.url.startswith("http://[::1]:")
    assert claims["iss"] == "https://auth.globus.org"


def test_seeds_can_be_replaced() -> None:
    """People and clients are then the given ones, redirects only the registered ones."""
    provider = Seeds().identity_providers[0]
    zoe = Person(
        id="2d9e07b4-5c18-4f63-a0e7-81b6d34f9c25",
        username="zoe@example.org",
        name="Zoe",
        email=None,
        organization=None,
        identity_provider=provider.id,
    )
    portal = ClientSeed(
        id="f4a86c1e-3b70-4d92-8e05-c7d19b2f6a38",
        name="Portal",
        project="x",
        redirect_uris=("https://portal.example.org/callback",),
        loopback_redirects=False,
    )
    with Sandbox(seeds=Seeds(people=(zoe,), clients=(portal,))) as sandbox:
        with pytest.raises(SandboxError, match="no confidential client"):
            _ = sandbox.confidential_client_id
        query = {"client_id": portal.id, "response_type": "code", "scope": "openid"}
        query |= {"code_challenge": "x" * 43, "code_challenge_method": "S256"}
        url = sandbox.url + "v2/oauth2/authorize"
        answer = requests.get(url, query, allow_redirects=False, timeout=10)
        assert answer.headers["Location"].startswith("https://portal.example.org/callback?")
        assert redirect_query(answer)["code"]
        query["redirect_uri"] = "http://127.0.0.1/"
        assert requests.get(url, query, timeout=10).status_code == 400
        assert sandbox.people == (zoe,)
        assert sandbox.native_client_id == portal.id


def test_importing_the_package_is_light() -> None:
    """Neither Flask nor Authlib comes with the import, nor with the plugin's hooks or fixtures."""
    code = (
        "import sys, globus_core_sandbox, globus_core_sandbox.hooks\n"
        "globus_core_sandbox.SandboxControl\n"
        "names = {'flask', 'authlib', 'werkzeug', 'joserfc', 'requests', 'attrs', 'typing'}\n"
        "sys.exit(', '.join(names.intersection(sys.modules)))"
    )
    assert _python(code).stderr.strip() == ""


def test_a_missing_extra_says_what_to_install() -> None:
    """Without Flask the ImportError names the extra."""
    code = "import sys; sys.modules['flask'] = None; from globus_core_sandbox import Sandbox"
    assert 'pip install "globus-core[sandbox]"' in _python(code).stderr


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_the_command_runs_until_ctrl_c() -> None:
    """It prints how to use it, serves, and ends with status 0."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", RUN_COMMAND, "--access-token-lifetime", "77"],
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.strip())
            if line.startswith("control API"):
                break
        export = next(line for line in lines if line.startswith("export "))
        name, _, url = export.removeprefix("export ").partition("=")
        assert name == "GLOBUS_SDK_SERVICE_URL_AUTH"
        assert any("development only" in line for line in lines)
        state = requests.get(url + "_sandbox/state", timeout=10).json()
        assert state["settings"]["access_token_lifetime"] == 77
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def test_the_command_refuses_other_addresses() -> None:
    """One line says why, and the status is 1."""
    answer = _python(RUN_COMMAND, "--host", "0.0.0.0")
    assert answer.returncode == 1
    assert "loopback only" in answer.stderr
    assert "Traceback" not in answer.stderr
