from __future__ import annotations

import os
import subprocess
import sys

import pytest

import globus_core.identities
import globus_core_identity

HEAVY = {"attrs", "dataclasses", "inspect", "logging", "pluggy", "re", "requests", "typing"}


@pytest.mark.parametrize(
    "statement",
    [
        "from globus_core.identities import Identity, IdentityCache, Resolution, normalize_key",
        "import globus_core_identity.hooks",
    ],
)
def test_the_contracts_and_the_hooks_are_light(statement: str) -> None:
    """Neither loads anything heavy, nor the plugin's own work."""
    code = (
        "import sys; before = set(sys.modules)\n"
        f"{statement}\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    loaded = set(run.stdout.split())
    assert not HEAVY & loaded
    assert "globus_core_identity.identity_map" not in loaded


@pytest.mark.parametrize("module", [globus_core.identities, globus_core_identity])
def test_every_public_name_can_be_had(module: object) -> None:
    """What __all__ promises is there, and what is not there is an AttributeError."""
    for name in module.__all__:  # type: ignore[attr-defined]
        assert getattr(module, name) is not None
        assert name in dir(module)
    with pytest.raises(AttributeError):
        module.no_such_name  # type: ignore[attr-defined]  # noqa: B018
