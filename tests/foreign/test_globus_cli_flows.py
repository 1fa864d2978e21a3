"""
globus-cli against the sandbox's Flows: a program that we did not write makes flows that run.
"""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import typing as t
from pathlib import Path

import pytest

from globus_core_sandbox import ClientSeed, Sandbox, Seeds
from tests.foreign.test_globus_cli import Place, log_in, place
from tests.sandbox.flows.conftest import copying, flow_of
from tests.servers._browser import call, good, redirect_target
from tests.servers.globus_cli import GlobusCli

pytestmark = pytest.mark.full

PASS = {"Type": "Pass"}
WAIT = {"Type": "Wait", "Seconds": 3600}


@dataclasses.dataclass(frozen=True)
class Desk:
    """
    The program with a login, and two collections of the sandbox.
    """

    sandbox: Sandbox
    cli: GlobusCli
    source: Place
    target: Place

    def create(self, definition: t.Any, *options: str) -> str:
        """
        Create a flow.
        """
        made = self.cli.json("flows", "create", "A flow", json.dumps(definition), *options)
        return str(made["id"])

    def start(self, flow: str, body: t.Any, *options: str) -> str:
        """
        Start a flow, and let it do what it can before the clock moves.
        """
        made = self.cli.json("flows", "start", flow, "--input", json.dumps(body), *options)
        self.settle()
        return str(made["run_id"])

    def settle(self) -> None:
        """
        Let runs and tasks do what they can before the clock moves.
        """
        for service in ("flows", "transfer", "flows"):
            self.sandbox.control(service, "settle")

    def input(self) -> dict[str, str]:
        """
        What the flow that copies a file takes.
        """
        return {"source": self.source.id, "target": self.target.id, "path": "/one.txt"}


@pytest.fixture
def desk(globus_sandbox: Sandbox, globus_cli: GlobusCli, tmp_path: Path) -> Desk:
    """
    The confidential client is logged in; the source has a file.
    """
    home = tmp_path / "home"
    home.mkdir()
    login = {
        "GLOBUS_CLI_CLIENT_ID": globus_sandbox.confidential_client_id,
        "GLOBUS_CLI_CLIENT_SECRET": globus_sandbox.confidential_client_secret,
    }
    cli = globus_cli.in_environment(home, **globus_sandbox.environment(), **login)
    source, target = (place(globus_sandbox, tmp_path / name) for name in ("Alpha", "Beta"))
    (source.root / "one.txt").write_text("one")
    return Desk(globus_sandbox, cli, source, target)


def test_it_makes_lists_changes_and_deletes_flows(desk: Desk) -> None:
    """Each view tells what was written."""
    flow = desk.create(
        flow_of(PASS), "--subtitle", "small", "--keyword", "sky", "--viewer", "public"
    )
    shown = desk.cli.run("flows", "show", flow)
    assert re.search(r"Subtitle: +small\n", shown)
    assert re.search(r"Keywords: +sky\n", shown)
    listed = desk.cli.run("flows", "list", "--filter-role", "flow_owner", "--orderby", "title:ASC")
    assert flow in listed
    assert desk.cli.json("flows", "list", "--filter-fulltext", "sea")["flows"] == []
    desk.cli.run(
        "flows", "update", flow, "--title", "Renamed", "--starters", "all_authenticated_users"
    )
    changed = desk.cli.json("flows", "show", flow)
    assert (changed["title"], changed["flow_starters"]) == ("Renamed", ["all_authenticated_users"])
    desk.cli.run("flows", "delete", flow)
    assert "NOT_FOUND" in desk.cli.run("flows", "show", flow, status=1)


def test_it_checks_definitions_and_input(desk: Desk) -> None:
    """What is wrong is shown with its place."""
    desk.cli.run("flows", "validate", json.dumps(copying()))
    wrong = desk.cli.run("flows", "validate", json.dumps(flow_of({"Type": "Wait"})), status=1)
    assert "S0" in wrong
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    flow = desk.create(flow_of(PASS), "--input-schema", json.dumps(schema))
    refused = desk.cli.run("flows", "start", flow, "--input", '{"n": "x"}', status=1)
    assert "$.n" in refused


def test_it_runs_a_flow_and_follows_it(desk: Desk) -> None:
    """The file is there, and each view of the run tells of it."""
    run = desk.start(desk.create(copying()), desk.input(), "--label", "first", "--tag", "a")
    assert desk.target.files() == {"copy.txt": "one"}
    shown = desk.cli.run("flows", "run", "show", run, "--include-flow-description")
    assert re.search(r"Status: +SUCCEEDED\n", shown)
    assert re.search(r"Run Label: +first\n", shown)
    assert run in desk.cli.run("flows", "run", "list")
    logs = desk.cli.run("flows", "run", "show-logs", run)
    assert "ActionCompleted" in logs
    assert "FlowSucceeded" in desk.cli.run(
        "flows", "run", "show-logs", run, "--details", "--reverse"
    )
    definition = desk.cli.json("flows", "run", "show-definition", run)
    assert definition["definition"] == copying()
    desk.cli.run("flows", "run", "update", run, "--label", "second", "--tags", "b,c")
    changed = desk.cli.json("flows", "run", "show", run)
    assert (changed["label"], changed["tags"]) == ("second", ["b", "c"])
    desk.cli.run("flows", "run", "delete", run)
    assert "NOT_FOUND" in desk.cli.run("flows", "run", "show", run, status=1)


def test_it_cancels_a_run(desk: Desk) -> None:
    """Once; it cannot be resumed."""
    flow = desk.create(flow_of(WAIT))
    run = desk.start(flow, {})
    listed = desk.cli.json("flows", "run", "list", "--filter-flow-id", flow)["runs"]
    assert [(each["run_id"], each["status"]) for each in listed] == [(run, "ACTIVE")]
    desk.cli.run("flows", "run", "cancel", run)
    assert desk.cli.json("flows", "run", "show", run)["details"]["code"] == "FlowCanceled"
    assert "STATE_CONFLICT" in desk.cli.run("flows", "run", "cancel", run, status=1)
    assert "STATE_CONFLICT" in desk.cli.run("flows", "run", "resume", run, status=1)


def test_a_person_resumes_a_run_after_a_consent(globus_cli: GlobusCli, tmp_path: Path) -> None:
    """The program says which consent is missing, and resumes when it is given."""
    template = ClientSeed(id=globus_cli.template_client_id(), name="Globus CLI", project=None)
    seeds = Seeds(clients=(*Seeds().clients, template))
    with Sandbox(seeds=seeds) as sandbox:
        home = tmp_path / "home"
        home.mkdir()
        cli = globus_cli.in_environment(home, **sandbox.environment())
        source = place(sandbox, tmp_path / "Alpha", kind="mapped")
        desk = Desk(sandbox, cli, source, place(sandbox, tmp_path / "Beta"))
        (source.root / "one.txt").write_text("one")
        log_in(cli)
        flow = desk.create(copying())
        assert f"--flow {flow}" in cli.run("flows", "start", flow, status=4)
        with_code(cli, "login", "--no-local-server", "--flow", flow)
        run = desk.start(flow, desk.input())
        assert cli.json("flows", "run", "show", run)["status"] == "INACTIVE"
        refused = cli.run("flows", "run", "resume", run, status=4)
        consent = re.search(r"globus session consent '?(https://[^'\n]+?)'?\n", refused)
        assert consent is not None, refused
        with_code(cli, "session", "consent", "--no-local-server", consent[1])
        cli.run("flows", "run", "resume", run)
        desk.settle()
        assert cli.json("flows", "run", "show", run)["status"] == "SUCCEEDED"
        assert desk.target.files() == {"copy.txt": "one"}


def with_code(cli: GlobusCli, *arguments: str) -> None:
    """
    Run a command that asks for a code, which a browser gets at the address that it shows.
    """
    process = subprocess.Popen(
        cli.command(*arguments),
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
            output, _ = process.communicate(code[1] + "\n", timeout=60)
            assert process.returncode == 0, output
        finally:
            process.kill()
