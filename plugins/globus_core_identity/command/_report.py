"""
Looking many names up and writing what becomes of them, in bounded memory.
"""

from __future__ import annotations

import typing as t

from globus_core.exc import LoginFlowError, LoginRequiredError
from globus_core.identities import FAILED, Identity, IdentityCache, Unresolved
from globus_core.token_storage.validating_token_storage import TokenValidationError

from ..resolver import ChainResolver
from ._names import chunks

if t.TYPE_CHECKING:
    from .._auth_source import IdentitiesClient
    from ._formats import Writer

#: names that are looked up and written at once; no more of them are held in memory
CHUNK = 10_000
#: what ends the work: without tokens no look-up will come to anything
_NO_TOKENS = (LoginFlowError, LoginRequiredError, TokenValidationError)


class Tally:
    """
    How many names were looked up, and what became of them.

    :ivar names: how many names there were
    :ivar not_found: how many of them have no identity that could be shown
    :ivar failed: how many look-ups went wrong
    :ivar problem: why the first of those went wrong
    """

    def __init__(self) -> None:
        self.names = self.not_found = self.failed = 0
        self.problem: str | None = None

    def add(self, answer: Identity | Unresolved) -> None:
        """
        Count one name.

        :param answer: what became of it
        """
        self.names += 1
        if isinstance(answer, Identity):
            return
        if answer.reason == FAILED or answer.error is not None:
            self.failed += 1
            self.problem = self.problem or answer.detail
        else:
            self.not_found += 1


def report(
    client: IdentitiesClient,
    names: t.Iterable[str],
    writer: Writer,
    *,
    cache: IdentityCache,
    max_connections: int,
    include: t.Iterable[str] = (),
    progress: t.Callable[[int], None] | None = None,
    before_writing: t.Callable[[], None] | None = None,
) -> Tally:
    """
    Look names up in their order, and write an answer for each.

    :param client: a client of Globus Auth
    :param names: names; they are read when they are needed
    :param writer: writes the answers
    :param cache: where identities are kept
    :param max_connections: how many requests may be under way at once
    :param include: what to ask for along with identities
    :param progress: called with the number of names answered since the last call
    :param before_writing: called before something is written
    :raises LoginRequiredError: if a login is needed and nobody can be asked
    :raises LoginFlowError: if a login was needed and failed
    :raises TokenValidationError: if the tokens are not good enough and nothing mends that
    """
    resolver = ChainResolver(client, cache, max_connections=max_connections, include=include)
    tally = Tally()
    for chunk in chunks(names, CHUNK):
        answered = _Steps(progress, len(chunk))
        resolution = resolver.resolve_many(chunk, progress=answered.tell)
        answered.end()
        _raise_for_tokens(resolution.unresolved)
        rows = [(name, resolution.found.get(name) or resolution.unresolved[name]) for name in chunk]
        for _, answer in rows:
            tally.add(answer)
        if before_writing is not None:
            before_writing()
        writer.write(rows)
    writer.end()
    return tally


def _raise_for_tokens(unresolved: t.Mapping[str, Unresolved]) -> None:
    for answer in unresolved.values():
        if isinstance(answer.error, _NO_TOKENS):
            raise answer.error


class _Steps:
    """Tells progress in steps, and of all names: a resolver counts those that differ."""

    def __init__(self, tell: t.Callable[[int], None] | None, size: int) -> None:
        self._tell = tell
        self._left = size
        self._done = 0

    def tell(self, done: int, total: int) -> None:
        step = min(done - self._done, self._left)
        self._done = done
        if self._tell is not None and step > 0:
            self._left -= step
            self._tell(step)

    def end(self) -> None:
        if self._tell is not None and self._left:
            self._tell(self._left)
