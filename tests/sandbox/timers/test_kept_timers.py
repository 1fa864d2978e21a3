"""Timers of a sandbox that remembers them from one day to the next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import globus_core
from globus_core_sandbox import Sandbox, SandboxError
from tests.sandbox.timers.conftest import ALL, TIMER, Site

HOUR = 3600


def site_of(sandbox: Sandbox, tmp_path: Path) -> Site:
    """Our client, and two collections, which are not kept."""
    made = Site(sandbox, globus_core, tmp_path / "source", tmp_path / "target")
    made.source, made.target = (
        made.collection(root, id=f"00000000-0000-4000-8000-00000000000{number}")
        for number, root in enumerate((made.source_root, made.target_root))
    )
    made.client = made.client_for(f"{TIMER}[{ALL}]")
    return made


def test_timers_are_kept_and_go_on(tmp_path: Path) -> None:
    """With their owner's consents, their results and what is left of their schedule."""
    file = tmp_path / "sandbox.json"
    with Sandbox(state_file=file) as sandbox:
        first = site_of(sandbox, tmp_path)
        schedule = first.sdk.RecurringTimerSchedule(
            HOUR, end={"condition": "iterations", "count": 3}
        )
        timer = first.create(schedule, name="kept")
        paused = first.create(schedule)
        first.settle()
        first.client.pause_job(paused)
        before = first.client.get_job(timer).data
        first.client.close()
    assert (before["n_runs"], before["status"]) == (1, "loaded")
    with Sandbox(state_file=file) as sandbox:
        second = site_of(sandbox, tmp_path)
        assert second.client.get_job(timer).data == before
        second.pass_time(3 * HOUR)
        after = second.client.get_job(timer)
        assert (after["n_runs"], after["n_errors"], after["status"]) == (3, 0, "ended")
        assert second.client.get_job(paused)["inactive_reason"]["cause"] == "user"
        for client in second.clients:
            client.close()


def test_a_file_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    """Before the sandbox starts."""
    file = tmp_path / "sandbox.json"
    with Sandbox(state_file=file) as sandbox:
        site = site_of(sandbox, tmp_path)
        site.create(site.sdk.OnceTimerSchedule(site.soon(HOUR)))
        site.client.close()
    document = json.loads(file.read_text())
    for kept in _all_named(document, "timers"):
        kept[0].pop("schedule")
    file.write_text(json.dumps(document))
    with pytest.raises(SandboxError):
        Sandbox(state_file=file)


def _all_named(document: object, name: str) -> list[list[dict[str, object]]]:
    """The lists under a name, wherever they are."""
    if not isinstance(document, dict):
        return []
    found = [document[name]] if isinstance(document.get(name), list) else []
    return found + [each for value in document.values() for each in _all_named(value, name)]
