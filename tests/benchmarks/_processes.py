"""
Fresh Python processes that inherit nothing which changes the figures.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import typing as t

ROOT = pathlib.Path(__file__).parents[2]

# An environment of one's own: proxies, CA bundles and Globus settings change what is measured,
# and without a bytecode cache it would be the compiler that is.
_KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT", "VIRTUAL_ENV")


def environment(home: str, **variables: str) -> dict[str, str]:
    """
    The environment variables of a measured process.

    :param home: an empty folder for ``HOME``
    :param variables: further ones
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "HOME": home, "PYTHONHASHSEED": "0", **variables}


def cpu_seconds(code: str, variables: dict[str, str], folder: str) -> float:
    """
    Run a script in a fresh interpreter and give the CPU seconds (user and system) it took.

    :param code: the script
    :param variables: its environment
    :param folder: its working directory
    :raises RuntimeError: if it fails
    """
    process = subprocess.Popen([sys.executable, "-c", code], env=variables, cwd=folder)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"a measured script ended with {process.returncode}: {code}")
    return usage.ru_utime + usage.ru_stime


def output(code: str, variables: dict[str, str], folder: str) -> str | None:
    """
    Run a script in a fresh interpreter and give what it prints, or None if it fails.

    :param code: the script
    :param variables: its environment
    :param folder: its working directory
    """
    done = subprocess.run(
        [sys.executable, "-c", code], env=variables, cwd=folder, capture_output=True, text=True
    )
    return done.stdout.strip() if done.returncode == 0 else None


def run_module(module: str, *arguments: str) -> t.Any:
    """
    Run a module of the benchmarks in a fresh interpreter and give the JSON that it prints.

    :param module: the module's name within this package
    :param arguments: its command line
    """
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-m", f"{__package__}.{module}", *arguments],
            env=environment(home),
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
        )
    return json.loads(done.stdout)


def print_measure(measures: t.Mapping[str, t.Callable[[int], t.Any]]) -> None:
    """
    What :func:`run_module` runs: one of a module's measures, whose figures are printed as JSON.

    :param measures: name -> what measures, in so many rounds
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=measures)
    parser.add_argument("--rounds", type=int, required=True)
    options = parser.parse_args()
    print(json.dumps(measures[options.name](options.rounds)))


@contextlib.contextmanager
def serving(module: str, *arguments: str) -> t.Iterator[str]:
    """
    Run a module that serves on loopback for a ``with`` block and give its base URL.

    :param module: the module's full name; it prints its port, and ends with its input
    :param arguments: its command line
    """
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.stdin.close()
            process.wait(timeout=10)
