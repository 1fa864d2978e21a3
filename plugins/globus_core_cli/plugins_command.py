"""
``globus-core plugins``: every plugin, and what became of it.
"""

from __future__ import annotations

import json

import click

from globus_core import compose, hookspecs
from globus_core.plugins import PluginWarning, get_plugin_manager

from .new_command import new

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.plugins import PluginRecord

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
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--offers", is_flag=True, help="Show what can be chosen by name, and whose it is.")
def plugins(context: click.Context, as_json: bool, offers: bool) -> None:
    """Show every plugin: where it comes from, its hooks, its state, and why it failed."""
    if context.invoked_subcommand is not None:
        return
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PluginWarning)  # the table says the same, and more
        records = get_plugin_manager().records()
        offered = list(_offered()) if offers else []
    if offers:
        _print_offers(offered, as_json=as_json)
        return
    if as_json:
        click.echo(json.dumps([_as_dict(record) for record in records], indent=2))
        return
    _print_table([_COLUMNS, *(_row(record) for record in records)], "no plugins found")
    for record in records:
        _print_trouble(record)


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


def _row(record: PluginRecord) -> tuple[str, ...]:
    load = "-" if record.load_seconds is None else f"{record.load_seconds * 1000:.1f} ms"
    hooks = ", ".join(name.removeprefix("globus_") for name in record.hooks) or "-"
    return (
        record.name,
        record.distribution or "-",
        record.version or "-",
        record.state,
        load,
        hooks,
    )


def _offered() -> t.Iterator[tuple[str, ...]]:
    """Each name that can be chosen: what for, whose it is, and what it refers to."""
    for hook, what in _OFFERS.items():
        for name, (record, value) in sorted(compose.offers(hook).items()):
            yield what, name, record.source, value if isinstance(value, str) else repr(value)


def _print_offers(rows: list[tuple[str, ...]], *, as_json: bool) -> None:
    if as_json:
        found = [dict(zip(_OFFER_COLUMNS, row, strict=True)) for row in rows]
        click.echo(json.dumps(found, indent=2))
        return
    _print_table([_OFFER_COLUMNS, *rows], "nothing is offered")


def _print_table(rows: list[tuple[str, ...]], otherwise: str) -> None:
    if len(rows) == 1:
        click.echo(otherwise)
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())


def _print_trouble(record: PluginRecord) -> None:
    if record.reason is not None:
        click.echo(f"\n{record.label}: {record.reason}")
    for line in (record.traceback or "").splitlines():
        click.echo(f"    {line}")
    for report in record.reports:
        click.echo(f"\n{record.label} failed when called: {report}")
    for hook, note in hookspecs.deprecated_hooks().items():
        if hook in record.hooks:
            click.echo(f"\n{record.label} implements {hook}, which is deprecated: {note}")
