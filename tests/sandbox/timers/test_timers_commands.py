"""The commands of the command line for timers, against the sandbox."""

from __future__ import annotations

import datetime
import json
import time as clock
import typing as t
from pathlib import Path

import pytest
from click.testing import Result

import globus_core
from globus_core_cli.group import cli
from tests.commands import separate_runner
from tests.sandbox.timers.conftest import Site

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox


@pytest.fixture
def site(globus_sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """
    The sandbox's addresses, and its confidential client as who runs the commands.
    """
    for name, value in globus_sandbox.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", globus_sandbox.confidential_client_id)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", globus_sandbox.confidential_client_secret)
    monkeypatch.setenv("GLOBUS_CORE_TOKEN_STORAGE", "memory")
    made = Site(globus_sandbox, globus_core, tmp_path / "source", tmp_path / "target")
    made.source, made.target = map(made.collection, (made.source_root, made.target_root))
    (made.source_root / "a.txt").write_text("text")
    return made


def run(*arguments: str) -> Result:
    """Run a command in this process."""
    return separate_runner().invoke(cli, ["timers", *arguments], prog_name="globus-core")


def text(*arguments: str) -> str:
    """What a command that succeeds prints."""
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    return str(result.stdout)


def document(*arguments: str) -> t.Any:
    """What a command prints with ``--json``."""
    return json.loads(text(*arguments, "--json"))


def create(site: Site, *options: str) -> str:
    """Create a timer for the file."""
    places = (f"{site.source}:/a.txt", f"{site.target}:/b.txt")
    return str(document("create", "transfer", *places, *options)["timer"]["job_id"])


def test_a_timer_is_created_and_transfers(site: Site) -> None:
    """At once if no time is given."""
    timer = create(site, "--name", "now", "--label", "from a timer")
    site.settle()
    assert site.arrived() == ["b.txt"]
    shown = text("show", timer)
    assert shown.split()[:6] == ["timer:", timer, "name:", "now", "status:", "ended"]
    assert document("show", timer)["n_runs"] == 1


def test_a_timer_tells_its_next_runs(site: Site) -> None:
    """The following ones too, unless it has ended."""
    start = site.soon(3600).strftime("%Y-%m-%dT%H:%M:%S+0000")
    timer = create(site, "--interval", "1h30m", "--start", start, "--stop-after-runs", "2")
    job = document("show", timer)
    assert (job["interval"], job["stop_after"]["n_runs"]) == (5400, 2)
    shown = text("show", timer)
    assert job["next_run"] in shown
    last = datetime.datetime.fromisoformat(job["next_run"]) + datetime.timedelta(seconds=5400)
    assert shown.rstrip().endswith(f" {last.isoformat()}")
    site.pass_time(3600)
    assert "then:" not in text("show", timer)


def test_timers_are_listed_paused_resumed_and_deleted(site: Site) -> None:
    """By their ids."""
    assert text("list").strip() == "there are no timers"
    start = site.soon(3600).strftime("%Y-%m-%dT%H:%M:%S+0000")
    timer = create(site, "--interval", "1d", "--start", start, "--name", "daily")
    headings, row = text("list").splitlines()
    assert headings.split() == ["timer", "name", "status", "next", "run", "runs", "errors"]
    assert row.split()[:3] == [timer, "daily", "loaded"]
    assert "paused" in text("pause", timer)
    shown = text("show", timer)
    assert "inactive because of:" in shown
    assert "user" in shown
    assert "resumed" in text("resume", timer)
    assert document("list")["jobs"][0]["status"] == "loaded"
    assert text("delete", timer).strip() == f"deleted timer {timer}"
    assert document("list") == {"jobs": []}


def test_a_mapped_collection_is_asked_for(site: Site, tmp_path: Path) -> None:
    """The consent comes with the creation, so that the first run works."""
    site.target = site.collection(tmp_path / "mapped", kind="mapped")
    timer = create(site)
    site.settle()
    assert document("show", timer)["status"] == "ended"
    assert (tmp_path / "mapped" / "b.txt").is_file()


def test_a_missing_consent_is_given_when_it_resumes(site: Site, tmp_path: Path) -> None:
    """What the timer says it lacks is asked for."""
    mapped = site.collection(tmp_path / "mapped", kind="mapped")
    site.client = site.client_for(globus_core.scopes.TimersScopes.timer.scope_string)
    body = {**site.transfer(), "destination_endpoint": mapped}
    timer = site.create(site.sdk.OnceTimerSchedule(), body=body)
    site.client.close()
    site.settle()
    for _ in "Transfer", "the collection":  # one is asked for after the other
        assert document("show", timer)["status"] == "inactive"
        text("resume", timer)
        site.settle()
    assert document("show", timer)["status"] == "ended"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--interval", "often"], "--interval"),
        (["--interval", "0s"], "--interval"),
        (["--stop-after-runs", "2"], "needs an --interval"),
        (["--stop-after-date", "2040-01-01"], "needs an --interval"),
        (
            ["--interval", "1d", "--stop-after-runs", "2", "--stop-after-date", "2040-01-01"],
            "not both",
        ),
        (["--start", "tomorrow"], "tomorrow"),
    ],
)
def test_wrong_times_are_wrong_usage(site: Site, options: list[str], told: str) -> None:
    """Nothing is created."""
    result = run("create", "transfer", f"{site.source}:/a", f"{site.target}:/b", *options)
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_place_has_a_path(site: Site) -> None:
    """Of both sides."""
    result = run("create", "transfer", site.source, f"{site.target}:/b")
    assert result.exit_code == 2
    assert "COLLECTION_ID:PATH" in result.stderr


def test_the_service_s_refusals_are_told(site: Site) -> None:
    """A time in the past, a timer that is not there."""
    places = (f"{site.source}:/a.txt", f"{site.target}:/b.txt")
    late = run("create", "transfer", *places, "--start", "2020-01-01")
    assert late.exit_code == 1
    assert "in the past" in late.stderr
    assert run("show", "7c5aa3b0-5d0e-4a6c-9a52-5a3f2ac3b7a1").exit_code == 1


@pytest.mark.parametrize("time", ["0001-01-01", "9999-12-31T23:59:59"])
def test_a_local_time_outside_of_the_calendar_is_wrong_usage(
    site: Site, monkeypatch: pytest.MonkeyPatch, time: str
) -> None:
    """Whichever side of UTC it is on."""
    if not hasattr(clock, "tzset"):
        pytest.skip("the time zone cannot be set here")
    monkeypatch.setenv("TZ", "UTC-14" if time.startswith("0") else "UTC+12")
    clock.tzset()
    try:
        result = run("create", "transfer", "a:/b", "c:/d", "--start", time)
    finally:
        monkeypatch.undo()
        clock.tzset()
    assert (result.exit_code, "is in no year of UTC" in result.stderr) == (2, True)


def test_an_interval_without_end_is_wrong_usage(site: Site) -> None:
    """Python reads no numbers of so many digits."""
    result = run("create", "transfer", "a:/b", "c:/d", "--interval", f"{'9' * 5000}s")
    assert (result.exit_code, "--interval must be" in result.stderr) == (2, True)
