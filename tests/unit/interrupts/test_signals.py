"""A signal at any moment leaves nothing locked, for threads and for other processes."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest

from globus_core import waiting

from .each_line import Impatient
from .test_each_line import DATA, KINDS, SERVER

ATTEMPTS = 300


@pytest.mark.skipif(sys.platform == "win32", reason="there are no timers with signals")
@pytest.mark.parametrize("operation", ["store", "renewal_lock"])
@pytest.mark.parametrize("kind", ["json", "db"])
def test_others_can_store_at_once_after_signals(
    tmp_path: pathlib.Path, kind: str, operation: str
) -> None:
    """A program's handler raises again and again while it stores; it goes on running meanwhile."""
    path = os.fspath(tmp_path / f"tokens.{kind}")
    root = pathlib.Path(__file__).parents[3]
    module = f"{__package__}.signalled_child"
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", module, kind, operation, path, str(ATTEMPTS)],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        line = program.stdout.readline()
        assert line, "the program has failed"
        result = json.loads(line)
        with waiting.use(Impatient()):
            storage = KINDS[kind](path)
            storage.store_token_data_by_resource_server({SERVER: DATA})
            with storage.renewal_lock(SERVER):
                assert storage.get_token_data(SERVER) == DATA
            storage.close()
    assert program.returncode == 0
    assert result["interrupted"] > 0
    assert result["found"] == []
