"""
The lines of ``globus-core transfer --batch``.
"""

from __future__ import annotations

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


@click.command(add_help_option=False)
@click.argument("source_path")
@click.argument("destination_path")
@click.option("-r", "--recursive", is_flag=True, default=None)
@click.option("--external-checksum")
def _line() -> None:
    """Declares what a line may have."""


def items(lines: t.Iterable[str]) -> t.Iterator[dict[str, t.Any]]:
    """
    Read lines such as ``--recursive "my files" archive``, with quotes as in a shell.

    Empty lines, and what follows a ``#``, are skipped.

    :param lines: the lines
    :return: for each its ``source_path``, ``destination_path``, ``recursive`` (True or None) and
        ``external_checksum``
    :raises click.UsageError: if a line cannot be read, with its number
    """
    import shlex

    for number, line in enumerate(lines, 1):
        try:
            words = shlex.split(line, comments=True)
            if words:
                yield _line.make_context("--batch", words).params
        except click.UsageError as error:
            raise click.UsageError(f"line {number} of --batch: {error.format_message()}") from None
        except ValueError as error:  # of quotes
            raise click.UsageError(f"line {number} of --batch: {error}") from None
