"""
How scopes are written: in the form that services read, for people, and for pickles.

Scopes can come from a server's answer: they may nest deeply and share their parts. So the
functions here use a stack instead of recursion, and visit shared parts once.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ._scope import Scope

_LONGEST_REPR = 32
_MOST_PARTS = 2_000


def write(root: Scope) -> str:
    """
    Give the written form with brackets.

    Shared parts are written out wherever they occur, as services expect. Where the text would
    then be too long for any URL, they are written out once and named from then on, which reads
    the same, as dependencies belong to the name.
    """
    return _write_out(root, None) or _write_out(root, set()) or ""


def _write_out(root: Scope, seen: set[tuple[str, int]] | None) -> str | None:
    """Write each dependency out, or only once if ``seen`` is given; None if it gets too long."""
    parts: list[str] = []
    pending: list[Scope | str] = [root]
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            parts.append(part)
            continue
        parts.append("*" + part.scope_string if part.optional else part.scope_string)
        dependencies = part.dependencies
        if not dependencies:
            continue
        if seen is not None:
            key = (part.scope_string, id(dependencies))
            if key in seen:
                continue
            seen.add(key)
        elif len(parts) > _MOST_PARTS:
            return None
        parts.append("[")
        pending.append("]")
        for dependency in reversed(dependencies):
            pending += (dependency, " ")
        pending.pop()
    return "".join(parts)


def describe(root: Scope) -> str:
    """Give the constructor call, shortened after some thirty scopes."""
    parts: list[str] = []
    pending: list[Scope | str] = [root]
    described = 0
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            parts.append(part)
        elif described == _LONGEST_REPR:
            parts.append("...")
        else:
            described += 1
            parts.append(f"Scope({part.scope_string!r}" + ", optional=True" * part.optional)
            pending.append(")")
            if part.dependencies:
                parts.append(", dependencies=(")
                pending.append(",)" if len(part.dependencies) == 1 else ")")
                shown = part.dependencies[: _LONGEST_REPR + 1 - described]
                for dependency in reversed(shown):
                    pending += (dependency, ", ")
                pending.pop()
    return "".join(parts)


def leaves_first(root: Scope, done: Callable[[Scope], bool]) -> Iterable[Scope]:
    """Yield all below a scope, then the scope; ``done`` says whether one was yielded before."""
    pending = [root]
    while pending:
        scope = pending[-1]
        missing = [dependency for dependency in scope.dependencies if not done(dependency)]
        if missing:
            pending.extend(missing)
            continue
        pending.pop()
        if not done(scope):
            yield scope


def flatten(root: Scope) -> list[tuple[str, bool, tuple[int, ...]]]:
    """List a scope and all below it, leaves first, dependencies as places in the list."""
    places: dict[int, int] = {}
    nodes: list[tuple[str, bool, tuple[int, ...]]] = []
    for scope in leaves_first(root, lambda scope: id(scope) in places):
        below = tuple([places[id(dependency)] for dependency in scope.dependencies])
        places[id(scope)] = len(nodes)
        nodes.append((scope.scope_string, scope.optional, below))
    return nodes
