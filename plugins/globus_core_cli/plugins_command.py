"""
``globus-core plugins``: every plugin, and what became of it.
"""

from __future__ import annotations

import json

import click

from globus_core.plugins import PluginWarning, get_plugin_manager

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.plugins import PluginRecord

_COLUMNS = ("plugin", "distribution", "version", "state", "load", "hooks")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def plugins(as_json: bool) -> None:
    """Show every plugin: where it comes from, its hooks, its state, and why it failed."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PluginWarning)  # the table says the same, and more
        records = get_plugin_manager().records()
    if as_json:
        click.echo(json.dumps([_as_dict(record) for record in records], indent=2))
        return
    _print_table([_COLUMNS, *(_row(record) for record in records)])
    for record in records:
        _print_trouble(record)


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


def _print_table(rows: list[tuple[str, ...]]) -> None:
    if len(rows) == 1:
        click.echo("no plugins found")
        return
    widths = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS))]
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
