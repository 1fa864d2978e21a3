"""
Texts whose scopes nest one level at most, as nearly all do: they are read without a graph.
"""

from __future__ import annotations

import re

from ._scope import _assemble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._scope import Scope

# star, name, what is in the brackets; the last group takes what a shallow text does not have
_NAME = r"[^][* ]+"
_SCOPE = re.compile(rf"(\*?)({_NAME})(?:\[(\*?{_NAME}(?: \*?{_NAME})*)\](?![^ ]))?(?![*[])|([^ ])")


def read(text: str) -> list[Scope] | None:
    """
    Read scopes that nest one level at most and have nothing to merge.

    :param text: The scopes, separated by spaces.
    :return: None if it takes the graph to read the text, or to say what is wrong with it.
    """
    scopes = []
    names = set()
    nested = []
    leaves: dict[str, Scope] = {}
    for star, name, inner, other in _SCOPE.findall(text):
        if other:
            return None
        names.add(name)
        if not inner:
            scopes.append(_assemble(name, star == "*", ()))
            continue
        nested.append(name)
        below = []
        for written in inner.split(" "):
            leaf = leaves.get(written)
            if leaf is None:
                leaf = leaves[written] = _assemble(written.lstrip("*"), written[0] == "*", ())
            below.append(leaf)
        if len(below) > 1 and len({leaf.scope_string for leaf in below}) < len(below):
            return None
        scopes.append(_assemble(name, star == "*", tuple(below)))
    if len(names) < len(scopes):
        return None
    for name in nested:
        if name in leaves or "*" + name in leaves:
            return None
    return scopes
