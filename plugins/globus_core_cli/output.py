"""
The output of commands: text for people, or JSON for programs.
"""

from __future__ import annotations

import functools

import click

from globus_core.printable import one_line, printable

from .rich_output import print_table, print_trees, terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .rich_output import Branch

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

    def show(
        self,
        document: D,
        as_text: t.Callable[[D], object],
        *,
        as_trees: t.Callable[[D], t.Iterable[Branch]] | None = None,
    ) -> None:
        """
        Print a document.

        :param document: anything that can be serialised as JSON
        :param as_text: makes the text of the document; not called for JSON
        :param as_trees: makes trees of the document, for a terminal: each is its printable text and
            a list of those below it. None if the text is for terminals too
        """
        console = None if self.as_json or as_trees is None else terminal()
        if self.as_json:
            _print_json(document)
        elif console is not None and as_trees is not None:
            print_trees(console, as_trees(document))
        else:
            click.echo(printable(str(as_text(document))))

    def table(
        self, columns: t.Sequence[str], rows: t.Iterable[t.Sequence[t.Any]], *, empty: str
    ) -> None:
        """
        Print rows as a table, or as a JSON array of objects.

        A terminal gets a table that fits its width, a pipe lines with tabs between the values.

        :param columns: the column headings, which are also the keys of the objects
        :param rows: the values of each row, in the order of the columns; None is shown as ``-``
        :param empty: the text to print if there are no rows
        """
        found = [dict(zip(columns, row, strict=True)) for row in rows]
        if self.as_json:
            _print_json(found)
        elif found:
            print_table(columns, [[_cell(value) for value in row.values()] for row in found])
        else:
            click.echo(empty)

    def note(self, text: str) -> None:
        """
        Print an additional message to standard error; nothing with JSON.

        :param text: the text
        """
        if not self.as_json:
            click.echo(printable(text), err=True)


def _cell(value: object) -> str:
    return "-" if value is None else one_line(str(value))


def _print_json(document: object) -> None:
    import json

    click.echo(json.dumps(document, indent=2))
