"""Cells of a notebook await at the top, as IPython lets them."""

from __future__ import annotations

import subprocess
import sys
import typing as t

import pytest

if t.TYPE_CHECKING:
    import pathlib

    from globus_core_sandbox import Sandbox

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]

_CELLS = '''
import sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
cells = [
    """
from globus_core import aio
client = aio.ConfidentialAppAuthClient({client_id!r}, {secret!r})
answer = await client.oauth2_client_credentials_tokens("openid")
""",
    "token = next(iter(answer.by_resource_server.values()))['access_token']",
    "(await client.oauth2_token_introspect(token))['active']",
    "[page async for page in aio.wrap(aio.MemoryTokenStorage)().namespaces()]",
    "await client.oauth2_token_introspec(token)",
    "await client.close()",
]
for cell in cells:
    outcome = shell.run_cell(cell)
    print("error:" if outcome.error_in_exec else "result:", outcome.error_in_exec or outcome.result)
'''


def test_cells_await_one_after_another(sandbox: Sandbox, tmp_path: pathlib.Path) -> None:
    """With one client, in the loop that IPython keeps; a mistake shows in its cell."""
    pytest.importorskip("IPython")
    program = _CELLS.format(
        client_id=sandbox.confidential_client_id, secret=sandbox.confidential_client_secret
    )
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", program],
        capture_output=True,
        text=True,
        env={**_environment(tmp_path), **sandbox.environment()},
        timeout=240,
    )

    lines = [ln for ln in done.stdout.splitlines() if ln.startswith(("error:", "result:"))]
    assert lines[:4] == ["result: None", "result: None", "result: True", "result: []"], done
    assert "has no attribute 'oauth2_token_introspec'" in lines[4]
    assert lines[5] == "result: None"
    assert "Unclosed" not in done.stderr, done.stderr


def _environment(home: pathlib.Path) -> dict[str, str]:
    import os

    kept = {name: value for name, value in os.environ.items() if not name.startswith("GLOBUS_")}
    return {**kept, "HOME": str(home), "IPYTHONDIR": str(home)}
