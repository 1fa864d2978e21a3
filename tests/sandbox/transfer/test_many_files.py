"""A folder of many files is transferred in bounded memory, whoever waits for it."""

from __future__ import annotations

import os
import sys
import tracemalloc
import typing as t
from pathlib import Path

import pytest

from globus_core import AccessTokenAuthorizer, TransferClient, TransferData
from globus_core.services.transfer import TaskOutcome
from tests.sandbox.transfer.conftest import Site

if t.TYPE_CHECKING:
    from globus_core.services.transfer import TaskResult

MIB = 1024 * 1024
#: what the sandbox and both clients may hold at once, however much is transferred
MOST_BYTES = 16 * MIB


def fill(root: Path, folders: int, files: int, size: int) -> None:
    """
    Make folders of files with bytes that do not repeat.
    """
    for number in range(folders):
        folder = root / f"folder-{number}"
        folder.mkdir()
        for name in range(files):
            (folder / f"{name}.dat").write_bytes(os.urandom(size))


def client(site: Site) -> TransferClient:
    """
    A client that knows nothing of the others.
    """
    return TransferClient(
        authorizer=AccessTokenAuthorizer(site.token()),
        base_url=site.sandbox.service_url("transfer"),
    )


def transferred(site: Site) -> TaskResult:
    """
    Submit a transfer of everything with one client, and wait for it with another.
    """
    data = TransferData(site.source, site.target, sync_level="checksum", verify_checksum=True)
    data.add_item("/", "/")
    with client(site) as first:
        task_id = first.submit_transfer(data)["task_id"]
    site.control("settle")
    with client(site) as second:
        return second.wait_for_task(task_id)


def check_transfer_of(site: Site, folders: int, files: int, size: int) -> int:
    """
    Transfer so many files, compare them all, and give the peak of the memory in bytes.
    """
    fill(site.source_root, folders, files, size)
    tracemalloc.start()
    try:
        outcome, task = transferred(site)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert outcome is TaskOutcome.SUCCEEDED
    assert (task["files_transferred"], task["faults"]) == (folders * files, 0)
    assert task["bytes_transferred"] == folders * files * size
    for path in site.source_root.rglob("*.dat"):
        copy = site.target_root / path.relative_to(site.source_root)
        assert copy.read_bytes() == path.read_bytes()
    assert peak < MOST_BYTES
    return peak


def test_a_folder_of_many_files_is_transferred_in_bounded_memory(site: Site) -> None:
    """2,000 files and 50 MB; the task goes on when the client that submitted it has gone."""
    check_transfer_of(site, folders=20, files=100, size=25_000)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_gigabytes_are_transferred_in_no_more_memory(site: Site) -> None:
    """20,000 files and 2 GB."""
    peak = check_transfer_of(site, folders=100, files=200, size=100_000)
    sys.stdout.write(f"\n20,000 files, 2 GB: {peak / MIB:.1f} MiB at most\n")
