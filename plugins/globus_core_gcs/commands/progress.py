"""
What is shown while files are copied: a bar on a terminal, otherwise nothing.
"""

from __future__ import annotations

import contextlib

from globus_core.cli import terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.cli import Output

    Show: t.TypeAlias = t.Callable[[int, int | None], object]

_LONGEST_NAME = 24


@contextlib.contextmanager
def bar(output: Output, name: str) -> t.Iterator[Show | None]:
    """
    Give a function that shows how many bytes were copied, and of how many; None shows nothing.

    It is on standard error, so that standard output stays for what the command prints.

    :param output: the output of the command; nothing is shown with JSON
    :param name: what is copied
    """
    console = None if output.as_json else terminal(stderr=True, live=True)
    if console is None:
        yield None
        return
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.table import Column

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        DownloadColumn(binary_units=True, table_column=Column(no_wrap=True)),
        TransferSpeedColumn(table_column=Column(no_wrap=True)),
        TimeRemainingColumn(table_column=Column(no_wrap=True)),
    )
    shown = Progress(*columns, console=console, transient=True, redirect_stdout=False)
    row = shown.add_task(_end_of(name), total=None)

    def show(done: int, size: int | None) -> None:
        shown.start()  # not before, for a login may prompt first
        shown.update(row, completed=done, total=size)

    try:
        yield show
    finally:
        shown.stop()


def _end_of(name: str) -> str:
    """The end of a path that is long, which says more than its beginning."""
    return name if len(name) <= _LONGEST_NAME else f"...{name[3 - _LONGEST_NAME :]}"
