"""The hook functions. This module is imported early: keep it light."""

from __future__ import annotations

from globus_core import hookimpl, hookspecs
from globus_core.events import ResponseEvent


@hookimpl(spec=hookspecs.globus_after_response)
def globus_after_response(event: ResponseEvent) -> None:
    from .slow import tell_if_slow

    tell_if_slow(event)
