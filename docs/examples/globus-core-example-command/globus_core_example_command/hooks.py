"""The hook functions. This module is imported early: keep it light."""

from __future__ import annotations

import typing as t

from globus_core import CommandReference, hookimpl, hookspecs


@hookimpl(spec=hookspecs.globus_cli_commands)
def globus_cli_commands() -> t.Mapping[str, str]:
    return {
        "example-command": CommandReference(
            "globus_core_example_command.command:who",
            group="login",
            summary="Say who is logged in",
        )
    }
