"""
The measures, and what is to be reached in each.
"""

from __future__ import annotations

import typing as t

from . import (
    async_cost,
    async_stalls,
    discovery,
    documents,
    downloads,
    encrypted_tokens,
    hook_calls,
    id_tokens,
    identities,
    many_people,
    many_plugins,
    renewals,
    requests_cost,
    shared_stores,
    shortcuts,
    startup,
    token_checks,
    token_storage,
)

Figures = dict[str, dict[str, float]]
Row = dict[str, t.Any]


class Target(t.NamedTuple):
    """
    One row of the table.

    :ivar key: its name on the command line
    :ivar title: what is measured, and what is 1
    :ivar kind: ``startup``, or a key of ``_KINDS``
    :ivar measure: the measure's name there
    :ivar limit: globus-core is to be at this or below it; None for a row without a target
    :ivar below: a variant that globus-core is to stay below as well
    """

    key: str
    title: str
    kind: str
    measure: str
    limit: float | None = None
    below: str | None = None


TARGETS = (
    Target("import", "first import / bare interpreter", "startup", "import", 1.3),
    Target("modules", "modules after the first import", "modules", "import", 45),
    Target("client", "ready OAuth client / bare interpreter", "startup", "client", 4),
    Target("transfer", "ready Transfer client / bare interpreter", "startup", "transfer", 4),
    Target("access-token", "access token header / bare interpreter", "startup", "access-token", 2),
    Target(
        "refresh-token", "refresh token header / bare interpreter", "startup", "refresh-token", 2
    ),
    Target("scope", "scope string / bare interpreter", "startup", "scope", 2),
    Target("stored-json", "token from a JSON file / bare interpreter", "startup", "stored-json", 2),
    Target("stored-sqlite", "token from SQLite / bare interpreter", "startup", "stored-sqlite", 2),
    Target(
        "command-json",
        "globus-core token, JSON / bare interpreter",
        "startup",
        "stored-command-json",
        2,
    ),
    Target("command-sqlite", "the same, SQLite", "startup", "stored-command-sqlite", 2),
    Target("help", "globus-core --help / bare interpreter", "startup", "help", 3.75),
    Target("completed-name", "completion of a command's name", "startup", "completed-name", 3.75),
    Target("completed-option", "completion of an option", "startup", "completed-option", 5.5),
    Target("whoami", "globus-core whoami --offline", "startup", "whoami-offline", 10),
    Target("script", "script with one GET / bare requests", "startup", "script", 1.2),
    Target("script-httpx", "the same / httpx", "startup", "script-httpx", 0.8),
    Target(
        "transfer-script",
        "script with a TransferClient / requests",
        "startup",
        "transfer-script",
        1.2,
    ),
    Target("small", "GET of small JSON / requests.Session.get", "request", "small", 0.55, "httpx"),
    Target("small-httpx", "the same / httpx", "request", "small-httpx", 0.65),
    Target("pages", "1000 pages / http.client", "request", "pages", 3.3),
    Target("task-pages", "1000 pages of tasks / http.client", "request", "task-pages", 3.3),
    Target("large", "GET of 1 MB JSON / http.client", "request", "large", 1.25),
    Target("large-httpx", "the same / httpx", "request", "large-httpx", 0.8),
    Target("data", "`.data` of 1 MB JSON / globus-sdk", "request", "data", 1),
    Target(
        "shortcuts", "GET of small JSON without one shortcut, least / requests", "shortcuts", ""
    ),
    Target("id-token", "ID token checked / PyJWT's decode", "id-token", "", 1.2),
    Target("no-plugin", "hook call, no plugin / `if`", "hook", "without", 4),
    Target("one-plugin", "hook call, one plugin / loop", "hook", "with", 2),
    Target(
        "identities-cpu", "10,000 identities, CPU / http.client", "identities", "resolve-cpu", 2
    ),
    Target("identities", "the same, 50 ms away / 8 x http.client", "identities", "resolve", 1.2),
    Target("identities-32", "the same with 32 connections, s", "identities", "resolve-32", 0.4),
    Target("identity", "warm look-up / dict", "identities", "warm", 1.8),
    Target("announce", "announce a key / set", "identities", "add", 6),
    Target("identity-file", "second process / keyed SQLite read", "identities", "file", 1.2),
    Target("header", "valid header / clock check", "renewal", "header", 1.3),
    Target("refused", "32 threads refused / refresh + request", "renewal", "refused", 1.5),
    Target("scopes", "reading 10 scopes / pattern + objects", "document", "parse-flat", 2),
    Target("nested", "reading 10 nested scopes / the same", "document", "parse-nested", 2),
    Target("diamond", "scopes that share, depth 24, ms", "document", "diamond", 2),
    Target("merge", "merging 10 + 10 scopes / dict union", "document", "merge-flat", 20),
    Target(
        "merge-nested", "merging 10 + 10 nested scopes / the same", "document", "merge-nested", 20
    ),
    Target("merge-equal", "merging 10 nested scopes read twice", "document", "merge-equal", 20),
    Target("tokens", "tokens of a response / globus-sdk", "document", "token-response", 1),
    Target("paginator", "a page of a paginator alone / globus-sdk", "document", "pages", 1),
    Target("get-json", "token from JSON, 1 to 1000 / keyed SQLite read", "tokens", "get-json", 1),
    Target("get-sqlite", "the same from SQLite", "tokens", "get-sqlite", 1),
    Target("store-one", "a token to JSON / write, fsync, rename", "tokens", "store-one", 1.3),
    Target("store-one-cpu", "the same, CPU", "tokens", "store-one-cpu", 1.3),
    Target("store-json", "10 tokens to JSON / the same", "tokens", "store-json", 1.3),
    Target("store-sqlite", "10 tokens to SQLite / WAL", "tokens", "store-sqlite", 2),
    Target(
        "lost-json", "lost and failed of 1600 stores by 8 processes, JSON", "tokens", "lost-json", 0
    ),
    Target("lost-sqlite", "the same in SQLite", "tokens", "lost-sqlite", 0),
    Target("wait-json", "longest wait, JSON / locked writes", "tokens", "wait-json", 2),
    Target("wait-sqlite", "the same, SQLite", "tokens", "wait-sqlite", 2),
    Target("beside-json", "plain reads / reads beside a writer", "tokens", "beside-json", 1.43),
    Target("beside-sqlite", "the same, SQLite", "tokens", "beside-sqlite", 1.43),
    Target("get-redis", "token from Redis / redis-py alone", "shared", "get", 1.5),
    Target("store-redis", "token to Redis / the same", "shared", "store", 1.5),
    Target("first-redis", "first header, token in Redis / the same", "shared", "first", 1.5),
    Target(
        "identities-redis", "1000 of 100,000 identities / the same", "shared", "identities", 2.5
    ),
    Target("people-read", "token of one of 10,000 people / psycopg alone", "people", "read", 3),
    Target("people-memory", "memory of 1000 people's storages / globus-sdk", "people", "memory"),
    Target(
        "people-descriptors",
        "descriptors of 1000 people's storages / the same",
        "people",
        "descriptors",
    ),
    Target("get-encrypted", "token from an encrypted file / JSON file", "encrypted", "get", 1.2),
    Target("store-encrypted", "token to an encrypted file / JSON file", "encrypted", "store", 2),
    Target("first-encrypted", "first header, encrypted file / the same", "encrypted", "first", 4),
    Target("check", "check of a known token, microseconds", "checks", "remembered", 5),
    Target("checks-1", "tokens checked a second, 1 thread", "checks", "threads-1"),
    Target("checks-8", "the same, 8 threads", "checks", "threads-8"),
    Target("checks-32", "the same, 32 threads", "checks", "threads-32"),
    Target("checks-4x8", "the same, 4 processes of 8 threads", "checks", "processes-4"),
    Target("discovery", "discovery, 500 distributions, ms", "discovery", "", 5),
    Target("gigabyte", "fetching a file by HTTP / curl", "download", "", 1.5, "requests"),
    Target("async-1", "awaited GET, 1 in flight / aiohttp", "async", "1"),
    Target("async-50", "the same, 50 in flight", "async", "50", 2.3, "httpx"),
    Target("async-300", "the same, 300 in flight", "async", "300"),
    Target("stall-memory", "stall of a loop, 1000 renewals in memory, ms", "stall", "memory", 10),
    Target("stall-json", "the same in a JSON file, ms", "stall", "json", 10),
    Target("stall-disk", "the same in SQLite, ms", "stall", "disk", 10),
    Target("20-observers", "GET with 20 observing plugins / with none", "plugins", "requests"),
    Target("20-plugins", "first hook, 500 distributions, 20 plugins, ms", "plugins", "start"),
)


def measured(targets: t.Sequence[Target], rounds: int, *, quick: bool = False) -> list[Row]:
    """
    Measure, and say of each target whether it is reached.

    :param targets: the rows
    :param rounds: how often each variant has its turn
    :param quick: do less, to see only that everything runs
    """
    together = [target.measure for target in targets if target.kind == "startup"]
    started = startup.measure(together, rounds) if together else {}
    rows = []
    for target in targets:
        if target.kind == "startup":
            figures = started[target.measure]
        else:
            figures = _KINDS[target.kind](target.measure, rounds, quick)
        rows.append(_row(target, figures))
    return rows


def _module_counts() -> Figures:
    counts = {name: startup.module_count(code) for name, code in startup.SCRIPTS["import"].items()}
    return {name: {"ratio": count} for name, count in counts.items() if count is not None}


#: kind -> how a measure of it is taken: its name, the rounds, whether to be quick
_KINDS: dict[str, t.Callable[[str, int, bool], Figures]] = {
    "modules": lambda name, rounds, quick: _module_counts(),
    "request": lambda name, rounds, quick: requests_cost.measure(name, rounds, quick=quick),
    "async": lambda name, rounds, quick: async_cost.measure(name, rounds, quick=quick),
    "stall": lambda name, rounds, quick: async_stalls.measure(name, rounds),
    "shortcuts": lambda name, rounds, quick: shortcuts.measure(rounds, quick=quick),
    "id-token": lambda name, rounds, quick: id_tokens.measure(rounds),
    "plugins": lambda name, rounds, quick: many_plugins.measure(name, rounds, quick=quick),
    "renewal": lambda name, rounds, quick: renewals.measure(name, rounds),
    "document": lambda name, rounds, quick: documents.measure(name, rounds),
    "tokens": lambda name, rounds, quick: token_storage.measure(name, rounds, quick=quick),
    "shared": lambda name, rounds, quick: shared_stores.measure(name, rounds, quick=quick),
    "people": lambda name, rounds, quick: many_people.measure(name, rounds, quick=quick),
    "encrypted": lambda name, rounds, quick: encrypted_tokens.measure(name, rounds),
    "hook": lambda name, rounds, quick: hook_calls.measure(name, rounds),
    "identities": lambda name, rounds, quick: identities.measure(name, rounds, quick=quick),
    "download": lambda name, rounds, quick: downloads.measure(rounds, quick=quick),
    "checks": lambda name, rounds, quick: token_checks.measure(name, rounds, quick=quick),
    "discovery": lambda name, rounds, quick: discovery.measure(rounds, quick=quick),
}


def _row(target: Target, figures: Figures) -> Row:
    return {
        "key": target.key,
        "measure": target.title,
        "target": target.limit,
        "below": target.below,
        "reached": _reached(target, figures),
        "figures": figures,
    }


def _reached(target: Target, figures: Figures) -> bool | None:
    if target.limit is None:
        return None
    own = figures["globus-core"]["ratio"]
    if own != own:  # what it is compared with is not installed
        return None
    rival = figures.get(target.below or "")
    return own <= target.limit and (rival is None or own < rival["ratio"])
