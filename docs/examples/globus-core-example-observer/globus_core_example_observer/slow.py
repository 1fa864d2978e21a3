"""Which requests are slow, and what is said about them."""

from __future__ import annotations

import logging
import os

from globus_core.events import ResponseEvent

VARIABLE = "EXAMPLE_OBSERVER_SECONDS"
_log = logging.getLogger("globus_core_example_observer")


def tell_if_slow(event: ResponseEvent) -> None:
    """Log a request that took longer than the variable says."""
    if event.seconds > float(os.environ.get(VARIABLE, "5")):
        request = event.request
        outcome = event.status or event.error
        _log.warning("%s %s took %.1f s: %s", request.method, request.url, event.seconds, outcome)
