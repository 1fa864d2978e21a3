"""
Commands of the command line, run in the process of a test.
"""

from __future__ import annotations

import inspect
import typing as t

from click.testing import CliRunner


def separate_runner() -> CliRunner:
    """
    A runner whose results have standard error apart from standard output.

    From click 8.2 every runner is like that; earlier ones must be asked, and `output` is then
    standard output alone.
    """
    options: dict[str, t.Any] = {}
    if "mix_stderr" in inspect.signature(CliRunner).parameters:
        options["mix_stderr"] = False
    return CliRunner(**options)
