"""
``globus-core explain``: what a code means, and what to do.
"""

from __future__ import annotations

import click

from globus_core.cli import ExitCode, with_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.cli import Output

    from .codes import Explanation


def _known(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    from .codes import CODES

    exact = sorted(code for code in CODES if code.startswith(begun))
    return exact or sorted(code for code in CODES if code.lower().startswith(begun.lower()))


@click.command()
@click.argument("code", required=False, shell_complete=_known)
@with_output()
def explain(code: str | None, output: Output) -> None:
    """Say what CODE means and what to do; without CODE, list the known ones.

    CODE is an exit code of a command, an HTTP status, the code of an error of a service, or the
    name of an exception of the SDK.

    Exit code 0: it is known; 1: it is not; 2: wrong usage.
    """
    from .codes import explain as look_up

    if code is None:
        _list(output)
        return
    found = look_up(code.strip())
    if found is None:
        click.echo(f"Error: {_unknown(code)}", err=True)
        raise SystemExit(ExitCode.FAILED)
    output.show(found, _described)


def _list(output: Output) -> None:
    from .codes import CODES, EXIT_CODES
    from .codes import explain as look_up

    found = [look_up(str(code)) for code in (*EXIT_CODES, *sorted(CODES, key=str.lower))]
    output.table(
        ("code", "kind", "meaning"),
        [(one["code"], one["kind"], one["meaning"]) for one in found if one is not None],
        empty="no codes",
    )


def _described(found: Explanation) -> str:
    lines = [f"{found['code']}: {found['kind']}", f"What it means: {found['meaning']}."]
    if found["remedy"]:
        lines.append(f"What to do: {found['remedy']}.")
    return "\n".join(lines)


def _unknown(code: str) -> str:
    import difflib

    from globus_core.printable import quoted

    from .codes import CODES

    near = difflib.get_close_matches(code, CODES, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "'globus-core explain' lists the known ones"
    return f"the code {quoted(code)} is not known here; {hint}"
