"""
The benchmarks run, with or without the libraries they compare with. What they measure is not
judged here: a busy machine would fail it.
"""

from __future__ import annotations

import os
import shutil

import pytest

from tests.benchmarks.table import as_text
from tests.benchmarks.targets import TARGETS, measured

NEEDS_NGINX = pytest.mark.skipif(
    shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None
    or shutil.which("curl") is None,
    reason="nginx and curl are compared with",
)


@pytest.mark.parametrize(
    "key",
    [
        "scope",
        pytest.param("merge", marks=pytest.mark.full),
        pytest.param("small", marks=pytest.mark.full),
        pytest.param("shortcuts", marks=pytest.mark.full),
        pytest.param("id-token", marks=pytest.mark.full),
        pytest.param("no-plugin", marks=pytest.mark.full),
        pytest.param("check", marks=pytest.mark.full),
        pytest.param("checks-4x8", marks=pytest.mark.full),
        pytest.param("discovery", marks=pytest.mark.full),
        pytest.param("gigabyte", marks=[pytest.mark.full, NEEDS_NGINX]),
        pytest.param("identities-cpu", marks=pytest.mark.full),
        pytest.param("identity-file", marks=pytest.mark.full),
        pytest.param("identities-redis", marks=pytest.mark.full),
        pytest.param("people-read", marks=pytest.mark.full),
        pytest.param("people-memory", marks=pytest.mark.full),
        pytest.param("first-redis", marks=pytest.mark.full),
        pytest.param("async-50", marks=pytest.mark.full),
        pytest.param("stall-disk", marks=pytest.mark.full),
        pytest.param("20-observers", marks=pytest.mark.full),
        pytest.param("20-plugins", marks=pytest.mark.full),
        pytest.param("refused", marks=pytest.mark.full),
    ],
)
def test_a_measure_gives_a_row_that_can_be_printed(key: str) -> None:
    """A measure of each kind gives figures of globus-core and whether the target is reached."""
    targets = [target for target in TARGETS if target.key == key]

    rows = measured(targets, rounds=1, quick=True)

    assert [row["key"] for row in rows] == [key]
    assert rows[0]["figures"]["globus-core"]["ratio"] > 0
    assert rows[0]["reached"] in ((None,) if targets[0].limit is None else (True, False))
    assert targets[0].title in as_text(rows)


def test_a_library_that_is_missing_leaves_a_dash() -> None:
    """Where globus-sdk is not installed, or a peer has no figure, a dash is shown."""
    row = {
        "measure": "a measure",
        "target": 2,
        "below": None,
        "reached": True,
        "figures": {"globus-core": {"ratio": 1.5}, "pluggy": {"ratio": float("nan")}},
    }

    cells = [cell.strip() for cell in as_text([row]).splitlines()[-1].strip("|").split("|")]

    assert cells == ["a measure", "-", "1.50", "pluggy -", "<= 2", "yes"]
