"""The commands of the command line for Transfer, with real files of the sandbox."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
from click.testing import Result

from globus_core import TransferClient
from globus_core_cli.group import cli
from tests.commands import separate_runner
from tests.integration.app.terminal import Terminal
from tests.sandbox.transfer.conftest import Moving, Site
from tests.unit.cli.commands import START

MISSING_TASK = "d0a5d3a0-3b9c-4b0e-9a7e-6f6a1f6a3f10"


@pytest.fixture(autouse=True)
def environment(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The sandbox's addresses, and its confidential client as who runs the commands.
    """
    for name, value in site.sandbox.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", site.sandbox.confidential_client_id)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", site.sandbox.confidential_client_secret)


@pytest.fixture
def files(site: Site) -> None:
    """
    Files in the source: two at the top, one of them hidden, and one two levels below.
    """
    (site.source_root / "sub" / "deep").mkdir(parents=True)
    for path in ("one.txt", ".hidden", "sub/two.csv", "sub/deep/three.txt"):
        (site.source_root / path).write_text(path)


def run(*arguments: str, typed: str = "") -> Result:
    """
    Run a command in this process.
    """
    return separate_runner().invoke(cli, arguments, input=typed, prog_name="globus-core")


def lines(*arguments: str, typed: str = "") -> list[str]:
    """
    What a command that succeeds prints.
    """
    result = run(*arguments, typed=typed)
    assert result.exit_code == 0, result.stderr
    return result.stdout.splitlines()


def document(*arguments: str, typed: str = "", code: int = 0) -> dict[str, t.Any]:
    """
    What a command prints with ``--json``.
    """
    result = run(*arguments, "--json", typed=typed)
    assert result.exit_code == code, result.stderr
    return t.cast("dict[str, t.Any]", json.loads(result.stdout))


def submitted(site: Site, source: str, target: str, *options: str) -> str:
    """
    Submit a transfer, and let its task begin.
    """
    places = (f"{site.source}:{source}", f"{site.target}:{target}")
    task_id = str(document("transfer", *places, *options)["task_id"])
    site.control("settle")
    return task_id


# files


@pytest.mark.usefixtures("files")
def test_a_directory_is_listed(site: Site) -> None:
    """Names, with a slash behind those of directories; hidden ones only if asked for."""
    assert lines("ls", f"{site.source}:/") == ["one.txt", "sub/"]
    assert lines("ls", site.source, "-a") == [".hidden", "one.txt", "sub/"]
    assert lines("ls", f"{site.source}:/", "--orderby", "name:DESC") == ["sub/", "one.txt"]
    headings, row, _ = lines("ls", "-l", f"{site.source}:/")
    assert " ".join(headings.split()) == "permissions user group size last modified type name"
    assert row.split()[-2:] == ["file", "one.txt"]
    found = document("ls", f"{site.source}:/sub")
    assert (found["path"], found["DATA"][1]["name"]) == ("/sub/", "two.csv")


@pytest.mark.usefixtures("files")
def test_directories_below_are_listed_too(site: Site) -> None:
    """Down to a depth, with paths from the first directory; a filter is for that one."""
    everything = ["one.txt", "sub/", "sub/deep/", "sub/two.csv", "sub/deep/three.txt"]
    assert lines("ls", "-r", f"{site.source}:/") == everything
    assert lines("ls", "-r", f"{site.source}:/", "--recursive-depth-limit", "0") == everything[:2]
    assert lines("ls", "-r", f"{site.source}:/", "--filter", "s*") == []
    below = lines("ls", "-r", f"{site.source}:/", "--filter", "~s*")
    assert below == everything[1:]
    names = [file["name"] for file in document("ls", "-r", f"{site.source}:/sub")["DATA"]]
    assert names == ["deep", "two.csv", "deep/three.txt"]


def test_an_empty_directory_prints_nothing(site: Site) -> None:
    """With a table too; JSON has an empty list."""
    (site.source_root / "empty").mkdir()
    for options in ([], ["-l"], ["-r"], ["-r", "-l"]):
        result = run("ls", *options, f"{site.source}:/empty")
        assert (result.exit_code, result.stdout) == (0, "")
    assert document("ls", "-l", f"{site.source}:/empty")["DATA"] == []


@pytest.mark.usefixtures("files")
def test_a_file_is_described(site: Site) -> None:
    """Field by field, or as JSON."""
    shown = lines("stat", f"{site.source}:/one.txt")
    assert shown[:2] == ["name:           one.txt", "type:           file"]
    assert document("stat", f"{site.source}:/one.txt")["size"] == len("one.txt")


@pytest.mark.parametrize("command", ["ls", "stat"])
def test_what_is_not_there_is_an_error(site: Site, command: str) -> None:
    """With what Transfer says, and no traceback."""
    result = run(command, f"{site.source}:/none")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "does not exist" in result.stderr or "no such" in result.stderr.lower()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ls", "x:/"], "'x' is not the id of a collection, which is a UUID"),
        (["stat", MISSING_TASK], f"a path is missing: {MISSING_TASK}:PATH"),
        (["ls", MISSING_TASK, "--orderby", "age"], "'age' is not FIELD, FIELD:ASC or FIELD:DESC"),
        (["ls", MISSING_TASK, "--orderby", "size:UP"], "'size:UP' is not FIELD"),
        (["task", "show", "x"], "'x' is not a valid UUID"),
        (["task", "show", MISSING_TASK, "-t", "--skipped-errors"], "exclude each other"),
        (["task", "cancel"], "either TASK_ID or --all is needed"),
        (["task", "cancel", MISSING_TASK, "--all"], "either TASK_ID or --all is needed"),
        (["task", "wait", MISSING_TASK, "--timeout-exit-code", "40"], "0, 1 or between 50 and 99"),
        (["task", "wait", MISSING_TASK, "--timeout", "-1"], "'--timeout'"),
        (["task", "list", "--filter-requested-after", "soon"], "'soon'"),
    ],
)
def test_wrong_usage_is_one_clear_line(arguments: list[str], said: str) -> None:
    """And no request is sent."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr.splitlines()[-1]


# transfer


@pytest.mark.usefixtures("files")
def test_a_file_is_transferred(site: Site) -> None:
    """The id of its task is printed; with --wait also how it ended."""
    places = (f"{site.source}:/one.txt", f"{site.target}:/a/copy.txt")
    accepted, task = lines("transfer", *places)
    assert "accepted" in accepted
    site.control("settle")
    assert (site.target_root / "a" / "copy.txt").read_text() == "one.txt"
    (ended,) = lines("task", "wait", task.removeprefix("task "))
    assert ended == f"{task} succeeded: 1/1 files  7 B  7 B/s"


@pytest.mark.usefixtures("files")
def test_a_transfer_may_wait_for_its_end(site: Site, moving: Moving) -> None:
    """The id is said on standard error before; the last document of the task is the output."""
    places = (f"{site.source}:/sub", f"{site.target}:/all")
    result = run("transfer", "-r", *places, "--wait")
    assert (result.exit_code, result.stderr[:5]) == (0, "task ")
    assert result.stdout.startswith(result.stderr.strip() + " succeeded: 2/2 files")
    ended = document("transfer", "-r", *places, "--wait", "--sync-level", "size")
    assert (ended["outcome"], ended["status"], ended["files_skipped"]) == (
        "succeeded",
        "SUCCEEDED",
        2,
    )


def test_all_options_reach_the_document(site: Site) -> None:
    """A dry run prints it, and nothing is submitted."""
    places = (f"{site.source}:/a", f"{site.target}:/b")
    options = "--label x --sync-level MTIME --encrypt --preserve-mtime --no-verify-checksum"
    options += " --skip-source-errors --fail-on-quota-errors --delete --notify failed,inactive"
    options += f" --source-local-user u --destination-local-user v --submission-id {MISSING_TASK}"
    options += " --deadline 2030-01-01T00:00:00+0000 --checksum-algorithm sha256 --recursive"
    rules = "--exclude a --include=b --exclude c"
    shown = document("transfer", *places, "--dry-run", *options.split(), *rules.split())
    assert shown.pop("filter_rules") == [
        {"DATA_TYPE": "filter_rule", "method": method, "name": name, "type": "file"}
        for method, name in (("exclude", "a"), ("include", "b"), ("exclude", "c"))
    ]
    assert shown == {
        "DATA_TYPE": "transfer",
        "DATA": [
            {
                "DATA_TYPE": "transfer_item",
                "source_path": "/a",
                "destination_path": "/b",
                "recursive": True,
                "checksum_algorithm": "sha256",
            }
        ],
        "source_endpoint": site.source,
        "destination_endpoint": site.target,
        "label": "x",
        "submission_id": MISSING_TASK,
        "sync_level": 2,
        "verify_checksum": False,
        "preserve_timestamp": True,
        "encrypt_data": True,
        "deadline": "2030-01-01T00:00:00+00:00",
        "skip_source_errors": True,
        "fail_on_quota_errors": True,
        "delete_destination_extra": True,
        "notify_on_succeeded": False,
        "notify_on_failed": True,
        "notify_on_inactive": True,
        "source_local_user": "u",
        "destination_local_user": "v",
    }
    assert document("task", "list")["DATA"] == []


def test_what_is_not_said_is_left_to_transfer(site: Site) -> None:
    """Only the collections and paths are in the document."""
    places = (f"{site.source}:/a", f"{site.target}:/b")
    shown = document("transfer", *places, "--dry-run")
    assert shown.keys() == {"DATA_TYPE", "DATA", "source_endpoint", "destination_endpoint"}
    assert lines("transfer", *places, "--dry-run")[1].split() == ["/a", "/b", "-", "-"]
    for word, sent in (("on", True), ("off", False)):
        notified = document("transfer", *places, "--dry-run", "--notify", word)
        assert {notified[f"notify_on_{event}"] for event in ("succeeded", "failed")} == {sent}


def test_a_batch_is_one_task(site: Site) -> None:
    """Its lines are as in a shell, and below the paths of the command line."""
    typed = "\n# the first night\n-r 'my files' all\none.txt b  --external-checksum cc # checked\n"
    places = (f"{site.source}:/from", f"{site.target}")
    shown = document("transfer", *places, "--batch", "-", "--dry-run", typed=typed)
    assert [{**item, "DATA_TYPE": None} for item in shown["DATA"]] == [
        {
            "DATA_TYPE": None,
            "source_path": "/from/my files",
            "destination_path": "all",
            "recursive": True,
        },
        {
            "DATA_TYPE": None,
            "source_path": "/from/one.txt",
            "destination_path": "b",
            "external_checksum": "cc",
        },
    ]


@pytest.mark.usefixtures("files")
def test_a_batch_file_moves_files(site: Site, tmp_path: Path) -> None:
    """All of them."""
    batch = tmp_path / "batch"
    batch.write_text("one.txt 1\n-r sub 2\n", encoding="utf-8")
    submitted(site, "/", "/", "--batch", str(batch), "--exclude", "*.csv")
    found = sorted(p.relative_to(site.target_root).as_posix() for p in site.target_root.rglob("*"))
    assert found == ["1", "2", "2/deep", "2/deep/three.txt"]


@pytest.mark.parametrize(
    ("options", "typed", "said"),
    [
        ([], "", "a transfer needs two paths"),
        (["--batch", "-"], "\n", "--batch has no line"),
        (["--batch", "-"], "a b\nc", "line 2 of --batch: Missing argument"),
        (["--batch", "-"], "a 'b", "line 1 of --batch: No closing quotation"),
        (["--batch", "-"], "--help x", "line 1 of --batch: No such option"),
        (["--batch", "-", "-r"], "a b", "go into the lines of --batch"),
        (["--batch", "nowhere"], "", "'nowhere'"),
        (["--notify", "ever"], "", "'ever' is not 'on', 'off', or some of succeeded, failed"),
        (["--notify", "off,failed"], "", "'off,failed' is not"),
        (["--exclude", "a"], "", "add --recursive"),
        (["--delete-destination-extra", "--no-recursive"], "", "add --recursive"),
        (["--fail-on", "X"], "", "--fail-on needs --wait or --watch"),
        (["--sync-level", "age"], "", "'age'"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused(
    site: Site, options: list[str], typed: str, said: str
) -> None:
    """In one line, and nothing is submitted."""
    result = run("transfer", site.source, site.target, *options, typed=typed)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr.splitlines()[-1]


def test_a_checksum_is_for_a_file(site: Site) -> None:
    """A directory has none."""
    places = (f"{site.source}:/a", f"{site.target}:/b")
    result = run("transfer", *places, "-r", "--external-checksum", "x")
    assert (result.exit_code, "is for a file" in result.stderr) == (2, True)


# tasks


@pytest.mark.usefixtures("files")
def test_tasks_are_listed_and_shown(site: Site) -> None:
    """By label and status; with the files that were transferred."""
    first = submitted(site, "/one.txt", "/1", "--label", "first night")
    submitted(site, "/one.txt", "/2", "--label", "second night")
    submitted(site, "/none", "/3")
    assert len(lines("task", "list")) == 4
    assert len(lines("task", "list", "--limit", "1")) == 2
    headings, row = lines(
        "task", "list", "--filter-label", "first*", "--filter-status", "succeeded"
    )
    assert " ".join(headings.split()) == "task status type source destination label"
    assert row.split() == [first, "SUCCEEDED", "TRANSFER", "source", "target", "first", "night"]
    assert lines("task", "list", "--exact", "--filter-label", "first*") == [
        "there are no such tasks"
    ]
    others = ["--filter-not-label", "first*", "--filter-requested-after", "2020-01-01"]
    assert len(document("task", "list", *others)["DATA"]) == 2
    assert document("task", "list", "--filter-completed-before", "2020-01-01")["DATA"] == []
    assert document("task", "list", "--filter-type", "delete")["DATA"] == []
    assert document("task", "list", "--filter-task-id", first)["DATA"][0]["task_id"] == first

    shown = lines("task", "show", first)
    assert shown[0].split() == ["task:", first]
    assert any(line.split() == ["files", "transferred:", "1"] for line in shown)
    assert lines("task", "show", first, "-t")[1].split()[:3] == ["/one.txt", "/1", "7"]
    assert document("task", "show", first, "--skipped-errors") == {"DATA": []}
    assert document("task", "show", first)["label"] == "first night"


def test_tasks_are_canceled(site: Site) -> None:
    """One, or all that have not ended; without any it is said that there are none."""
    one, two, three = (submitted(site, "/none", f"/{name}") for name in "123")
    assert lines("task", "cancel", one) == ["The task has been cancelled successfully"]
    assert {line.split(":")[0] for line in lines("task", "cancel", "--all")} == {two, three}
    assert document("task", "cancel", "--all") == {"results": [], "task_ids": []}
    result = run("task", "cancel", "--all")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "there are no tasks to cancel\n"
    assert "completed" in lines("task", "cancel", one)[0]


# waiting


def test_a_missing_file_ends_the_wait_within_seconds(site: Site, moving: Moving) -> None:
    """With --fail-on the task is canceled, and what is missing is said."""
    for waits in (["--wait"], ["--watch"]):
        places = (f"{site.source}:/none", f"{site.target}:/x")
        result = run("transfer", *places, *waits, "--fail-on", "FILE_NOT_FOUND")
        assert result.exit_code == 1
        assert "was canceled after FILE_NOT_FOUND at /none: No such file" in result.stderr
    task_id = submitted(site, "/none", "/y")
    assert run("task", "wait", task_id, "--fail-on", "FILE_NOT_FOUND").exit_code == 1
    assert {task["status"] for task in document("task", "list")["DATA"]} == {"FAILED"}
    assert moving.passed() < 30


@pytest.mark.parametrize("command", ["wait", "watch"])
def test_time_may_run_out(site: Site, moving: Moving, command: str) -> None:
    """The exit code can be chosen; the task goes on, which is said."""
    task_id = submitted(site, "/none", "/x")
    result = run("task", command, task_id, "--timeout", "10", "--timeout-exit-code", "75")
    assert result.exit_code == 75
    assert f"task {task_id} has not ended yet: 0/0 files" in result.stderr
    assert moving.slept == [1, 2, 4, 3]
    assert document("task", "show", task_id)["status"] == "ACTIVE"


def test_a_task_is_asked_for_as_often_as_wanted(site: Site, moving: Moving) -> None:
    """And each time a dot says so, which is no output."""
    task_id = submitted(site, "/none", "/x")
    polling = ["--polling-interval", "4", "--heartbeat", "--timeout", "12"]
    result = run("task", "wait", task_id, *polling, "--json")
    assert moving.slept == [4, 4, 4]
    assert (result.exit_code, result.stderr) == (1, "....\n")
    assert json.loads(result.stdout)["outcome"] == "timeout"


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("pause", "is paused by a manager of a collection"),
        ("cancel", "failed: "),
        ("expire", "failed: it was not done by its deadline, 20"),
    ],
)
def test_other_endings_are_told_apart(site: Site, moving: Moving, act: str, said: str) -> None:
    """On standard error, with an exit code that is not 0."""
    task_id = submitted(site, "/none", "/x")
    if act == "expire":
        site.sandbox.advance_clock(25 * 3600)
        site.control("settle")
    else:
        site.control(act, task_id=task_id)
    result = run("task", "wait", task_id)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"task {task_id} {said}" in result.stderr


def test_a_task_that_needs_a_consent_is_an_ending_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its exit code is that of all commands for which a login is needed."""
    task = {"task_id": MISSING_TASK, "status": "INACTIVE"}
    monkeypatch.setattr(TransferClient, "_task", lambda self, task_id: task)
    result = run("task", "wait", MISSING_TASK)
    assert (result.exit_code, result.stdout) == (4, "")
    assert "waits until you log in again, with 'globus-core login --force'" in result.stderr
    assert document("task", "wait", MISSING_TASK, code=4)["outcome"] == "needs consent"


def test_a_task_that_is_not_there_is_an_error() -> None:
    """For each command."""
    for command in ("show", "wait", "watch", "cancel"):
        result = run("task", command, MISSING_TASK)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "there is no task" in result.stderr


def test_a_watched_task_is_lines_in_a_pipe(site: Site, moving: Moving) -> None:
    """One for each state that differs, one for each error, one for the end."""
    (site.source_root / "a").write_text("a")
    site.control("fail-file", collection_id=site.source, path="/a", times=1, code="TIMEOUT")
    task_id = submitted(site, "/a", "/b")
    shown = lines("task", "watch", task_id)
    assert "TIMEOUT: /a" in shown[0]
    assert shown[1].startswith("active: 0/")
    assert shown[1].endswith("1 fault")
    assert shown[-2].startswith("succeeded: 1/1 files  1 B")
    assert shown[-1].startswith(f"task {task_id} succeeded: 1/1 files")
    assert len(set(shown)) == len(shown)


def test_a_watched_task_is_lines_of_json_for_a_program(site: Site, moving: Moving) -> None:
    """Each has the task's document, with the outcome and the events since the line before."""
    (site.source_root / "a").write_text("a")
    site.control("fail-file", collection_id=site.source, path="/a", times=1, code="TIMEOUT")
    states = [
        json.loads(line) for line in lines("task", "watch", submitted(site, "/a", "/b"), "--json")
    ]
    assert [state["outcome"] for state in states][-1] == "succeeded"
    assert {state["outcome"] for state in states[:-1]} == {None}
    codes = [event["code"] for state in states for event in state["events"]]
    assert codes == ["STARTED", "TIMEOUT", "SUCCEEDED"]


# at a terminal


def test_a_terminal_shows_a_bar(site: Site) -> None:
    """With files, bytes and rate, and at the end how it ended."""
    (site.source_root / "a").write_bytes(b"a" * 1500)
    places = (f"{site.source}:/a", f"{site.target}:/b")
    with Terminal(START, "transfer", *places, "--watch", TERM="xterm", COLUMNS="120") as terminal:
        assert terminal.end() == 0
    assert "━" * 24 in terminal.seen
    assert "1/1 files  1.5 kB" in terminal.seen
    assert " succeeded: 1/1 files" in terminal.seen.splitlines()[-1]


def test_ctrl_c_leaves_the_task_running(site: Site) -> None:
    """And says so, with the id."""
    task_id = submitted(site, "/none", "/x")
    with Terminal(START, "task", "watch", task_id, TERM="xterm", COLUMNS="120") as terminal:
        terminal.wait_for("FILE_NOT_FOUND: /none")
        terminal.interrupt_until(f"task {task_id} goes on")
        assert terminal.end() == 130
    assert "Traceback" not in terminal.seen
    assert document("task", "show", task_id)["status"] == "ACTIVE"


def test_a_terminal_without_abilities_gets_lines(site: Site) -> None:
    """As a pipe does."""
    (site.source_root / "a").write_text("a")
    task_id = submitted(site, "/a", "/b")
    with Terminal(START, "task", "watch", task_id, TERM="dumb") as terminal:
        assert terminal.end() == 0
    assert terminal.seen.splitlines()[0].startswith("succeeded: 1/1 files")
    assert "\x1b" not in terminal.seen
