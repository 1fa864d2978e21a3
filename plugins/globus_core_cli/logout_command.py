"""
``globus-core logout``.
"""

from __future__ import annotations

import click

from .app_options import with_app
from .exit_codes import ExitCode
from .output import with_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.globus_app import GlobusApp

    from .output import Output


@click.command()
@with_output()
@with_app(may_log_in=False)
def logout(app: GlobusApp, output: Output) -> None:
    """Revoke the tokens of the app and namespace, and remove them from the storage.

    Tokens that cannot be revoked are listed, and removed anyway. Exit code 0: all is well, or
    nobody was logged in; 1: a token could not be revoked; 2: wrong usage.
    """
    storage = app.token_storage.token_storage
    removed = sorted(storage.get_token_data_by_resource_server())
    failures = app.logout(sweep=True)
    not_revoked = [
        {"resource_server": f.resource_server, "kind": f.kind, "reason": str(f.error)}
        for f in failures
    ]
    output.show({"removed": removed, "not_revoked": not_revoked}, _described)
    for f in failures:
        kind = f.kind.replace("_", " ")
        output.note(f"the {kind} of {f.resource_server} was not revoked: {f.error}")
    if failures:
        raise SystemExit(ExitCode.FAILED)


def _described(outcome: dict[str, t.Any]) -> str:
    removed = ", ".join(outcome["removed"])
    return f"logged out of {removed}" if removed else "nobody was logged in"
