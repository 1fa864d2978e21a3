"""
``globus-core task wait`` and ``globus-core task watch``.
"""

from __future__ import annotations

import contextlib

import click

from globus_core.cli import ExitCode

from .parameters import with_client

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core.cli import Output

    from ..client import TransferClient
    from ..task_states import TaskResult

#: exit codes by which scripts can tell a timeout from the codes of all commands
_TIMEOUT_CODES = {0, 1, *range(50, 100)}


def _timeout_code(context: click.Context, parameter: click.Parameter, value: int) -> int:
    if value not in _TIMEOUT_CODES:
        raise click.BadParameter("it must be 0, 1 or between 50 and 99")
    return value


task_id_argument = click.argument("task_id", metavar="TASK_ID", type=click.UUID)
fail_on_option = click.option(
    "--fail-on",
    metavar="CODE",
    multiple=True,
    help="Cancel the task after an error with this code, such as FILE_NOT_FOUND, which Transfer "
    "would try again for a day; can be repeated.",
)
_timeout_options = (
    click.option(
        "--timeout",
        metavar="SECONDS",
        type=click.FloatRange(0),
        help="How long to wait; by default until the end.",
    ),
    click.option(
        "--timeout-exit-code",
        metavar="CODE",
        type=int,
        default=1,
        show_default=True,
        callback=_timeout_code,
        help="The exit code after --timeout: 0, 1 or 50 to 99.",
    ),
    fail_on_option,
)


def _with_timeout(command: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
    for option in reversed(_timeout_options):
        command = option(command)
    return command


@click.command()
@task_id_argument
@_with_timeout
@click.option(
    "--polling-interval",
    "interval",
    metavar="SECONDS",
    type=click.FloatRange(1),
    help="How often to ask; by default after 1, 2, 4 ... 30 seconds.",
)
@click.option(
    "-H",
    "--heartbeat",
    is_flag=True,
    help="Print a dot to standard error each time the task is looked at.",
)
@with_client(only_reads=True)
def wait(client: TransferClient, output: Output, task_id: uuid.UUID, **options: t.Any) -> None:
    """Wait until a task has ended or cannot go on, and say how it ended.

    Exit code 0: it succeeded; 1: it failed, or is paused, or the time is over; 2: wrong usage;
    4: it waits for you to log in again or to give a consent. Ctrl-C leaves the task as it is.
    """
    finish(client, str(task_id), output, **options)


@click.command()
@task_id_argument
@_with_timeout
@with_client(only_reads=True)
def watch(client: TransferClient, output: Output, task_id: uuid.UUID, **options: t.Any) -> None:
    """Show the progress of a task until its end: a bar on a terminal, otherwise lines.

    With --json, each state is one line of JSON. The exit codes are those of 'task wait', but a
    task that is paused or waits for you is watched on. Ctrl-C leaves the task as it is.
    """
    finish(client, str(task_id), output, shows_progress=True, **options)


def finish(
    client: TransferClient,
    task_id: str,
    output: Output,
    *,
    shows_progress: bool = False,
    timeout: float | None = None,
    timeout_exit_code: int = 1,
    fail_on: t.Collection[str] = (),
    **polling: t.Any,
) -> t.NoReturn:
    """
    Wait for the end of a task, print how it ended, and end the command with the code for that.

    :param client: the client
    :param task_id: the task's id
    :param output: where to print
    :param shows_progress: whether to show the progress meanwhile
    :param timeout: how long to wait, in seconds; None waits until the end
    :param timeout_exit_code: the exit code if the time is over
    :param fail_on: codes of errors after which to cancel the task
    :param polling: how to ask, if no progress is shown
    :raises TaskFaultError: if the task was canceled because of ``fail_on``
    """
    from ..task_states import TaskOutcome
    from .texts import ending

    with _left_alone(task_id):
        if shows_progress:
            result = _watched(client, task_id, output, timeout, fail_on)
        else:
            result = _waited(client, task_id, timeout, fail_on, **polling)
    outcome = result.outcome
    if output.as_json:
        if not shows_progress:  # else it was the last line
            output.show({**result.task, "outcome": outcome.value}, str)
    elif outcome is TaskOutcome.SUCCEEDED:
        output.show(result.task, lambda task: ending(outcome, task))
    else:
        output.note(ending(outcome, result.task))
    codes = {
        TaskOutcome.SUCCEEDED: ExitCode.OK,
        TaskOutcome.NEEDS_CONSENT: ExitCode.LOGIN_NEEDED,
        TaskOutcome.TIMEOUT: timeout_exit_code,
    }
    raise SystemExit(codes.get(outcome, ExitCode.FAILED))


def _waited(
    client: TransferClient,
    task_id: str,
    timeout: float | None,
    fail_on: t.Collection[str],
    *,
    interval: float | None = None,
    heartbeat: bool = False,
) -> TaskResult:
    """How a task has ended, or that the time is over."""
    from globus_core.polling import polled

    from ..task_states import UNKNOWN_TASK, TaskOutcome, TaskResult

    def look() -> TaskResult:
        if heartbeat:
            click.echo(".", nl=False, err=True)
        return client.wait_for_task(task_id, 0, fail_on=fail_on)

    result = TaskResult(TaskOutcome.TIMEOUT, UNKNOWN_TASK)
    for result in polled(look, timeout, interval=interval):
        if result.outcome is not TaskOutcome.TIMEOUT:
            break
    if heartbeat:
        click.echo(err=True)
    return result


def _watched(
    client: TransferClient,
    task_id: str,
    output: Output,
    timeout: float | None,
    fail_on: t.Collection[str],
) -> TaskResult:
    """Show the states of a task, the last of which is returned."""
    from ..task_states import UNKNOWN_TASK, TaskOutcome, TaskResult
    from .progress import view

    result = TaskResult(TaskOutcome.TIMEOUT, UNKNOWN_TASK)
    with view(output) as show:
        for state in client.watch_task(task_id, timeout):
            show(state)
            result = TaskResult(state.outcome or TaskOutcome.TIMEOUT, state.task)
            if any(event["code"] in fail_on for event in state.events):
                client.wait_for_task(task_id, 0, fail_on=fail_on)  # which cancels it
    return result


@contextlib.contextmanager
def _left_alone(task_id: str) -> t.Iterator[None]:
    """Say after Ctrl-C that the task goes on."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(
            f"\ntask {task_id} goes on; 'globus-core task cancel {task_id}' would end it", err=True
        )
        raise
