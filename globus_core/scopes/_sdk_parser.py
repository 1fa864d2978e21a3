"""
The class ScopeParser of globus-sdk; the grammar is in :mod:`._grammar`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ._graph import merge
from ._scope import Scope, _assemble, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from collections.abc import Iterator

#: scopes as text, as an object, or several
ScopeCollectionType = str | Scope | Iterable[str | Scope]


class ScopeParser:
    """
    Reads, merges and writes scopes; all its methods are static.
    """

    @staticmethod
    def parse(scope_string: str) -> list[Scope]:
        """
        Read the written form of any number of scopes.

        The text is read as one graph of names: a name has the same dependencies wherever it
        occurs, a name that occurs twice comes out once, and a required dependency wins over an
        optional one between the same two scopes. At the top level the optional and
        the required scope of one name are two scopes. What comes first stays first.

        :param scope_string: Scopes separated by spaces, for example ``"a[*b c[d]] e"``.
        :raises ScopeParseError: If the text does not follow the grammar.
        :raises ScopeCycleError: If a scope depends on itself.
        """
        return read(scope_string)

    @staticmethod
    def merge_scopes(scopes_a: Iterable[Scope], scopes_b: Iterable[Scope]) -> list[Scope]:
        """
        Merge two lists of scopes by the rules of ``parse``.

        :param scopes_a: Scopes, of which the order is kept.
        :param scopes_b: Scopes that come after them.
        :raises ScopeCycleError: If a scope would depend on itself.
        """
        scopes = [*scopes_a, *scopes_b]
        for kind in {*map(type, scopes)}:
            if not issubclass(kind, Scope):
                raise TypeError(f"scopes to merge must be Scopes, not {kind.__name__}")
        return merge(scopes, _assemble)

    @staticmethod
    def serialize(scopes: str | Scope | Iterable[str | Scope], *, reject_empty: bool = True) -> str:
        """
        Write scopes as one text, separated by spaces; strings are taken as they are.

        :param scopes: One scope, or an iterable of scopes; an iterable may hold others.
        :param reject_empty: Whether it is an error if there is nothing to write.
        :raises GlobusSDKUsageError: If there is nothing to write and that is an error.
        """
        if isinstance(scopes, str):
            text = scopes if scopes.strip() else ""
        else:
            text = " ".join(_written(scopes))
        if not text and reject_empty:
            from globus_core.exc import GlobusSDKUsageError

            raise GlobusSDKUsageError("at least one scope is needed, got none")
        return text


def _written(scopes: t.Any) -> Iterator[str]:
    """Yield the written form of every scope in a possibly nested iterable."""
    if isinstance(scopes, str):
        if scopes.strip():
            yield scopes
    elif isinstance(scopes, Scope):
        yield str(scopes)
    elif isinstance(scopes, (bytes, bytearray)) or not hasattr(scopes, "__iter__"):
        raise TypeError(f"a scope must be a str or a Scope, not {type(scopes).__name__}")
    else:
        for scope in scopes:
            yield from _written(scope)
