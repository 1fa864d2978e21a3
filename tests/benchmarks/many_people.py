"""
What the tokens of many people cost in one process: PostgreSQL beside psycopg and SQLAlchemy alone,
and storages for everybody at once beside those of globus-sdk.

Run as a module it is a process that measures; it prints the figures as JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import statistics
import tempfile
import time
import typing as t

from tests.servers.postgres_server import running_postgres

from ._processes import run_module
from ._turns import turns

Figures = dict[str, dict[str, float]]

#: after this no further round begins
SECONDS = 20
PEOPLE, READS = 10_000, 200
#: how many people's storages a process has at the same time
AT_ONCE = 1000
SERVER = "a.example.org"
_EXPIRES = 4_000_000_000
_QUERY = "SELECT record FROM bare WHERE namespace = {} AND resource_server = {}"


def measure(name: str, rounds: int, *, quick: bool = False) -> Figures:
    """
    Measure with a server of its own.

    :param name: ``read``, ``memory`` or ``descriptors``
    :param rounds: how often each variant has its turn
    :param quick: with few people only
    """
    people = 100 if quick else PEOPLE
    with running_postgres() as server:
        if name == "read":
            arguments = ("--rounds", str(rounds), "--people", str(people), "--url", server.url)
            figures: Figures = run_module("many_people", "read", *arguments)
            return figures
        held = {
            variant: run_module("many_people", variant, "--url", server.url)
            for variant in ("globus-core", "globus-sdk")
        }
    basis = held["globus-sdk"]
    return {
        variant: {
            "ratio": found[name] / basis[name] if basis else found[name],
            "megabytes": found["memory"],
            "descriptors": found["descriptors"],
        }
        for variant, found in held.items()
        if found is not None
    }


def _stored(url: str, people: int) -> t.Any:
    """A storage in which each of the people has a token."""
    from globus_core.token_storage import PostgresTokenStorage, TokenStorageData

    token = TokenStorageData(SERVER, None, "all", "a" * 90, "r" * 90, _EXPIRES, "Bearer")
    storage = PostgresTokenStorage(url)
    for number in range(people):
        theirs = storage.for_namespace(f"person-{number}")
        theirs.store_token_data_by_resource_server({SERVER: token})
    return storage


def read(url: str, rounds: int, people: int) -> Figures:
    """Tokens of people in random order, as requests of theirs arrive; CPU of this process."""
    import psycopg

    storage = _stored(url, people)
    bare = psycopg.connect(url, autocommit=True)
    bare.execute("CREATE TABLE bare (namespace text, resource_server text, record text)")
    for number in range(people):
        name = f"person-{number}"
        text = json.dumps(storage.for_namespace(name).get_token_data(SERVER).to_dict())
        bare.execute("INSERT INTO bare VALUES (%s, %s, %s)", (name, SERVER, text))
    bare.execute("ALTER TABLE bare ADD PRIMARY KEY (namespace, resource_server)")
    query = _QUERY.format("%s", "%s").encode()

    def by_psycopg(name: str) -> object:
        # unprepared, since prepared statements do not pass all poolers
        rows = bare.execute(query, (name, SERVER), prepare=False).fetchall()
        return json.loads(rows[0][0])

    works: dict[str, t.Callable[[str], object]] = {
        "psycopg": by_psycopg,
        "globus-core": lambda name: storage.for_namespace(name).get_token_data(SERVER),
    }
    with contextlib.suppress(ImportError):
        works["sqlalchemy"] = _by_sqlalchemy(url)
    order = random.Random(1)
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in turns(rounds, SECONDS):
        names = [f"person-{order.randrange(people)}" for _ in range(READS)]
        for variant, work in works.items():
            began = time.process_time()
            for name in names:
                assert work(name)
            seconds[variant].append((time.process_time() - began) / READS)
    bare.close()
    return {
        name: {
            "ratio": min(runs) / min(seconds["psycopg"]),
            "CPU microseconds": min(runs) * 1e6,
            "median CPU microseconds": statistics.median(runs) * 1e6,
            "rounds": len(runs),
        }
        for name, runs in seconds.items()
    }


def _by_sqlalchemy(url: str) -> t.Callable[[str], object]:
    """The same row with SQLAlchemy's core, which has an engine with a pool."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    query = sqlalchemy.text(_QUERY.format(":namespace", ":server"))

    def look_up(name: str) -> object:
        with engine.connect() as connection:
            found = connection.execute(query, {"namespace": name, "server": SERVER}).scalar_one()
        return json.loads(found)

    return look_up


def hold(variant: str, url: str) -> dict[str, float] | None:
    """
    What the storages of many people take, after each was used: megabytes and descriptors. None if
    globus-sdk is not there.
    """
    with tempfile.TemporaryDirectory() as folder:
        if variant == "globus-core":
            storage = _stored(url, 1)

            def one(number: int) -> object:
                theirs = storage.for_namespace(f"person-{number}")
                theirs.get_token_data(SERVER)
                return theirs

        else:
            try:
                from globus_sdk.token_storage import SQLiteTokenStorage
            except ImportError:
                return None

            def one(number: int) -> object:
                theirs = SQLiteTokenStorage(f"{folder}/tokens.db", namespace=f"person-{number}")
                theirs.get_token_data(SERVER)
                return theirs

        first = one(0)  # imports and the first connection are not what grows
        before = _resident(), _descriptors()
        held = [one(number) for number in range(AT_ONCE)]
        after = _resident(), _descriptors()
        assert first not in held
    return {
        "memory": max(after[0] - before[0], 0.01),
        "descriptors": max(after[1] - before[1], 1),
    }


def _resident() -> float:
    """Megabytes of this process that are in memory."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def main() -> None:
    """Measure one thing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=("read", "globus-core", "globus-sdk"))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--people", type=int, default=1)
    parser.add_argument("--url", required=True)
    options = parser.parse_args()
    if options.name == "read":
        print(json.dumps(read(options.url, options.rounds, options.people)))
    else:
        print(json.dumps(hold(options.name, options.url)))


if __name__ == "__main__":
    main()
