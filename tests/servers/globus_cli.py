"""
globus-cli, the command line program of Globus, in an environment of its own.

It is no server, but installed as the foreign servers are: it pins a globus-sdk that is
older than the one the tests use.
"""

from __future__ import annotations

import json
import subprocess
import typing as t
from dataclasses import dataclass, replace
from pathlib import Path

from ._environment import child_environment, server_python

_COMMAND_SECONDS = 100
_TEMPLATE = "from globus_cli.login_manager.storage import _template_client_id as t; print(t())"


@dataclass(frozen=True)
class GlobusCli:
    """
    The installed program, and the environment variables with which it runs.
    """

    python: Path
    environment: dict[str, str]

    def in_environment(self, home: Path, **variables: str) -> GlobusCli:
        """
        Give the same program with a home folder of its own.

        :param home: an existing folder, where it keeps its logins
        :param variables: further variables, such as the addresses of services
        """
        own = {"HOME": str(home), "LOCALAPPDATA": str(home), **variables}
        return replace(self, environment={**self.environment, **own})

    def run(self, *arguments: str, typed: str = "", status: int = 0) -> str:
        """
        Run one command and give what it prints; errors as well if it is expected to fail.

        :param arguments: the command with its arguments
        :param typed: its standard input
        :param status: the exit status that it must have
        """
        done = subprocess.run(
            self.command(*arguments),
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=_COMMAND_SECONDS,
        )
        assert done.returncode == status, f"{arguments}\n{done.stdout}\n{done.stderr}"
        return done.stdout if status == 0 else done.stdout + done.stderr

    def json(self, *arguments: str, typed: str = "", status: int = 0) -> t.Any:
        """
        Run one command with ``--format json`` and give its document.

        :param arguments: the command with its arguments
        :param typed: its standard input
        :param status: the exit status that it must have
        """
        return json.loads(self.run(*arguments, "--format", "json", typed=typed, status=status))

    def command(self, *arguments: str) -> list[str]:
        """
        Give the whole command line of a command.

        :param arguments: the command with its arguments
        """
        return [str(self.python.with_name("globus")), *arguments]

    def template_client_id(self) -> str:
        """
        Give the id of the native client of which each login makes an instance.
        """
        done = subprocess.run(
            [str(self.python), "-c", _TEMPLATE],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=_COMMAND_SECONDS,
            check=True,
        )
        return done.stdout.strip()


def installed_globus_cli() -> GlobusCli:
    """
    Give globus-cli, installed first if need be, without any login or address.
    """
    kept = {k: v for k, v in child_environment().items() if not k.startswith("GLOBUS_")}
    return GlobusCli(server_python("globus-cli"), kept)
