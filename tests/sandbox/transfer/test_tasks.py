"""Transfers and deletes of real files, by globus-sdk's client and the sandbox's clock."""

from __future__ import annotations

import functools
import os
import typing as t
from pathlib import Path

import globus_sdk
import pytest

from tests.sandbox.transfer.conftest import SCOPE, Site
from tests.sandbox.transfer.test_file_operations import refusal


def transfer(site: Site, *items: tuple[str, str], **options: t.Any) -> globus_sdk.TransferData:
    """
    A transfer from the source to the target.
    """
    data = globus_sdk.TransferData(site.source, site.target, **options)
    for source, target in items:
        data.add_item(source, target)
    return data


def submit(site: Site, data: globus_sdk.TransferData | globus_sdk.DeleteData) -> str:
    """
    Submit a document, and let its task do what it can before the clock moves.
    """
    is_delete = isinstance(data, globus_sdk.DeleteData)
    send: t.Any = site.client.submit_delete if is_delete else site.client.submit_transfer
    task_id = str(send(data)["task_id"])
    site.control("settle")
    return task_id


def codes(site: Site, task_id: str) -> list[str]:
    """
    The codes of a task's events, newest first.
    """
    return [event["code"] for event in site.client.task_event_list(task_id)]


def tree(root: Path) -> list[str]:
    """
    The paths of all files and folders.
    """
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


def make(root: Path, *paths: str) -> None:
    """
    Make files whose content is their path.
    """
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)


def test_a_file_is_copied(site: Site) -> None:
    """The task says what it has done, and which files it has transferred."""
    content = os.urandom(3 * 1024 * 1024 + 5)
    (site.source_root / "a.bin").write_bytes(content)
    data = transfer(site, ("/a.bin", "/new/b.bin"), label="one file", preserve_timestamp=True)
    os.utime(site.source_root / "a.bin", (1_600_000_000, 1_600_000_000))
    task_id = submit(site, data)
    assert (site.target_root / "new/b.bin").read_bytes() == content
    assert (site.target_root / "new/b.bin").stat().st_mtime == 1_600_000_000
    task = site.client.get_task(task_id)
    assert (task["status"], task["label"], task["faults"]) == ("SUCCEEDED", "one file", 0)
    assert task["files"] == task["files_transferred"] == task["subtasks_succeeded"] == 1
    assert task["bytes_transferred"] == task["bytes_checksummed"] == len(content)
    assert codes(site, task_id) == ["SUCCEEDED", "STARTED"]
    (done,) = site.client.task_successful_transfers(task_id)
    assert (done["source_path"], done["destination_path"]) == ("/a.bin", "/new/b.bin")


def test_a_folder_is_copied_by_its_filter_rules(site: Site) -> None:
    """The first rule that matches decides, and what is excluded takes its content along."""
    make(site.source_root, "d/a.txt", "d/b.dat", "d/skip/c.txt", "d/keep/d.txt", "d/keep/e.dat")
    data = transfer(site, ("/d", "/copy"))
    data.add_filter_rule("skip", type="dir")
    data.add_filter_rule("b.dat", method="include")
    data.add_filter_rule("*.dat", type="file")
    task_id = submit(site, data)
    assert tree(site.target_root / "copy") == ["a.txt", "b.dat", "keep", "keep/d.txt"]
    assert site.client.get_task(task_id)["directories"] == 2


@pytest.mark.parametrize(
    ("level", "copied"),
    [
        ("exists", ["new"]),
        ("size", ["new", "size"]),
        ("mtime", ["new", "size", "time"]),
        ("checksum", ["content", "new", "size", "time"]),
    ],
)
def test_only_what_differs_is_copied(site: Site, level: t.Any, copied: list[str]) -> None:
    """Each level of synchronization also compares what those below it compare."""
    for name in ("new", "size", "time", "content", "same"):
        (site.source_root / name).write_text("1234")
        (site.target_root / name).write_text({"size": "1", "content": "4321"}.get(name, "1234"))
        old, new = (5000, 6000) if name != "time" else (6000, 5000)
        os.utime(site.source_root / name, (old, old))
        os.utime(site.target_root / name, (new, new))
    (site.target_root / "new").unlink()
    task_id = submit(site, transfer(site, ("/", "/"), sync_level=level))
    found = site.client.task_successful_transfers(task_id)
    assert sorted(os.path.basename(done["source_path"]) for done in found) == copied
    assert site.client.get_task(task_id)["files_skipped"] == 5 - len(copied)


def test_what_is_extra_at_the_destination_is_deleted(site: Site, tmp_path: Path) -> None:
    """Folders too, but never through a link."""
    make(site.source_root, "a")
    make(site.target_root, "a", "b", "c/d")
    make(tmp_path / "else", "kept")
    (site.target_root / "link").symlink_to(tmp_path / "else")
    submit(site, transfer(site, ("/", "/"), delete_destination_extra=True))
    assert tree(site.target_root) == ["a"]
    assert tree(tmp_path / "else") == ["kept"]


def test_links_in_folders_are_ignored_kept_or_copied(site: Site) -> None:
    """As the document says; ignored without its saying so."""
    make(site.source_root, "d/file")
    (site.source_root / "d/link").symlink_to("file")
    for way in ("ignore", "keep", "copy"):
        data = transfer(site, ("/d", f"/{way}"), additional_fields={"recursive_symlinks": way})
        submit(site, data)
    assert tree(site.target_root / "ignore") == ["file"]
    assert (site.target_root / "keep/link").readlink() == Path("file")
    assert not (site.target_root / "copy/link").is_symlink()
    assert (site.target_root / "copy/link").read_text() == "d/file"


def test_a_link_that_leads_nowhere_does_not_keep_back_its_folder(site: Site) -> None:
    """It is ignored like any other; if links are followed, it alone is an error."""
    make(site.source_root, "d/file")
    for name, target in (("circle", "circle"), ("dangling", "none")):
        (site.source_root / "d" / name).symlink_to(target)
    for way, status in (("ignore", "SUCCEEDED"), ("keep", "SUCCEEDED"), ("copy", "ACTIVE")):
        data = transfer(site, ("/d", f"/{way}"), additional_fields={"recursive_symlinks": way})
        task = site.client.get_task(submit(site, data))
        assert (way, task["status"]) == (way, status)
        assert (site.target_root / way / "file").read_text() == "d/file"
    assert os.readlink(site.target_root / "keep/circle") == "circle"


def test_a_missing_file_is_tried_again_until_the_deadline(site: Site) -> None:
    """Every ten seconds of the clock; the task succeeds if the file comes in time."""
    late = submit(site, transfer(site, ("/late", "/late")))
    never = submit(site, transfer(site, ("/never", "/never")))
    task = site.client.get_task(late)
    assert (task["status"], task["faults"], task["nice_status"]) == ("ACTIVE", 1, "FILE_NOT_FOUND")
    assert codes(site, late) == ["FILE_NOT_FOUND", "STARTED"]
    site.sandbox.advance_clock(11)
    site.control("settle")
    assert site.client.get_task(late)["faults"] == 2
    make(site.source_root, "late")
    site.sandbox.advance_clock(11)
    site.control("settle")
    assert site.client.get_task(late)["status"] == "SUCCEEDED"
    site.sandbox.advance_clock(24 * 3600)
    site.control("settle")
    task = site.client.get_task(never)
    assert (task["status"], task["fatal_error"]["code"]) == ("FAILED", "EXPIRED")
    assert codes(site, never)[0] == "EXPIRED"


def test_source_errors_can_be_skipped(site: Site) -> None:
    """The task succeeds and lists them."""
    make(site.source_root, "a")
    data = transfer(site, ("/none", "/none"), ("/a", "/a"), skip_source_errors=True)
    task_id = submit(site, data)
    task = site.client.get_task(task_id)
    assert (task["status"], task["subtasks_skipped_errors"]) == ("SUCCEEDED", 1)
    (skipped,) = site.client.task_skipped_errors(task_id)
    assert (skipped["source_path"], skipped["error_code"]) == ("/none", "FILE_NOT_FOUND")


def test_a_file_fails_as_often_as_it_was_ordered(site: Site) -> None:
    """And is then copied."""
    make(site.source_root, "a")
    site.control("fail-file", collection_id=site.source, path="/a", times=2, code="TIMEOUT")
    task_id = submit(site, transfer(site, ("/a", "/a")))
    for _ in range(2):
        site.sandbox.advance_clock(11)
        site.control("settle")
    assert codes(site, task_id) == ["SUCCEEDED", "TIMEOUT", "TIMEOUT", "STARTED"]


def test_a_disconnected_collection_is_waited_for(site: Site) -> None:
    """The task goes on when it is connected again."""
    make(site.source_root, "a")
    site.control("disconnect", collection_id=site.target)
    task_id = submit(site, transfer(site, ("/a", "/a")))
    assert codes(site, task_id)[0] == "CONNECT_FAILED"
    site.control("connect", collection_id=site.target)
    site.sandbox.advance_clock(11)
    site.control("settle")
    assert site.client.get_task(task_id)["status"] == "SUCCEEDED"


def test_a_checksum_from_elsewhere_is_compared(site: Site) -> None:
    """A file that has another one is a fault."""
    make(site.source_root, "a")
    data = globus_sdk.TransferData(site.source, site.target)
    data.add_item("/a", "/a", external_checksum="0" * 32, checksum_algorithm="MD5")
    assert codes(site, submit(site, data))[0] == "VERIFY_CHECKSUM"


def test_a_submission_id_makes_one_task(site: Site) -> None:
    """The same document again gives the first task, another document is refused."""
    make(site.source_root, "a")
    data = transfer(site, ("/a", "/a"))
    first = site.client.submit_transfer(data)
    second = site.client.submit_transfer(data)
    assert (first["code"], second["code"]) == ("Accepted", "Duplicate")
    assert first["task_id"] == second["task_id"]
    assert first["submission_id"] == data["submission_id"]
    data["label"] = "another"
    assert refusal(lambda: site.client.submit_transfer(data)) == (400, "BadRequest")


def test_the_same_paths_are_not_transferred_twice_at_once(site: Site) -> None:
    """It is a conflict until the first task is finished."""
    first = submit(site, transfer(site, ("/none", "/a")))
    again = transfer(site, ("/none", "/a"))
    assert refusal(lambda: site.client.submit_transfer(again)) == (409, "Conflict")
    assert site.client.cancel_task(first)["code"] == "Canceled"
    submit(site, transfer(site, ("/none", "/a")))


def test_a_hundred_tasks_may_be_unfinished(site: Site) -> None:
    """Three of them are worked on, the others wait."""
    ids = [submit(site, transfer(site, ("/none", f"/{number}"))) for number in range(100)]
    one_more = transfer(site, ("/none", "/100"))
    assert refusal(lambda: site.client.submit_transfer(one_more)) == (409, "Conflict")
    assert site.client.get_task(ids[2])["nice_status"] == "FILE_NOT_FOUND"
    assert site.client.get_task(ids[3])["nice_status"] == "Queued"


@pytest.mark.parametrize(
    "wrong",
    [
        {"deadline": "2001-01-01T00:00:00+00:00"},
        {"deadline": "soon"},
        {"sync_level": 4},
        {"submission_id": "mine"},
        {"additional_fields": {"filter_rules": [{"method": "exclude"}]}},
        {"additional_fields": {"filter_rules": [{"method": "drop", "name": "a"}]}},
        {"additional_fields": {"recursive_symlinks": "follow"}},
        {"additional_fields": {"DATA": [{"source_path": "/a"}]}},
    ],
)
def test_a_wrong_document_is_refused(site: Site, wrong: dict[str, t.Any]) -> None:
    """It is a 400 and makes no task."""
    data = transfer(site, **wrong)
    data.add_item("/a", "/a")
    assert refusal(lambda: site.client.submit_transfer(data)) == (400, "BadRequest")
    empty = transfer(site)
    assert refusal(lambda: site.client.submit_transfer(empty)) == (400, "BadRequest")
    assert site.client.task_list()["total"] == 0


def test_a_submission_names_what_is_wrong(site: Site, tmp_path: Path) -> None:
    """No collection, no way out of the root, no consent, no permission."""
    submit_transfer = site.client.submit_transfer
    out = transfer(site, ("/../a", "/a"))
    assert refusal(lambda: submit_transfer(out)) == (403, "PermissionDenied")
    nowhere = globus_sdk.TransferData(site.source, "9d7bb0c6-3c5d-4d7e-8a17-1f4c5e6b7a80")
    nowhere.add_item("/a", "/a")
    assert refusal(lambda: submit_transfer(nowhere)) == (404, "EndpointNotFound")
    for kind, code in (("mapped", "ConsentRequired"), ("guest", "PermissionDenied")):
        data = globus_sdk.TransferData(
            site.source, site.collection(kind, tmp_path / kind, kind=kind)
        )
        data.add_item("/a", "/a")
        assert refusal(functools.partial(submit_transfer, data)) == (403, code)


def test_a_task_without_consent_is_inactive_until_a_login(site: Site, tmp_path: Path) -> None:
    """It goes on with the next request whose token has the consents."""
    mapped = site.collection("mapped", tmp_path / "mapped", kind="mapped")
    scope = f"{SCOPE}[*https://auth.globus.org/scopes/{mapped}/data_access]"
    token = site.token(scope)
    with site.client_with(token) as client:
        data = globus_sdk.TransferData(site.source, mapped)
        data.add_item("/late", "/late")
        task_id = client.submit_transfer(data)["task_id"]
        site.control("settle")
    auth = globus_sdk.ConfidentialAppAuthClient(
        site.sandbox.confidential_client_id, site.sandbox.confidential_client_secret
    )
    auth.base_url = site.sandbox.url
    auth.oauth2_revoke_token(token)
    auth.close()
    make(site.source_root, "late")
    site.sandbox.advance_clock(11)
    site.control("settle")
    described = site.sandbox.state()["services"]["transfer"]["tasks"]
    assert described == {task_id: "INACTIVE"}
    with site.client_with(site.token(scope)) as client:
        client.task_list()
        site.control("settle")
        assert client.get_task(task_id)["status"] == "SUCCEEDED"
    assert codes(site, task_id) == ["SUCCEEDED", "NO_CREDENTIALS", "FILE_NOT_FOUND", "STARTED"]
    assert (tmp_path / "mapped/late").read_text() == "late"


def test_a_task_can_be_paused_and_canceled(site: Site) -> None:
    """By a manager; its owner reads why."""
    site.control("slow-down", seconds_per_block=60)
    make(site.source_root, "a")
    task_id = submit(site, transfer(site, ("/a", "/a")))
    assert site.client.task_pause_info(task_id)["pause_rules"] == []
    site.control("pause", task_id=task_id, message="at night only")
    assert site.client.get_task(task_id)["is_paused"] is True
    info = site.client.task_pause_info(task_id)
    assert info["source_pause_message"] == "at night only"
    assert [rule["endpoint_display_name"] for rule in info["pause_rules"]] == ["source"]
    site.sandbox.advance_clock(600)
    site.control("settle")
    assert site.client.get_task(task_id)["status"] == "ACTIVE"
    site.control("resume", task_id=task_id)
    site.control("settle")
    assert site.client.get_task(task_id)["status"] == "SUCCEEDED"
    other = submit(site, transfer(site, ("/none", "/b")))
    site.control("cancel", task_id=other, message="enough")
    task = site.client.get_task(other)
    assert (task["status"], task["canceled_by_admin_message"]) == ("FAILED", "enough")
    assert site.client.cancel_task(other)["code"] == "TaskComplete"


def test_label_and_deadline_of_a_task_can_change(site: Site) -> None:
    """While it runs; afterwards it is a conflict."""
    task_id = submit(site, transfer(site, ("/none", "/a")))
    change: dict[str, t.Any] = {"DATA_TYPE": "task", "label": "renamed"}
    assert site.client.update_task(task_id, change)["code"] == "Updated"
    assert site.client.get_task(task_id)["label"] == "renamed"
    wrong = {"deadline": "2001-01-01"}
    assert refusal(lambda: site.client.update_task(task_id, wrong)) == (400, "BadRequest")
    unfinished = refusal(lambda: site.client.task_successful_transfers(task_id))
    assert unfinished == (400, "BadRequest")
    site.client.cancel_task(task_id)
    assert refusal(lambda: site.client.update_task(task_id, change)) == (409, "Conflict")


def test_tasks_are_listed_newest_first(site: Site) -> None:
    """By filters, in pages; another person's tasks are not there."""
    make(site.source_root, "a")
    ids = [submit(site, transfer(site, ("/a", f"/{n}"), label=f"task {n}")) for n in range(3)]
    assert [task["task_id"] for task in site.client.task_list()] == ids[::-1]
    page = site.client.task_list(limit=1, offset=1)
    assert (page["total"], page["DATA"][0]["task_id"]) == (3, ids[1])
    found = site.client.task_list(filter={"label": "~*2", "status": ["SUCCEEDED", "FAILED"]})
    assert [task["task_id"] for task in found] == ids[2:]
    assert site.client.task_list(filter="type:DELETE")["total"] == 0
    assert refusal(lambda: site.client.task_list(filter="colour:red")) == (400, "BadRequest")
    errors = site.client.task_event_list(ids[0], query_params={"filter": "is_error:1"})
    assert errors["total"] == 0


def test_files_and_folders_are_deleted(site: Site, tmp_path: Path) -> None:
    """Links are deleted and not what they point to; the root stays."""
    make(site.source_root, "a.txt", "b.txt", "c.dat", "d/e/f", "d/g")
    make(tmp_path / "else", "kept")
    (site.source_root / "d/link").symlink_to(tmp_path / "else")
    data = globus_sdk.DeleteData(site.source, recursive=True, interpret_globs=True)
    data.add_item("/*.txt")
    data.add_item("/d")
    task = site.client.get_task(submit(site, data))
    assert (task["status"], task["type"], task["destination_endpoint_id"]) == (
        "SUCCEEDED",
        "DELETE",
        None,
    )
    assert tree(site.source_root) == ["c.dat"]
    assert tree(tmp_path / "else") == ["kept"]
    missing = globus_sdk.DeleteData(site.source, ignore_missing=True)
    missing.add_item("/none")
    assert site.client.get_task(submit(site, missing))["status"] == "SUCCEEDED"
    root = globus_sdk.DeleteData(site.source, recursive=True)
    root.add_item("/")
    assert codes(site, submit(site, root))[0] == "PERMISSION_DENIED"
    assert tree(site.source_root) == ["c.dat"]
