"""
What tokens and identities in Redis cost beside the JSON file, and beside redis-py alone.

Run as a module it is a process that measures; it prints the figures as JSON.
"""

from __future__ import annotations

import argparse
import functools
import json
import pathlib
import statistics
import tempfile
import time
import typing as t

from tests.servers.redis_server import running_redis

from ._processes import cpu_seconds, environment, run_module
from ._turns import turns

Figures = dict[str, dict[str, float]]
Work = t.Callable[[], object]

#: after this no further round begins
SECONDS = 20
#: the variant that is 1
BASIS = "redis-py"
SERVER = "a.example.org"
PEOPLE, KEYS = 100_000, 1000
_EXPIRES = 4_000_000_000

#: what gives the first header of a new process
_HEADER = """
from globus_core.token_storage import {kind}TokenStorage
from globus_core import AccessTokenAuthorizer
token = {kind}TokenStorage({place!r}).get_token_data("a.example.org").access_token
assert AccessTokenAuthorizer(token).get_authorization_header()
"""
_BARE = """
import json, redis
found = redis.Redis.from_url({url!r}).hget("bare", "a.example.org")
assert json.loads(found)["access_token"]
"""


def measure(name: str, rounds: int, *, quick: bool = False) -> Figures:
    """
    Measure with a server of its own.

    :param name: one of ``MEASURES``, or ``first``
    :param rounds: how often each variant has its turn
    :param quick: with few identities only
    """
    people = 2000 if quick else PEOPLE
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        with running_redis(place / "redis", "--appendfsync", "everysec") as server:
            if name == "first":
                return _first(server.url, place, rounds)
            arguments = ("--rounds", str(rounds), "--people", str(people), "--url", server.url)
            figures: Figures = run_module("shared_stores", name, *arguments)
            return figures


def _tokens(url: str, folder: str) -> tuple[t.Any, t.Any, t.Any]:
    """A storage in Redis, one in a JSON file, and redis-py with the same record; each has it."""
    import redis

    from globus_core.token_storage import JSONTokenStorage, RedisTokenStorage, TokenStorageData

    token = TokenStorageData(SERVER, None, "all", "a" * 90, "r" * 90, _EXPIRES, "Bearer")
    shared, own = RedisTokenStorage(url), JSONTokenStorage(f"{folder}/tokens.json")
    for storage in (shared, own):
        storage.store_token_data_by_resource_server({SERVER: token})
    client = redis.Redis.from_url(url)
    client.hset("bare", SERVER, json.dumps(token.to_dict()))
    return shared, own, client


def get(url: str, rounds: int, people: int) -> Figures:
    """One token, a hundred times."""
    with tempfile.TemporaryDirectory() as folder:
        shared, own, client = _tokens(url, folder)
        time.sleep(0.3)  # a file that has just been written may change again
        return _timed(
            {
                BASIS: lambda: json.loads(client.hget("bare", SERVER)),
                "globus-core": functools.partial(shared.get_token_data, SERVER),
                "JSON file": functools.partial(own.get_token_data, SERVER),
            },
            rounds,
            100,
        )


def store(url: str, rounds: int, people: int) -> Figures:
    """One token, twenty times."""
    with tempfile.TemporaryDirectory() as folder:
        shared, own, client = _tokens(url, folder)
        token = shared.get_token_data(SERVER)
        text = json.dumps(token.to_dict())
        return _timed(
            {
                BASIS: lambda: client.hset("bare", SERVER, text),
                "globus-core": lambda: shared.store_token_data_by_resource_server({SERVER: token}),
                "JSON file": lambda: own.store_token_data_by_resource_server({SERVER: token}),
            },
            rounds,
            20,
        )


def identities(url: str, rounds: int, people: int) -> Figures:
    """A thousand keys of a cache with many records, which are one round trip."""
    import redis

    from globus_core.identities import RedisIdentityCache, SQLiteIdentityCache
    from globus_core.testing import make_identity

    known = {person.id: person for person in map(make_identity, range(people))}
    wanted = list(known)[:: people // KEYS]
    client: t.Any = redis.Redis.from_url(url)
    with tempfile.TemporaryDirectory() as folder:
        shared, own = RedisIdentityCache(url), SQLiteIdentityCache(f"{folder}/people.db")
        for cache in (shared, own):
            cache.put_many(known)
        client.mset({f"bare:{key}": json.dumps(known[key].to_dict()) for key in wanted})
        names = [f"bare:{key}" for key in wanted]
        before = _reads(client)
        assert len(shared.get_many(wanted)) == KEYS
        messages = _reads(client) - before
        figures = _timed(
            {
                BASIS: lambda: [json.loads(found) for found in client.mget(names)],
                "globus-core": functools.partial(shared.get_many, wanted),
                "SQLite file": functools.partial(own.get_many, wanted),
            },
            rounds,
            1,
        )
    figures["globus-core"]["messages"] = messages
    figures["globus-core"]["records"] = people
    return figures


def _reads(client: t.Any) -> int:
    stats = client.info("commandstats")
    return int(stats.get("cmdstat_mget", {"calls": 0})["calls"])


def _timed(works: dict[str, Work], rounds: int, times: int) -> Figures:
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in turns(rounds, SECONDS):
        for name, work in works.items():
            began = time.perf_counter()
            for _ in range(times):
                work()
            seconds[name].append((time.perf_counter() - began) / times)
    return _figures(seconds, 1e6, "microseconds")


def _first(url: str, folder: pathlib.Path, rounds: int) -> Figures:
    """CPU of a new process until it has its first header."""
    _tokens(url, str(folder))
    places = {"Redis": url, "JSON": f"{folder}/tokens.json"}
    scripts = {
        BASIS: _BARE.format(url=url),
        "globus-core": _HEADER.format(kind="Redis", place=places["Redis"]),
        "JSON file": _HEADER.format(kind="JSON", place=places["JSON"]),
        "bare interpreter": "pass",
    }
    variables = environment(str(folder))
    seconds: dict[str, list[float]] = {name: [] for name in scripts}
    for code in scripts.values():
        cpu_seconds(code, variables, str(folder))  # fills the bytecode cache
    for _ in turns(rounds, SECONDS):
        for name, code in scripts.items():
            seconds[name].append(cpu_seconds(code, variables, str(folder)))
    return _figures(seconds, 1e3, "milliseconds")


def _figures(seconds: dict[str, list[float]], factor: float, unit: str) -> Figures:
    return {
        name: {
            "ratio": min(runs) / min(seconds[BASIS]),
            unit: min(runs) * factor,
            f"median {unit}": statistics.median(runs) * factor,
            "rounds": len(runs),
        }
        for name, runs in seconds.items()
    }


MEASURES = {"get": get, "store": store, "identities": identities}


def main() -> None:
    """Measure one thing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=MEASURES)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--url", required=True)
    options = parser.parse_args()
    print(json.dumps(MEASURES[options.name](options.url, options.rounds, options.people)))


if __name__ == "__main__":
    main()
