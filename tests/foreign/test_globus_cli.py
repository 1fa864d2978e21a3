"""
globus-cli against the sandbox's Transfer: a program that we did not write moves real files.
"""

from __future__ import annotations

import dataclasses
import re
import subprocess
import typing as t
from pathlib import Path

import pytest

from globus_core_sandbox import ClientSeed, Sandbox, Seeds
from tests.servers._browser import call, good, redirect_target
from tests.servers.globus_cli import GlobusCli

pytestmark = pytest.mark.full

ADA = "ada@example.org"


@dataclasses.dataclass(frozen=True)
class Place:
    """
    A collection: its id, and its local folder.
    """

    id: str
    root: Path

    def at(self, path: str) -> str:
        """
        A path in it, as the program takes it.
        """
        return f"{self.id}:{path}"

    def files(self) -> dict[str, str]:
        """
        What is in the local folder now: the text of each file, by its path.
        """
        found = sorted(self.root.rglob("*"))
        return {p.relative_to(self.root).as_posix(): p.read_text() for p in found if p.is_file()}


@dataclasses.dataclass(frozen=True)
class Desk:
    """
    The program with the confidential client's login, and two collections of the sandbox.
    """

    sandbox: Sandbox
    cli: GlobusCli
    source: Place
    target: Place

    def control(self, verb: str, **arguments: t.Any) -> t.Any:
        """
        Run a control verb of Transfer.
        """
        return self.sandbox.control("transfer", verb, **arguments)

    def submit(self, *arguments: str, typed: str = "") -> str:
        """
        Run a command that submits a task, and give the id of the task.
        """
        return str(self.cli.json(*arguments, typed=typed)["task_id"])

    def finish(self, *arguments: str, typed: str = "") -> str:
        """
        Submit a task and wait until it has succeeded.
        """
        task = self.submit(*arguments, typed=typed)
        self.control("settle")
        self.cli.run("task", "wait", task, "--timeout", "60")
        return task

    def task(self, task: str) -> dict[str, t.Any]:
        """
        The document of a task.
        """
        return t.cast("dict[str, t.Any]", self.cli.json("task", "show", task))


def place(sandbox: Sandbox, root: Path, **more: t.Any) -> Place:
    """
    Add a collection over a new folder.
    """
    root.mkdir()
    made = sandbox.control("transfer", "collections/add", name=root.name, root=str(root), **more)
    return Place(made["id"], root)


@pytest.fixture
def desk(globus_sandbox: Sandbox, globus_cli: GlobusCli, tmp_path: Path) -> Desk:
    """
    The source has four files in two folders; the target is empty.
    """
    home = tmp_path / "home"
    home.mkdir()
    login = {
        "GLOBUS_CLI_CLIENT_ID": globus_sandbox.confidential_client_id,
        "GLOBUS_CLI_CLIENT_SECRET": globus_sandbox.confidential_client_secret,
    }
    cli = globus_cli.in_environment(home, **globus_sandbox.environment(), **login)
    source, target = (place(globus_sandbox, tmp_path / name) for name in ("Alpha", "Beta"))
    (source.root / "sub").mkdir()
    for path in ("one.txt", "two.csv", "sub/deep.txt", "sub/deep.log"):
        (source.root / path).write_text(path)
    return Desk(globus_sandbox, cli, source, target)


@pytest.fixture
def guest(desk: Desk, tmp_path: Path) -> Place:
    """
    A guest collection of the confidential client's.
    """
    owner = desk.sandbox.confidential_client_id
    return place(desk.sandbox, tmp_path / "Guest", kind="guest", owner=owner)


def test_it_lists_folders(desk: Desk) -> None:
    """One folder or all below it, filtered, ordered, with sizes; a file is no folder."""
    run, root = desk.cli.run, desk.source.at("/")
    assert run("ls", root).split() == ["one.txt", "sub/", "two.csv"]
    everything = ["one.txt", "sub/", "sub/deep.log", "sub/deep.txt", "two.csv"]
    assert sorted(run("ls", "-r", root).split()) == everything
    assert run("ls", "--filter", "~*.txt", root).split() == ["one.txt"]
    assert run("ls", "--orderby", "name:DESC", root).split() == ["two.csv", "sub/", "one.txt"]
    assert re.search(r"\| 7 +\| .* \| file +\| one\.txt", run("ls", "-l", root))
    refused = desk.cli.json("ls", desk.source.at("/one.txt"), status=1)
    assert refused["code"] == "ExternalError.DirListingFailed.NotDirectory"


def test_it_describes_files(desk: Desk) -> None:
    """Type and size; for a file that is not there the code says so."""
    shown = desk.cli.json("stat", desk.source.at("/sub/deep.txt"))
    assert (shown["name"], shown["type"], shown["size"]) == ("deep.txt", "file", 12)
    refused = desk.cli.run("stat", desk.source.at("/none"), status=1)
    assert "ClientError.NotFound" in refused


def test_it_makes_and_renames_folders(desk: Desk) -> None:
    """On the disk; a name that is not there is refused."""
    desk.cli.run("mkdir", desk.target.at("/new"))
    assert (desk.target.root / "new").is_dir()
    desk.cli.run("rename", desk.target.id, "/new", "/newer")
    assert [path.name for path in desk.target.root.iterdir()] == ["newer"]
    assert "NotFound" in desk.cli.run("rename", desk.target.id, "/none", "/x", status=1)


def test_it_transfers_a_file_and_follows_the_task(desk: Desk) -> None:
    """The file is there, and each view of the task tells of it."""
    source, target = desk.source.at("/one.txt"), desk.target.at("/copy.txt")
    task = desk.finish("transfer", source, target, "--label", "first")
    assert desk.target.files() == {"copy.txt": "one.txt"}
    shown = desk.task(task)
    assert (shown["status"], shown["label"], shown["files"]) == ("SUCCEEDED", "first", 1)
    assert shown["bytes_transferred"] == 7
    listed = desk.cli.json("task", "list", "--filter-label", "first", "--filter-type", "TRANSFER")
    assert [found["task_id"] for found in listed["DATA"]] == [task]
    assert task not in desk.cli.run("task", "list", "--filter-status", "ACTIVE")
    events = desk.cli.json("task", "event-list", task)["DATA"]
    assert [event["code"] for event in events] == ["SUCCEEDED", "STARTED"]
    assert desk.cli.json("task", "event-list", "--filter-errors", task)["DATA"] == []
    done = desk.cli.run("task", "show", "--successful-transfers", task)
    assert "/one.txt" in done
    assert "/copy.txt" in done
    assert "is not paused" in desk.cli.run("task", "pause-info", task)


def test_it_transfers_a_batch(desk: Desk) -> None:
    """Files and folders of one input, in one task."""
    lines = "--recursive sub folder\none.txt file.txt\n"
    desk.finish("transfer", desk.source.at("/"), desk.target.at("/"), "--batch", "-", typed=lines)
    assert desk.target.files() == {
        "file.txt": "one.txt",
        "folder/deep.log": "sub/deep.log",
        "folder/deep.txt": "sub/deep.txt",
    }


def test_it_transfers_a_folder_with_filters(desk: Desk) -> None:
    """What is excluded stays behind, unless an earlier rule includes it."""
    everything = ("transfer", "--recursive", desk.source.at("/"))
    desk.finish(*everything, desk.target.at("/all"), "--exclude", "*.log")
    assert sorted(desk.target.files()) == ["all/one.txt", "all/sub/deep.txt", "all/two.csv"]
    rules = ("--include", "*.txt", "--exclude", "*.csv", "--exclude", "*.log")
    desk.finish(*everything, desk.target.at("/texts"), *rules, "--sync-level", "checksum")
    texts = [path for path in sorted(desk.target.files()) if path.startswith("texts/")]
    assert texts == ["texts/one.txt", "texts/sub/deep.txt"]


def test_a_dry_run_moves_nothing(desk: Desk) -> None:
    """It shows the document, and there is no task."""
    arguments = ("--dry-run", "--recursive", desk.source.at("/"), desk.target.at("/all"))
    shown = desk.cli.json("transfer", *arguments)
    assert [item["destination_path"] for item in shown["DATA"]] == ["/all"]
    assert desk.cli.json("task", "list")["DATA"] == []
    assert desk.target.files() == {}


def test_it_waits_no_longer_than_it_may(desk: Desk) -> None:
    """A task without its source file goes on, its events tell why, and waiting ends."""
    task = desk.submit("transfer", desk.source.at("/none"), desk.target.at("/none"))
    desk.control("settle")
    wait = ("task", "wait", task, "--timeout", "1", "--polling-interval", "1")
    desk.cli.run(*wait, "--timeout-exit-code", "50", status=50)
    errors = desk.cli.json("task", "event-list", "--filter-errors", task)["DATA"]
    assert {event["code"] for event in errors} == {"FILE_NOT_FOUND"}
    assert desk.task(task)["faults"] >= len(errors) >= 1


def test_it_changes_and_cancels_tasks(desk: Desk) -> None:
    """Label, deadline and the reason of a pause; one task, or all of them, end as FAILED."""
    desk.control("slow-down", seconds_per_block=1000)
    tasks = [
        desk.submit("transfer", desk.source.at("/one.txt"), desk.target.at(f"/{n}")) for n in "ab"
    ]
    new = ("--label", "renamed", "--deadline", "2101-02-03")
    desk.cli.run("task", "update", *new, tasks[0])
    shown = desk.task(tasks[0])
    assert (shown["label"], shown["deadline"][:10]) == ("renamed", "2101-02-03")
    desk.control("pause", task_id=tasks[0], message="maintenance")
    assert desk.task(tasks[0])["is_paused"] is True
    reason = desk.cli.run("task", "pause-info", tasks[0])
    assert re.search(r"write/read \| Alpha .*\| maintenance", reason)
    desk.cli.run("task", "cancel", tasks[0])
    assert [desk.task(task)["status"] for task in tasks] == ["FAILED", "ACTIVE"]
    assert tasks[1] in desk.cli.run("task", "cancel", "--all")
    assert desk.task(tasks[1])["status"] == "FAILED"
    desk.cli.run("task", "wait", tasks[1], status=1)
    assert desk.cli.json("task", "list", "--filter-status", "ACTIVE")["DATA"] == []


def test_it_deletes_by_tasks(desk: Desk) -> None:
    """A folder, globs and a batch; a dry run deletes nothing."""
    source = desk.source
    shown = desk.cli.json("delete", "--dry-run", source.id, "--batch", "-", typed="one.txt\n")
    assert [item["path"] for item in shown["DATA"]] == ["one.txt"]
    assert len(source.files()) == 4
    desk.finish("delete", "--recursive", source.at("/sub"))
    assert sorted(source.files()) == ["one.txt", "two.csv"]
    desk.finish("delete", "--enable-globs", source.at("/*.csv"))
    assert sorted(source.files()) == ["one.txt"]
    desk.finish("delete", "--ignore-missing", source.at("/none"))
    desk.finish("delete", source.id, "--batch", "-", typed="/one.txt\n")
    assert source.files() == {}


def test_it_removes_files_and_waits(desk: Desk) -> None:
    """``rm`` ends when they are gone, and says if they are not after its time."""
    desk.cli.run("rm", desk.source.at("/one.txt"))
    assert "one.txt" not in desk.source.files()
    desk.cli.run("rm", "--dry-run", "--recursive", desk.source.at("/sub"))
    assert "sub/deep.txt" in desk.source.files()
    desk.cli.run("rm", "--recursive", desk.source.at("/sub"))
    assert sorted(desk.source.files()) == ["two.csv"]
    late = desk.cli.run("rm", "--timeout", "1", desk.source.at("/none"), status=1)
    assert "yet to complete" in late


def test_it_keeps_bookmarks(desk: Desk) -> None:
    """They are made, listed, shown by name, renamed, used and deleted."""
    bookmark = ("bookmark",)
    desk.cli.run(*bookmark, "create", desk.source.at("/sub/"), "mark")
    (listed,) = desk.cli.json(*bookmark, "list")["DATA"]
    assert (listed["name"], listed["endpoint_id"]) == ("mark", desk.source.id)
    assert desk.cli.run(*bookmark, "show", "mark").strip() == desk.source.at("/sub/")
    desk.cli.run(*bookmark, "rename", "mark", "renamed")
    shown = desk.cli.run(*bookmark, "show", "renamed").strip()
    assert desk.cli.run("ls", shown).split() == ["deep.log", "deep.txt"]
    desk.cli.run(*bookmark, "delete", "renamed")
    assert desk.cli.json(*bookmark, "list")["DATA"] == []
    assert "No bookmark found" in desk.cli.run(*bookmark, "show", "renamed", status=1)


def test_it_finds_collections(desk: Desk, guest: Place) -> None:
    """By words, by scope and by owner; a collection is shown, a guest collection elsewhere."""

    def found(*arguments: str) -> set[str]:
        listed = desk.cli.json("endpoint", "search", *arguments)["DATA"]
        return {collection["id"] for collection in listed}

    assert found("alpha") == {desk.source.id}
    assert found("--filter-scope", "my-endpoints") == {guest.id}
    assert found("Beta", "--filter-owner-id", ADA) == {desk.target.id}
    shown = desk.cli.run("endpoint", "show", desk.source.id)
    assert re.search(r"Display Name: +Alpha\n", shown)
    assert re.search(rf"Owner: +{ADA}\n", shown)
    other = desk.cli.run("endpoint", "show", guest.id, status=3)
    assert f"globus gcs collection show {guest.id}" in other


def test_it_shares_a_guest_collection(desk: Desk, guest: Place) -> None:
    """A rule for a person is made, shown, changed and deleted; others are for everybody."""
    permission = ("endpoint", "permission")
    new = (*permission, "create", guest.at("/"), "--permissions", "r")
    rule = desk.cli.json(*new, "--identity", ADA)["access_id"]
    assert ADA in desk.cli.run(*permission, "list", guest.id)
    assert "Exists" in desk.cli.run(*new, "--identity", ADA, status=1)
    desk.cli.run(*permission, "update", "--permissions", "rw", guest.id, rule)
    shown = desk.cli.json(*permission, "show", guest.id, rule)
    assert (shown["permissions"], shown["path"]) == ("rw", "/")
    desk.cli.run(*permission, "delete", guest.id, rule)
    desk.cli.run(*new, "--anonymous")
    desk.cli.run(*new, "--all-authenticated")
    left = desk.cli.json(*permission, "list", guest.id)["DATA"]
    assert {rule["principal_type"] for rule in left} == {"anonymous", "all_authenticated_users"}


def test_a_person_logs_in_and_out(globus_cli: GlobusCli, tmp_path: Path) -> None:
    """With the pasted code, through an instance of the program's native client."""
    template = ClientSeed(id=globus_cli.template_client_id(), name="Globus CLI", project=None)
    seeds = Seeds(clients=(*Seeds().clients, template))
    with Sandbox(seeds=seeds) as sandbox:
        cli = globus_cli.in_environment(tmp_path, **sandbox.environment())
        collection = place(sandbox, tmp_path / "Alpha")
        (collection.root / "one.txt").write_text("one")
        assert "globus login" in cli.run("ls", collection.id, status=4)
        assert "successfully logged in" in log_in(cli)
        assert cli.run("whoami").strip() == ADA
        assert cli.run("ls", collection.at("/")).split() == ["one.txt"]
        cli.run("logout", "--yes")
        assert "globus login" in cli.run("ls", collection.id, status=4)


def log_in(cli: GlobusCli, *options: str) -> str:
    """
    Run the login, open its address as a browser would, and type the code.

    :param options: of the login, such as ``--gcs`` with its value
    """
    process = subprocess.Popen(
        cli.command("login", "--no-local-server", *options),
        env=cli.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        assert process.stdout is not None
        try:
            address = next(line.strip() for line in process.stdout if line.startswith("http"))
            page = good("GET", redirect_target(call("GET", address))).text
            code = re.search(r'id="authorization-code">([^<]+)<', page)
            assert code is not None, page
            return process.communicate(code[1] + "\n", timeout=60)[0]
        finally:
            process.kill()
