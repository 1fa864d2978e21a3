"""
What it costs to know who is behind 10,000 names: asked for, remembered, and read from a file.

Run as a module it is a server that answers each request after a latency, or the process that is
measured.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import heapq
import http.client
import importlib
import importlib.util
import json
import pathlib
import selectors
import socket
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
import types
import typing as t
from urllib.parse import parse_qs, urlencode, urlsplit

from ._processes import environment, output, run_module, serving
from ._turns import median_ratio, variants_in_turns

Figures = dict[str, dict[str, float]]
Work = t.Callable[[], object]

#: after this no further round begins
SECONDS = 20
LATENCY = 0.05
PEOPLE = 10_000
BATCH = 100

#: measure -> the variant that is 1
MEASURES = {
    "resolve-cpu": "http.client",
    "resolve": "http.client",
    "resolve-32": "http.client",
    "warm": "dict",
    "add": "set",
    "file": "sqlite3",
}


def names(count: int) -> list[str]:
    """
    Usernames that the server knows.

    :param count: how many
    """
    return [f"user{number:05}@example.org" for number in range(count)]


def ids(count: int) -> list[str]:
    """
    Their ids.

    :param count: how many
    """
    return [document(name)["id"] for name in names(count)]


def document(name: str) -> dict[str, t.Any]:
    """
    The identity with a username, as Globus Auth has it.

    :param name: the username
    """
    return {
        "id": f"5a9db0c1-7e10-4fa3-86d9-{int(name[4:9]):012d}",
        "username": name,
        "name": "User Example",
        "email": name,
        "organization": "Example Institute",
        "identity_provider": "9c3f5e08-7b21-4d6c-8a90-e41f2c7d3b56",
        "identity_type": "login",
        "status": "used",
    }


def measure(name: str, rounds: int, *, quick: bool = False) -> Figures:
    """
    Run one measure in a fresh process.

    :param name: a key of ``MEASURES``
    :param rounds: how often each variant has its turn
    :param quick: with few identities only
    """
    count = 200 if quick else PEOPLE
    arguments = [name, "--rounds", str(rounds), "--count", str(count)]
    if not name.startswith("resolve"):
        return t.cast("Figures", run_module("identities", *arguments))
    latency = 0.0 if name == "resolve-cpu" else LATENCY
    with serving(__name__, "serve", "--latency", str(latency)) as base:
        figures: Figures = run_module("identities", *arguments, "--base", f"{base}/")
    if name == "resolve-32":
        for figure in figures.values():
            figure["ratio"] = figure["least seconds"]  # what is to be reached is a time
    return figures


def in_turns(
    works: dict[str, Work], basis: str, rounds: int, clock: t.Callable[[], float]
) -> Figures:
    """
    Time the variants in turns; the ratio is that of the smallest figures.

    What is waited for has a smallest time that no variant can beat, and what a busy machine adds
    is not the program's.

    :param works: variant -> what to do, which may return how long it took
    :param basis: the variant that is 1
    :param rounds: how often each variant has its turn
    :param clock: seconds that have passed, or that were worked
    """
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for name in variants_in_turns([*works], rounds, SECONDS):
        began = clock()
        told = works[name]()
        seconds[name].append(told if isinstance(told, float) else clock() - began)
    return {
        name: {
            "ratio": min(runs) / min(seconds[basis]),
            "median ratio": median_ratio(runs, seconds[basis]),
            "least seconds": min(runs),
            "seconds": statistics.median(runs),
            "rounds": len(runs),
        }
        for name, runs in seconds.items()
    }


# 10,000 identities by id, a hundred in a request


def _resolving(base: str, count: int, connections: int) -> dict[str, Work]:
    """A map, and a client with its connections, that are new in each turn."""
    wanted = ids(count)
    settings = {} if connections <= 8 else {"max_connections": connections}
    works: dict[str, Work] = {
        "http.client": lambda: _bare(base, wanted, connections, json.loads),
        "globus-core": lambda: _resolve(base, wanted, **settings),
    }
    if connections > 8:
        return works
    with contextlib.suppress(ImportError):
        orjson = importlib.import_module("orjson")
        works["http.client + orjson"] = lambda: _bare(base, wanted, connections, orjson.loads)
    if importlib.util.find_spec("globus_sdk") is not None:
        works["globus-sdk"] = lambda: _resolve_with_sdk(base, wanted)
    return works


def _bare(
    base: str, wanted: list[str], connections: int, loads: t.Callable[[bytes], t.Any]
) -> None:
    parts = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
    found: dict[str, t.Any] = {}

    def work() -> None:
        connection = http.client.HTTPConnection(base.removeprefix("http://").rstrip("/"))
        while parts:
            try:
                part = parts.pop()
            except IndexError:
                break
            path = "/v2/api/identities?" + urlencode({"ids": ",".join(part)})
            connection.request("GET", path, headers={"Authorization": "Bearer token"})
            for person in loads(connection.getresponse().read())["identities"]:
                found[person["id"]] = person
        connection.close()

    if connections == 1:
        work()
    else:
        threads = [threading.Thread(target=work) for _ in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == len(wanted)


def _resolve(base: str, wanted: list[str], **settings: t.Any) -> None:
    sdk = importlib.import_module("globus_core")
    client = sdk.AuthClient(base_url=base, authorizer=sdk.AccessTokenAuthorizer("token"))
    people = sdk.IdentityMap(client, **settings)
    assert list(people.resolve_many(wanted).found) == wanted
    client.transport.close()


def _resolve_with_sdk(base: str, wanted: list[str]) -> None:
    sdk = importlib.import_module("globus_sdk")
    client = sdk.AuthClient(base_url=base, authorizer=sdk.AccessTokenAuthorizer("token"))
    people = sdk.IdentityMap(client, wanted, id_batch_size=BATCH)
    assert [people[one]["id"] for one in wanted] == wanted
    client.transport.close()


# what is remembered


def _looking_up(count: int) -> dict[str, Work]:
    """Each variant with the same records, and with a function of its own to be optimized for it."""
    keys = names(count)
    works: dict[str, Work] = {}
    tables: dict[str, t.Any] = {}
    for variant, package in (("globus-sdk", "globus_sdk"), ("globus-core", "globus_core")):
        with contextlib.suppress(ImportError):
            tables[variant] = _empty_map(package, _Server())
            _read(tables[variant], keys)
    tables["dict"] = {key: tables["globus-core"][key] for key in keys}
    for variant, table in tables.items():
        read = types.FunctionType(_read.__code__.replace(), globals())
        works[variant] = functools.partial(read, table, keys)
    return works


def _read(table: t.Any, keys: list[str]) -> None:
    for key in keys:
        table[key]


def _adding(count: int) -> dict[str, Work]:
    keys = names(count)
    works: dict[str, Work] = {"set": lambda: _add(set(), keys)}
    for variant, package in (("globus-core", "globus_core"), ("globus-sdk", "globus_sdk")):
        with contextlib.suppress(ImportError):
            _empty_map(package, _Server())
            works[variant] = functools.partial(_add_all, package, keys)
    return works


def _add_all(package: str, keys: list[str]) -> None:
    _add(_empty_map(package, _Server()), keys)


def _add(people: t.Any, keys: list[str]) -> None:
    for key in keys:
        people.add(key)


def _empty_map(package: str, client: _Server, **settings: t.Any) -> t.Any:
    return importlib.import_module(package).IdentityMap(client, **settings)


class _Server:
    """A client that answers at once."""

    base_url = "http://127.0.0.1/"

    def __init__(self) -> None:
        self.requests = 0

    def get_identities(self, *, usernames: t.Any = (), ids: t.Any = ()) -> t.Any:
        self.requests += 1
        asked = usernames.split(",") if isinstance(usernames, str) else usernames
        return _Answer(document(name) for name in asked)


class _Answer(list[t.Any]):
    """A list of identities that globus-sdk takes for a response as well."""

    def __getitem__(self, key: t.Any) -> t.Any:
        return self if key == "identities" else super().__getitem__(key)


# a second process reads from a file what a first one has found

_HEAD = """
import json, sqlite3, time
ids = [f"5a9db0c1-7e10-4fa3-86d9-{{number:012d}}" for number in range({count})]
"""
_TAIL = """
seconds = time.process_time() - began
assert [person["id"] for person in people] == ids
print(seconds)
"""
_MAP = (
    _HEAD
    + """
from globus_core import AccessTokenAuthorizer, AuthClient, IdentityMap
began = time.process_time()
client = AuthClient(base_url={base!r}, authorizer=AccessTokenAuthorizer("token"))
"""
)
#: variant -> a script that prints the CPU seconds after its imports
_SECOND = {
    "sqlite3": _HEAD
    + """
began = time.process_time()
query = "SELECT record FROM people WHERE key = ?"
connection = sqlite3.connect({plain!r})
people = [json.loads(connection.execute(query, (one,)).fetchone()[0]) for one in ids]
connection.close()
"""
    + _TAIL,
    "globus-core": _MAP
    + """
known = IdentityMap(client, cache={url!r})
people = [known[one] for one in ids]
known.cache.close()
"""
    + _TAIL,
    "announced": _MAP
    + """
known = IdentityMap(client, ids, cache={url!r})
people = [known[one] for one in ids]
known.cache.close()
"""
    + _TAIL,
    "in one call": _MAP
    + """
known = IdentityMap(client, cache={url!r})
people = known.resolve_many(ids).found.values()
known.cache.close()
"""
    + _TAIL,
}


def _reading(count: int, folder: str) -> dict[str, Work]:
    """
    Fresh processes, whose client has an address where nobody listens.
    """
    keys = names(count)
    url = f"sqlite://{pathlib.Path(folder) / 'identities.db'}"
    plain = str(pathlib.Path(folder) / "plain.db")
    server = _Server()
    first = _empty_map("globus_core", server, cache=url)
    first.resolve_many(keys)
    first.cache.close()
    with contextlib.closing(sqlite3.connect(plain)) as connection, connection:
        connection.execute("CREATE TABLE people (key TEXT PRIMARY KEY, record TEXT) WITHOUT ROWID")
        rows = [(person["id"], json.dumps(person)) for person in map(document, keys)]
        connection.executemany("INSERT INTO people VALUES (?, ?)", rows)
    facts = {"count": count, "url": url, "plain": plain, "base": server.base_url}
    return {
        variant: functools.partial(_seconds, script.format(**facts), folder)
        for variant, script in _SECOND.items()
    }


def _seconds(script: str, folder: str) -> float:
    """The CPU seconds that a script prints."""
    printed = output(script, environment(folder), folder)
    assert printed is not None, script
    return float(printed)


# the server


def _serve(latency: float) -> None:
    """Answer each request when its time has come, on any number of connections."""
    documents = [document(name) for name in names(PEOPLE)]
    known = {one[key]: json.dumps(one).encode() for one in documents for key in ("id", "username")}
    selector = selectors.DefaultSelector()
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    selector.register(listener, selectors.EVENT_READ)
    selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
    print(listener.getsockname()[1], flush=True)
    due: list[tuple[float, int, socket.socket, bytes]] = []
    number = 0
    while True:
        wait = max(0.0, due[0][0] - time.monotonic()) if due else None
        for key, _ in selector.select(wait):
            if key.fileobj is listener:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(connection, selectors.EVENT_READ)
            elif isinstance(key.fileobj, socket.socket):
                came = time.monotonic()
                answer = _answer(key.fileobj, known)
                if answer is None:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
                else:
                    number += 1
                    heapq.heappush(due, (came + latency, number, key.fileobj, answer))
            else:
                return
        while due and due[0][0] <= time.monotonic():
            _, _, connection, answer = heapq.heappop(due)
            with contextlib.suppress(OSError):
                connection.sendall(answer)


def _answer(connection: socket.socket, known: dict[str, bytes]) -> bytes | None:
    """The answer to one request; None where the other side has closed the connection."""
    request = b""
    while b"\r\n\r\n" not in request:
        try:
            piece = connection.recv(65536)
        except ConnectionError:
            return None
        if not piece:
            return None
        request += piece
    query = parse_qs(urlsplit(request.split(b" ", 2)[1].decode()).query)
    asked = query.get("ids", query.get("usernames", [""]))[0].split(",")
    body = b'{"identities": [' + b", ".join(known[n] for n in asked if n in known) + b"]}"
    head = (
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Connection: keep-alive\r\n\r\n"
    )
    return head.encode() + body


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=[*MEASURES, "serve"])
    parser.add_argument("--base", default="")
    parser.add_argument("--latency", type=float, default=LATENCY)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--count", type=int, default=PEOPLE)
    options = parser.parse_args()
    if options.name == "serve":
        _serve(options.latency)
        return
    with tempfile.TemporaryDirectory() as folder:
        works = {
            "resolve-cpu": lambda: _resolving(options.base, options.count, 1),
            "resolve": lambda: _resolving(options.base, options.count, 8),
            "resolve-32": lambda: _resolving(options.base, options.count, 32),
            "warm": lambda: _looking_up(options.count),
            "add": lambda: _adding(options.count),
            "file": lambda: _reading(options.count, folder),
        }[options.name]()
        clock = time.process_time if options.name == "resolve-cpu" else time.perf_counter
        print(json.dumps(in_turns(works, MEASURES[options.name], options.rounds, clock)))


if __name__ == "__main__":
    _main()
