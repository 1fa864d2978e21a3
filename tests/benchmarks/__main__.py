"""
Measures, and prints the ratios in one table.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import time

from .table import as_text
from .targets import TARGETS, Row, measured

PEERS = ("globus-sdk", "globus-core", "requests", "httpx", "msal", "google-auth", "authlib")
ROUNDS = 15


def main() -> int:
    """
    Run the benchmarks that the command line asks for.
    """
    options = _options()
    rounds = options.rounds or (2 if options.quick else ROUNDS)
    chosen = [t for t in TARGETS if not options.only or t.key in options.only]
    began = time.monotonic()
    rows = measured(chosen, rounds, quick=options.quick)
    if options.json:
        print(json.dumps({"machine": _machine(), "rows": rows}, indent=2))
        return 0
    print(as_text(rows))
    print(_summary(rows, rounds, time.monotonic() - began))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print every figure as JSON")
    parser.add_argument("--quick", action="store_true", help="only see that everything runs")
    parser.add_argument(
        "--rounds", type=int, help=f"turns of each variant, at the most; default {ROUNDS}"
    )
    parser.add_argument(
        "--only", action="append", choices=[t.key for t in TARGETS], help="one measure, repeatable"
    )
    return parser.parse_args()


def _machine() -> dict[str, str | int | None]:
    versions: dict[str, str | int | None] = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
    for name in PEERS:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = None
    return versions


def _summary(rows: list[Row], rounds: int, seconds: float) -> str:
    decided = [row["reached"] for row in rows if row["reached"] is not None]
    facts = ", ".join(f"{name} {value}" for name, value in _machine().items() if value)
    done = min(figure.get("rounds", rounds) for row in rows for figure in row["figures"].values())
    return (
        f"\n{sum(map(bool, decided))} of {len(decided)} targets reached; "
        f"{done:.0f} to {rounds} rounds in {seconds:.0f} s\n{facts}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
