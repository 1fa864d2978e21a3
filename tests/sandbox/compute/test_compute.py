"""Compute in the sandbox: what is registered, and tasks whose results are in a table."""

from __future__ import annotations

import typing as t
import uuid
from pathlib import Path

import pytest

import globus_core
from globus_core_sandbox import Sandbox
from tests.sandbox.compute.conftest import Site, site_of

NONE = str(uuid.UUID(int=7))


def refused(status: int, call: t.Callable[..., t.Any], *arguments: t.Any) -> None:
    """A call that is answered with an error of this status, in both SDKs."""
    with pytest.raises(Exception, match=str(status)) as caught:
        call(*arguments)
    assert type(caught.value).__name__ == "ComputeAPIError"
    assert t.cast("t.Any", caught.value).http_status == status


def test_an_endpoint_is_registered_shown_and_deleted(site: Site) -> None:
    """By either version of the API; its queues cannot be reached."""
    answer = site.second.register_endpoint({"endpoint_name": "here", "public": True})
    endpoint = answer["endpoint_id"]
    assert "queues.invalid" in answer["task_queue_info"]["connection_url"]
    assert site.second.get_endpoint(endpoint)["public"] is True
    listed = site.second.get_endpoints().data
    assert [(found["uuid"], found["name"]) for found in listed] == [(endpoint, "here")]
    site.third.update_endpoint(endpoint, {"endpoint_name": "there"})
    assert site.second.get_endpoints("any").data[0]["name"] == "there"
    site.second.delete_endpoint(endpoint)
    assert site.second.get_endpoints().data == []
    refused(404, site.second.get_endpoint, endpoint)


def test_an_endpoint_keeps_the_id_that_it_brings(site: Site) -> None:
    """A second registration replaces the first."""
    for name in ("one", "two"):
        document = {"endpoint_name": name, "endpoint_uuid": NONE}
        assert site.third.register_endpoint(document)["endpoint_id"] == NONE
    assert site.second.get_endpoint(NONE)["name"] == "two"
    refused(400, site.third.register_endpoint, {"endpoint_name": "x", "endpoint_uuid": "y"})


def test_tests_say_what_an_endpoint_does(site: Site) -> None:
    """It is online until then."""
    endpoint = site.endpoint()
    assert site.second.get_endpoint_status(endpoint)["status"] == "online"
    site.control("endpoints/status", endpoint_id=endpoint, status="offline", details={"x": 1})
    assert site.second.get_endpoint_status(endpoint).data == {
        "status": "offline",
        "details": {"x": 1},
    }


def test_a_function_is_registered_shown_and_deleted(site: Site) -> None:
    """Its code is kept as it came."""
    function = site.function()
    shown = site.second.get_function(function)
    assert (shown["function_name"], shown["function_code"]) == ("add", "made up")
    site.second.delete_function(function)
    refused(404, site.second.get_function, function)
    refused(404, site.second.delete_function, function)


def test_a_task_has_the_result_of_the_table(site: Site) -> None:
    """At once if it is there, else when it comes; an exception is a failure."""
    endpoint, function = site.endpoint(), site.function()

    def submitted(count: int) -> list[str]:
        answer = site.third.submit(endpoint, {"tasks": {function: ["arguments"] * count}})
        assert answer["endpoint_id"] == endpoint
        return t.cast("list[str]", answer["tasks"][function])

    waiting = submitted(2)
    assert [site.second.get_task(task)["status"] for task in waiting] == ["pending"] * 2
    site.control("results/set", function_id=function, result="42")
    batch = site.second.get_task_batch(waiting)["results"]
    assert [batch[task]["result"] for task in waiting] == ["42", "42"]
    site.control("results/set", function_id=function, exception="no")
    (failed,) = submitted(1)
    document = site.second.get_task(failed)
    assert (document["status"], document["exception"]) == ("failed", "no")
    assert site.second.get_task(waiting[0])["status"] == "success"
    site.control("results/clear", function_id=function)
    assert site.second.get_task(submitted(1)[0])["status"] == "pending"


def test_tasks_that_belong_together_are_listed(site: Site) -> None:
    """Over several submissions with the id of one group."""
    endpoint, function = site.endpoint(), site.function()
    first = site.third.submit(endpoint, {"tasks": {function: ["a"]}})
    group = first["task_group_id"]
    again = {"tasks": {function: ["b", "c"]}, "task_group_id": group}
    second = site.third.submit(endpoint, again)
    listed = site.second.get_task_group(group)["tasks"]
    assert [task["id"] for task in listed] == [
        *first["tasks"][function],
        *second["tasks"][function],
    ]
    refused(404, site.second.get_task_group, NONE)


@pytest.mark.parametrize("tasks", [None, {}, [], {"f": []}, {"f": "x"}])
def test_a_wrong_submission_is_refused(site: Site, tasks: t.Any) -> None:
    """It says which part is wrong."""
    refused(400, site.third.submit, site.endpoint(), {"tasks": tasks})


def test_what_is_not_there_is_not_found(site: Site) -> None:
    """Endpoint, function, task."""
    endpoint, function = site.endpoint(), site.function()
    refused(404, site.third.submit, NONE, {"tasks": {function: ["a"]}})
    refused(404, site.third.submit, endpoint, {"tasks": {NONE: ["a"]}})
    refused(404, site.second.get_task, NONE)
    assert site.second.get_task_batch([NONE])["results"] == {}


def test_what_the_sandbox_does_not_have_is_not_implemented(site: Site) -> None:
    """501, and nothing is made up."""
    endpoint = site.endpoint()
    refused(501, site.second.submit, {"tasks": []})
    refused(501, site.second.get_version)
    refused(501, site.second.get_result_amqp_url)
    refused(501, site.second.lock_endpoint, endpoint)
    refused(501, site.third.lock_endpoint, endpoint)
    refused(501, site.third.get_endpoint_allowlist, endpoint)


def test_what_is_registered_is_kept(tmp_path: Path) -> None:
    """With the tasks and the table, by a sandbox that remembers."""
    file = tmp_path / "sandbox.json"
    with Sandbox(state_file=file) as sandbox:
        first = site_of(sandbox, globus_core)
        endpoint, function = first.endpoint(), first.function()
        task = first.third.submit(endpoint, {"tasks": {function: ["a"]}})["tasks"][function][0]
        first.control("endpoints/status", endpoint_id=endpoint, status="offline")
        first.close()
    with Sandbox(state_file=file) as sandbox:
        second = site_of(sandbox, globus_core)
        assert second.second.get_endpoint_status(endpoint)["status"] == "offline"
        assert second.second.get_task(task)["status"] == "pending"
        second.control("results/set", function_id=function, result="42")
        assert second.second.get_task(task)["result"] == "42"
        second.close()


def test_nothing_happens_without_a_token(site: Site) -> None:
    """Nor with one for another service."""
    site.third.authorizer = None
    refused(401, site.third.register_function, {})
    refused(401, site.third.register_endpoint, {})
