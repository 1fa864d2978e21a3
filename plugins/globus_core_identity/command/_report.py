"""
Looking up many names and writing the answers, in bounded memory.
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

#: how many names are looked up and written at a time; no more are kept in memory
CHUNK = 10_000
#: errors that end the command, because no look-up can succeed without tokens
_NO_TOKENS = (LoginFlowError, LoginRequiredError, TokenValidationError)


class Tally:
    """
    How many names were looked up, found and not found.

    :ivar names: the number of names
    :ivar not_found: how many of them have no visible identity
    :ivar failed: how many look-ups failed
    :ivar problem: why the first of those failed
    """

    def __init__(self) -> None:
        self.names = self.not_found = self.failed = 0
        self.problem: str | None = None

    def add(self, answer: Identity | Unresolved) -> None:
        """
        Count one name.

        :param answer: its answer
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
    Look up names in their order, and write an answer for each.

    :param client: a client of Globus Auth
    :param names: names, which are read when they are needed
    :param writer: writes the answers
    :param cache: where identities are kept
    :param max_connections: how many requests may run at once
    :param include: what to include with identities
    :param progress: called with the number of names answered since the last call
    :param before_writing: called before answers are written
    :raises LoginRequiredError: if a login is required, but no one can be prompted
    :raises LoginFlowError: if a login was required and failed
    :raises TokenValidationError: if the tokens are not sufficient, and a login does not help
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
    """Reports progress in steps, counting repeated names, which a resolver counts once."""

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
