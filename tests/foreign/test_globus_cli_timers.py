"""
globus-cli against the sandbox's Timers: a program that we did not write makes timers that run.
"""

from __future__ import annotations

import dataclasses
import typing as t
from pathlib import Path

import pytest

from globus_core_sandbox import ClientSeed, Sandbox, Seeds
from tests.foreign.test_globus_cli import Place, log_in, place
from tests.servers.globus_cli import GlobusCli

pytestmark = pytest.mark.full

DAY = 24 * 3600


@dataclasses.dataclass(frozen=True)
class Desk:
    """
    The program with the confidential client's login, and two collections of the sandbox.
    """

    sandbox: Sandbox
    cli: GlobusCli
    source: Place
    target: Place

    def create(self, *options: str) -> str:
        """
        Create a timer for a file.
        """
        places = (self.source.at("/one.txt"), self.target.at("/copy.txt"))
        made = self.cli.json("timer", "create", "transfer", *options, *places)
        return str(made["job_id"])

    def pass_time(self, seconds: float) -> None:
        """
        Move the clock, and wait for what is due then.
        """
        self.sandbox.advance_clock(seconds)
        self.settle()

    def settle(self) -> None:
        """
        Wait until no timer, run or task has anything to do before the clock moves.
        """
        for service in ("timers", "flows", "transfer"):
            self.sandbox.control(service, "settle")

    def timer(self, timer: str) -> dict[str, t.Any]:
        """
        The document of a timer.
        """
        return t.cast("dict[str, t.Any]", self.cli.json("timer", "show", timer))


@pytest.fixture
def desk(globus_sandbox: Sandbox, globus_cli: GlobusCli, tmp_path: Path) -> Desk:
    """
    The source has a file; the target is empty.
    """
    home = tmp_path / "home"
    home.mkdir()
    login = {
        "GLOBUS_CLI_CLIENT_ID": globus_sandbox.confidential_client_id,
        "GLOBUS_CLI_CLIENT_SECRET": globus_sandbox.confidential_client_secret,
    }
    cli = globus_cli.in_environment(home, TZ="UTC", **globus_sandbox.environment(), **login)
    source, target = (place(globus_sandbox, tmp_path / name) for name in ("Alpha", "Beta"))
    (source.root / "one.txt").write_text("one")
    return Desk(globus_sandbox, cli, source, target)


def test_it_creates_a_timer_that_transfers(desk: Desk) -> None:
    """Each day, three times; each view of the timer tells of it."""
    timer = desk.create("--interval", "1d", "--stop-after-runs", "3", "--name", "daily")
    desk.settle()
    assert desk.target.files() == {"copy.txt": "one"}
    shown = desk.cli.run("timer", "show", timer)
    for line in ("daily", "Transfer", "Awaiting the next run", "1 day, 0:00:00"):
        assert line in shown
    desk.pass_time(3 * DAY)
    job = desk.timer(timer)
    assert (job["status"], job["n_runs"], job["stop_after"]["n_runs"]) == ("ended", 3, 3)
    assert "no longer active" in desk.cli.run("timer", "show", timer)
    assert [found["job_id"] for found in desk.cli.json("timer", "list")] == [timer]


def test_it_creates_a_timer_for_one_run(desk: Desk) -> None:
    """At a time; the text of the answer tells when."""
    places = (desk.source.at("/one.txt"), desk.target.at("/copy.txt"))
    once = ("--stop-after-runs", "1", "--start", "2040-01-02T03:04:05+0000")
    told = desk.cli.run("timer", "create", "transfer", *once, *places)
    assert "once at 2040-01-02 03:04:05" in told
    (job,) = desk.cli.json("timer", "list")
    assert (job["next_run"], job["interval"]) == ("2040-01-02T03:04:05+00:00", None)


def test_it_pauses_resumes_and_deletes_timers(desk: Desk) -> None:
    """A timer that is paused, or deleted, does not run."""
    timer = desk.create("--interval", "1h", "--start", "2040-01-01")
    assert "paused" in desk.cli.run("timer", "pause", timer)
    assert "Paused, awaiting user action" in desk.cli.run("timer", "show", timer)
    assert "resumed" in desk.cli.run("timer", "resume", timer)
    assert desk.timer(timer)["status"] == "loaded"
    assert timer in desk.cli.run("timer", "delete", timer)
    assert desk.cli.json("timer", "list") == []
    assert "404" in desk.cli.run("timer", "show", timer, status=1)


def test_it_asks_for_the_consent_of_a_mapped_collection(desk: Desk, tmp_path: Path) -> None:
    """With the timer's own scope at the top."""
    mapped = place(desk.sandbox, tmp_path / "Mapped", kind="mapped")
    places = (desk.source.at("/one.txt"), mapped.at("/copy.txt"))
    desk.cli.json("timer", "create", "transfer", "--stop-after-runs", "1", *places)
    desk.settle()
    assert mapped.files() == {"copy.txt": "one"}


def test_it_creates_a_timer_that_starts_a_flow(desk: Desk) -> None:
    """With an input; a flow that is not there is told of."""
    definition = {"StartAt": "Done", "States": {"Done": {"Type": "Pass", "End": True}}}
    document = {"title": "A flow", "definition": definition, "input_schema": {}}
    owner = desk.sandbox.confidential_client_id
    flow = desk.sandbox.control("flows", "flows/add", owner=owner, **document)["id"]
    create = ("timer", "create", "flow", "--input", '{"name": "ada"}', "--interval", "1d")
    made = desk.cli.json(*create, "--stop-after-runs", "2", flow)
    assert (made["timer_type"], made["callback_body"]) == ("flow", {"body": {"name": "ada"}})
    desk.pass_time(2 * DAY)
    job = desk.timer(made["job_id"])
    assert (job["n_runs"], job["n_errors"], job["status"]) == (2, 0, "ended")
    assert "Flow" in desk.cli.run("timer", "show", made["job_id"])
    told = desk.cli.run(*create, made["job_id"], status=2)
    assert "No flow discovered" in told


def test_wrong_timers_are_refused_with_the_reason(desk: Desk) -> None:
    """By the sandbox, in the form that the program reads."""
    places = (desk.source.at("/one.txt"), desk.target.at("/copy.txt"))
    late = ("--stop-after-runs", "1", "--start", "2020-01-01")
    told = desk.cli.run("timer", "create", "transfer", *late, *places, status=1)
    assert "in the past" in told
    early = ("--interval", "1d", "--start", "2040-01-02", "--stop-after-date", "2040-01-01")
    assert "before the start" in desk.cli.run(
        "timer", "create", "transfer", *early, *places, status=1
    )


def test_a_person_s_timer_waits_for_a_consent(globus_cli: GlobusCli, tmp_path: Path) -> None:
    """It is told which; the program knows the command that gives it."""
    template = ClientSeed(id=globus_cli.template_client_id(), name="Globus CLI", project=None)
    seeds = Seeds(clients=(*Seeds().clients, template))
    with Sandbox(seeds=seeds) as sandbox:
        cli = globus_cli.in_environment(tmp_path, **sandbox.environment())
        source, mapped = (
            place(sandbox, tmp_path / name, kind=kind)
            for name, kind in (("Alpha", "gcp"), ("Mapped", "mapped"))
        )
        (source.root / "one.txt").write_text("one")
        log_in(cli)
        once = ("timer", "create", "transfer", "--stop-after-runs", "1")
        places = (source.at("/one.txt"), mapped.at("/copy.txt"))
        told = cli.run(*once, *places, status=4)
        assert f"--timer-data-access '{mapped.id}'" in told
        made = cli.json(*once, source.at("/one.txt"), source.at("/copy.txt"))
        sandbox.control("timers", "settle")
        sandbox.control("transfer", "settle")
        assert cli.json("timer", "show", made["job_id"])["n_runs"] == 1
        assert source.files() == {"copy.txt": "one", "one.txt": "one"}
