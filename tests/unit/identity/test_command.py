"""
``globus-core identities``.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import typing as t

import pytest
from click.testing import Result

from globus_core.plugins import PluginManager, set_plugin_manager
from globus_core_cli.group import cli
from globus_core_identity import MemoryIdentityCache
from globus_core_identity.command import _report
from globus_core_identity.command._formats import CSVWriter, JSONWriter, TableWriter
from globus_core_identity.command._names import count, lines
from globus_core_identity.command._report import report
from tests.commands import separate_runner

if t.TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from globus_core_sandbox import Sandbox

ADA = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
IDENTITIES = "/v2/api/identities"


@pytest.fixture(autouse=True)
def home(
    globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> Iterator[pathlib.Path]:
    """The sandbox as Globus Auth, its confidential client, all plugins, and an empty home."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", globus_sandbox.url)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", globus_sandbox.confidential_client_id)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", globus_sandbox.confidential_client_secret)
    monkeypatch.setenv("GLOBUS_CORE_TOKEN_STORAGE", "memory")
    previous = set_plugin_manager(PluginManager())
    yield tmp_path
    set_plugin_manager(previous)


def invoke(*arguments: str, stdin: str | None = None) -> Result:
    """Run the command in this process."""
    command = ["identities", *arguments]
    return separate_runner().invoke(cli, command, prog_name="globus-core", input=stdin)


def test_everybody_is_found() -> None:
    """A table with a line for each name, in their order, and exit code 0."""
    result = invoke("bo@example.org", ADA.upper())

    assert result.exit_code == 0, result.output
    head, bo, ada = result.stdout.splitlines()
    assert head.split() == ["key", "id", "username", "name", "organization"]
    assert bo.startswith("bo@example.org")
    assert "Bo Lindqvist" in bo
    assert ada.startswith(ADA.upper())
    assert "ada@example.org" in ada
    assert result.stderr == ""


def test_unknown_names_are_told_by_the_exit_code() -> None:
    """Exit code 3, the reason in each line, and the number on standard error."""
    result = invoke("ada@example.org", "nobody@example.org", "a,b")

    assert result.exit_code == 3
    assert "nobody@example.org\t(unknown)" in result.stdout
    assert "(invalid)" in result.stdout
    assert result.stderr == "2 of 3 names have no identity\n"


def test_a_failed_look_up_is_told_apart_from_an_unknown_name(globus_sandbox: Sandbox) -> None:
    """Exit code 1 and the error, after what could be found."""
    invoke("ada@example.org")
    globus_sandbox.fail(path=IDENTITIES, status=404, times=None)

    result = invoke("ada@example.org", "bo@example.org")

    assert result.exit_code == 1
    assert "Ada Kestrel" in result.stdout
    assert "(failed)" in result.stdout
    assert "the look-up of 1 of 2 names failed" in result.stderr
    assert "404" in result.stderr


@pytest.mark.parametrize("kind", ["table", "json", "csv"])
def test_without_tokens_the_command_says_how_to_log_in_and_nothing_else(
    globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """However many names there are; of CSV there is the head, and no row."""
    monkeypatch.setenv("GLOBUS_CLIENT_ID", globus_sandbox.native_client_id)
    monkeypatch.setenv("GLOBUS_CORE_TOKEN_STORAGE", "json")
    monkeypatch.delenv("GLOBUS_CLIENT_SECRET")

    result = invoke(*(f"person{n}@example.org" for n in range(300)), "--format", kind)

    assert result.exit_code == 4
    assert len(result.stdout.splitlines()) == (kind == "csv")
    assert result.stderr.count("no one can be prompted here") == 1
    assert f"globus-core login --client-id {globus_sandbox.native_client_id}" in result.stderr
    assert "person7@" not in result.output


def test_names_come_from_arguments_a_file_and_standard_input(tmp_path: pathlib.Path) -> None:
    """In the order in which they are named; blank lines and blanks do not count."""
    path = tmp_path / "names.txt"
    path.write_text("\ufeffada@example.org\r\n\n  bo@example.org  \nnobody@example.org")

    result = invoke(
        "one@example.org", "-", "--file", str(path), "--format", "csv", stdin="\nBO@example.org\n"
    )

    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [(row["key"], row["result"]) for row in rows] == [
        ("one@example.org", "unknown"),
        ("BO@example.org", "found"),
        ("ada@example.org", "found"),
        ("bo@example.org", "found"),
        ("nobody@example.org", "unknown"),
    ]
    assert rows[2]["id"] == ADA
    assert invoke("--file", "-", stdin="ada@example.org\n").exit_code == 0


def test_json_is_a_list_of_everything_known() -> None:
    """Identities with their source and what was asked for along with them."""
    result = invoke("--format", "json", "--provider", "ada@example.org", "nobody@example.org")

    ada, nobody = json.loads(result.stdout)
    assert (ada["key"], ada["result"], ada["source"]) == ("ada@example.org", "found", "globus")
    assert ada["identity"]["id"] == ADA
    assert ada["included"]["identity_provider"]["name"] == "Example Institute"
    assert nobody == {"key": "nobody@example.org", "result": "unknown"}
    assert json.loads(invoke("--format", "json", "-", stdin="").stdout) == []


def test_a_second_run_asks_nobody(globus_sandbox: Sandbox) -> None:
    """Answers are remembered in a file, unless that is not wanted."""
    names = [*globus_sandbox.synthetic_usernames(150), "nobody@example.org"]
    for expected in (2, 2):
        assert invoke("-", stdin="\n".join(names)).exit_code == 3
        assert globus_sandbox.count(path=IDENTITIES) == expected
    assert invoke("--no-cache", "-", stdin="\n".join(names)).exit_code == 3
    assert globus_sandbox.count(path=IDENTITIES) == 4


def test_the_cache_is_shown_and_cleared(home: pathlib.Path) -> None:
    """Where it is, how many keys, how old, and of what use."""
    assert "keys: 0" in invoke("cache").stdout
    invoke("ada@example.org", "nobody@example.org")
    invoke("ada@example.org")

    facts = json.loads(invoke("cache", "--json").stdout)
    shown = invoke("cache")

    assert facts["location"] == str(home / ".globus" / "cache" / "identities.db")
    assert (facts["entries"], facts["negative_entries"]) == (3, 1)
    assert (facts["hits"], facts["misses"]) == (1, 2)
    assert facts["size_bytes"] > 0
    assert facts["oldest_seconds"] >= 0
    assert "keys: 3, 1 of them without an identity" in shown.stdout
    assert "found: 1 of 3 keys (33%)" in shown.stdout
    assert "keys: 0" in invoke("cache", "--clear").stdout


def test_another_cache_can_be_chosen(home: pathlib.Path) -> None:
    """By a URL, for both commands."""
    url = f"sqlite://{home / 'mine.db'}"

    assert invoke("--cache", url, "ada@example.org").exit_code == 0

    assert json.loads(invoke("cache", "--cache", url, "--json").stdout)["entries"] == 2
    assert "unknown identity cache 'nope'" in invoke("cache", "--cache", "nope").stderr


def test_without_a_name_the_usage_is_shown() -> None:
    """So it is if only options are given."""
    assert invoke().exit_code == 2
    assert "use --file" in invoke("--no-cache").stderr
    assert "cache" in invoke("-h").stdout


def test_a_name_may_be_called_like_a_command() -> None:
    """Behind two dashes everything is a name."""
    assert "cache" in invoke("--", "cache").stdout


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_a_progress_bar_is_shown_on_a_terminal_only(
    globus_sandbox: Sandbox, tmp_path: pathlib.Path
) -> None:
    """On standard error, so that the answers can be piped on; in no log file."""
    import pty

    path = tmp_path / "names.txt"
    path.write_text("\n".join(globus_sandbox.synthetic_usernames(300)))
    code = "from globus_core_cli import main; main()"
    command = [sys.executable, "-c", code, "identities", "--file", str(path), "--format", "csv"]
    master, slave = pty.openpty()
    try:
        # into a file, for a pipe that nobody reads meanwhile may be full
        with (
            (tmp_path / "answers.csv").open("wb") as output,
            subprocess.Popen(command, stdout=output, stderr=slave) as process,
        ):
            os.close(slave)
            shown = b""
            while piece := _read(master):
                shown += piece
            process.wait(60)
    finally:
        os.close(master)
    answers = (tmp_path / "answers.csv").read_bytes()
    quiet = subprocess.run(command, capture_output=True, timeout=60, check=True)

    assert process.returncode == 0
    assert b"identities" in shown
    assert b"300/300" in shown.replace(b" ", b"")
    assert quiet.stderr == b""
    assert quiet.stdout == answers
    assert answers.count(b"\n") == 301


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # what Linux says when the other end is closed
        return b""


# the parts


class _Client:
    base_url = "https://auth.example.org/"

    def get_identities(self, *, usernames: t.Any = (), ids: t.Any = ()) -> list[t.Any]:
        return [
            {"id": f"5a9db0c1-0000-4000-8000-{int(name[1:7]):012d}", "username": name}
            for name in usernames
        ]


def test_no_more_names_are_held_than_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of any number of names only so many are read before their answers are written."""
    monkeypatch.setattr(_report, "CHUNK", 50)
    read, written, ahead = 0, 0, 0

    def names() -> t.Iterator[str]:
        nonlocal read
        for number in range(1020):
            read += 1
            yield f"u{number:06}@example.org"

    class Writer:
        def write(self, rows: t.Sequence[t.Any]) -> None:
            nonlocal written, ahead
            ahead = max(ahead, read - written)
            written += len(rows)

        def end(self) -> None:
            pass

    steps: list[int] = []
    cache = MemoryIdentityCache(max_entries=60)
    tally = report(
        _Client(), names(), Writer(), cache=cache, max_connections=2, progress=steps.append
    )

    assert (tally.names, tally.not_found, tally.failed) == (1020, 0, 0)
    assert ahead == 50
    assert sum(steps) == written == 1020
    assert cache.describe().entries <= 60


def test_a_line_without_end_is_not_kept() -> None:
    """What is too long for a name is one key that nobody can have, and the next line is read."""
    text = io.StringIO("x" * 100_000 + "\nada@example.org\n" + "y" * 10_000)

    first, second, third = lines(text)

    assert len(first) <= 4096
    assert second == "ada@example.org"
    assert len(third) <= 4096


def test_lines_are_counted(tmp_path: pathlib.Path) -> None:
    """For the length of the progress bar."""
    path = tmp_path / "names.txt"
    for text in ("a\nb\nc\n", "a\nb\nc"):
        path.write_text(text)
        assert count(str(path)) == 3
    path.write_text("")
    assert count(str(path)) == 0


@pytest.mark.parametrize("make", [TableWriter, JSONWriter, CSVWriter])
def test_foreign_names_do_not_reach_the_terminal_raw(make: t.Any, people: t.Any) -> None:
    """A table shows no escapes; JSON and CSV are for programs, and are well formed."""
    from globus_core.identities import Identity

    person = Identity(people.document(1, name='\x1b[31m"Eve", \u202e', organization=None))
    stream = io.StringIO()
    writer = make(stream)

    writer.write([("eve", person)])
    writer.end()

    text = stream.getvalue()
    if make is TableWriter:
        assert text.replace("\n", "").replace("\t", "").isprintable()
        assert '\\x1b[31m"Eve", \\u202e' in text
    elif make is JSONWriter:
        assert json.loads(text)[0]["identity"] == person
    else:
        assert next(csv.DictReader(io.StringIO(text)))["name"] == person["name"]


@pytest.mark.parametrize("kind", ["table", "csv", "json"])
def test_what_the_terminal_cannot_show_is_escaped(
    kind: str,
) -> None:
    """A name with an accent where standard output is ASCII is no error."""
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    code = "from globus_core_cli import main; main()"
    command = [sys.executable, "-c", code, "identities"]
    done = subprocess.run(
        [*command, "--format", kind, "emre@example.edu"],
        env=environment,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    shown = rb"Emre \u00d6zg\u00fcl" if kind == "json" else rb"Emre \xd6zg\xfcl"
    assert shown in done.stdout
    assert done.stdout.isascii()
