"""
What a valid header costs, and what it costs when many threads are refused at once.

Run as a module it is a process that measures; it prints the figures as JSON.
"""

from __future__ import annotations

import contextlib
import functools
import statistics
import threading
import time
import timeit
import typing as t

from ._processes import print_measure, run_module
from ._turns import turns

Figures = dict[str, dict[str, float]]

#: after this no further round begins
SECONDS = 20
THREADS = 32
#: how often a statement stands in the loop's body, so that the loop itself weighs nothing
_UNROLLED = 50
_LOOPS = 2000
#: seconds that the stand-in for a server takes for an answer
_ANSWER = 0.02

HEADER = {
    "clock check": "check.get_authorization_header()",
    "globus-core": "ours.get_authorization_header()",
    "globus-sdk": "theirs.get_authorization_header()",
}


def measure(name: str, rounds: int) -> Figures:
    """
    Measure in a fresh process.

    :param name: ``header`` or ``refused``
    :param rounds: how often each variant has its turn
    """
    figures: Figures = run_module("renewals", name, "--rounds", str(rounds))
    return figures


class ClockCheck:
    """
    The least that can be done: look at the clock, compare, give the header.
    """

    def __init__(self) -> None:
        self.end = time.time() + 3600
        self.header = "Bearer token"

    def get_authorization_header(self) -> str:
        """The header."""
        if time.time() < self.end:
            return self.header
        raise AssertionError


class _Response:
    def __init__(self, number: int) -> None:
        self.by_resource_server = {
            "a.example.org": {
                "resource_server": "a.example.org",
                "scope": "all",
                "access_token": f"token-{number}",
                "refresh_token": None,
                "expires_at_seconds": int(time.time()) + 3600,
                "token_type": "Bearer",
            }
        }


class Server:
    """
    A stand-in for Globus Auth and for a service, which both take their time.
    """

    def __init__(self) -> None:
        self.refreshes = 0
        self.good = "Bearer none yet"

    def oauth2_refresh_token(self, refresh_token: str, **options: t.Any) -> _Response:
        """Give another token; those before are refused from now on."""
        time.sleep(_ANSWER)
        self.refreshes += 1
        self.good = f"Bearer token-{self.refreshes}"
        return _Response(self.refreshes)

    def request(self, header: str | None) -> bool:
        """Whether a header is accepted."""
        time.sleep(_ANSWER)
        return header == self.good


def header(rounds: int) -> Figures:
    """
    A header that is valid; 1 is a method with the clock check alone.
    """
    import globus_core

    until = int(time.time()) + 3600
    given: dict[str, t.Any] = {"access_token": "token", "expires_at": until}
    names: dict[str, t.Any] = {
        "check": ClockCheck(),
        "ours": globus_core.RefreshTokenAuthorizer("refresh", Server(), **given),
    }
    with contextlib.suppress(ImportError):
        import globus_sdk

        client = globus_sdk.NativeAppAuthClient("id")
        names["theirs"] = globus_sdk.RefreshTokenAuthorizer("refresh", client, **given)
    timers = {
        name: timeit.Timer("\n".join([statement] * _UNROLLED), globals=names)
        for name, statement in HEADER.items()
        if statement.partition(".")[0] in names
    }
    seconds: dict[str, list[float]] = {name: [] for name in timers}
    for _ in turns(rounds, SECONDS):
        for name, timer in timers.items():
            seconds[name].append(timer.timeit(_LOOPS) / _LOOPS / _UNROLLED)
    return {
        name: {
            "ratio": min(runs) / min(seconds["clock check"]),
            "least nanoseconds": min(runs) * 1e9,
            "median nanoseconds": statistics.median(runs) * 1e9,
        }
        for name, runs in seconds.items()
    }


def refused(rounds: int) -> Figures:
    """
    Threads that are all refused; 1 is one refresh, and one request of each thread.
    """
    import globus_core

    least: dict[str, list[float]] = {"floor": [], "globus-core": []}
    asked = []
    for _ in turns(rounds, SECONDS):
        server = Server()
        began = time.perf_counter()
        server.oauth2_refresh_token("refresh")
        _in_threads(functools.partial(server.request, server.good))
        least["floor"].append(time.perf_counter() - began)

        server = Server()
        authorizer = globus_core.RefreshTokenAuthorizer("refresh", server)
        server.good, before = "Bearer another", server.refreshes
        began = time.perf_counter()
        _in_threads(functools.partial(_refused, server, authorizer))
        # The refused requests themselves are not what is measured here.
        least["globus-core"].append(time.perf_counter() - began - _ANSWER)
        asked.append(server.refreshes - before)
    floor = min(least["floor"])
    return {
        name: {
            "ratio": min(runs) / floor,
            "milliseconds": min(runs) * 1e3,
            "refreshes": max(asked) if name == "globus-core" else 1,
        }
        for name, runs in least.items()
    }


def _refused(server: Server, authorizer: t.Any) -> None:
    sent = authorizer.get_authorization_header()
    while not server.request(sent):
        authorizer.handle_refused_header(sent)
        sent = authorizer.get_authorization_header()


def _in_threads(work: t.Callable[[], object]) -> None:
    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


MEASURES = {"header": header, "refused": refused}


if __name__ == "__main__":
    print_measure(MEASURES)
