from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = {"dataclasses", "enum", "functools", "inspect", "logging", "re", "typing"}
REPORT = "print(*(set(sys.modules) - before))"


def newly_imported(program: str) -> set[str]:
    """Name the modules that a program loads in a new interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; before = set(sys.modules); {program}; {REPORT}"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "program",
    [
        "from globus_core.scopes import Scope; str(Scope('a').with_dependency(Scope('b')))",
        "from globus_core.scopes import ScopeParser as p; p.serialize(p.parse('a b'))",
        "from globus_core.scopes import TransferScopes; str(TransferScopes.all)",
        "from globus_core.config import get_service_url; get_service_url('auth')",
        "from globus_core.paging import HasNextPaginator, MarkerPaginator, PaginatorTable",
    ],
)
def test_light_work_loads_light_modules(program: str) -> None:
    """What a program does before its first request costs little to import."""
    loaded = newly_imported(program)

    assert not loaded & HEAVY
    assert "globus_core" in loaded


def test_brackets_load_the_pattern_module() -> None:
    """Only a text with brackets or stars needs regular expressions."""
    program = "from globus_core.scopes import Scope; Scope.parse('a[b]')"

    assert "globus_core.scopes._grammar" in newly_imported(program)
