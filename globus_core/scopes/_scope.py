from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from collections.abc import Iterable

_SPECIAL_CHARACTERS = "[]* "
_LONGEST_REPR = 32
_MOST_PARTS = 2_000


class Scope:
    """
    One OAuth2 scope as Globus Auth understands it, with the scopes it depends on.

    Scopes never change after they are made, so they can be shared between threads, used as
    dictionary keys and be part of several other scopes at once. Two scopes are equal when
    their strings, their optional flags and their dependencies, in order, are equal.

    :param scope_string: The name of the scope, without dependencies; to read the written
        form with brackets and stars use ``Scope.parse``.
    :param optional: Whether a person may decline this scope, and later revoke it, alone.
    :param dependencies: The scopes that this one needs in other services, in order.
    :raises GlobusSDKUsageError: If the name is empty or contains one of ``[``, ``]``, ``*``,
        space; it is a ``ValueError``.
    """

    # slots that type checkers know not to assign to
    if TYPE_CHECKING:
        _hash: int

        @property
        def scope_string(self) -> str: ...

        @property
        def optional(self) -> bool: ...

        @property
        def dependencies(self) -> tuple[Scope, ...]: ...

    else:
        __slots__ = ("_hash", "dependencies", "optional", "scope_string")

    def __init__(
        self,
        scope_string: str,
        optional: bool = False,
        dependencies: Iterable[Scope] = (),
    ) -> None:
        _check_name(scope_string)
        _set_scope_string(self, scope_string)
        _set_optional(self, bool(optional))
        _set_dependencies(self, _checked(dependencies) if dependencies else ())

    @classmethod
    def parse(cls, scope_string: str) -> Scope:
        """
        Read the written form of exactly one scope.

        :param scope_string: For example ``"a[*b c[d]]"``.
        :raises ScopeParseError: If the text is not a scope string.
        :raises GlobusSDKUsageError: If the text holds no scope or more than one; it is a
            ``ValueError``.
        """
        from ._parser import ScopeParser

        scopes = ScopeParser.parse(scope_string)
        if len(scopes) != 1:
            raise _misuse(
                f"expected exactly one scope but found {len(scopes)} in {_excerpt(scope_string)}, "
                "use ScopeParser.parse for several"
            )
        return scopes[0]

    def with_dependency(self, other_scope: Scope) -> Scope:
        """
        Make a copy of this scope with one more dependency at the end.

        :param other_scope: The scope to depend on.
        :raises TypeError: If it is not a ``Scope``.
        """
        return _assemble(self.scope_string, self.optional, (*self.dependencies, _one(other_scope)))

    def with_dependencies(self, other_scopes: Iterable[Scope]) -> Scope:
        """
        Make a copy of this scope with more dependencies at the end.

        :param other_scopes: The scopes to depend on, in order.
        :raises TypeError: If one of them is not a ``Scope``.
        """
        added = _checked(other_scopes)
        return _assemble(self.scope_string, self.optional, self.dependencies + added)

    def with_optional(self, optional: bool) -> Scope:
        """
        Make a copy of this scope that is optional, or is not.

        :param optional: Whether a person may decline the copy alone.
        """
        return _assemble(self.scope_string, bool(optional), self.dependencies)

    def __str__(self) -> str:
        if not self.dependencies:
            return "*" + self.scope_string if self.optional else self.scope_string
        return _write(self)

    def __repr__(self) -> str:
        return _describe(self)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Scope):
            return NotImplemented
        if self.scope_string != other.scope_string or self.optional != other.optional:
            return False
        if self.dependencies is other.dependencies:
            return True
        return _same_dependencies(self, other)

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            _remember_hash(self)
            return self._hash

    def __setattr__(self, name: str, value: object) -> t.NoReturn:
        raise AttributeError(f"a scope cannot be changed, make a new one to set {name!r}")

    def __delattr__(self, name: str) -> t.NoReturn:
        raise AttributeError(f"a scope cannot be changed, make a new one without {name!r}")

    def __copy__(self) -> Scope:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Scope:
        return self

    def __reduce__(self) -> tuple[t.Any, ...]:
        return _restore, (_flatten(self),)


# the only doors through which a scope's fields are written
_set_scope_string = Scope.__dict__["scope_string"].__set__
_set_optional = Scope.__dict__["optional"].__set__
_set_dependencies = Scope.__dict__["dependencies"].__set__
_set_hash = Scope.__dict__["_hash"].__set__
_new = object.__new__


def _assemble(scope_string: str, optional: bool, dependencies: tuple[Scope, ...]) -> Scope:
    """Make a scope of parts that are known to be good."""
    scope = _new(Scope)
    _set_scope_string(scope, scope_string)
    _set_optional(scope, optional)
    _set_dependencies(scope, dependencies)
    return scope


def _check_name(name: str) -> None:
    if not isinstance(name, str):
        raise TypeError(f"a scope string must be a str, not {type(name).__name__}")
    if not name:
        raise _misuse("a scope string must not be empty")
    if " " in name or "[" in name or "]" in name or "*" in name:
        raise _misuse(
            f"a scope string must not contain any of {_SPECIAL_CHARACTERS!r}, got "
            f"{_excerpt(name)}, use Scope.parse to read the written form"
        )


def _misuse(message: str) -> ValueError:
    from globus_core.exc import GlobusSDKUsageError

    return GlobusSDKUsageError(message)


def _one(scope: Scope) -> Scope:
    if not isinstance(scope, Scope):
        raise TypeError(f"a dependency must be a Scope, not {type(scope).__name__}")
    return scope


def _checked(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    if isinstance(scopes, (str, bytes, Scope)):
        raise TypeError(f"dependencies must be several Scopes, not one {type(scopes).__name__}")
    return tuple([_one(scope) for scope in scopes])


def _excerpt(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")


# Scopes can come from a server's answer: they may nest deeply and share their parts. So what
# follows keeps its own stack instead of recursing, and visits what is shared once.


def _write(root: Scope) -> str:
    """
    Give the written form with brackets.

    What is shared is written wherever it stands, as services expect it. Where that would not
    end, in a text that no URL could hold either, it is written where it first stands and named
    from then on, which reads the same: dependencies belong to the name.
    """
    return _write_out(root, None) or _write_out(root, set()) or ""


def _write_out(root: Scope, seen: set[tuple[str, int]] | None) -> str | None:
    """Write each dependency out, or if there is a set of those seen, once; None if too long."""
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


def _describe(root: Scope) -> str:
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


def _look_alike(one: Scope, other: Scope) -> bool:
    """Whether two scopes agree in all but what their dependencies are."""
    return (
        one.scope_string == other.scope_string
        and one.optional == other.optional
        and len(one.dependencies) == len(other.dependencies)
    )


def _same_dependencies(one: Scope, other: Scope) -> bool:
    """Compare all that is below two scopes which look alike."""
    if len(one.dependencies) != len(other.dependencies) or hash(one) != hash(other):
        return False
    compared: set[tuple[int, int]] = set()
    pending = list(zip(one.dependencies, other.dependencies, strict=True))
    while pending:
        mine, theirs = pending.pop()
        if mine is theirs or (pair := (id(mine), id(theirs))) in compared:
            continue
        if not _look_alike(mine, theirs):
            return False
        compared.add(pair)
        pending.extend(zip(mine.dependencies, theirs.dependencies, strict=True))
    return True


def _remember_hash(root: Scope) -> None:
    """Hash from the leaves upwards."""
    for scope in _leaves_first(root, lambda scope: hasattr(scope, "_hash")):
        _set_hash(scope, hash((scope.scope_string, scope.optional, scope.dependencies)))


def _leaves_first(root: Scope, done: t.Callable[[Scope], bool]) -> Iterable[Scope]:
    """Yield what is below a scope, and at last the scope; ``done`` must tell what was yielded."""
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


def _flatten(root: Scope) -> list[tuple[str, bool, tuple[int, ...]]]:
    """List a scope and all below it, leaves first, dependencies as places in the list."""
    places: dict[int, int] = {}
    nodes: list[tuple[str, bool, tuple[int, ...]]] = []
    for scope in _leaves_first(root, lambda scope: id(scope) in places):
        below = tuple([places[id(dependency)] for dependency in scope.dependencies])
        places[id(scope)] = len(nodes)
        nodes.append((scope.scope_string, scope.optional, below))
    return nodes


def _restore(nodes: list[tuple[str, bool, tuple[int, ...]]]) -> Scope:
    """Undo ``_flatten``."""
    scopes: list[Scope] = []
    for name, optional, below in nodes:
        scopes.append(Scope(name, optional, [scopes[place] for place in below]))
    return scopes[-1]
