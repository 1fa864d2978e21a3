"""
The sandbox as the one Globus Auth that there is.
"""

from __future__ import annotations

import typing as t

import pytest

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox


@pytest.fixture
def sandbox(globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A sandbox in its first state, to which every client goes by default."""
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", globus_sandbox.url)
    return globus_sandbox
