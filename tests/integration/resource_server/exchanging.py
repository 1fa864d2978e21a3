"""
Workers of a service, each a process, that need tokens of Transfer for the same caller.
"""

from __future__ import annotations

import multiprocessing
import types
import typing as t

from globus_core import TokenChecker
from globus_core.testing import IntrospectionStandIn
from globus_core.testing._processes import PATIENCE_SECONDS, workers
from globus_core.testing.checker import SCOPE

TRANSFER = "transfer.api.globus.org"
#: what the dependent token of the nth worker begins with
DEPENDENT = "made-up-dependent-token"


class Exchange(IntrospectionStandIn):
    """
    Stands in for a Globus Auth that gives a token of Transfer for each caller's.

    :param number: which worker asks
    :param on_exchanged: called before the answer
    """

    def __init__(self, number: int, on_exchanged: t.Callable[[], object]) -> None:
        super().__init__()
        self._number = number
        self._on_exchanged = on_exchanged

    def oauth2_get_dependent_tokens(self, token: str, **options: t.Any) -> t.Any:
        """A response with one token."""
        self._on_exchanged()
        document = {
            "access_token": f"{DEPENDENT}-{self._number}",
            "expires_at_seconds": int(self.now) + 3600,
            "scope": " ".join(options["scope"]),
            "token_type": "Bearer",
        }
        return types.SimpleNamespace(by_resource_server={TRANSFER: document})


def tokens_of_workers(storage: str, count: int = 3) -> tuple[list[str], int]:
    """
    The tokens that workers have that needed them at the same time, and how many have asked.

    :param storage: the URL of the storage that they share
    :param count: how many they are
    """
    go_on = multiprocessing.get_context("spawn").Event()
    messages: list[str] = []
    with workers(count, _work, storage, go_on) as told:
        while sum(message.startswith(DEPENDENT) for message in messages) < count:
            messages.append(told.get(timeout=PATIENCE_SECONDS))
            assert messages[-1] in ("calling", "asking") or messages[-1].startswith(DEPENDENT)
            if messages.count("calling") == count and "asking" in messages:
                go_on.set()
    tokens = [message for message in messages if message.startswith(DEPENDENT)]
    return tokens, messages.count("asking")


def _work(number: int, told: t.Any, storage: str, go_on: t.Any) -> None:
    def on_exchanged() -> None:
        told.send("asking")
        go_on.wait(PATIENCE_SECONDS)

    auth = Exchange(number, on_exchanged)
    checker = TokenChecker(t.cast("t.Any", auth), scopes=SCOPE, token_storage=storage)
    caller = checker.check(auth.issue())
    told.send("calling")
    told.send(caller.tokens_for("transfer")[TRANSFER].access_token)
