"""
``globus-core completion``: the scripts, and what real shells complete with them.
"""

from __future__ import annotations

import os
import pathlib
import pty
import select
import shutil
import subprocess
import sys
import typing as t

import pytest
from click.testing import Result

from globus_core_cli.group import cli
from tests.commands import separate_runner

SHELLS = ("bash", "zsh", "fish")
#: a command line, how it goes on, and something that is not offered
LINES = [
    ("completi", "completion", None),
    ("whoami --token-storage s", "sqlite", "json"),
    ("whoami --token-storage=s", "sqlite", "json"),
    ("whoami --login-flow ", "command-line", "sqlite"),
    ("whoami --environment pr", "production", "test"),
    ("identities resolve --cache m", "memory", "sqlite"),
    ("api tr", "transfer", "groups"),
    ("token tr", "transfer", "groups"),
    ("run --service tr", "transfer", "groups"),
    ("explain consentr", "ConsentRequired", "Conflict"),
    ("explain Consent", "ConsentRequired", "CONSENT_REQUIRED"),
    ("session update --m", "--mfa", "--json"),
]


def invoke(*arguments: str) -> Result:
    """Run a command in this process."""
    return separate_runner().invoke(cli, list(arguments), prog_name="globus-core")


def needs(shell: str) -> None:
    """Skip the test where there is no such shell, or no globus-core for it."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")


@pytest.fixture
def script(tmp_path: pathlib.Path) -> t.Callable[[str], pathlib.Path]:
    """Writes the script for a shell into a file of its usual name."""

    def write(shell: str) -> pathlib.Path:
        needs(shell)
        result = invoke("completion", shell)
        assert result.exit_code == 0
        path = tmp_path / "_globus-core"
        path.write_text(result.stdout, "utf-8")
        return path

    return write


def environment() -> dict[str, str]:
    """The environment of a shell, whose first globus-core is that of this interpreter."""
    scripts = os.path.dirname(sys.executable)
    path = os.pathsep.join([scripts, os.environ["PATH"]])
    return {**os.environ, "PATH": path, "TERM": "dumb", "PS1": "$ "}


def shell(*command: str) -> str:
    """What a shell prints."""
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment(), timeout=60
    )
    return done.stdout


# each shell by its own functions


def test_each_shell_has_a_script() -> None:
    """And no other one has."""
    for name in SHELLS:
        assert "_GLOBUS_CORE_COMPLETE" in invoke("completion", name).stdout
    wrong = invoke("completion", "tcsh")
    assert wrong.exit_code == 2
    assert "'bash', 'zsh', 'fish'" in wrong.stderr


@pytest.mark.parametrize(("line", "expected", "not_offered"), LINES)
def test_bash_completes(
    script: t.Callable[[str], pathlib.Path], line: str, expected: str, not_offered: str | None
) -> None:
    """In words as bash makes them, of which an equals sign is one."""
    words = f"globus-core {line}".replace("=", " = ").split(" ")
    call = (
        'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
        '_globus_core_words globus-core 2>/dev/null; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    offered = shell("bash", "-c", call, "bash", str(script("bash")), *words).splitlines()
    assert expected in offered
    assert not_offered not in offered


@pytest.mark.parametrize(("line", "expected", "not_offered"), LINES)
def test_fish_completes(
    script: t.Callable[[str], pathlib.Path], line: str, expected: str, not_offered: str | None
) -> None:
    """As fish itself does it; the value after an equals sign comes with its option."""
    path = script("fish")
    call = "source $argv[1]; complete --do-complete $argv[2]"
    answer = shell("fish", "-c", call, str(path), f"globus-core {line}")
    offered = [entry.partition("\t")[0] for entry in answer.splitlines()]
    option, equals, _ = line.rpartition(" ")[2].rpartition("=")
    assert f"{option}{equals}{expected}" in offered
    assert not_offered not in offered


# and at a terminal


class Terminal:
    """
    A shell at a terminal.

    :param command: its command line
    """

    def __init__(self, *command: str) -> None:
        process, self._terminal = pty.fork()
        if process == 0:
            os.execvpe(command[0], command, environment())
        self._process = process

    def type(self, text: str) -> None:
        """
        Type something.

        :param text: what to type
        """
        os.write(self._terminal, text.encode())

    def read_until(self, text: str) -> str:
        """
        Read what is shown until it has a text.

        :param text: the text
        """
        shown = ""
        while text not in shown:
            assert select.select([self._terminal], [], [], 60)[0], shown
            shown += os.read(self._terminal, 65536).decode(errors="replace")
        return shown

    def close(self) -> None:
        """End the shell."""
        os.close(self._terminal)
        os.waitpid(self._process, 0)


STARTS = {
    "bash": (("bash", "--norc", "--noprofile", "-i"), "source {path}"),
    "zsh": (
        ("zsh", "-f", "-i"),
        # by default, a TAB with more input waiting behind it is inserted as it is
        "fpath=({folder} $fpath); autoload -Uz compinit; compinit -u -D; setopt no_beep; "
        "zstyle ':completion:*' insert-tab false",
    ),
}


@pytest.mark.parametrize("name", STARTS)
def test_tab_completes_at_a_terminal(script: t.Callable[[str], pathlib.Path], name: str) -> None:
    """Commands, options and values, also after an equals sign."""
    path = script(name)
    command, setup = STARTS[name]
    terminal = Terminal(*command)
    try:
        # what is typed before the prompt is there is not completed
        terminal.type(setup.format(path=path, folder=path.parent) + "; PS1='rea''dy> '\n")
        terminal.read_until("ready> ")
        terminal.type("globus-core whoa\t--token-sto\tsq\t --login-flow=com\t")
        terminal.read_until("command-line")
        terminal.type("\x15echo the en''d\n")
        terminal.read_until("the end")
    finally:
        terminal.close()
