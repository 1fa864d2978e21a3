"""
What of each package the tests have run, from the data of ``make coverage``.
"""

from __future__ import annotations

import collections
import json
import pathlib
import sys
import tempfile
import typing as t

import coverage

from tests.layout.house import ROOT


def figures() -> dict[str, collections.Counter[str]]:
    """
    Lines and branches, all and those that ran, for each package of the kernel and each plugin.
    """
    measured = coverage.Coverage(config_file=str(ROOT / "pyproject.toml"))
    measured.load()
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder, "report.json")
        measured.json_report(outfile=str(report))
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    found: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for path, result in files.items():
        for package in (package_of(pathlib.Path(path)), kind_of(pathlib.Path(path))):
            found[package].update(result["summary"])
    return found


def package_of(path: pathlib.Path) -> str:
    """
    The plugin or package of the kernel that a module is in.

    :param path: of the module, below the root of the project
    """
    kernel, *parts = path.parts
    if kernel == "plugins":
        return parts[0]
    return f"{kernel}.{parts[0]}" if len(parts) > 1 else kernel


def kind_of(path: pathlib.Path) -> str:
    """
    Which sum a module belongs to.

    :param path: of the module, below the root of the project
    """
    return "all plugins" if path.parts[0] == "plugins" else "whole kernel"


def table(found: t.Mapping[str, t.Mapping[str, int]]) -> str:
    """
    A line for each package.

    :param found: its lines and branches
    """
    lines = [f"{'package':34} {'lines':>7} {'ran':>6} {'branches':>9} {'ran':>6}"]
    for package, sums in sorted(found.items(), key=lambda each: (" " in each[0], each[0])):
        ran = _percent(sums["covered_lines"], sums["num_statements"])
        taken = _percent(sums["covered_branches"], sums["num_branches"])
        counts = f"{sums['num_statements']:7} {ran} {sums['num_branches']:9} {taken}"
        lines.append(f"{package:34} {counts}")
    return "\n".join(lines)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f}%" if whole else f"{'':6}"


if __name__ == "__main__":
    sys.stdout.write(table(figures()) + "\n")
