"""
globus-cli on this SDK: its commands run with ``globus_sdk`` replaced by ``as_globus_sdk()``, and do
what they do with the real one.
"""

from __future__ import annotations

import re
import subprocess
import sysconfig
import typing as t
from pathlib import Path

import pytest

from globus_core_gcs.sandbox.server import COLLECTION, ENDPOINT
from tests.servers.globus_cli import GlobusCli

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
#: what differs from run to run: ids, request ids, times
_CHANGING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|\d{4}-\d\d-\d\d[T ][\d:.+Z]+|\b[0-9a-f]{9}\b|\b\d{10}\b"
)
_RUN = """
import sys
sys.path[:0] = [{root!r}, {plugins!r}]
sys.path.append({packages!r})  # pluggy and attrs, and which plugins there are
import globus_core
globus_core.as_globus_sdk()
from globus_cli import main
sys.argv[0] = "globus"
try:
    main()
finally:
    import globus_sdk
    real = [n for n, m in sys.modules.items() if n.split(".")[0] == "globus_sdk"
            and "globus_sdk" in (getattr(m, "__file__", "") or "").split("site-packages")[-1]]
    assert not real, real
"""
#: commands that change nothing, one or more of each group
COMMANDS = (
    "--help",
    "version",
    "whoami",
    "whoami --linked-identities -F json",
    "session show",
    "get-identities ada@example.org",
    "get-identities ada@example.org -F json",
    "cli-profile-list",
    "list-commands",
    "endpoint search sandbox",
    "endpoint show {laptop}",
    "ls {laptop}",
    "ls {laptop} -l -r",
    "ls {laptop}:/none",
    "stat {laptop}:/a.txt",
    "task list",
    "bookmark list",
    "group list",
    "search index list",
    "flows list",
    "flows run list",
    "timer list",
    "gcs endpoint show {endpoint}",
    "gcs endpoint role list {endpoint}",
    "collection list {endpoint}",
    "collection show {storage}",
    "api auth GET /v2/oauth2/userinfo",
    "api transfer GET /v0.10/task_list",
    "api groups GET /v2/groups/my_groups",
    "task show 5f1c8a3e-2b47-4c0d-9e6a-7d3b1f0c4a58",
    "group show 5f1c8a3e-2b47-4c0d-9e6a-7d3b1f0c4a58",
)


class Pair:
    """The program twice: as it is, and on this SDK."""

    def __init__(self, sandbox: Sandbox, cli: GlobusCli, folder: Path) -> None:
        login = {
            "GLOBUS_CLI_CLIENT_ID": sandbox.confidential_client_id,
            "GLOBUS_CLI_CLIENT_SECRET": sandbox.confidential_client_secret,
            **sandbox.environment(),
        }
        homes = folder / "theirs", folder / "ours"
        for home in homes:
            home.mkdir()
        self.theirs = cli.in_environment(homes[0], **login)
        self.ours = cli.in_environment(homes[1], **login)
        described = sandbox.state()["services"]["transfer"]["collections"]
        self.collections = {each["name"]: each for each in described}
        packages = sysconfig.get_path("purelib")
        self._program = _RUN.format(
            root=str(ROOT), plugins=str(ROOT / "plugins"), packages=packages
        )

    def id(self, name: str) -> str:
        """The id of a collection."""
        return str(self.collections[name]["id"])

    def on_us(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command on this SDK."""
        return _run(self.ours, [str(self.ours.python), "-c", self._program, *arguments])

    def on_the_real_one(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command as it is installed."""
        return _run(self.theirs, self.theirs.command(*arguments))


def _run(cli: GlobusCli, command: list[str]) -> tuple[int, str, str]:
    done = subprocess.run(
        command,
        env=cli.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
    )
    return done.returncode, _steady(done.stdout), _steady(done.stderr)


def _steady(text: str) -> str:
    return _CHANGING.sub("...", text)


@pytest.fixture
def pair(globus_sandbox: Sandbox, globus_cli: GlobusCli, tmp_path: Path) -> Pair:
    """Both, with the login of the confidential client."""
    made = Pair(globus_sandbox, globus_cli, tmp_path)
    (Path(made.collections["Sandbox Laptop"]["root"]) / "a.txt").write_text("hi")
    return made


def test_each_command_prints_what_it_prints_with_globus_sdk(pair: Pair) -> None:
    """Status, output and errors are the same, ids and times left out."""
    places = {
        "laptop": pair.id("Sandbox Laptop"),
        "endpoint": ENDPOINT,
        "storage": COLLECTION,
    }
    different = {}
    for command in COMMANDS:
        arguments = command.format(**places).split()
        theirs, ours = pair.on_the_real_one(*arguments), pair.on_us(*arguments)
        if theirs != ours:
            different[command] = theirs, ours
    assert different == {}


def test_commands_change_what_they_say(pair: Pair) -> None:
    """Files are moved, folders, bookmarks and groups are made."""
    laptop, server = pair.id("Sandbox Laptop"), pair.id("Sandbox Server")

    def done(*arguments: str) -> str:
        status, output, errors = pair.on_us(*arguments)
        assert status == 0, f"{arguments}\n{output}\n{errors}"
        return output

    done("mkdir", f"{laptop}:/d")
    done("rename", laptop, "/d", "/e")
    assert "e/" in done("ls", laptop)
    done("transfer", f"{laptop}:/a.txt", f"{server}:/b.txt")
    done("bookmark", "create", f"{laptop}:/e/", "mine")
    assert "mine" in done("bookmark", "list")
    done("group", "create", "Ours")
    assert "Ours" in done("group", "list")
    done("rm", "--recursive", f"{laptop}:/e")
    assert "e/" not in done("ls", laptop)
