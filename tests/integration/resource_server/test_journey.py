"""
A whole journey through real processes: a program, two workers of a service, and Globus.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import typing as t

import pytest

from globus_core.testing import Sandbox
from tests.layout.house import ROOT

if t.TYPE_CHECKING:
    from collections.abc import Iterator

HERE = pathlib.Path(__file__).parent
ADA = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
TRANSFER_ALL = "urn:globus:auth:scope:transfer.api.globus.org:all"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A Globus, in the process of the test."""
    with Sandbox() as made:
        yield made


@pytest.fixture
def environment(sandbox: Sandbox) -> dict[str, str]:
    """What makes programs use it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GLOBUS_")}
    return {**kept, **sandbox.environment(), "PYTHONPATH": str(ROOT)}


@contextlib.contextmanager
def workers(
    sandbox: Sandbox, environment: dict[str, str], folder: pathlib.Path
) -> Iterator[list[str]]:
    """The addresses of two workers of the service, each a process."""
    scope = sandbox.seeds.scopes[0].scope_string
    arguments = [sandbox.confidential_client_id, sandbox.confidential_client_secret, scope]
    command = [sys.executable, str(HERE / "journey_service.py"), *arguments, str(folder)]
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        ports = [t.cast("t.IO[str]", process.stdout).readline().strip() for process in running]
        yield [f"http://127.0.0.1:{port}" for port in ports]
    finally:
        for process in running:
            process.kill()
            process.communicate()


@pytest.fixture
def collections(sandbox: Sandbox, tmp_path: pathlib.Path) -> dict[str, str]:
    """Ids of collections by kind: Ada's laptop, her disk, and a server that needs a consent."""
    found = {}
    for name, kind in (("laptop", "gcp"), ("disk", "gcp"), ("server", "mapped")):
        root = tmp_path / name
        root.mkdir()
        (root / "data.txt").write_text(name)
        answer = sandbox.control(
            "transfer", "collections/add", name=name, root=str(root), kind=kind
        )
        found[name] = answer["id"]
    return found


def test_a_program_acts_at_transfer_through_a_service(
    sandbox: Sandbox,
    environment: dict[str, str],
    collections: dict[str, str],
    tmp_path: pathlib.Path,
) -> None:
    """
    A session and a consent are required in the middle: one login for each, and the call is repeated
    and answered. Both workers know what one has asked.
    """
    laptop, disk, server = collections.values()
    shared = tmp_path / "shared"
    shared.mkdir()
    with workers(sandbox, environment, shared) as (one, two):
        calls = [
            ("GET", f"{one}/folders/{laptop}"),
            ("GET", f"{two}/folders/{laptop}"),
            ("POST", f"{one}/tasks/{laptop}/{disk}"),
            ("POST", f"{two}/tasks/{laptop}/{disk}"),
            ("GET", f"{one}/folders/{server}"),
            ("GET", f"{two}/folders/{server}"),
        ]
        result = call(sandbox, environment, calls)

    answers, asked = result["answers"], result["asked"]
    assert [answer["caller"] for answer in answers] == [ADA] * 6
    assert [answer["names"] for answer in (*answers[:2], *answers[4:])] == [["data.txt"]] * 4
    for answer in answers[2:4]:
        assert (answer["task"]["status"], answer["task"]["owner_id"]) == ("SUCCEEDED", ADA)
    assert (tmp_path / "disk" / "copy.txt").read_text() == "laptop"

    first, for_session, for_consent = asked
    assert not first.keys() & {"session_required_single_domain", "session_message"}
    assert for_session["session_required_single_domain"] == ["example.edu"]
    (scope,) = [one for one in for_consent["required_scopes"] if "data_access" in one]
    below = f"[{TRANSFER_ALL}[*https://auth.globus.org/scopes/{server}/data_access]]"
    assert scope == sandbox.seeds.scopes[0].scope_string + below

    # each of the three tokens was asked about once, and exchanged once, by one of the workers
    paths = [record.path for record in sandbox.journal()]
    assert paths.count("/v2/oauth2/token/introspect") == 3
    assert paths.count("/v2/oauth2/token") == 3 + len(asked)


def call(
    sandbox: Sandbox, environment: dict[str, str], calls: list[tuple[str, str]]
) -> dict[str, t.Any]:
    """What the program prints that sends some requests."""
    scope = sandbox.seeds.scopes[0].scope_string
    arguments = [sandbox.native_client_id, sandbox.confidential_client_id, scope]
    words = [word for pair in calls for word in pair]
    done = subprocess.run(
        [sys.executable, str(HERE / "journey_client.py"), *arguments, *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, t.Any] = json.loads(done.stdout)
    return found
