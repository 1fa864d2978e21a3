"""
How scopes are read: ``scope := ["*"] name ["[" scopes "]"]``, separated by spaces.

What is read becomes whatever ``make(name, optional, dependencies)`` gives.
"""

from __future__ import annotations

import re

from ._errors import ScopeParseError
from ._graph import build

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._graph import Graph, Make, Roots
    from ._scope import Scope

# Star, name, what is in the brackets. The last group matches all else: scopes that nest
# more than one level, and errors.
_NAME = r"[^][* ]+"
_SHALLOW = re.compile(
    rf"(\*?)({_NAME})(?:\[(\*?{_NAME}(?: \*?{_NAME})*)\](?![^ ]))?(?![*[])|([^ ])"
)

# A whole scope up to its opening bracket, or a closing bracket; spaces are passed over. What
# fits neither is found as a lone "[" or "*", or as a "]" together with what must not follow it.
_PIECE = re.compile(r"\*?[^][* ]+\[?|\][^] ]?|[\[*]")

_WRONG_START = {
    "[": "found '[' without a scope directly before it",
    "*": "found '*' without a scope directly after it",
    "]": "']' must be followed by a space or ']'",
}


def read(text: str, make: Make) -> list[Scope]:
    """
    Read a text of scopes, nested or not.

    :param text: The scopes, separated by spaces; blank text gives nothing.
    :param make: Makes a scope from a valid name, whether it is optional, and its dependencies.
    :raises ScopeParseError: If the text does not follow the grammar.
    :raises ScopeCycleError: If a scope depends on itself.
    """
    # nearly all texts are shallow, and need no graph
    scopes = _read_shallow(text, make)
    return build(*read_graph(text), make) if scopes is None else scopes


def _read_shallow(text: str, make: Make) -> list[Scope] | None:
    """Read scopes that nest one level at most and have nothing to merge; None for all others."""
    scopes = []
    names = set()
    nested = []
    leaves: dict[str, Scope] = {}
    for star, name, inner, other in _SHALLOW.findall(text):
        if other:
            return None
        names.add(name)
        if not inner:
            scopes.append(make(name, star == "*", ()))
            continue
        nested.append(name)
        below = []
        for written in inner.split(" "):
            leaf = leaves.get(written)
            if leaf is None:
                leaf = leaves[written] = make(written.lstrip("*"), written[0] == "*", ())
            below.append(leaf)
        if len(below) > 1 and len({leaf.scope_string for leaf in below}) < len(below):
            return None
        scopes.append(make(name, star == "*", tuple(below)))
    if len(names) < len(scopes):
        return None
    for name in nested:
        if name in leaves or "*" + name in leaves:
            return None
    return scopes


def read_graph(text: str) -> tuple[Roots, Graph]:
    """
    Read the written form into the scopes at the top level and the graph of dependencies.

    :param text: The scopes, separated by spaces; blank text gives nothing.
    :raises ScopeParseError: If the text does not follow the grammar.
    """
    roots: Roots = {}
    graph: Graph = {}
    level = roots
    outer: list[Roots] = []
    opened = False
    for piece in _PIECE.findall(text):
        if piece == "]":
            if opened or not outer:
                raise _error(text)
            level = outer.pop()
            continue
        if piece[0] in "[]":
            raise _error(text)
        opened = piece[-1] == "["
        written = piece[:-1] if opened else piece
        optional = written[0] == "*"
        name = written[1:] if optional else written
        if not name:
            raise _error(text)
        if outer:
            # between the same two scopes a required dependency beats an optional one
            level[name] = optional and level.get(name, True)
        else:
            roots[written] = optional
        if opened:
            outer.append(level)
            level = graph.setdefault(name, {})
    if outer:
        raise _error(text)
    return roots, graph


def _error(text: str) -> ScopeParseError:
    """Read an invalid text again, slowly, to say where and why it is invalid."""
    opened_at: list[int] = []
    piece = ""
    for match in _PIECE.finditer(text):
        before, piece, position = piece, match.group(), match.start()
        if piece == "]" and before[-1:] == "[":
            return _error_at(text, position, "found empty brackets")
        if piece[0] == "]" and not opened_at:
            return _error_at(text, position, "found ']' without a '[' before it")
        if piece == "]":
            opened_at.pop()
        elif piece[0] in "[]" or piece == "*":
            return _error_at(text, position, _WRONG_START[piece[0]])
        elif piece[-1] == "[":
            opened_at.append(match.end() - 1)
    return _error_at(text, opened_at[-1], "found '[' without a ']' after it")


def _error_at(text: str, position: int, reason: str) -> ScopeParseError:
    start = max(0, position - 30)
    excerpt = text[start : position + 30]
    return ScopeParseError(f"{reason} at position {position} of the scopes, near {excerpt!r}")
