"""
Scopes as one graph over their names: a name has the same dependencies wherever it occurs.
"""

from __future__ import annotations

from ._errors import ScopeCycleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ._scope import Scope

    # makes a scope from a valid name, whether it is optional, and its dependencies
    Make = Callable[[str, bool, tuple[Scope, ...]], Scope]
    # written name with its star -> whether it is optional; one name may occur in both forms
    Roots = dict[str, bool]
    # name -> name of the dependency -> whether it is optional
    Graph = dict[str, dict[str, bool]]


def build(roots: Roots, graph: Graph, make: Make) -> list[Scope]:
    """
    Create the scopes of a graph, sharing every part that occurs twice.

    :param roots: The scopes at the top level.
    :param graph: Who depends on whom.
    :param make: Makes one scope.
    :raises ScopeCycleError: If a scope depends on itself.
    """
    dependencies = _dependencies(graph, make) if graph else {}
    scopes = []
    for written, optional in roots.items():
        name = written[1:] if optional else written
        scopes.append(make(name, optional, dependencies.get(name, ())))
    return scopes


def merge(scopes: list[Scope], make: Make) -> list[Scope]:
    """
    Merge scopes as if their written forms were one text.

    :param scopes: The scopes, in order; what comes first stays first.
    :param make: Makes one scope.
    :raises ScopeCycleError: If a scope would depend on itself.
    """
    simple = _merge_shallow(scopes)
    if simple is not None:
        return simple
    merged: dict[str, Scope] = {}
    for scope in scopes:
        merged.setdefault("*" + scope.scope_string if scope.optional else scope.scope_string, scope)
    nested = [scope for scope in scopes if scope.dependencies]
    if _agree(merged.values(), nested):
        return list(merged.values())
    roots = {written: scope.optional for written, scope in merged.items()}
    return build(roots, _collect(nested), make)


def _merge_shallow(scopes: list[Scope]) -> list[Scope] | None:
    """Merge scopes that nest one level at most and agree on it; None for all others."""
    merged: dict[str, Scope] = {}
    known: dict[str, tuple[Scope, ...]] = {}
    below: set[str] = set()
    again = 0
    for scope in scopes:
        name = scope.scope_string
        merged.setdefault("*" + name if scope.optional else name, scope)
        dependencies = scope.dependencies
        if not dependencies:
            continue
        first = known.setdefault(name, dependencies)
        if first is not dependencies:
            if first != dependencies:
                return None
            again += 1
            continue  # equal dependencies were checked already
        if len(dependencies) > 1 and _repeat_a_name(dependencies):
            return None
        for dependency in dependencies:
            if dependency.dependencies:
                return None
            below.add(dependency.scope_string)
    if not known.keys().isdisjoint(below):
        return None
    if known and len(known) + again < len(scopes) and not known.keys().isdisjoint(_bare(scopes)):
        return None
    return list(merged.values())


def _bare(scopes: list[Scope]) -> set[str]:
    return {scope.scope_string for scope in scopes if not scope.dependencies}


def _agree(roots: Iterable[Scope], nested: list[Scope]) -> bool:
    """
    Whether each name has the same dependencies wherever it occurs, so that there is nothing to
    merge.

    Then there is no cycle either: the name would have dependencies in one place and none in the
    innermost.
    """
    known: dict[str, tuple[Scope, ...]] = {}
    for scope in roots:
        if known.setdefault(scope.scope_string, scope.dependencies) is not scope.dependencies:
            return False
    pending = nested[:]
    while pending:
        scope = pending.pop()
        dependencies = scope.dependencies
        if known[scope.scope_string] is not dependencies or _repeat_a_name(dependencies):
            return False
        for dependency in dependencies:
            name, below = dependency.scope_string, dependency.dependencies
            if name not in known:
                known[name] = below
                if below:
                    pending.append(dependency)
            elif known[name] is not below:
                return False
    return True


def _repeat_a_name(scopes: tuple[Scope, ...]) -> bool:
    return len(scopes) > 1 and len({scope.scope_string for scope in scopes}) < len(scopes)


def _collect(scopes: list[Scope]) -> Graph:
    """Collect every dependency at and below some scopes; a shared part is visited once."""
    graph: Graph = {}
    seen: set[int] = set()
    pending = scopes[::-1]
    while pending:
        scope = pending.pop()
        if id(scope) in seen:
            continue
        seen.add(id(scope))
        level = graph.setdefault(scope.scope_string, {})
        for dependency in scope.dependencies:
            name = dependency.scope_string
            level[name] = dependency.optional and level.get(name, True)
        pending.extend([below for below in reversed(scope.dependencies) if below.dependencies])
    return graph


def _dependencies(graph: Graph, make: Make) -> dict[str, tuple[Scope, ...]]:
    """Make every name's dependencies, leaves first, without recursing."""
    made: dict[str, tuple[Scope, ...]] = {}
    # each name is begun when it is first met and made when all below it is; a name that is
    # met again in between depends on itself
    begun: dict[str, None] = {}
    shared: dict[tuple[str, bool], Scope] = {}
    pending = list(graph)
    while pending:
        name = pending.pop()
        if name in made:
            continue
        scopes = []
        for edge in graph[name].items():
            scope = shared.get(edge)
            if scope is None:
                below, optional = edge
                dependencies = made.get(below, ())
                if not dependencies and below in graph:
                    break
                scope = shared[edge] = make(below, optional, dependencies)
            scopes.append(scope)
        else:
            made[name] = tuple(scopes)
            if begun:
                begun.pop(name, None)
            continue
        begun[name] = None
        missing = [below for below in graph[name] if below in graph and below not in made]
        for below in missing:
            if below in begun:
                raise _cycle(list(begun), below)
        pending += (name, *missing)
    return made


def _cycle(path: list[str], name: str) -> ScopeCycleError:
    circle = [*path[path.index(name) :], name]
    if len(circle) > 6:
        circle[3:-2] = ["..."]
    drawing = " -> ".join([_clip(step) for step in circle])
    return ScopeCycleError(f"scope {_clip(name)!r} depends on itself: {drawing}")


def _clip(name: str) -> str:
    return name if len(name) <= 100 else name[:97] + "..."
