"""Tables and trees on a terminal of any width, and in a pipe."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import typing as t

import pytest

from tests.unit.cli.commands import run

if t.TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SHOW = """
import sys
from globus_core.cli import Output
output = Output(as_json=False)
tree = ("root " + "word " * 20, [("branch", [("leaf", [])]), ("twig", [])])
if sys.argv[1:] == ["tree"]:
    output.show({}, lambda _: "as text", as_trees=lambda _: [tree])
else:
    rows = [("0b8a7d31-4c1e-4f7b-9a55-6d2f1c3e8b90", "many " * 12, None)]
    output.table(("id", "name", "role"), rows, empty="nothing")
print("rich" if "rich" in sys.modules else "plain", file=sys.stderr)
"""


def on_terminal(width: int, *arguments: str, start: str = _SHOW, **variables: str) -> str:
    """What a program prints on a terminal of a width."""
    import fcntl
    import pty
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    environment.update({"TERM": "xterm-256color", **variables})
    for name in ("NO_COLOR", "FORCE_COLOR"):
        if name not in variables:
            environment.pop(name, None)
    with subprocess.Popen(
        [sys.executable, "-c", start, *arguments],
        stdout=slave,
        stdin=slave,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as process:
        os.close(slave)
        shown = b"".join(_pieces(master))
    os.close(master)
    assert process.returncode == 0
    return shown.decode().replace("\r\n", "\n")


def _pieces(master: int) -> Iterable[bytes]:
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the other end is closed
            return
        if not piece:
            return
        yield piece


def widest(text: str) -> int:
    """The length of the longest line that is shown."""
    return max(len(line.rstrip()) for line in _COLOUR.sub("", text).splitlines())


@pytest.mark.parametrize("width", [45, 60, 80, 118, 200])
def test_a_table_fits_the_width(width: int) -> None:
    """No value is cut off, and none is broken inside a word."""
    text = _COLOUR.sub("", on_terminal(width))

    assert widest(text) <= width
    assert text.split().count("many") == 12
    assert "0b8a7d31-4c1e-4f7b-9a55-6d2f1c3e8b90" in text


def test_a_narrow_terminal_gets_a_list_for_each_row() -> None:
    """Where the columns have no room beside each other."""
    text = _COLOUR.sub("", on_terminal(45))

    assert re.findall(r"^(id|name|role)  ", text, re.MULTILINE) == ["id", "name", "role"]


@pytest.mark.parametrize("width", [30, 60, 118])
def test_a_tree_fits_the_width(width: int) -> None:
    """Long lines go on below, behind the branches."""
    text = on_terminal(width, "tree")

    assert widest(text) <= width
    assert text.split().count("word") == 20
    assert re.search(r"├── branch\n│   └── leaf\s*\n└── twig", text)


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, None), ({"TERM": "dumb"}, False)],
    ids=["colour", "NO_COLOR", "dumb"],
)
def test_colour_is_left_out_where_it_is_not_wanted(
    variables: dict[str, str], coloured: bool | None
) -> None:
    """``NO_COLOR`` forbids colours, and a dumb terminal shows no style at all."""
    text = on_terminal(80, **variables)

    if coloured is not None:
        assert bool(_COLOUR.search(text)) is coloured
    assert not re.search(r"\x1b\[[0-9;]*(3[0-7]|9[0-7]|38;)", text)


def test_a_pipe_gets_lines_with_tabs() -> None:
    """Of any length, without colour, and without loading rich."""
    result = run(start=_SHOW)

    heads, row = result.stdout.splitlines()
    assert heads == "id\tname\trole"
    assert row == f"0b8a7d31-4c1e-4f7b-9a55-6d2f1c3e8b90\t{'many ' * 12}\t-"
    assert result.stderr == "plain\n"
    assert run("tree", start=_SHOW).stdout == "as text\n"


def test_colour_can_be_forced_into_a_pipe() -> None:
    """By ``FORCE_COLOR``, as continuous integration does whose logs show colours."""
    result = run(start=_SHOW, FORCE_COLOR="1", COLUMNS="60")

    assert _COLOUR.search(result.stdout)
    assert widest(result.stdout) <= 60


@pytest.mark.parametrize("width", [60, 118])
def test_the_table_of_plugins_fits_the_width(width: int) -> None:
    """It has the longest rows of all commands."""
    start = "from globus_core_cli import main; main()"
    assert widest(on_terminal(width, "plugins", start=start)) <= width


def test_a_terminal_without_rich_gets_the_lines() -> None:
    """Where click alone is installed."""
    start = f"import sys; sys.modules['rich'] = sys.modules['rich.console'] = None\n{_SHOW}"

    assert "id\tname\trole" in on_terminal(80, start=start)
