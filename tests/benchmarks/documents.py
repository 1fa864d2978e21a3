"""
What scopes, token responses and pages cost once their text is there, over the bare work or beside
globus-sdk.

Run as a module it is a process that measures; it prints the figures as JSON.
"""

from __future__ import annotations

import base64
import email.utils
import importlib
import json
import random
import re
import time
import typing as t

from ._processes import print_measure, run_module
from ._turns import variants_in_turns

Figures = dict[str, dict[str, float]]
Variants = dict[str, t.Callable[[], object]]

#: after this no further round begins
SECONDS = 10
#: seconds of work in one turn, about
_TURN = 0.004
#: how many a paginator walks through at once
PAGES = 1000
#: without that of JSON:API, whose time is that of urllib in both SDKs
STYLES = (
    "Marker",
    "NullableMarker",
    "LastKey",
    "NextToken",
    "HasNext",
    "LimitOffsetTotal",
)

FLAT = " ".join(f"urn:globus:auth:scope:service-{i}.example.org:all" for i in range(10))
NESTED = " ".join(
    f"urn:globus:auth:scope:service-{i}.example.org:all"
    f"[*https://auth.globus.org/scopes/client-{i}/data_access]"
    for i in range(10)
)
CLIENT_ID = "6a1f3c52-9d84-4e0b-b7a6-2c58e910d3f7"
DIAMOND = " ".join(f"a{i}[a{i + 1} b{i + 1}] b{i}[a{i + 1} b{i + 1}]" for i in range(24))

_NAME_OR_SIGN = re.compile(r"[^][* ]+|[][*]")


class Plain:
    """
    What any parser has to make for each scope.
    """

    __slots__ = ("dependencies", "name", "optional")

    def __init__(self, name: str, optional: bool = False, dependencies: tuple[t.Any, ...] = ()):
        self.name = name
        self.optional = optional
        self.dependencies = dependencies


def measure(name: str, rounds: int) -> Figures:
    """
    Measure in a fresh process.

    :param name: a key of ``MEASURES``
    :param rounds: how often each variant has its turn
    """
    figures: Figures = run_module("documents", name, "--rounds", str(rounds))
    return figures


def _parse(text: str) -> Variants:
    """Scopes from their text; the first variant is the basis."""
    from globus_core.scopes import ScopeParser

    def plain() -> list[Plain]:
        return [Plain(piece) for piece in _NAME_OR_SIGN.findall(text) if piece not in "[]*"]

    variants: Variants = {"plain": plain, "globus-core": lambda: ScopeParser.parse(text)}
    sdk = _sdk()
    if sdk is not None:
        variants["globus-sdk"] = lambda: sdk.scopes.ScopeParser.parse(text)
    return variants


def _diamond() -> Variants:
    """A graph that doubles at each level; globus-sdk would not come to an end."""
    from globus_core.scopes import ScopeParser

    def ours() -> None:
        scopes = ScopeParser.parse(DIAMOND)
        ScopeParser.merge_scopes(scopes, scopes)
        hash(scopes[0])
        str(scopes[0])

    return {"plain": lambda: None, "globus-core": ours}


def _merge(text: str, others: str | None = None) -> Variants:
    """Ten scopes and ten others; the basis is the union of two dicts of as many."""
    from globus_core.scopes import ScopeParser

    if others is None:
        others = text.replace("service-", "other-").replace("client-", "place-")
    one, other = ScopeParser.parse(text), ScopeParser.parse(others)
    by_name, by_other_name = ({str(scope): scope for scope in s} for s in (one, other))
    variants: Variants = {
        "plain": lambda: by_name | by_other_name,
        "globus-core": lambda: ScopeParser.merge_scopes(one, other),
    }
    sdk = _sdk()
    if sdk is not None:
        theirs = sdk.scopes.ScopeParser.parse(text), sdk.scopes.ScopeParser.parse(others)
        variants["globus-sdk"] = lambda: sdk.scopes.ScopeParser.merge_scopes(*theirs)
    return variants


def _token_response() -> Variants:
    """Two tokens and an ID token by resource server; "plain" makes dicts of what orjson reads."""
    import orjson

    import globus_core

    answer = _answer(_token_body())

    def plain() -> dict[str, t.Any]:
        body = orjson.loads(answer.content)
        now = time.time()
        tokens = [body, *body["other_tokens"]]
        return {
            token["resource_server"]: {
                "scope": token["scope"],
                "access_token": token["access_token"],
                "refresh_token": token.get("refresh_token"),
                "token_type": token.get("token_type"),
                "expires_at_seconds": int(now + token["expires_in"]),
                "resource_server": token["resource_server"],
            }
            for token in tokens
        }

    variants: Variants = {"plain": plain, "globus-core": _reader(globus_core, answer)}
    sdk = _sdk()
    if sdk is not None:
        variants["globus-sdk"] = _reader(sdk, answer)
    return variants


def _answer(body: t.Any) -> t.Any:
    """A response of requests, as if it had just come."""
    import requests

    answer = requests.Response()
    answer._content = json.dumps(body).encode()
    answer.status_code = 200
    answer.encoding = "utf-8"
    answer.headers["Content-Type"] = "application/json"
    answer.headers["Date"] = email.utils.formatdate(usegmt=True)
    return answer


def _reader(sdk: t.Any, answer: t.Any) -> t.Callable[[], object]:
    client = sdk.NativeAppAuthClient(CLIENT_ID)
    http_response, token_response = sdk.GlobusHTTPResponse, sdk.OAuthTokenResponse

    def read() -> object:
        return token_response(http_response(answer, client)).by_resource_server

    return read


def _token_body() -> dict[str, t.Any]:
    source = random.Random(0)

    def letters(count: int) -> str:
        return base64.urlsafe_b64encode(source.randbytes(count)).decode()[:count]

    def token(resource_server: str, scope: str) -> dict[str, t.Any]:
        return {
            "access_token": "Ag" + letters(90),
            "refresh_token": "Ag" + letters(90),
            "scope": scope,
            "expires_in": 172800,
            "token_type": "Bearer",
            "resource_server": resource_server,
        }

    transfer = token("transfer.api.globus.org", "urn:globus:auth:scope:transfer.api.globus.org:all")
    return {
        **token("auth.globus.org", "openid profile email"),
        "id_token": ".".join(letters(300) for _ in range(3)),
        "state": "_default",
        "other_tokens": [transfer],
    }


def _pages() -> Variants:
    """A walk with each style of paging, through answers that are there and have been read."""
    import globus_core

    variants = {"globus-core": _walks(globus_core)}
    sdk = _sdk()
    if sdk is not None:
        variants["globus-sdk"] = _walks(sdk)
    return variants


def _walks(sdk: t.Any) -> t.Callable[[], object]:
    walks = [_walk(sdk, style) for style in STYLES]
    return lambda: [walk() for walk in walks]


def _walk(sdk: t.Any, style: str) -> t.Callable[[], None]:
    client = sdk.NativeAppAuthClient(CLIENT_ID)
    answers = [sdk.GlobusHTTPResponse(_answer(body), client) for body in _page_bodies(style)]
    assert all(answer.data for answer in answers)
    make = getattr(importlib.import_module(f"{sdk.__name__}.paging"), f"{style}Paginator")
    counted = style in ("HasNext", "LimitOffsetTotal")
    options = {"get_page_size": _size, "max_total_results": 10_000, "page_size": 1}

    def walk() -> None:
        left = iter(answers)
        paginator = make(
            lambda **query: next(left),
            items_key="DATA",
            client_args=(),
            client_kwargs={},
            **options if counted else {},
        )
        assert sum(1 for _ in paginator.pages()) == PAGES

    return walk


def _size(page: t.Any) -> int:
    return len(page["DATA"])


def _page_bodies(style: str) -> t.Iterator[dict[str, t.Any]]:
    """Pages of one element each."""
    for number in range(PAGES):
        more = number < PAGES - 1
        cursor = f"cursor-{number}"
        styles: dict[str, dict[str, t.Any]] = {
            "Marker": {"marker": cursor, "has_next_page": more},
            "NullableMarker": {"marker": cursor if more else None},
            "LastKey": {"last_key": cursor, "has_next_page": more},
            "NextToken": {"next_token": cursor if more else None},
            "HasNext": {"has_next_page": more},
            "LimitOffsetTotal": {"total": PAGES},
        }
        yield {"DATA": [{"number": number}], **styles[style]}


def _sdk() -> t.Any:
    """globus-sdk, or None where it is not installed."""
    try:
        import globus_sdk
        import globus_sdk.scopes
    except ImportError:
        return None
    return globus_sdk


def _timed(variants: Variants, rounds: int, basis: str = "plain") -> Figures:
    """Time the variants in turns; what a busy machine adds is not theirs, so the least counts."""
    loops = {name: _loops(work) for name, work in variants.items()}
    runs: dict[str, list[float]] = {name: [] for name in variants}
    for name in variants_in_turns([*variants], rounds * 20, SECONDS):
        runs[name].append(_seconds(variants[name], loops[name]) / loops[name])
    one = min(runs.get(basis, [float("nan")]))
    return {
        name: {"ratio": min(spent) / one, "microseconds": min(spent) * 1e6, "rounds": len(spent)}
        for name, spent in runs.items()
    }


def _milliseconds(figures: Figures) -> Figures:
    """The time itself in place of the ratio, where there is nothing to compare with."""
    own = figures["globus-core"]
    return {"globus-core": {**own, "ratio": own["microseconds"] / 1e3}}


def _loops(work: t.Callable[[], object]) -> int:
    _seconds(work, 3)
    return max(1, min(20_000, int(_TURN / max(_seconds(work, 10) / 10, 1e-8))))


def _seconds(work: t.Callable[[], object], times: int) -> float:
    repeated = range(times)
    began = time.process_time()
    for _ in repeated:
        work()
    return time.process_time() - began


MEASURES: dict[str, t.Callable[[int], Figures]] = {
    "parse-flat": lambda rounds: _timed(_parse(FLAT), rounds),
    "parse-nested": lambda rounds: _timed(_parse(NESTED), rounds),
    "diamond": lambda rounds: _milliseconds(_timed(_diamond(), rounds)),
    "merge-flat": lambda rounds: _timed(_merge(FLAT), rounds),
    "merge-nested": lambda rounds: _timed(_merge(NESTED), rounds),
    "merge-equal": lambda rounds: _timed(_merge(NESTED, NESTED), rounds),
    "token-response": lambda rounds: _timed(_token_response(), rounds, "globus-sdk"),
    "pages": lambda rounds: _timed(_pages(), rounds, "globus-sdk"),
}


if __name__ == "__main__":
    print_measure(MEASURES)
