"""
The table that is printed.
"""

from __future__ import annotations

import typing as t

COLUMNS = ("measure", "globus-sdk", "globus-core", "other peers", "target", "reached")


def as_text(rows: t.Sequence[t.Mapping[str, t.Any]]) -> str:
    """
    Lay the rows out as a Markdown table.

    :param rows: what was measured
    """
    lines = [COLUMNS, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(COLUMNS))]
    texts = [
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    ]
    texts.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {text} |" for text in texts)


def _cells(row: t.Mapping[str, t.Any]) -> tuple[str, ...]:
    ratios = {name: _number(figures["ratio"]) for name, figures in row["figures"].items()}
    sdk, core = ratios.pop("globus-sdk", "-"), ratios.pop("globus-core", "-")
    others = ", ".join(f"{name} {ratio}" for name, ratio in ratios.items()) or "-"
    target = "-" if row["target"] is None else f"<= {row['target']:g}"
    if row["below"]:
        target += f", < {row['below']}"
    reached = {True: "yes", False: "no", None: "-"}[row["reached"]]
    return row["measure"], sdk, core, others, target, reached


def _number(value: float) -> str:
    if value != value:
        return "-"  # this variant has no figure, since what it needs is not installed
    return f"{value:.0f}" if value >= 100 or value == int(value) > 1 else f"{value:.2f}"
