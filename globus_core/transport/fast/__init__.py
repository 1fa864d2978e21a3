"""
Shortcuts past work that requests, urllib3 and ``http.client`` do for every request.

They change no behaviour: deadlines, limits and checks are those of the plain classes. With all of
them a GET of small JSON takes half the CPU time that requests takes. They override methods of these
libraries, so they are only used if those are as expected.
"""

from __future__ import annotations

import functools
import os

from globus_core._log import LazyLogger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.transport.adapter import Adapter
    from globus_core.transport.prepare import Shortcut

log = LazyLogger("globus_core.transport")

VARIABLE = "GLOBUS_CORE_PLAIN_TRANSPORT"


def choose() -> tuple[type[Adapter], Shortcut | None]:
    """
    The adapter class for a new session and the shortcut for preparing requests, if there is one.
    """
    reason = _reason_for_plain()
    if reason is None:
        from .adapter import FastAdapter
        from .prepare import prepare_at_once

        return FastAdapter, prepare_at_once
    from globus_core.transport.adapter import Adapter

    _tell_once(reason)
    return Adapter, None


def _reason_for_plain() -> str | None:
    if os.environ.get(VARIABLE) == "1":
        return f"{VARIABLE} is set"
    from .check import unexpected

    return unexpected()


@functools.cache
def _tell_once(reason: str) -> None:
    log.info("requests are sent without shortcuts: %s", reason)
