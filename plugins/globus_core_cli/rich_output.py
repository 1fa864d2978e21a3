"""
Tables and trees: by rich on a terminal, lines of plain text everywhere else.

rich adapts to the width, and to ``NO_COLOR``, ``FORCE_COLOR`` and ``TERM``. It takes as long to
import as click, so it is not loaded where nobody would see the difference.
"""

from __future__ import annotations

import os
import sys

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from rich.console import Console
    from rich.table import Table
    from rich.tree import Tree

    #: what stands at a branch, and the branches below it
    Branch: t.TypeAlias = tuple[str, t.Sequence["Branch"]]

_UNLIMITED = 100_000


def terminal(*, stderr: bool = False, live: bool = False) -> Console | None:
    """
    The terminal that is written to; None for a pipe or a file, and if rich is not installed.

    ``FORCE_COLOR`` makes a pipe count as a terminal.

    :param stderr: whether standard error is meant instead of standard output
    :param live: for something that moves, such as a progress bar: the terminal must be able to
    """
    stream = sys.stderr if stderr else sys.stdout
    if stream is None or not (stream.isatty() or (os.environ.get("FORCE_COLOR") and not live)):
        return None
    try:
        from rich.console import Console
    except ModuleNotFoundError:  # click alone is there
        return None
    console = Console(stderr=stderr)
    return console if (console.is_interactive if live else console.is_terminal) else None


def print_table(columns: t.Sequence[str], rows: t.Sequence[t.Sequence[str]]) -> None:
    """
    Print rows with headings: a table on a terminal, otherwise a line each with tabs in between.

    On a terminal that is too narrow for the longest words, each row becomes a list of its values.

    :param columns: the headings
    :param rows: the values of each row, without tabs and line breaks
    """
    console = terminal()
    if console is None:
        for row in (columns, *rows):
            click.echo("\t".join(row))
        return
    from rich.measure import Measurement

    table = _table(columns, rows)
    unlimited = console.options.update_width(_UNLIMITED)
    if Measurement.get(console, unlimited, table).minimum <= console.width:
        console.print(table)  # no word has to be broken
        return
    for row in rows:
        console.print(_table(None, list(zip(columns, row, strict=True))))
        console.print()


def _table(columns: t.Sequence[str] | None, rows: t.Sequence[t.Sequence[str]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.show_header = columns is not None  # else the headings are the first column
    for cells in zip(*([columns] if columns else []), *rows, strict=True):
        one_word = columns is not None and not any(" " in cell for cell in cells)
        table.add_column(Text(cells[0]), overflow="fold", no_wrap=one_word)
    if columns is None:
        table.columns[0].style = table.header_style
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def print_trees(console: Console, trees: t.Iterable[Branch]) -> None:
    """
    Print trees on a terminal.

    :param console: the terminal
    :param trees: the root of each tree
    """
    for tree in trees:
        console.print(_drawn(tree))


def _drawn(root: Branch) -> Tree:
    from rich.text import Text
    from rich.tree import Tree

    drawn = Tree(Text(root[0]))
    pending = [(drawn, branch) for branch in reversed(root[1])]
    while pending:
        above, (label, below) = pending.pop()
        here = above.add(Text(label))
        pending += [(here, branch) for branch in reversed(below)]
    return drawn
