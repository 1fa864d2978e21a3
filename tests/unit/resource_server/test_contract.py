"""
The checker keeps the contract of all checkers, whatever cache it has, and the contract finds what
is wrong with others.
"""

from __future__ import annotations

import functools
import pathlib
import typing as t

import pytest

from globus_core import TokenChecker
from globus_core.identities import Identity, IdentityCache, MemoryIdentityCache
from globus_core.resource_server import Caller
from globus_core.testing import CheckerContract, SharedCheckerContract

if t.TYPE_CHECKING:
    from globus_core.testing.checker import Factory

    Known = dict[str, Identity | None]


class TestAlone(CheckerContract):
    """
    A checker without a cache.
    """

    @pytest.fixture
    def checker_factory(self) -> Factory:
        return TokenChecker


class TestMemory(CheckerContract):
    """
    Checkers with one cache in memory.
    """

    shares = True

    @pytest.fixture
    def checker_factory(self) -> Factory:
        return functools.partial(TokenChecker, cache=MemoryIdentityCache())


class TestSQLite(SharedCheckerContract):
    """
    Checkers of several processes with a file.
    """

    asks_once = True

    @pytest.fixture
    def checker_factory(self, tmp_path: pathlib.Path) -> Factory:
        return functools.partial(TokenChecker, cache=f"sqlite:{tmp_path}/tokens.db")


class _Simple(IdentityCache):
    """
    A cache that does no more than it must.
    """

    def __init__(self) -> None:
        self.entries: Known = {}

    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> Known:
        return {key: self.entries[key] for key in keys if key in self.entries}

    def put_many(self, entries: t.Mapping[str, Identity | None], *, namespace: str = "") -> None:
        self.entries.update(entries)

    def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
        return sum(self.entries.pop(key, self) is not self for key in keys)

    def clear(self) -> None:
        self.entries.clear()

    def describe(self) -> t.NoReturn:
        raise NotImplementedError


class TestAThirdParty(CheckerContract):
    """
    Checkers with a cache of the simplest kind.
    """

    shares = True

    @pytest.fixture
    def checker_factory(self) -> Factory:
        return functools.partial(TokenChecker, cache=_Simple())


class _KeepsRevoked(_Simple):
    def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
        return 0


class _CutsTokensShort(TokenChecker):
    def _token(self, authorization: str | None) -> tuple[str, bytes]:
        token, _ = super()._token(authorization)
        return token, token[:40].encode().ljust(32)


class _ForgetsTheAudience(TokenChecker):
    def _allowed(self, known: t.Any, token: str, digest: bytes) -> Caller:
        return super()._allowed(known, token, digest) if known.answer is None else known.answer


class _AsksEachTime(TokenChecker):
    def check(self, authorization: str | None) -> Caller:
        self._introspection._memory.clear()
        return super().check(authorization)


def factory_of(kind: type) -> Factory:
    """Makes checkers of a kind, or with a cache of that kind."""
    if not issubclass(kind, _Simple):
        return t.cast("Factory", kind)
    return functools.partial(TokenChecker, cache=kind())


def faults(kind: type) -> list[str]:
    """The tests of the contract that a checker, or a cache, does not pass."""

    class Contract(CheckerContract):
        shares = issubclass(kind, _Simple)

    found = []
    for name in (name for name in dir(Contract) if name.startswith("test_")):
        try:
            getattr(Contract(), name)(factory_of(kind))
        except Exception:  # whatever a test fails with
            found.append(name)
    return found


@pytest.mark.parametrize(
    ("kind", "missed"),
    [
        (TokenChecker, None),
        (_Simple, None),
        (_KeepsRevoked, "test_a_revoked_token_is_forgotten_by_all"),
        (_CutsTokensShort, "test_tokens_that_begin_alike_are_not_confused"),
        (_ForgetsTheAudience, "test_others_are_refused"),
        (_AsksEachTime, "test_an_answer_counts_for_its_ttl"),
    ],
)
def test_the_contract_finds_faults(kind: type, missed: str | None) -> None:
    """In caches and in checkers; and none where there is none."""
    found = faults(kind)

    assert missed in found if missed else found == []
