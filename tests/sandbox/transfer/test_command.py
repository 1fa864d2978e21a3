"""Collections of the command ``globus-core sandbox``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from globus_core.testing import SandboxControl
from globus_core_sandbox.cli import sandbox
from tests.sandbox.test_server import RUN_COMMAND, _environment


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_a_folder_becomes_a_collection(tmp_path: Path) -> None:
    """
    The command prints its name, id and folder; the id is the same at the next start.
    """
    folders = [tmp_path / "scans", tmp_path / "results"]
    for folder in folders:
        folder.mkdir()
    given = [f"--collection={folder.name}={folder}" for folder in folders]
    first, second = printed(given), printed(given)
    assert first == second
    assert [line[-1] for line in first[-2:]] == [str(folder) for folder in folders]
    assert [line[0] for line in first[-2:]] == ["scans", "results"]


def printed(arguments: list[str]) -> list[list[str]]:
    """
    The printed collections, whose ids are those that the control API has.
    """
    command = [sys.executable, "-c", RUN_COMMAND, "--port", "0", *arguments]
    process = subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line.strip())
            if line.startswith("control API"):
                break
        address = next(line for line in lines if "_URL_AUTH=" in line).partition("=")[2]
        collections = [line.split() for line in lines[lines.index("collections") + 1 : -2]]
        known = SandboxControl(address).state()["services"]["transfer"]["collections"]
        assert [line[-2] for line in collections] == [made["id"] for made in known]
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    # Those that are always there have temporary folders.
    return collections[-len(arguments) :]


@pytest.mark.parametrize("given", ["scans", "=.", "scans=", "scans=none"])
def test_what_is_no_name_and_folder_is_refused(given: str) -> None:
    """
    One line says how a collection is given.
    """
    answer = CliRunner().invoke(sandbox, ["--collection", given])
    assert answer.exit_code == 2
    assert f"'{given}' is not NAME=FOLDER with a folder that exists" in answer.output
