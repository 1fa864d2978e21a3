"""
How many tokens of callers a service checks in a second: remembered, new, asked about each time, and
asked about with requests.

Run as a module it is a Globus Auth that knows every token and answers after a latency, or the
process that is measured.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import heapq
import json
import multiprocessing
import os
import selectors
import socket
import statistics
import sys
import tempfile
import threading
import time
import timeit
import typing as t

from ._processes import run_module, serving
from ._turns import turns, variants_in_turns

Figures = dict[str, dict[str, float]]
#: checks one token, for which it gets a number
Check = t.Callable[[int], object]

#: after this no further round begins
SECONDS = 20
#: how long a turn takes
_TURN = 0.2
#: seconds after which Globus Auth answers
LATENCY = 0.01
#: how many callers a service has at a time
CALLERS = 100
SERVICE = "0f4a2c61-7be3-4d95-8a10-c6d27e5b93f8"
SCOPE = f"https://auth.globus.org/scopes/{SERVICE}/all"
IDENTITY = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"

#: measure -> threads, and processes with so many each
MEASURES = {
    "threads-1": (1, 1),
    "threads-8": (8, 1),
    "threads-32": (32, 1),
    "processes-4": (8, 4),
}


def facts() -> dict[str, t.Any]:
    """
    What Globus Auth says about a token.
    """
    now = int(time.time())
    sign_in = {"idp": IDENTITY, "auth_time": now, "amr": ["pwd"]}
    return {
        "active": True,
        "sub": IDENTITY,
        "username": "ada@example.org",
        "name": "Ada Kestrel",
        "email": "ada@example.org",
        "scope": SCOPE,
        "aud": [SERVICE],
        "client_id": SERVICE,
        "iss": "https://auth.globus.org",
        "exp": now + 172800,
        "iat": now,
        "identity_set_detail": [{"sub": IDENTITY, "username": "ada@example.org"}],
        "session_info": {"session_id": IDENTITY, "authentications": {IDENTITY: sign_in}},
    }


def measure(name: str, rounds: int, *, quick: bool = False) -> Figures:
    """
    Run one measure in a fresh process.

    :param name: ``remembered``, or a key of ``MEASURES``
    :param rounds: how often each variant has its turn
    :param quick: with short turns
    """
    arguments = [name, "--rounds", str(rounds), "--turn", str(0.02 if quick else _TURN)]
    with serving(__name__, "serve") as base:
        figures: Figures = run_module("token_checks", *arguments, "--base", f"{base}/")
    return figures


def header(number: int) -> str:
    """
    The header with the token of a caller.

    :param number: which caller
    """
    return f"Bearer Ag{number:090}"


class Service:
    """
    A service that checks tokens in each of the ways.

    :param base: the address of Globus Auth
    :param cache: what its workers share
    """

    def __init__(self, base: str, cache: str | None = None) -> None:
        from globus_core import ConfidentialAppAuthClient, TokenChecker

        self.client = ConfidentialAppAuthClient(SERVICE, "secret", base_url=base)
        self.checker = TokenChecker(self.client, scopes=SCOPE, cache=cache, ttl=3600)
        self.checks: dict[str, Check] = {
            "globus-core": self.remembered,
            "new tokens": self.new,
            "asked each time": self.asked,
            "requests": self.by_hand,
        }
        self._url = f"{base}v2/oauth2/token/introspect"
        self._local = threading.local()
        self._headers = [header(number) for number in range(CALLERS)]
        for known in self._headers:
            self.checker.check(known)

    def remembered(self, number: int) -> object:
        """A token that is known."""
        return self.checker.check(self._headers[number % CALLERS]).id

    def new(self, number: int) -> object:
        """A token that nobody has seen."""
        return self.checker.check(f"Bearer {os.getpid()}-{time.perf_counter_ns()}-{number}").id

    def asked(self, number: int) -> object:
        """A client that asks each time."""
        token = header(number).removeprefix("Bearer ")
        include = "session_info,identity_set_detail"
        return _allowed(self.client.oauth2_token_introspect(token, include=include).data)

    def by_hand(self, number: int) -> object:
        """The same with a session of requests for each thread."""
        import requests

        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
        form = {
            "token": header(number).removeprefix("Bearer "),
            "include": "session_info,identity_set_detail",
        }
        answer = self._local.session.post(
            self._url, data=form, auth=(SERVICE, "secret"), timeout=10
        )
        return _allowed(answer.json())


def _allowed(said: t.Mapping[str, t.Any]) -> str:
    if (
        not said["active"]
        or SERVICE not in said["aud"]
        or SCOPE not in said["scope"].split()
        or said["exp"] < time.time()
    ):
        raise AssertionError("a good token was refused")
    return t.cast("str", said["sub"])


# one check of a token that is known


def remembered(base: str, rounds: int) -> Figures:
    """
    Microseconds of one check in one thread, beside a dict by hand that has no limit.
    """
    service, known = Service(base), header(0)
    table = {known.removeprefix("Bearer "): (facts(), time.time() + 60)}

    def by_hand(authorization: str) -> str:
        said, until = table[authorization.removeprefix("Bearer ")]
        if time.time() > until:
            raise AssertionError("an answer is too old")
        return _allowed(said)

    strict = service.checker.requiring(session_max_age=3600, domains="example.org")
    checks: dict[str, t.Callable[[str], object]] = {
        "globus-core": service.checker.check,
        "with a session and a domain": strict.check,
        "a dict by hand": by_hand,
    }
    seconds: dict[str, list[float]] = {name: [] for name in checks}
    for _ in turns(rounds, SECONDS):
        for name, check in checks.items():
            timer = timeit.Timer(functools.partial(check, known))
            # in short pieces, some of which a busy machine leaves alone
            seconds[name].append(min(timer.repeat(20, 500)) / 500)
    return {
        name: {
            "ratio": min(runs) * 1e6,
            "median microseconds": statistics.median(runs) * 1e6,
            "rounds": len(runs),
        }
        for name, runs in seconds.items()
    }


# calls a second


def per_second(base: str, rounds: int, turn: float, threads: int, processes: int) -> Figures:
    """
    Calls a second of all threads of all processes.
    """
    with tempfile.TemporaryDirectory() as folder:
        cache = None if processes == 1 else f"sqlite:{folder}/tokens.db"
        service = Service(base, cache)
        found: dict[str, list[float]] = {name: [] for name in service.checks}
        for name in variants_in_turns([*found], rounds, SECONDS):
            work = functools.partial(_rate, service.checks[name], threads, turn)
            found[name].append(work() if processes == 1 else _in_processes(work, processes))
    return {
        name: {"ratio": max(runs), "median": statistics.median(runs), "rounds": len(runs)}
        for name, runs in found.items()
    }


def _rate(check: Check, threads: int, turn: float) -> float:
    counts = [0] * threads
    times: list[float] = []
    start = threading.Barrier(threads, action=lambda: times.append(time.perf_counter()))

    def work(place: int) -> None:
        start.wait()
        end, number = times[0] + turn, 0
        while time.perf_counter() < end:
            check(number + place)
            number += 1
        counts[place] = number

    workers = [threading.Thread(target=work, args=(place,)) for place in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(counts) / (time.perf_counter() - times[0])


def _in_processes(work: t.Callable[[], float], processes: int) -> float:
    """What several children of this process reach together at the same time."""
    context = multiprocessing.get_context("fork")
    rates, start = context.SimpleQueue(), context.Barrier(processes)

    def run() -> None:
        start.wait()
        rates.put(work())

    children = [context.Process(target=run) for _ in range(processes)]
    for child in children:
        child.start()
    together: float = sum(rates.get() for _ in children)
    for child in children:
        child.join()
    return together


# Globus Auth


def _serve() -> None:
    """Answer each request when its time has come, on any number of connections."""
    body = json.dumps(facts()).encode()
    head = (
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Connection: keep-alive\r\n\r\n"
    )
    answer = head.encode() + body
    selector = selectors.DefaultSelector()
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    selector.register(listener, selectors.EVENT_READ)
    selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
    print(listener.getsockname()[1], flush=True)
    due: list[tuple[float, int, socket.socket]] = []
    number = 0
    while True:
        wait = max(0.0, due[0][0] - time.monotonic()) if due else None
        for key, _ in selector.select(wait):
            if key.fileobj is listener:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(connection, selectors.EVENT_READ)
            elif isinstance(key.fileobj, socket.socket):
                if not _was_asked(key.fileobj):
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
                    continue
                number += 1
                heapq.heappush(due, (time.monotonic() + LATENCY, number, key.fileobj))
            else:
                return
        while due and due[0][0] <= time.monotonic():
            _, _, connection = heapq.heappop(due)
            with contextlib.suppress(OSError):
                connection.sendall(answer)


def _was_asked(connection: socket.socket) -> bool:
    """Read a request with its body; False where the other side has closed the connection."""
    request, length = b"", None
    while length is None or len(request) < length:
        try:
            piece = connection.recv(65536)
        except ConnectionError:
            return False
        if not piece:
            return False
        request += piece
        end = request.find(b"\r\n\r\n")
        if end > 0:
            _, _, rest = request.lower().partition(b"content-length:")
            length = end + 4 + int(rest.partition(b"\r\n")[0])
    return True


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=[*MEASURES, "remembered", "serve"])
    parser.add_argument("--base", default="")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--turn", type=float, default=_TURN)
    options = parser.parse_args()
    if options.name == "serve":
        _serve()
    elif options.name == "remembered":
        print(json.dumps(remembered(options.base, options.rounds)))
    else:
        figures = per_second(options.base, options.rounds, options.turn, *MEASURES[options.name])
        print(json.dumps(figures))


if __name__ == "__main__":
    _main()
