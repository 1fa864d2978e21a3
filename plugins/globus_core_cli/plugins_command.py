"""
``globus-core plugins``: all plugins and their state.
"""

from __future__ import annotations

import click

from globus_core import compose, hookspecs
from globus_core.plugins import PluginWarning, get_plugin_manager, write_stubs
from globus_core.printable import printable

from .new_command import new
from .output import with_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.plugins import PluginRecord

    from .output import Output

_OFFER_COLUMNS = ("what", "name", "plugin", "object")
_OFFERS = {
    hookspecs.globus_clients: "service",
    hookspecs.globus_token_storages: "token storage",
    hookspecs.globus_login_flows: "login flow",
    hookspecs.globus_identity_caches: "identity cache",
    hookspecs.globus_environments: "environment",
    hookspecs.globus_cli_commands: "command",
}
_COLUMNS = ("plugin", "distribution", "version", "state", "load", "hooks")


@click.group(invoke_without_command=True)
@click.pass_context
@with_output("Print JSON instead of a table.")
@click.option(
    "--offers", is_flag=True, help="List what can be selected by name, and which plugin offers it."
)
def plugins(context: click.Context, offers: bool, output: Output) -> None:
    """Show every plugin: where it comes from, its hooks, its state, and why it failed."""
    if context.invoked_subcommand is not None:
        return
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PluginWarning)  # the table says the same and more
        records = get_plugin_manager().records()
        offered = list(_offered()) if offers else []
    if offers:
        output.table(_OFFER_COLUMNS, offered, empty="nothing is offered")
        return
    if output.as_json:
        output.show([_as_dict(record) for record in records], str)
        return
    output.table(_COLUMNS, [_row(record) for record in records], empty="no plugins found")
    for record in records:
        for line in _trouble(record):
            click.echo(printable(line))


@plugins.command()
@click.argument("folder", default="typings", type=click.Path(file_okay=False))
@with_output()
def stubs(folder: str, output: Output) -> None:
    """
    Write stubs, so that type checkers know the names of third-party plugins.

    The stub package is written to FOLDER, by default "typings".
    """
    names = write_stubs(folder)
    output.show(
        {"folder": folder, "names": names},
        lambda _: f"{folder}: {', '.join(names) or 'no names of third-party plugins'}",
    )


plugins.add_command(new)


def _as_dict(record: PluginRecord) -> dict[str, t.Any]:
    return {
        "name": record.name,
        "distribution": record.distribution,
        "version": record.version,
        "module": record.module,
        "first_party": record.first_party,
        "state": record.state,
        "load_seconds": record.load_seconds,
        "hooks": list(record.hooks),
        "reason": record.reason,
        "traceback": record.traceback,
        "reports": list(record.reports),
    }


def _row(record: PluginRecord) -> tuple[str | None, ...]:
    seconds = record.load_seconds
    return (
        record.name,
        record.distribution,
        record.version,
        record.state,
        None if seconds is None else f"{seconds * 1000:.1f} ms",
        ", ".join(name.removeprefix("globus_") for name in record.hooks) or None,
    )


def _offered() -> t.Iterator[tuple[str, ...]]:
    """Each name that can be selected: its kind, its plugin, and what it refers to."""
    for hook, what in _OFFERS.items():
        for name, (record, value) in sorted(compose.offers(hook).items()):
            yield what, name, record.source, value if isinstance(value, str) else repr(value)


def _trouble(record: PluginRecord) -> t.Iterator[str]:
    if record.reason is not None:
        yield f"\n{record.label}: {record.reason}"
    for line in (record.traceback or "").splitlines():
        yield f"    {line}"
    for report in record.reports:
        yield f"\n{record.label} failed when called: {report}"
    for hook, note in hookspecs.deprecated_hooks().items():
        if hook in record.hooks:
            yield f"\n{record.label} implements {hook}, which is deprecated: {note}"
