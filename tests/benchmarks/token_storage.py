"""
What reading and storing a token costs, and who waits how long where many store.

Run as a module it is a process that measures; it prints the figures as JSON.
"""

from __future__ import annotations

import argparse
import functools
import json
import multiprocessing
import os
import pathlib
import sqlite3
import tempfile
import time
import typing as t

from ._processes import run_module
from ._turns import median_ratio, turns

Figures = dict[str, dict[str, float]]
Action = t.Callable[[], object]
Clock = t.Callable[[], float]

#: after this no further round begins
SECONDS = 10
#: how many tokens are stored where one is read
SIZES = (1, 10, 100, 1000)
_PROCESSES, _STORES = 8, 200
_CREATE = "CREATE TABLE t (k VARCHAR PRIMARY KEY, v VARCHAR)"
_REPLACE = "REPLACE INTO t VALUES (?, ?)"


def measure(name: str, rounds: int, *, quick: bool = False) -> Figures:
    """
    Measure one thing in a fresh process.

    :param name: one of ``MEASURES``
    :param rounds: how often each variant has its turn
    :param quick: do less, to see only that everything runs
    """
    options = ["--quick"] if quick else []
    figures: Figures = run_module("token_storage", name, "--rounds", str(rounds), *options)
    return figures


def _record(server: str) -> dict[str, t.Any]:
    return {
        "resource_server": server,
        "identity_id": "9d6a3b0e-5a5b-4f0c-8a53-6a40b1a7c2f1",
        "scope": f"urn:globus:auth:scope:{server}:all",
        "access_token": "a" * 90,
        "refresh_token": "r" * 90,
        "expires_at_seconds": 1790172800,
        "token_type": "Bearer",
    }


def _records(count: int) -> dict[str, dict[str, t.Any]]:
    servers = [f"{number}.example.org" for number in range(count)]
    return {server: _record(server) for server in servers}


# storages by variant: what stores a number of tokens, and what reads one


def _storage(package: str, kind: str, path: str) -> t.Any:
    module = __import__(f"{package}.token_storage", fromlist=["token_storage"])
    return getattr(module, f"{kind}TokenStorage")(path)


def _data(package: str, records: dict[str, dict[str, t.Any]]) -> dict[str, t.Any]:
    module = __import__(f"{package}.token_storage", fromlist=["token_storage"])
    make = module.TokenStorageData.from_dict
    return {server: make(record) for server, record in records.items()}


def _database(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(_CREATE.replace("TABLE", "TABLE IF NOT EXISTS"))
    return connection


def _plain_rows(connection: sqlite3.Connection, records: dict[str, t.Any]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    rows = [(name, json.dumps(record)) for name, record in records.items()]
    connection.executemany(_REPLACE, rows)
    connection.execute("COMMIT")


def _plain_file(path: str, content: bytes) -> None:
    with open(f"{path}.new", "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.rename(f"{path}.new", path)


# one process


def _get(kind: str, rounds: int, sizes: tuple[int, ...]) -> Figures:
    """One token of many; of the sizes the worst ratio counts."""
    worst: Figures = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            keyed = _database(f"{folder}/keyed")
            _plain_rows(keyed, _records(size))
            name = f"{size // 2}.example.org"
            query = "SELECT v FROM t WHERE k = ?"
            actions: dict[str, Action] = {
                "keyed": lambda: keyed.execute(query, (name,)).fetchone()  # noqa: B023
            }
            for package in _installed():
                storage = _storage(package, kind, f"{folder}/{package}")
                storage.store_token_data_by_resource_server(_data(package, _records(size)))
                actions[package] = functools.partial(storage.get_token_data, name)
            time.sleep(0.3)  # files that have just been written may change again
            figures = _timed(actions, rounds, 200)
            for variant, values in figures.items():
                if values["ratio"] >= worst.get(variant, values)["ratio"]:
                    worst[variant] = values
    return worst


def _store(kind: str, tokens: int, rounds: int, clock: Clock = time.perf_counter) -> Figures:
    """All tokens of a storage at once, on the disk when it is done."""
    with tempfile.TemporaryDirectory(dir=os.getcwd()) as folder:
        records = _records(tokens)
        actions: dict[str, Action] = {}
        for package in _installed():
            storage = _storage(package, kind, f"{folder}/{package}")
            store = storage.store_token_data_by_resource_server
            actions[package] = functools.partial(store, _data(package, records))
        if kind == "JSON":
            actions["globus_core"]()
            same = pathlib.Path(folder, "globus_core").read_bytes()
            plain = functools.partial(_plain_file, f"{folder}/plain", same)
        else:
            plain = functools.partial(_plain_rows, _database(f"{folder}/rows"), records)
        return _timed({"plain": plain, **actions}, rounds, 10, clock)


def _timed(
    actions: dict[str, Action], rounds: int, times: int, clock: Clock = time.perf_counter
) -> Figures:
    counts = {}
    for variant, action in actions.items():
        began = time.perf_counter()
        action()
        counts[variant] = max(1, min(times, int(0.05 / (time.perf_counter() - began))))
    seconds: dict[str, list[float]] = {variant: [] for variant in actions}
    for _ in turns(rounds, SECONDS / 2):
        for variant, action in actions.items():
            began = clock()
            for _ in range(counts[variant]):
                action()
            seconds[variant].append((clock() - began) / counts[variant])
    basis, *_ = actions
    return {
        _shown(variant): {
            "ratio": min(runs) / min(seconds[basis]),
            "microseconds": min(runs) * 1e6,
            "median_ratio": median_ratio(runs, seconds[basis]),
            "rounds": len(runs),
        }
        for variant, runs in seconds.items()
    }


def _shown(package: str) -> str:
    return package.replace("_", "-")


def _installed() -> list[str]:
    packages = ["globus_core"]
    try:
        __import__("globus_sdk")
    except ImportError:
        return packages
    return [*packages, "globus_sdk"]


# several processes


def _locked_writes(kind: str, path: str) -> t.Callable[[str], object]:
    """Plain writes under the kernel's lock: nothing that loses no store is simpler."""
    import fcntl

    database = _database(path) if kind == "SQLite" else None

    def write(name: str) -> None:
        with open(f"{path}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if database is not None:
                _plain_rows(database, {name: _record(name)})
            else:
                file = pathlib.Path(path)
                records = json.loads(file.read_text()) if file.exists() else {}
                _plain_file(path, json.dumps({**records, name: _record(name)}).encode())

    return write


def _stores(package: str, kind: str, path: str) -> t.Callable[[str], object]:
    store = _storage(package, kind, path).store_token_data_by_resource_server
    return lambda name: store(_data(package, {name: _record(name)}))


def _write_many(
    variant: str, kind: str, path: str, number: int, stores: int, start: t.Any, told: t.Any
) -> None:
    waits, errors = [0.0], 0
    start.wait(60)
    try:
        plain = variant == "plain"
        write = _locked_writes(kind, path) if plain else _stores(variant, kind, path)
    except Exception:  # the other processes go on, as they do for users
        told.put((0.0, stores))
        return
    for index in range(stores):
        began = time.perf_counter()
        try:
            write(f"{number}-{index}.example.org")
        except Exception:
            errors += 1
        waits.append(time.perf_counter() - began)
    told.put((max(waits[2:]), errors))  # the first one has the modules to import as well


def _contended(variant: str, kind: str, processes: int, stores: int) -> tuple[float, int, int]:
    """The longest wait in seconds, how many stores failed, how many tokens are there."""
    context = multiprocessing.get_context("spawn")
    start, told = context.Barrier(processes), context.Queue()
    with tempfile.TemporaryDirectory(dir=os.getcwd()) as folder:
        path = f"{folder}/tokens"
        workers = [
            context.Process(
                target=_write_many, args=(variant, kind, path, number, stores, start, told)
            )
            for number in range(processes)
        ]
        for worker in workers:
            worker.start()
        waits, errors = zip(*[told.get(timeout=600) for _ in workers], strict=True)
        for worker in workers:
            worker.join(60)
        return max(waits), sum(errors), _there(variant, kind, path)


def _there(variant: str, kind: str, path: str) -> int:
    if variant == "plain":
        if kind == "JSON":
            return len(json.loads(pathlib.Path(path).read_text()))
        return int(_database(path).execute("SELECT count(*) FROM t").fetchone()[0])
    try:
        return len(_storage(variant, kind, path).get_token_data_by_resource_server())
    except Exception:  # torn
        return 0


def _wait(kind: str, rounds: int, processes: int, stores: int) -> Figures:
    """The longest wait of all stores; the ratio is out of reach where a token is lost."""
    runs: dict[str, list[tuple[float, int, int]]] = {"plain": [], "globus_core": []}
    for _ in range(min(rounds, 3)):
        for variant in runs:
            runs[variant].append(_contended(variant, kind, processes, stores))
    floor = min(wait for wait, _, _ in runs["plain"])
    return {
        _shown(variant): {
            "ratio": min(wait for wait, _, _ in found) / floor,
            "seconds": min(wait for wait, _, _ in found),
            "errors": sum(errors for _, errors, _ in found),
            "lost": sum(processes * stores - there for _, _, there in found),
        }
        for variant, found in runs.items()
    }


def _lost(kind: str, processes: int, stores: int) -> Figures:
    """Tokens that are not there when all have stored, and stores that failed."""
    figures = {}
    for package in _installed():
        _, errors, there = _contended(package, kind, processes, stores)
        lost = processes * stores - there
        figures[_shown(package)] = {"ratio": float(lost + errors), "lost": float(lost)}
    return figures


def _keep_writing(variant: str, kind: str, path: str, begun: t.Any, enough: t.Any) -> None:
    plain = variant == "plain"
    write = _locked_writes(kind, path) if plain else _stores(variant, kind, path)
    index = 0
    while not enough.is_set():
        write(f"{index % 10}.example.org")
        begun.set()
        index += 1


def _reads(variant: str, kind: str, seconds: float) -> tuple[float, int]:
    """Reads a second beside a writer, and how many failed."""
    context = multiprocessing.get_context("spawn")
    begun, enough = context.Event(), context.Event()
    with tempfile.TemporaryDirectory(dir=os.getcwd()) as folder:
        path = f"{folder}/tokens"
        writer = context.Process(target=_keep_writing, args=(variant, kind, path, begun, enough))
        writer.start()
        try:
            begun.wait(60)
            if variant != "plain":
                storage = _storage(variant, kind, path)
                read: Action = functools.partial(storage.get_token_data, "0.example.org")
            elif kind == "JSON":
                read = lambda: json.loads(pathlib.Path(path).read_text())["0.example.org"]  # noqa: E731
            else:
                rows = sqlite3.connect(path, isolation_level=None, timeout=60)
                query = "SELECT v FROM t WHERE k = '0.example.org'"
                read = lambda: json.loads(rows.execute(query).fetchone()[0])  # noqa: E731
            count = failed = 0
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                try:
                    failed += read() is None
                    count += 1
                except Exception:
                    failed += 1
            return count / seconds, failed
        finally:
            enough.set()
            writer.join(60)


def _beside_a_writer(kind: str, rounds: int, seconds: float) -> Figures:
    """The floor's reads a second by ours; out of reach where a read fails."""
    runs: dict[str, list[tuple[float, int]]] = {}
    for _ in range(min(rounds, 3)):
        for variant in ("plain", "globus_core"):
            runs.setdefault(variant, []).append(_reads(variant, kind, seconds))
    floor = max(rate for rate, _ in runs["plain"])
    return {
        _shown(variant): {
            "ratio": floor / max(rate for rate, _ in found) + sum(failed for _, failed in found),
            "reads_a_second": max(rate for rate, _ in found),
            "failed": sum(failed for _, failed in found),
        }
        for variant, found in runs.items()
    }


def _measures(rounds: int, quick: bool) -> dict[str, t.Callable[[], Figures]]:
    sizes = (10,) if quick else SIZES
    crowd = (2, 5) if quick else (_PROCESSES, _STORES)
    seconds = 0.1 if quick else 1.0
    often = rounds if quick else rounds * 10
    measures: dict[str, t.Callable[[], Figures]] = {
        "store-one": functools.partial(_store, "JSON", 1, often),
        "store-one-cpu": functools.partial(_store, "JSON", 1, often, time.process_time),
    }
    for kind in ("JSON", "SQLite"):
        name = kind.lower()
        measures[f"get-{name}"] = functools.partial(_get, kind, rounds, sizes)
        measures[f"store-{name}"] = functools.partial(_store, kind, 10, often)
        measures[f"lost-{name}"] = functools.partial(_lost, kind, *crowd)
        measures[f"wait-{name}"] = functools.partial(_wait, kind, rounds, *crowd)
        measures[f"beside-{name}"] = functools.partial(_beside_a_writer, kind, rounds, seconds)
    return measures


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=_measures(1, quick=True))
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    os.chdir(os.environ["HOME"])
    print(json.dumps(_measures(options.rounds, options.quick)[options.name]()))


if __name__ == "__main__":
    _main()
