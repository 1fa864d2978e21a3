"""
Running ``globus-core`` as a program of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import typing as t

if t.TYPE_CHECKING:
    import pathlib

START = "from globus_core_cli import main; main()"


def run(
    *arguments: str,
    start: str = START,
    path: pathlib.Path | None = None,
    stdin: str = "",
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    """
    Run the command to its end.

    :param arguments: the command line
    :param start: the code that starts it
    :param path: a further folder to import from
    :param stdin: what is typed
    :param variables: further environment variables
    """
    environment = {**os.environ, **variables}
    if path is not None:
        environment["PYTHONPATH"] = os.pathsep.join(
            [str(path), *filter(None, [os.environ.get("PYTHONPATH")])]
        )
    return subprocess.run(
        [sys.executable, "-c", start, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
