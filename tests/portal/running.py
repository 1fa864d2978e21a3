"""
The portal of the guide under gunicorn, and the browsers of its people.
"""

from __future__ import annotations

import contextlib
import pathlib
import signal
import subprocess
import sys
import time

import pytest
import requests

from globus_core.testing import Sandbox
from globus_core_storage_postgres import PostgresTokenStorage
from tests.servers.redis_server import free_port

WORKERS = 4
_START_SECONDS = 60.0
_FORMAT = "%(h)s %(m)s %(U)s %(s)s"


class Portal:
    """
    The running portal.

    :param sandbox: the Globus services that it uses
    :param folder: where its code and its log are
    :param database: the URL of the database
    """

    def __init__(self, sandbox: Sandbox, folder: pathlib.Path, database: str) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.database = database
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def tokens(self) -> PostgresTokenStorage:
        """What it has stored."""
        return PostgresTokenStorage(self.database)

    def log(self) -> str:
        """What it has said."""
        return (self.folder / "log").read_text(errors="replace")

    def start(self, *options: str) -> None:
        """Start it, and wait until it answers."""
        environment = {
            "PATH": str(pathlib.Path(sys.executable).parent),
            "PORTAL_CALLBACK": f"{self.url}/callback",
            "PORTAL_CLIENT": self.sandbox.confidential_client_id,
            "PORTAL_CLIENT_SECRET": self.sandbox.confidential_client_secret,
            "PORTAL_DATABASE": self.database,
            "PORTAL_SESSION_KEY": "made-up-key-of-the-portal",
            "PYTHONPATH": str(self.folder),
            "PYTHONDEVMODE": "1",
            **self.sandbox.environment(),
        }
        command = [sys.executable, "-m", "gunicorn", f"--workers={WORKERS}", "--threads=8"]
        command += [f"--bind=127.0.0.1:{self.port}", "--access-logfile=-", "--log-level=debug"]
        command += ["--access-logformat", _FORMAT, "--no-control-socket", *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "transfers:portal"],
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def stop(self) -> None:
        """End it."""
        process, self.process = self.process, None
        if process is not None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + _START_SECONDS
        while True:
            with contextlib.suppress(requests.ConnectionError):
                assert requests.get(f"{self.url}/goodbye", timeout=30).ok
                return
            if self.process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the portal did not start: {self.log()}", pytrace=False)
            time.sleep(0.05)


class Browser:
    """
    A person's browser.

    :param portal: the portal that it visits
    """

    def __init__(self, portal: Portal) -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        self._portal = portal

    def start_login(self, username: str) -> str:
        """Begin a login, and sign in; return the callback, which is not yet visited."""
        begun = self.session.get(
            f"{self._portal.url}/login?hint={username}", allow_redirects=False, timeout=60
        )
        signed_in = requests.get(begun.headers["Location"], allow_redirects=False, timeout=60)
        return signed_in.headers["Location"]

    def log_in(self, username: str) -> None:
        """A whole login."""
        callback = self.start_login(username)
        answer = self.session.get(callback, allow_redirects=False, timeout=60)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/"), answer.text

    def tasks(self) -> list[str] | int:
        """The labels of the person's tasks; the status if they are not shown."""
        answer = self.session.get(f"{self._portal.url}/", timeout=60)
        return list(answer.json()) if answer.ok else answer.status_code

    def post(self, page: str, /, **form: str) -> requests.Response:
        """Send a form."""
        return self.session.post(
            f"{self._portal.url}{page}", data=form, allow_redirects=False, timeout=60
        )
