"""
What each shortcut of the transport saves: a GET of small JSON with all of them, and without one.

Run as a module it is the process that sends the requests; it prints the figures as JSON.
"""

from __future__ import annotations

import argparse
import functools
import json
import typing as t
from unittest import mock

from ._processes import run_module
from .requests_cost import OFTEN, PEERS, Figures, Peer, Work, in_turns, repeat
from .server import running

#: requests in a turn
COUNT = 25

if t.TYPE_CHECKING:
    from globus_core.transport.adapter import Adapter
    from globus_core.transport.prepare import Shortcut

Choice = tuple[type["Adapter"], "Shortcut | None"]


def measure(rounds: int, *, quick: bool = False) -> Figures:
    """
    CPU of a GET over that of requests, the smallest of interleaved turns.

    :param rounds: how often each variant has its turn
    :param quick: send a few requests only
    """
    options = {"rounds": rounds if quick else rounds * OFTEN, "count": 2 if quick else COUNT}
    arguments = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    with running() as base:
        figures: Figures = run_module("shortcuts", "--base", base, *arguments)
    return {name: {**of, "ratio": of["ratio of the least"]} for name, of in figures.items()}


def variants() -> dict[str, Choice]:
    """
    What a new session is given: the adapter and the shortcut for preparing.
    """
    from requests.adapters import HTTPAdapter

    from globus_core.transport.adapter import Adapter
    from globus_core.transport.deadline_response import DeadlineResponse
    from globus_core.transport.fast import choose
    from globus_core.transport.fast.adapter import FastAdapter

    adapter, shortcut = choose()
    assert adapter is FastAdapter, "the libraries are not as the shortcuts expect them"

    def without(name: str, **methods: t.Any) -> Choice:
        return type(name, (FastAdapter,), methods), shortcut

    lines = _of_urllib3("request", "putheader")
    look_up = HTTPAdapter.get_connection_with_tls_context
    return {
        "globus-core": (adapter, shortcut),
        "without prepare": (adapter, None),
        "without head": without("Head", pool_classes=_pools(response_class=DeadlineResponse)),
        "without look-up": without("LookUp", get_connection_with_tls_context=look_up),
        "without request_url": without("RequestUrl", request_url=HTTPAdapter.request_url),
        "without lines": without("Lines", pool_classes=_pools(**lines)),
        "without getresponse": without("Get", pool_classes=_pools(**_of_urllib3("getresponse"))),
        "without build_response": without("Build", build_response=Adapter.build_response),
        "plain": (Adapter, None),
    }


def _pools(**attributes: t.Any) -> dict[str, t.Any]:
    """The fast pools, whose connections have other attributes."""
    from globus_core.transport.fast.adapter import FastAdapter

    def changed(pool: t.Any) -> t.Any:
        connection = type("Connection", (pool.ConnectionCls,), attributes)
        return type("Pool", (pool,), {"ConnectionCls": connection})

    return {scheme: changed(pool) for scheme, pool in FastAdapter.pool_classes.items()}


def _of_urllib3(*names: str) -> dict[str, t.Any]:
    from urllib3.connection import HTTPConnection

    return {name: getattr(HTTPConnection, name) for name in names}


def _peer(base: str, choice: Choice) -> Peer:
    from globus_core.transport import fast

    with mock.patch.object(fast, "choose", lambda: choice):
        peer = PEERS["globus-core"](base)
        peer.get("/small")  # which makes the session
    return peer


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    options = parser.parse_args()
    peers = {"requests": PEERS["requests"](options.base)}
    peers |= {name: _peer(options.base, choice) for name, choice in variants().items()}
    works: dict[str, Work] = {
        name: functools.partial(repeat, peer, "small", options.count)
        for name, peer in peers.items()
    }
    print(json.dumps(in_turns(works, "requests", options.rounds, options.count)))


if __name__ == "__main__":
    _main()
