"""
``globus-core tokens``: what is in a token storage, and moving it to another one.
"""

from __future__ import annotations

import click

from .chosen_storage import chosen_storage, namespaces_of, storage_options
from .log_options import log_options
from .output import with_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorageData

    from .output import Output

_COLUMNS = ("namespace", "resource_server", "identity_id", "scope", "expires", "refresh_token")
_MOVED_COLUMNS = ("namespace", "resource_server", "state")


@click.group()
def tokens() -> None:
    """List the tokens of any storage, and move them to another one.

    A storage is a URL (json:///path, sqlite:///path, keyring:///path, redis://host ...), the path
    of a token file, also one of globus-sdk, or a name (json, keyring ...), which means the storage
    of an app. Tokens are never shown.
    """


@tokens.command("list")
@click.argument("storage")
@storage_options
@with_output()
@log_options
def list_tokens(
    storage: str, client_id: str | None, app_name: str, namespace: str | None, output: Output
) -> None:
    """List the tokens in STORAGE, without the tokens themselves.

    Exit code 0: listed, even if there are none; 1: it cannot be read; 2: wrong usage.
    """
    with chosen_storage(storage, client_id=client_id, app_name=app_name) as chosen:
        rows = [
            _row(name, data)
            for name in namespaces_of(chosen, namespace)
            for data in _sorted(chosen.in_namespace(name).get_token_data_by_resource_server())
        ]
        place = chosen.describe()
    output.table(_COLUMNS, rows, empty="no tokens")
    output.note(f"in {place.location}: {place.protection}")


@tokens.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@click.option("--keep", is_flag=True, help="Copy: leave the tokens in FROM too.")
@click.option("--replace", is_flag=True, help="Replace other tokens that are in TO.")
@storage_options
@with_output()
@log_options
def move(
    source: str,
    target: str,
    client_id: str | None,
    app_name: str,
    namespace: str | None,
    dry_run: bool,
    keep: bool,
    replace: bool,
    output: Output,
) -> None:
    """Move tokens from the storage FROM to the storage TO.

    Each token is stored in TO, read back and compared, and only then removed from FROM. A move that
    was interrupted can be repeated. While a token is moved, nobody renews it; programs that go on
    with FROM need a new login.

    Exit code 0: all is in TO; 1: something could not be moved, or other tokens are in the way;
    2: wrong usage.
    """
    from ._token_moves import IN_THE_WAY, moves, would

    app: t.Any = {"client_id": client_id, "app_name": app_name}
    with chosen_storage(source, **app) as here, chosen_storage(target, **app) as there:
        if here.describe().location == there.describe().location:
            raise click.UsageError("FROM and TO are the same place")
        found = list(moves(here, there, namespaces_of(here, namespace)))
        how = {"keep": keep, "replace": replace}
        states = [move.state(**how) for move in found]
        if dry_run:
            states = [would(state) for state in states]
        elif IN_THE_WAY not in states:
            states = [move.run(**how) for move in found]
        place = there.describe()
    rows = [
        (move.source.namespace, move.resource_server, state)
        for move, state in zip(found, states, strict=True)
    ]
    output.table(_MOVED_COLUMNS, rows, empty="no tokens")
    if dry_run:
        output.note("nothing was changed (--dry-run)")
    elif not rows:
        output.note(f"there are no tokens in {source}")
    elif IN_THE_WAY in states:
        output.note("nothing was changed; --replace replaces the tokens that are in the way")
        raise SystemExit(1)
    else:
        output.note(f"now in {place.location}: {place.protection}")


def _sorted(tokens: dict[str, TokenStorageData]) -> list[TokenStorageData]:
    return [tokens[server] for server in sorted(tokens)]


def _row(namespace: str, data: TokenStorageData) -> tuple[t.Any, ...]:
    from globus_core.documents import utc_text

    return (
        namespace,
        data.resource_server,
        data.identity_id,
        data.scope,
        utc_text(data.expires_at_seconds),
        "yes" if data.refresh_token is not None else "no",
    )
