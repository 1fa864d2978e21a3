"""Timers in the sandbox: due by its clock, they submit tasks to its Transfer over HTTP."""

from __future__ import annotations

import datetime
import typing as t
import uuid
from pathlib import Path

import pytest

import globus_core
from globus_core.services.timers import next_runs
from tests.sandbox.timers.conftest import ALL, TIMER, Site

HOUR = 3600
ACTION = "https://actions.automate.globus.org/transfer/transfer/run"
NONE = str(uuid.UUID(int=7))


def refused(status: int, call: t.Callable[..., t.Any], *arguments: t.Any) -> t.Any:
    """The error of a call that is answered with this status, in both SDKs."""
    with pytest.raises(Exception, match=str(status)) as caught:
        call(*arguments)
    error = t.cast("t.Any", caught.value)
    assert (type(error).__name__, error.http_status) == ("TimersAPIError", status)
    return error


def recurring(site: Site, **more: t.Any) -> t.Any:
    """Every hour, from the next one on."""
    return site.sdk.RecurringTimerSchedule(HOUR, start=site.soon(HOUR), **more)


# runs


def test_a_timer_without_a_start_runs_at_once(site: Site) -> None:
    """Once, and then it has ended."""
    timer = site.create(site.sdk.OnceTimerSchedule(), name="now")
    site.settle()
    assert site.arrived() == ["a.txt"]
    shown = site.client.get_job(timer)
    assert (shown["name"], shown["status"], shown["n_runs"], shown["n_errors"]) == (
        *("now", "ended"),
        *(1, 0),
    )
    assert shown["next_run"] is None
    (result,) = shown["results"]["data"]
    assert (result["status"], result["data"]["code"]) == (202, "Accepted")


def test_a_timer_waits_for_its_time(site: Site) -> None:
    """By the sandbox's clock; each run has a submission id of its own."""
    timer = site.create(recurring(site, end={"condition": "iterations", "count": 3}))
    site.settle()
    assert site.arrived() == []
    for run in range(1, 4):
        site.pass_time(HOUR)
        assert site.client.get_job(timer)["n_runs"] == run
    site.pass_time(HOUR)
    shown = site.client.get_job(timer)
    assert (shown["n_runs"], shown["status"]) == (3, "ended")
    submissions = {run["data"]["submission_id"] for run in shown["results"]["data"]}
    assert len(submissions) == 3


def test_missed_runs_are_made_up_for(site: Site) -> None:
    """As if the time had passed as time does."""
    timer = site.create(recurring(site))
    site.pass_time(4 * HOUR + 60)
    shown = site.client.get_job(timer)
    assert (shown["n_runs"], shown["status"]) == (4, "loaded")


def test_a_timer_stops_at_a_time(site: Site) -> None:
    """The run at that very time is the last one."""
    end = {"condition": "time", "datetime": site.soon(3 * HOUR)}
    timer = site.create(recurring(site, end=end))
    site.pass_time(9 * HOUR)
    shown = site.client.get_job(timer)
    assert (shown["n_runs"], shown["status"]) == (3, "ended")


def test_what_a_timer_says_of_its_next_run_comes_true(site: Site) -> None:
    """Also what our helper tells from its document."""
    timer = site.create(recurring(site, end={"condition": "iterations", "iterations": 3}))
    shown = site.client.get_job(timer).data
    told = next_runs(shown, 9, after=site.soon(0))
    assert told[0].isoformat() == shown["next_run"]
    assert len(told) == 3
    site.pass_time(HOUR)
    again = site.client.get_job(timer).data
    assert datetime.datetime.fromisoformat(again["last_ran_at"]) == told[0]
    assert next_runs(again, 9, after=site.soon(0)) == told[1:]


def test_an_error_of_transfer_is_counted(site: Site) -> None:
    """The timer goes on."""
    body = {**site.transfer(), "source_endpoint": NONE}
    timer = site.create(recurring(site), body=body)
    site.pass_time(HOUR)
    shown = site.client.get_job(timer)
    assert (shown["n_runs"], shown["n_errors"], shown["status"]) == (1, 1, "loaded")
    assert NONE in shown["results"]["data"][0]["errors"]


def test_a_collection_without_permission_is_an_error_of_the_run(site: Site, tmp_path: Path) -> None:
    """A guest collection of somebody else."""
    guest = site.collection(tmp_path / "guest", kind="guest")
    body = {**site.transfer(), "destination_endpoint": guest}
    timer = site.create(site.sdk.OnceTimerSchedule(), body=body)
    site.settle()
    (result,) = site.client.get_job(timer)["results"]["data"]
    assert result["status"] == 403
    assert "no permission" in result["errors"]


# pausing, consents


def test_a_paused_timer_does_not_run(site: Site) -> None:
    """After it is resumed, it runs at the next time of its schedule."""
    timer = site.create(recurring(site))
    assert "paused" in site.client.pause_job(timer)["message"]
    site.pass_time(5 * HOUR)
    shown = site.client.get_job(timer)
    assert (shown["status"], shown["n_runs"], shown["next_run"]) == ("inactive", 0, None)
    assert shown["inactive_reason"] == {"cause": "user", "detail": None}
    assert "resumed" in site.client.resume_job(timer)["message"]
    site.settle()
    assert site.client.get_job(timer)["n_runs"] == 0
    site.pass_time(HOUR)
    assert site.client.get_job(timer)["n_runs"] == 1


def test_a_missing_consent_suspends_a_timer(site: Site) -> None:
    """It says what is needed; with a new consent it is resumed, and the run is done."""
    site.start_anew(TIMER)
    timer = site.create(site.sdk.OnceTimerSchedule())
    site.settle()
    shown = site.client.get_job(timer)
    assert (shown["status"], shown["n_runs"]) == ("inactive", 0)
    reason = shown["inactive_reason"]
    assert (reason["cause"], reason["detail"]["code"]) == (
        *("globus_auth_requirements", "ConsentRequired"),
    )
    needed = reason["detail"]["authorization_parameters"]["required_scopes"]
    assert needed == [f"{TIMER}[{ALL}]"]
    site.client.resume_job(timer)
    site.settle()
    assert site.client.get_job(timer)["status"] == "inactive"
    site.client = site.client_for(needed[0])
    site.client.resume_job(timer, update_credentials=True)
    site.settle()
    assert site.client.get_job(timer)["status"] == "ended"
    assert site.arrived() == ["a.txt"]


def test_a_mapped_collection_needs_a_consent_below_that_for_transfer(
    site: Site, tmp_path: Path
) -> None:
    """The scope that is asked for has three levels."""
    mapped = site.collection(tmp_path / "mapped", kind="mapped")
    body = {**site.transfer(), "destination_endpoint": mapped}
    timer = site.create(site.sdk.OnceTimerSchedule(), body=body)
    site.settle()
    detail = site.client.get_job(timer)["inactive_reason"]["detail"]
    (scope,) = detail["authorization_parameters"]["required_scopes"]
    data_access = f"https://auth.globus.org/scopes/{mapped}/data_access"
    assert scope == f"{TIMER}[{ALL}[*{data_access}]]"
    site.client_for(scope).resume_job(timer, update_credentials=True)
    site.settle()
    assert (tmp_path / "mapped" / "a.txt").is_file()


# the operations


def test_timers_are_listed_changed_and_deleted(site: Site) -> None:
    """Only the caller's own, in the order in which they were made unless told otherwise."""
    timers = [site.create(recurring(site), name=name) for name in "ab"]
    listed = site.client.list_jobs()["jobs"]
    assert [job["job_id"] for job in listed] == timers
    newest = site.client.list_jobs(query_params={"order": "submitted_at desc"})["jobs"]
    assert [job["job_id"] for job in newest] == timers[::-1]
    assert site.client.update_job(timers[0], {"name": "c"})["name"] == "c"
    assert site.client.delete_job(timers[0])["name"] == "c"
    assert [job["name"] for job in site.client.list_jobs()["jobs"]] == ["b"]
    refused(404, site.client.get_job, timers[0])
    site.pass_time(HOUR)
    assert site.arrived() == ["a.txt"]


def test_a_new_timer_is_answered_in_the_new_form(site: Site) -> None:
    """Its status is new; the body is what was sent, without a submission id."""
    timer = site.sdk.TransferTimer(name="x", schedule=recurring(site), body=site.transfer())
    made = site.client.create_timer(timer)["timer"]
    assert (made["timer_type"], made["status"], made["number_of_runs"]) == ("transfer", "new", 0)
    assert made["schedule"]["interval_seconds"] == HOUR
    assert made["body"]["source_endpoint"] == site.source
    assert "submission_id" not in made["body"]


def test_a_timer_in_the_old_form_transfers_as_well(site: Site) -> None:
    """What it sends to the action of Transfer becomes a transfer."""
    (site.source_root / "old.txt").write_text("old")
    body = {
        "source_endpoint_id": site.source,
        "destination_endpoint_id": site.target,
        "transfer_items": [{"source_path": "/old.txt", "destination_path": "/old.txt"}],
        "label": "in the old form",
    }
    job = site.sdk.TimerJob(
        ACTION, {"body": body}, site.soon(HOUR), HOUR, name="old", stop_after_n=2
    )
    made = site.client.create_job(job)
    assert (made["interval"], made["stop_after"]) == (HOUR, {"date": None, "n_runs": 2})
    site.pass_time(3 * HOUR)
    assert site.client.get_job(made["job_id"])["n_runs"] == 2
    assert site.arrived() == ["old.txt"]


# wrong input


def test_wrong_documents_are_refused_field_by_field(site: Site) -> None:
    """With the place of each field."""
    good = {"timer_type": "transfer", "schedule": {"type": "once"}, "body": dict(site.transfer())}

    def wrong(**changes: t.Any) -> str:
        return str(refused(422, site.client.create_timer, {**good, **changes}).message)

    past = site.soon(-HOUR).isoformat()
    every = {"type": "recurring", "interval_seconds": HOUR}
    assert wrong(timer_type="x").endswith(": body.timer.timer_type")
    assert wrong(schedule=None) == "field required: body.timer.schedule"
    assert wrong(schedule={"type": "x"}).endswith(": body.timer.schedule.type")
    assert "in the past" in wrong(schedule={"type": "once", "datetime": past})
    assert "in the past" in wrong(schedule={**every, "start": past})
    for interval in (0, -5, "x", 1.5, True):
        told = wrong(schedule={**every, "interval_seconds": interval})
        assert told.endswith(": body.timer.schedule.interval_seconds")
    assert "timezone" in wrong(schedule={"type": "once", "datetime": "2040-01-01T00:00:00"})
    assert "format" in wrong(schedule={"type": "once", "datetime": "tomorrow"})
    for end in ({"condition": "x"}, {"condition": "iterations", "count": 0}, {}, "x"):
        assert "body.timer.schedule.end" in wrong(schedule={**every, "end": end})
    early = {"condition": "time", "datetime": past}
    assert "before the start" in wrong(schedule={**every, "end": early})
    assert wrong(body={}) == "field required: body.timer.body.source_endpoint"
    assert str(refused(422, site.client.create_job, {}).message).endswith("body.callback_url")
    assert site.client.list_jobs()["jobs"] == []


def test_what_the_sandbox_cannot_call_is_not_implemented(site: Site) -> None:
    """Nothing but Transfer and Flows."""
    job = site.sdk.TimerJob("https://example.org/x", {"a": 1}, site.soon(HOUR), None)
    refused(501, site.client.create_job, job)
    timer = site.create(recurring(site))
    refused(501, site.client.update_job, timer, {"interval": 5})


def test_a_timer_ends_with_the_calendar(site: Site) -> None:
    """There are no dates after the year 9999."""
    timer = site.create(site.sdk.RecurringTimerSchedule(10**12))
    site.settle()
    shown = site.client.get_job(timer)
    assert (shown["n_runs"], shown["status"]) == (1, "ended")


def test_nobody_sees_another_one_s_timers(site: Site) -> None:
    """Nor anything without the scope."""
    refused(404, site.client.get_job, NONE)
    refused(404, site.client.pause_job, NONE)
    refused(401, site.client_for(ALL).list_jobs)
    refused(401, site.client_with("made-up").list_jobs)


def test_a_reset_forgets_all_timers(site: Site) -> None:
    """Those that are due too."""
    site.create(recurring(site))
    site.sandbox.reset()
    site.pass_time(2 * HOUR)
    assert site.arrived() == []


def test_a_run_waits_for_the_task_of_an_earlier_one(site: Site) -> None:
    """Transfer refuses a second task for the same files while the first one works on them."""
    timer = site.create(recurring(site, end={"condition": "iterations", "count": 20}))
    site.pass_time(20 * HOUR)
    shown = site.client.get_job(timer)
    assert (shown["n_runs"], shown["n_errors"]) == (20, 0)


def test_a_run_whose_files_stay_busy_is_an_error(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not wait for ever."""
    monkeypatch.setattr("globus_core_timers.sandbox.runner._MOST_PAUSES", 3)
    site.sandbox.control("transfer", "slow-down", seconds_per_block=HOUR * 100)
    timer = site.create(recurring(site, end={"condition": "iterations", "count": 2}))
    site.sandbox.advance_clock(2 * HOUR)
    site.sandbox.control("timers", "settle")
    first, second = site.client.get_job(timer)["results"]["data"]
    assert (first["status"], second["status"]) == (202, 409)


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_outside_of_the_calendar_is_refused(site: Site, time: str) -> None:
    """Other timers can be listed as before."""
    timer = site.create(recurring(site))
    end = {"condition": "time", "datetime": time}
    refused(422, site.create, site.sdk.OnceTimerSchedule(time))
    refused(422, site.create, recurring(site, end=end))
    assert [job["job_id"] for job in site.client.list_jobs()["jobs"]] == [timer]


def test_an_interval_of_any_length_is_an_interval(site: Site) -> None:
    """If the second run is after the year 9999, the first one is the last."""
    interval = 10**400 if site.sdk is globus_core else 10**18  # globus-sdk may have a limit
    timer = site.create(site.sdk.RecurringTimerSchedule(interval, start=site.soon(HOUR)))
    site.pass_time(HOUR)
    shown = site.client.get_job(timer)
    assert (shown["n_runs"], shown["status"], shown["interval"]) == (1, "ended", interval)


def test_a_timer_waits_until_the_end_of_the_calendar(site: Site) -> None:
    """While others run."""
    late = site.create(site.sdk.OnceTimerSchedule("9999-12-31T23:59:59Z"))
    site.settle()
    soon = site.create(recurring(site))
    site.pass_time(HOUR)
    assert [site.client.get_job(timer)["n_runs"] for timer in (late, soon)] == [0, 1]
