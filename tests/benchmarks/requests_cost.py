"""
What a request costs the process that sends it: CPU in one process, the variants in turns.

Run as a module it is such a process; it prints the figures as JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.client
import importlib
import json
import logging
import os
import statistics
import time
import typing as t
from unittest import mock

from ._processes import run_module
from ._turns import median_ratio, variants_in_turns
from .server import WALKS, large_body, running

orjson: t.Any
try:
    import orjson
except ImportError:
    orjson = None

Figures = dict[str, dict[str, float]]
Work = t.Callable[[], object]

#: after this no further round begins
SECONDS = 25
HEADERS = {"Accept": "application/json", "Authorization": "Bearer token", "User-Agent": "benchmark"}


class Measure(t.NamedTuple):
    """
    What is sent, and how it is compared.

    :ivar path: the last part of the URL, or a key of ``WALKS``
    :ivar basis: the variant that is 1
    :ivar turn: how many requests a turn sends
    """

    path: str
    basis: str
    turn: int


#: Many short turns bear the noise of a busy machine better than few long ones, so there are
#: ``OFTEN`` of them for each round asked for.
MEASURES = {
    "small": Measure("small", "requests", 25),
    "small-httpx": Measure("small", "httpx", 25),
    "large": Measure("large", "http.client", 2),
    "large-httpx": Measure("large", "httpx", 2),
    "data": Measure("large", "globus-sdk", 2),
    "pages": Measure("pages", "http.client", 100),
    "task-pages": Measure("task-pages", "http.client", 100),
}
OFTEN = 6


def measure(name: str, rounds: int, *, quick: bool = False) -> Figures:
    """
    Run one measure in a fresh process.

    :param name: a key of ``MEASURES``
    :param rounds: how often each variant has its turn
    :param quick: send a few requests only
    """
    count = 2 if quick else MEASURES[name].turn
    often = rounds if quick else rounds * OFTEN
    with running() as base:
        figures: Figures = run_module(
            "requests_cost", name, "--base", base, "--rounds", str(often), "--count", str(count)
        )
    return figures


def in_turns(works: dict[str, Work], basis: str, rounds: int, count: int) -> Figures:
    """
    Time the variants in turns, the first to begin changing, and give the median of ratios.

    :param works: variant -> what to do
    :param basis: the variant that is 1
    :param rounds: how often each variant has its turn
    :param count: how many requests one turn sends
    """
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for name in variants_in_turns([*works], rounds, SECONDS):
        began = time.process_time()
        works[name]()
        seconds[name].append(time.process_time() - began)
    unknown = [float("nan")] * len(seconds["globus-core"])  # where the basis is not installed
    ones = seconds.get(basis, unknown)
    return {
        name: {
            "ratio": median_ratio(runs, ones),
            "ratio of the least": min(runs) / min(ones),
            "microseconds": statistics.median(runs) / count * 1e6,
            "least microseconds": min(runs) / count * 1e6,
            "rounds": len(runs),
        }
        for name, runs in seconds.items()
    }


class Peer(t.NamedTuple):
    """
    One way to send requests.

    :ivar get: from a path to the parsed body
    :ivar pages: from a key of ``WALKS`` and a number to the walk through that many pages
    """

    get: t.Callable[[str], t.Any]
    pages: t.Callable[[str, int], None]


def parse(content: bytes) -> t.Any:
    """
    Parse JSON as the peers do that leave the choice to the program: by orjson if it is there.

    :param content: the body
    """
    return json.loads(content) if orjson is None else orjson.loads(content)


def _http_client(base: str) -> Peer:
    connection = http.client.HTTPConnection(base.removeprefix("http://"))

    def get(path: str) -> t.Any:
        connection.request("GET", path, headers=HEADERS)
        return parse(connection.getresponse().read())

    return Peer(get, _by_cursor(get))


def _by_cursor(get: t.Callable[[str], t.Any]) -> t.Callable[[str, int], None]:
    def pages(name: str, count: int) -> None:
        path, cursor = WALKS[name]
        page = get(path)
        for _ in range(count - 1):
            page = get(f"{path}?{cursor}={page[cursor]}")

    return pages


def _session(session: t.Any, base: str) -> Peer:
    session.headers.update(HEADERS)

    def get(path: str) -> t.Any:
        return parse(session.get(base + path).content)

    return Peer(get, _by_cursor(get))


def _requests(base: str) -> Peer:
    return _session(importlib.import_module("requests").Session(), base)


def _httpx(base: str) -> Peer:
    return _session(importlib.import_module("httpx").Client(), base)


def _authlib(base: str) -> Peer:
    module = importlib.import_module("authlib.integrations.requests_client")
    token = {"access_token": "token", "token_type": "Bearer"}
    return _session(module.OAuth2Session("id", token=token), base)


def _google_auth(base: str) -> Peer:
    credentials = importlib.import_module("google.oauth2.credentials").Credentials("token")
    module = importlib.import_module("google.auth.transport.requests")
    return _session(module.AuthorizedSession(credentials), base)


def _globus(package: str, base: str) -> Peer:
    sdk = importlib.import_module(package)
    paging = importlib.import_module(f"{package}.paging")
    authorizer = sdk.AccessTokenAuthorizer("token")
    client = sdk.BaseClient(base_url=base, authorizer=authorizer)
    transfer = sdk.TransferClient(base_url=base, authorizer=authorizer)

    def get(path: str) -> t.Any:
        return client.get(path).data

    def fetch(**query: t.Any) -> t.Any:
        return client.get("/pages", query_params=query)

    def walk(name: str) -> t.Any:
        if name == "task-pages":
            return transfer.paginated.endpoint_manager_task_list()
        return paging.MarkerPaginator(fetch, items_key="DATA", client_args=(), client_kwargs={})

    def pages(name: str, count: int) -> None:
        for number, page in enumerate(walk(name), 1):
            assert page["DATA"]
            if number == count:
                break

    return Peer(get, pages)


def _plain(base: str) -> Peer:
    os.environ["GLOBUS_CORE_PLAIN_TRANSPORT"] = "1"
    peer = _globus("globus_core", base)
    # The first request makes the session, and that is when the variable is read.
    peer.get("/small")
    peer.pages("task-pages", 1)
    del os.environ["GLOBUS_CORE_PLAIN_TRANSPORT"]
    return peer


PEERS: dict[str, t.Callable[[str], Peer]] = {
    "globus-sdk": functools.partial(_globus, "globus_sdk"),
    "globus-core": functools.partial(_globus, "globus_core"),
    "globus-core, plain transport": _plain,
    "http.client": _http_client,
    "requests": _requests,
    "httpx": _httpx,
    "google-auth": _google_auth,
    "authlib": _authlib,
}

#: built on requests and without paging: their pages would only repeat what their GET says
_ONLY_GETS = ("google-auth", "authlib")


def _works(name: str, base: str, count: int) -> dict[str, Work]:
    """What each variant does in its turn; every one has a connection open already."""
    if name == "data":
        return _readers(count)
    path = MEASURES[name].path
    works: dict[str, Work] = {}
    for variant, make in PEERS.items():
        if path in WALKS and variant in _ONLY_GETS:
            continue
        try:
            peer = make(base)
        except ImportError:
            continue
        peer.get("/small")
        works[variant] = functools.partial(repeat, peer, path, count)
    return works


def _readers(count: int) -> dict[str, Work]:
    """Reading ``data`` of answers that have arrived, each of them for the first time."""
    answer = importlib.import_module("requests").Response()
    answer.status_code = 200
    answer.headers["Content-Type"] = "application/json"
    answer.encoding = "utf-8"
    answer._content = large_body()

    def reader(package: str) -> Work:
        sdk = importlib.import_module(package)
        client = sdk.BaseClient(base_url="https://data.example.org")
        return lambda: [sdk.GlobusHTTPResponse(answer, client).data for _ in range(count)]

    ours = reader("globus_core")
    works: dict[str, Work] = {
        "globus-core": ours,
        "globus-core, by orjson": functools.partial(_by_orjson, ours),
        "parser alone": lambda: [parse(answer.content) for _ in range(count)],
    }
    with contextlib.suppress(ImportError):
        works["globus-sdk"] = reader("globus_sdk")
    return works


def _by_orjson(work: Work) -> None:
    """As where only that is installed, and not what globus-core[speed] installs."""
    transport_json = importlib.import_module("globus_core.transport.json")
    with mock.patch.object(transport_json, "_imported", {"orjson": orjson}.get):
        work()


def repeat(peer: Peer, path: str, count: int) -> None:
    """
    Send the requests of one turn.

    :param peer: who sends them
    :param path: the last part of the URL, or a key of ``WALKS``
    :param count: how many
    """
    if path in WALKS:
        peer.pages(path, count)
        return
    for _ in range(count):
        peer.get(f"/{path}")


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=MEASURES)
    parser.add_argument("--base", required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    options = parser.parse_args()
    logging.getLogger().setLevel(logging.WARNING)
    works = _works(options.name, options.base, options.count)
    basis = MEASURES[options.name].basis
    print(json.dumps(in_turns(works, basis, options.rounds, options.count)))


if __name__ == "__main__":
    _main()
