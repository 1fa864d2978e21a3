"""
The group of all commands; a command is imported when it runs.
"""

from __future__ import annotations

import contextlib
import re
import sys

import click

import globus_core
from globus_core import CommandReference, compose, hookspecs
from globus_core.exc import GlobusError
from globus_core.plugins import get_plugin_manager

from .exit_codes import ExitCode, exit_code_of
from .log_options import log_options
from .overview import MORE, overview, references, terminal_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from click.shell_completion import CompletionItem

_LONGEST_SUMMARY = 60


class PluginGroup(click.Group):
    """
    A group whose commands come from plugins; GlobusErrors are shown without a traceback.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(references())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "plugins":  # works even if all plugins are blocked
            from .plugins_command import plugins

            return plugins
        if cmd_name not in references():
            return None
        try:
            command = compose.select(hookspecs.globus_cli_commands, cmd_name, what="command")
        except GlobusError as error:
            return _unusable(cmd_name, error.explain())
        if isinstance(command, click.Command):
            return command
        return _unusable(cmd_name, f"{command!r} is not a click command")

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        commands = {name: self._described(ctx, name, value) for name, value in references().items()}
        formatter.write(overview(commands, terminal_width()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        begun = {n: value for n, value in sorted(references().items()) if n.startswith(incomplete)}
        return [
            *(CompletionItem(n, help=self._described(ctx, n, begun[n])[1]) for n in begun),
            *click.Command.shell_complete(self, ctx, incomplete),  # the options
        ]

    def _described(self, ctx: click.Context, name: str, reference: object) -> tuple[str, str]:
        """The group of a command, and what it does."""
        if isinstance(reference, CommandReference):
            return reference.group, reference.summary
        command = self.get_command(ctx, name)
        return MORE, "" if command is None else command.get_short_help_str(_LONGEST_SUMMARY)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            hints = [_with_nearest(error, self, ctx), *_idle()]
            raise click.UsageError(" ".join(hints), ctx) from None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _escape_what_cannot_be_shown()
        with _clear_errors():  # the help loads the commands of plugins
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        with _clear_errors():
            try:
                return super().invoke(ctx)
            except click.UsageError as error:
                group = None if error.ctx is None else error.ctx.command
                if error.ctx is None or not isinstance(group, click.Group):
                    raise
                message = _with_nearest(error, group, error.ctx)
                raise click.UsageError(message, error.ctx) from error


def _with_nearest(error: click.UsageError, group: click.Group, ctx: click.Context) -> str:
    """What is wrong, with the command whose name is nearest, as click 8.1 does not say itself."""
    message = error.format_message()
    mistyped = re.match("No such command '(.+)'", message)
    if mistyped is None or "Did you mean" in message:
        return message
    import difflib

    nearest = difflib.get_close_matches(mistyped[1], group.list_commands(ctx), n=1)
    return " ".join([message, *(f"Did you mean {name!r}?" for name in nearest)])


def _idle() -> t.Iterator[str]:
    """The plugins that are not in use, whose command may be meant."""
    idle = [record.label for record in get_plugin_manager().records() if record.reason]
    if idle:
        yield f"Not in use: {', '.join(idle)}; 'globus-core plugins' says why."


def _escape_what_cannot_be_shown() -> None:
    """Escape letters that the encoding of standard output lacks, as on standard error."""
    if getattr(sys.stdout, "errors", None) in ("strict", "surrogateescape"):
        with contextlib.suppress(AttributeError, ValueError):  # replaced, or closed
            sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


class _Explained(click.ClickException):
    """
    Shows a GlobusError as its explanation, and ends with its exit code.

    :param error: the error
    """

    def __init__(self, error: GlobusError) -> None:
        from ._session_advice import session_command

        command = session_command(error)
        with_command = f"{error.explain()}\nWith the same options: {command}"
        super().__init__(error.explain() if command is None else with_command)
        self.exit_code = exit_code_of(error)  # type: ignore[misc]


@contextlib.contextmanager
def _clear_errors() -> t.Iterator[None]:
    """Show a GlobusError as its explanation, without a traceback, and end with its exit code."""
    try:
        yield
    except GlobusError as error:
        if isinstance(error, EOFError):  # Ctrl-D, behind a prompt
            click.echo(err=True)
        raise _Explained(error) from error
    except KeyboardInterrupt as error:  # click would end with 1
        click.echo("\nAborted!", err=True)
        raise click.exceptions.Exit(ExitCode.INTERRUPTED) from error


def _unusable(name: str, reason: str) -> click.Command:
    """A placeholder for a command that cannot be loaded, so that the other commands still work."""

    def refuse() -> None:
        raise click.ClickException(f"the command {name!r} cannot be used: {reason}")

    return click.Command(
        name,
        callback=refuse,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
        add_help_option=False,
        short_help="(cannot be used here)",
    )


@click.group(cls=PluginGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(globus_core.__version__, prog_name="globus-core")
@log_options
def cli() -> None:
    """Work with Globus Auth from the command line."""
