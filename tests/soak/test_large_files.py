"""
A file of gigabytes over a network that breaks off again and again.
"""

from __future__ import annotations

import mmap
import os
import pathlib
import random
import re
import sys
import time

import pytest

from globus_core import AccessTokenAuthorizer
from globus_core.services.gcs import GCSCollectionClient
from tests.integration.gcs.file_server import Served, running_file_server

MEGABYTE = 1024 * 1024
SIZE = int(os.environ.get("GLOBUS_CORE_SOAK_MEGABYTES", "3072")) * MEGABYTE
CUTS = 50
STATUS = pathlib.Path("/proc/self/status")

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]


class Large(Served):
    """
    A file that is not read to say something about it.
    """

    @property
    def headers(self) -> dict[str, str]:
        """The same for each request."""
        return {"ETag": '"one-version"'}


def write(path: pathlib.Path) -> None:
    """Write a file in which no two megabytes are the same."""
    noise = random.Random(7).randbytes(MEGABYTE - 8)
    with path.open("wb") as file:
        for number in range(SIZE // MEGABYTE):
            file.write(number.to_bytes(8, "big") + noise)


def private_memory() -> int:
    """The memory of this process that no file backs, in bytes."""
    found = re.search(r"RssAnon:\s*(\d+) kB", STATUS.read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) * 1024


@pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells the memory of a process")
def test_a_file_of_gigabytes_comes_whole_after_many_cuts(tmp_path: pathlib.Path) -> None:
    """Every byte as it was, each asked for once, in a little memory."""
    original = tmp_path / "original"
    write(original)
    most = 0

    def watched(done: int, size: int | None) -> None:
        nonlocal most
        if done % (16 * MEGABYTE) < MEGABYTE:
            most = max(most, private_memory())

    with original.open("rb") as file, running_file_server() as server:
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        view = memoryview(whole)
        server.files["/large"] = Large(view)  # type: ignore[arg-type]  # sliced without a copy
        server.cuts = [SIZE // (CUTS + 1)] * CUTS
        authorizer = AccessTokenAuthorizer("made-up")
        client = GCSCollectionClient("an-id", server.url, authorizer=authorizer)
        before, began = private_memory(), time.monotonic()
        client.download("/large", tmp_path / "copy", progress=watched)
        seconds = time.monotonic() - began
        client.close()
        requests = len(server.seen)
        server.files.clear()
    assert _same(original, tmp_path / "copy")
    assert requests == CUTS + 1
    assert most - before < 16 * MEGABYTE
    sys.stdout.write(
        f"{SIZE // MEGABYTE} MB with {CUTS} cuts in {seconds:.0f} s, "
        f"{(most - before) / MEGABYTE:.1f} MB above the start\n"
    )


def _same(one: pathlib.Path, other: pathlib.Path) -> bool:
    with one.open("rb") as first, other.open("rb") as second:
        while True:
            piece = first.read(MEGABYTE)
            if piece != second.read(MEGABYTE):
                return False
            if not piece:
                return True
