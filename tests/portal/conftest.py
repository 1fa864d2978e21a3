"""
The portal of the guide, with the sandbox and a PostgreSQL server.
"""

from __future__ import annotations

import pathlib
import typing as t

import pytest

from globus_core.testing import Sandbox
from tests.docs.pages import files
from tests.portal.running import Portal
from tests.servers.postgres_server import PostgresProcess, running_postgres


@pytest.fixture(scope="module")
def database() -> t.Iterator[PostgresProcess]:
    """A PostgreSQL server."""
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["", "--preload"], ids=["each loads it", "preload"])
def portal(
    request: pytest.FixtureRequest,
    globus_sandbox: Sandbox,
    tmp_path: pathlib.Path,
    database: PostgresProcess,
) -> t.Iterator[Portal]:
    """The running portal, with both ways of gunicorn to load it."""
    pytest.importorskip("gunicorn")
    (code,) = (block for block in files("docs/guides/portal.md") if block.value == "transfers.py")
    (tmp_path / "transfers.py").write_text(code.text)
    url = f"{database.url}?schema=portal_{len(request.param)}&app={tmp_path.name}"
    portal = Portal(globus_sandbox, tmp_path, url)
    try:
        portal.start(*filter(None, (request.param,)))
        yield portal
    finally:
        portal.stop()
