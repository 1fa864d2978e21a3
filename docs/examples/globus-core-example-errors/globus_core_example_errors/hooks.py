"""The hook functions. This module is imported early: keep it light."""

from __future__ import annotations

from globus_core import hookimpl, hookspecs
from globus_core.exc import ErrorFacts, GlobusAPIError

from . import ExampleGatewayError


@hookimpl(spec=hookspecs.globus_translate_error)
def globus_translate_error(error: GlobusAPIError) -> ErrorFacts | type[Exception] | None:
    """What the gateway says is known by its title; everything else is not ours."""
    if "<title>Gateway closed</title>" in error.text:
        return ExampleGatewayError
    return None
