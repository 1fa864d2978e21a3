"""
The output of commands: text for people, or JSON for programs.
"""

from __future__ import annotations

import functools
import json

import click

from globus_core.printable import one_line, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    D = t.TypeVar("D")
    R = t.TypeVar("R")


def with_output(
    help: str = "Print JSON.",
) -> t.Callable[[t.Callable[..., R]], t.Callable[..., R]]:
    """
    Add the option ``--json`` to a click command, and pass an :class:`Output` to it.

    The function gets it as the keyword argument ``output``.

    :param help: the option's help
    """

    def decorate(command: t.Callable[..., R]) -> t.Callable[..., R]:
        @click.option("--json", "as_json", is_flag=True, help=help)
        @functools.wraps(command)
        def run(*args: t.Any, as_json: bool, **kwargs: t.Any) -> R:
            return command(*args, output=Output(as_json=as_json), **kwargs)

        return run

    return decorate


class Output:
    """
    Prints the results of a command.

    :param as_json: whether to print JSON instead of text
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def show(self, document: D, as_text: t.Callable[[D], object]) -> None:
        """
        Print a document.

        :param document: anything that can be serialised as JSON
        :param as_text: makes the text of the document; not called for JSON
        """
        if self.as_json:
            click.echo(json.dumps(document, indent=2))
        else:
            click.echo(printable(str(as_text(document))))

    def table(
        self, columns: t.Sequence[str], rows: t.Iterable[t.Sequence[t.Any]], *, empty: str
    ) -> None:
        """
        Print rows as a table, or as a JSON array of objects.

        :param columns: the column headings, which are also the keys of the objects
        :param rows: the values of each row, in the order of the columns
        :param empty: the text to print if there are no rows
        """
        found = [dict(zip(columns, row, strict=True)) for row in rows]
        self.show(found, lambda found: table(columns, [[*row.values()] for row in found]) or empty)

    def note(self, text: str) -> None:
        """
        Print an additional message to standard error; nothing with JSON.

        :param text: the text
        """
        if not self.as_json:
            click.echo(printable(text), err=True)


def table(columns: t.Sequence[str], rows: t.Sequence[t.Sequence[t.Any]]) -> str:
    """
    Format rows as a table with headings; an empty string if there are no rows.

    :param columns: the column headings
    :param rows: the values of each row; None is shown as ``-``
    """
    if not rows:
        return ""
    cells = [
        ["-" if value is None else one_line(str(value)) for value in row]
        for row in (columns, *rows)
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )
