"""
The hook implementations of the plugin ``errors``: what errors mean, also on the command line.
"""

from __future__ import annotations

from globus_core import CommandReference, hookimpl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.exc import ErrorFacts, GlobusAPIError


@hookimpl
def globus_cli_commands() -> dict[str, CommandReference]:
    return {
        "explain": CommandReference(
            "globus_core_errors.explain_command:explain",
            group="setup",
            summary="Say what a code means, and what to do",
        )
    }


@hookimpl(trylast=True)
def globus_translate_error(error: GlobusAPIError) -> ErrorFacts | None:
    """
    Say what an error means, from its body, its headers, and finally its status.

    :param error: the error as parsed from the response
    """
    from ._translators import translate

    return translate(error)
