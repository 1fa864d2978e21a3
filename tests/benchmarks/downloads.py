"""
What a gigabyte from a server of files costs: CPU of a whole process, the variants in turns.

The server is nginx; without it, or without curl, there are no figures.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import typing as t

from ._processes import environment
from ._turns import median_ratio, variants_in_turns

Figures = dict[str, dict[str, float]]

#: after this no further round begins
SECONDS = 60
_MEGABYTE = 1024 * 1024
_CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 64; }}
http {{
    access_log off; sendfile on; client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""
_OURS = """
import sys
from globus_core import AccessTokenAuthorizer
from globus_core.services.gcs import GCSCollectionClient
client = GCSCollectionClient(
    "5f1c8a3e-2b47-4c0d-9e6a-7d3b1f0c4a58", sys.argv[1], authorizer=AccessTokenAuthorizer("token"))
client.download("/large", "globus-core")
"""
_REQUESTS = """
import sys, requests
with requests.get(sys.argv[1] + "/large", stream=True) as response, open("requests", "wb") as file:
    for piece in response.iter_content(8192):
        file.write(piece)
"""


def measure(rounds: int, *, quick: bool = False) -> Figures:
    """
    Fetch a file to disk by globus-core, curl and requests.

    :param rounds: how often each variant has its turn
    :param quick: fetch one megabyte only
    :return: the CPU seconds of a gigabyte, and their ratio to those of curl
    """
    nginx, curl = (
        shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"),
        shutil.which("curl"),
    )
    if nginx is None or curl is None:
        return {"globus-core": {"ratio": float("nan")}}
    size = (1 if quick else 512) * _MEGABYTE
    with (
        tempfile.TemporaryDirectory(dir=_in_memory()) as folder,
        _served(nginx, pathlib.Path(folder), size) as url,
    ):
        commands = {
            "curl": [curl, "--silent", "--fail", "--output", "curl", f"{url}/large"],
            "globus-core": [sys.executable, "-c", _OURS, url],
            "requests": [sys.executable, "-c", _REQUESTS, url],
        }
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for name in variants_in_turns([*commands], rounds, SECONDS):
            seconds[name].append(_cpu(commands[name], folder))
            pathlib.Path(folder, name).unlink()  # so that each variant writes a new file
    return {
        name: {
            "ratio": median_ratio(runs, seconds["curl"]),
            "seconds a gigabyte": min(runs) * 1024 * _MEGABYTE / size,
            "rounds": len(runs),
        }
        for name, runs in seconds.items()
    }


def _in_memory() -> str | None:
    """A folder whose files are in memory, so that no disk is measured; None if there is none."""
    folder = "/dev/shm"
    return folder if os.access(folder, os.W_OK) and _free(folder) > 2 * 1024**3 else None


def _free(folder: str) -> int:
    return shutil.disk_usage(folder).free


@contextlib.contextmanager
def _served(nginx: str, folder: pathlib.Path, size: int) -> t.Iterator[str]:
    folder.chmod(0o755)
    (folder / "files").mkdir()
    (folder / "files" / "large").write_bytes(os.urandom(_MEGABYTE) * (size // _MEGABYTE))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    configuration = folder / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, port=port), encoding="utf-8")
    with subprocess.Popen(
        [nginx, "-c", str(configuration), "-e", str(folder / "errors")]
    ) as server:
        try:
            _until_it_listens(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _until_it_listens(port: int) -> None:
    for _ in range(500):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.01)
    raise RuntimeError("nginx does not listen")


def _cpu(command: list[str], folder: str) -> float:
    process = subprocess.Popen(command, env=environment(folder), cwd=folder)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime
