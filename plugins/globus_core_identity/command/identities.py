"""
``globus-core identities``: looking up identities, and the cache of them.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import typing as t

import click

from globus_core import hookspecs
from globus_core.cli import ExitCode, complete_offered, offered, terminal, with_app, with_output
from globus_core.exc import GlobusError

if t.TYPE_CHECKING:
    from rich.progress import Progress

    from globus_core.cli import Output
    from globus_core.globus_app import GlobusApp
    from globus_core.identities import IdentityCache, IdentityCacheDescription

    from ._report import Tally

_DEFAULT = "resolve"
#: the exit code if there are names without an identity
_UNKNOWN = 3
#: how many identities are kept during a look-up without a cache
_FEW = 20_000

_cache_option = click.option(
    "--cache",
    metavar="NAME|URL",
    default="sqlite",
    show_default=True,
    envvar="GLOBUS_CORE_IDENTITY_CACHE",
    show_envvar=True,
    callback=offered(hookspecs.globus_identity_caches, "identity cache"),
    shell_complete=complete_offered(hookspecs.globus_identity_caches),
    help="Where identities are cached.",
)


class _Group(click.Group):
    """A group with a default command, so that names may follow at once."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:  # before 8.2 click exits with 0 here
            click.echo(ctx.get_help(), err=True, color=ctx.color)
            ctx.exit(ExitCode.USAGE)
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Group)
def identities() -> None:
    """Look up the identities behind usernames, identity ids and campus names.

    "globus-core identities NAME..." is short for "globus-core identities resolve NAME...".
    """


@identities.command(_DEFAULT)
@click.argument("names", nargs=-1, metavar="[NAME]... [-]")
@click.option(
    "-f",
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Read names from a file, one per line; '-' is standard input, also instead of a NAME.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="The output format.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, as --format json does.")
@click.option("--provider", is_flag=True, help="Include the identity providers.")
@_cache_option
@click.option("--no-cache", is_flag=True, help="Do not use the cache.")
@click.option(
    "--connections",
    type=click.IntRange(1, 32),
    default=8,
    show_default=True,
    help="How many requests may run at once.",
)
@with_app(access_token_suffices=True)
def resolve(
    app: GlobusApp,
    names: tuple[str, ...],
    path: str | None,
    kind: str,
    as_json: bool,
    provider: bool,
    cache: str,
    no_cache: bool,
    connections: int,
) -> None:
    """Look up names: usernames, identity ids, and names that your institution's plugin knows.

    One answer is printed for each name, in the order of the names. At most 10,000 names are kept in
    memory at a time.

    Exit code 0: all names were found; 1: a look-up failed; 2: wrong usage; 3: some names have no
    visible identity; 4: a login is needed.
    """
    from globus_core import AuthClient

    from ._formats import FORMATS
    from ._report import report

    if not names and path is None:
        raise click.UsageError("pass names, or use --file")
    with contextlib.ExitStack() as stack:
        stream = _source(stack, path, names)
        # any token for Globus Auth is enough to look up identities
        client = stack.enter_context(AuthClient(app=app, app_scopes=[]))
        kept = _open_cache("memory" if no_cache else cache, bounded=no_cache)
        stack.callback(kept.close)
        bar = stack.enter_context(_bar(_total(path, names)))
        tally = report(
            client,
            stream,
            FORMATS["json" if as_json else kind](sys.stdout),
            cache=kept,
            max_connections=connections,
            include=("identity_provider",) if provider else (),
            progress=bar.update,
            before_writing=bar.hide,
        )
    _leave(tally)


@identities.command("cache")
@_cache_option
@click.option("--clear", is_flag=True, help="Empty the cache first.")
@with_output()
def cache_command(cache: str, clear: bool, output: Output) -> None:
    """Show where the cache is, its size and age, and how often it was of use; or empty it.

    Exit code 0: success; 1: the cache cannot be used.
    """
    from globus_core import compose
    from globus_core.identities import IdentityCacheDescription

    kept = _open_cache(cache)
    try:
        if clear:
            compose.called(object, kept, "clear")
        facts = compose.called(IdentityCacheDescription, kept, "describe")
    finally:
        kept.close()
    output.show(facts.to_dict(), lambda _: _described(facts))


def _source(
    stack: contextlib.ExitStack, path: str | None, names: tuple[str, ...]
) -> t.Iterator[str]:
    """All names: those on the command line, where '-' means standard input, then the file's."""
    from ._names import lines

    def opened(path: str) -> t.Iterator[str]:
        file = click.open_file(path, encoding="utf-8", errors="replace")
        return lines(t.cast("t.TextIO", stack.enter_context(file)))

    given = (opened("-") if name == "-" else iter([name]) for name in names)
    parts = itertools.chain.from_iterable(given)
    return parts if path is None else itertools.chain(parts, opened(path))


def _total(path: str | None, names: tuple[str, ...]) -> int | None:
    """The number of names, or None if it is not known."""
    if "-" in names or path == "-":
        return None
    if path is None:
        return len(names)
    from ._names import count

    return len(names) + count(path) if os.path.isfile(path) else None


def _open_cache(cache: str, *, bounded: bool = False) -> IdentityCache:
    from ..mapping import cache_by_name

    return cache_by_name(f"memory:?max_entries={2 * _FEW}" if bounded else cache)


class _Bar:
    """A progress bar on standard error, if that is a terminal."""

    def __init__(self, bar: Progress | None, total: int | None) -> None:
        self._bar = bar
        self._row = None if bar is None else bar.add_task("identities", total=total)

    def update(self, steps: int) -> None:
        """Advance by some steps."""
        if self._bar is not None and self._row is not None:
            self._bar.start()  # unless it is shown already
            self._bar.update(self._row, advance=steps)

    def hide(self) -> None:
        """Make room for other output; the next step shows the bar again."""
        if self._bar is not None and sys.stdout.isatty():
            self._bar.stop()


@contextlib.contextmanager
def _bar(total: int | None) -> t.Iterator[_Bar]:
    console = terminal(stderr=True, live=True)
    if console is None:
        yield _Bar(None, total)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("identities", BarColumn(bar_width=24), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as shown:
        yield _Bar(shown, total)


def _leave(tally: Tally) -> None:
    """Print what is missing, and exit with the code for it."""
    if tally.failed:
        raise GlobusError(
            f"the look-up of {tally.failed} of {tally.names} names failed: {tally.problem}",
        )
    if tally.not_found:
        click.echo(f"{tally.not_found} of {tally.names} names have no identity", err=True)
        click.get_current_context().exit(_UNKNOWN)


def _described(facts: IdentityCacheDescription) -> str:
    asked = facts.hits + facts.misses
    share = f" ({facts.hits / asked:.0%})" if asked else ""
    lines = [
        f"identities in {facts.location}",
        f"  keys: {facts.entries}, {facts.negative_entries} of them without an identity",
        f"  found: {facts.hits} of {asked} keys{share}",
    ]
    if facts.size_bytes is not None:
        lines.append(f"  size: {facts.size_bytes / 1e3:.0f} kB")
    if facts.oldest_seconds is not None:
        lines.append(f"  oldest entry: {facts.oldest_seconds / 3600:.1f} hours")
    return "\n".join(lines)
