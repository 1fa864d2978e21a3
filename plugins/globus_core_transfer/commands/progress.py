"""
What is shown of a task while it is watched: a bar on a terminal, otherwise lines.
"""

from __future__ import annotations

import contextlib
import sys

import click

from globus_core.cli import terminal

from .texts import fault, files_done, progress

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from rich.console import Console

    from globus_core.cli import Output

    from ..task_states import TaskState

    Show: t.TypeAlias = t.Callable[[TaskState], None]


@contextlib.contextmanager
def view(output: Output) -> t.Iterator[Show]:
    """
    Give a function that shows one state of a task after another, until the ``with`` block ends.

    :param output: the output of the command
    """
    if output.as_json:
        yield _print_json
        return
    console = terminal(live=True)
    if console is None:
        yield _Lines().show
    else:
        with _bar(console) as show:
            yield show


def _print_json(state: TaskState) -> None:
    import json

    outcome = None if state.outcome is None else state.outcome.value
    click.echo(json.dumps({**state.task, "outcome": outcome, "events": state.events}))
    sys.stdout.flush()


class _Lines:
    """Prints a line for each state that differs from the one before, and for each error."""

    def __init__(self) -> None:
        self._before = ""

    def show(self, state: TaskState) -> None:
        """Print a state."""
        for line in _faults(state):
            click.echo(line)
        line = f"{_status(state)}: {progress(state.task)}"
        if line != self._before:
            click.echo(line)
        self._before = line


@contextlib.contextmanager
def _bar(console: Console) -> t.Iterator[Show]:
    """Show a bar of files, below the errors."""
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = [
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[told]}", markup=False),
    ]
    with Progress(*columns, console=console) as bar:
        row = bar.add_task("", total=None, told="")

        def show(state: TaskState) -> None:
            for line in _faults(state):
                console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)
            bar.update(
                row,
                description=_status(state),
                total=state.files or None,
                completed=files_done(state.task),
                told=progress(state.task),
            )

        yield show


def _status(state: TaskState) -> str:
    return "active" if state.outcome is None else state.outcome.value


def _faults(state: TaskState) -> list[str]:
    return [fault(event) for event in state.events if event.get("is_error")]
