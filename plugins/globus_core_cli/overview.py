"""
The overview of all commands, which ``globus-core --help`` shows.

It comes without click where plugins say what their commands do (``CommandReference``): starting
Python and finding the plugins is then all that takes time.
"""

from __future__ import annotations

import os
import sys

from globus_core import CommandReference, compose, hookspecs

from .hooks import PLUGINS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    #: the group and the summary of each command, by name
    Commands = t.Mapping[str, tuple[str, str]]

#: the headings of groups, in the order in which they are shown
HEADINGS = {
    "login": "Log in, and see who you are",
    "jobs": "Tokens for programs and jobs",
    "files": "Files and collections",
    "services": "Other services",
    "setup": "This installation",
    "develop": "Try things out, and develop",
}
MORE = "More"
_USAGE = "Usage: globus-core [OPTIONS] COMMAND [ARGS]..."
_ABOUT = "Log in to Globus, move files, and use the other services of Globus."
_OPTIONS = {
    "--version": "Show the version and exit",
    "-v, --verbose": "Show the log, on standard error",
    "--debug": "Show the log with every request, on standard error",
    "-h, --help": "Show this message and exit",
}
_NEXT = "'globus-core COMMAND --help' tells more of a command."
_WIDEST = 80
_NARROWEST = 30


def references() -> dict[str, t.Any]:
    """All commands by name, as plugins offer them; ``plugins`` is there if all are blocked."""
    return {**compose.merged(hookspecs.globus_cli_commands), "plugins": PLUGINS}


def is_shown() -> bool:
    """Show the overview; False if click has to."""
    found = described()
    if found is None:
        return False
    sys.stdout.write(overview(found, terminal_width()) + "\n")
    return True


def overview(commands: Commands, width: int) -> str:
    """
    The text of the overview.

    :param commands: the group and the summary of each command
    :param width: of the terminal, in letters
    """
    width = max(_NARROWEST, min(width, _WIDEST))
    margin = max(map(len, [*commands, *_OPTIONS])) + 4
    grouped: dict[str, dict[str, str]] = {heading: {} for heading in (*HEADINGS.values(), MORE)}
    for name in sorted(commands):
        group, summary = commands[name]
        grouped[HEADINGS.get(group, MORE)][name] = summary
    lines = [*_wrapped(_USAGE, width, 0), "", *_wrapped(_ABOUT, width, 2)]
    for heading, listed in {**grouped, "Options": _OPTIONS}.items():
        if listed:
            lines += ["", f"{heading}:"]
        for name, summary in listed.items():
            first, *more = _wrapped(summary, width, margin)
            lines += [f"  {name}".ljust(margin) + first.lstrip(), *more]
    return "\n".join([*lines, "", *_wrapped(_NEXT, width, 2)])


def _wrapped(text: str, width: int, indent: int) -> list[str]:
    """The lines of a text; ``textwrap`` would take as long to import as all the rest."""
    lines = [""]
    for word in text.split():
        if lines[-1] and indent + len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".lstrip()
    return [" " * indent + line for line in lines]


def described() -> Commands | None:
    """The group and summary of each command; None if one is not known, or not in ASCII."""
    found = references()
    if not all(isinstance(reference, CommandReference) for reference in found.values()):
        return None
    commands = {name: (reference.group, reference.summary) for name, reference in found.items()}
    return commands if str(commands).isascii() else None


def terminal_width() -> int:
    """
    The width of the terminal that standard output is, or the usual one.

    ``shutil.get_terminal_size`` can tell, but its import takes as long as all the rest.
    """
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(1).columns or _WIDEST
    except OSError:
        return _WIDEST
