"""
Files of any size are copied in the memory of a few pieces.
"""

from __future__ import annotations

import pathlib
import subprocess
import sys
import textwrap

import pytest

from tests.integration.gcs.file_server import FileServer, Served

MEGABYTE = 1024 * 1024
SIZE = 64 * MEGABYTE
MOST = 8 * MEGABYTE
STATUS = pathlib.Path("/proc/self/status")

#: copies a small file first, so that all modules are there, and prints by how much the peak grew
PROGRAM = """
import re, sys
from globus_core import AccessTokenAuthorizer, RetryConfig
from globus_core.services.gcs import GCSCollectionClient

def peak():
    found = re.search("VmHWM:\\\\s*(\\\\d+) kB", open("/proc/self/status").read())
    return int(found[1]) * 1024

client = GCSCollectionClient(
    "5f1c8a3e-2b47-4c0d-9e6a-7d3b1f0c4a58",
    sys.argv[1],
    authorizer=AccessTokenAuthorizer("made-up"),
    retry_config=RetryConfig(max_retries=6, backoff=lambda _: 0.0),
)
client.download("/small", "small")
client.upload("small", "/sent")
before = peak()
if sys.argv[2] == "download":
    client.download("/large", "large")
else:
    client.upload("large", "/sent")
print(peak() - before)
"""


@pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells the peak of a process")
@pytest.mark.parametrize("way", ["download", "upload"])
def test_a_large_file_needs_little_memory(
    way: str, server: FileServer, tmp_path: pathlib.Path
) -> None:
    """64 MB, which are cut five times and whole in the end, in less than 8 MB."""
    body = bytes(range(256)) * (SIZE // 256)
    server.files.update({"/small": Served(b"a"), "/large": Served(body)})
    # the first is for the small file
    server.cuts = [1, *[10 * MEGABYTE] * 5] if way == "download" else []
    server.upload_cuts = [1, *[SIZE // 4] * 5] if way == "upload" else []
    (tmp_path / "large").write_bytes(body if way == "upload" else b"")

    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), server.url, way],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    copied = (tmp_path / "large").read_bytes() if way == "download" else server.files["/sent"].body
    assert copied == body
    assert (server.cuts, server.upload_cuts) == ([], [])
    assert int(done.stdout) < MOST
