"""
The options ``-v`` and ``--debug``, which show the log of the SDK and its plugins on standard error.
"""

from __future__ import annotations

import contextlib

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging
    import typing as t

    C = t.TypeVar("C", bound=t.Callable[..., t.Any])

_NAME = "globus_core_cli.log"
#: the packages whose lines are shown; other libraries may log what is secret
_OURS = ("globus_core.", "globus_core_")


def log_options(command: C) -> C:
    """
    Add ``-v`` and ``--debug`` to a click command; each shows the log until the program ends.

    :param command: the command, or its function
    """
    for option in (
        click.option(
            "--debug",
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_debug,
            help="Show the log with every request, on standard error.",
        ),
        click.option(
            "-v",
            "--verbose",
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_verbose,
            help="Show the log, on standard error.",
        ),
    ):
        command = option(command)
    return command


def shows_log(context: click.Context) -> bool:
    """
    Whether one of the options was given.

    :param context: the context of the command, or of one that it runs
    """
    return _NAME in context.find_root().meta


def _verbose(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        _show(context, "INFO")


def _debug(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        _show(context, "DEBUG")


def _show(context: click.Context, level: str) -> None:
    root = context.find_root()
    handler = root.meta.get(_NAME)
    if handler is None:
        handler = root.meta[_NAME] = _make_handler()
        root.with_resource(_shown(handler))
    if handler.level == 0 or level == "DEBUG":  # the louder of two wins
        _set_level(handler, level)


def _make_handler() -> logging.Handler:
    import logging

    class Lines(logging.Handler):
        """Writes to standard error, as it is now; a terminal that is gone is no error."""

        def emit(self, record: logging.LogRecord) -> None:
            from globus_core.printable import printable

            with contextlib.suppress(OSError, ValueError):
                text = "\n".join(map(printable, self.format(record).split("\n")))
                click.echo(text, err=True)

    handler = Lines()
    handler.addFilter(lambda record: f"{record.name}.".startswith(_OURS))
    return handler


def _set_level(handler: logging.Handler, level: str) -> None:
    import logging

    debugging = level == "DEBUG"
    fields = (
        "%(asctime)s.%(msecs)03d %(name)s: %(message)s" if debugging else "%(name)s: %(message)s"
    )
    handler.setFormatter(logging.Formatter(fields, "%H:%M:%S"))
    handler.setLevel(level)
    logging.getLogger().setLevel(level)


@contextlib.contextmanager
def _shown(handler: logging.Handler) -> t.Iterator[None]:
    import logging

    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
