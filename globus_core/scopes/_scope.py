"""
The class Scope: one scope with its dependencies; its written form is read in :mod:`._grammar`.
"""

from __future__ import annotations

from globus_core.printable import safe_repr

from ._writing import describe, flatten, leaves_first, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from collections.abc import Iterable

_SPECIAL_CHARACTERS = "[]* "


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
        scopes = read(scope_string)
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
        return write(self)

    @safe_repr
    def __repr__(self) -> str:
        return describe(self)

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
        return _restore, (flatten(self),)


# the only ways to set a scope's fields
_set_scope_string = Scope.__dict__["scope_string"].__set__
_set_optional = Scope.__dict__["optional"].__set__
_set_dependencies = Scope.__dict__["dependencies"].__set__
_set_hash = Scope.__dict__["_hash"].__set__
_new = object.__new__


def _assemble(scope_string: str, optional: bool, dependencies: tuple[Scope, ...]) -> Scope:
    """Make a scope from valid parts."""
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


def read(text: str) -> list[Scope]:
    """
    Read the written form of any number of scopes, as ``ScopeParser.parse`` describes it.

    :param text: Scopes separated by spaces.
    :raises TypeError: If it is not a string.
    """
    if not isinstance(text, str):
        raise TypeError(f"scopes to parse must be a str, not {type(text).__name__}")
    text = text.strip()
    if "[" in text or "]" in text or "*" in text:
        return _read_signs(text)
    return [_assemble(name, False, ()) for name in dict.fromkeys(filter(None, text.split(" ")))]


def _read_signs(text: str) -> list[Scope]:
    """Read a text with brackets or stars; the patterns are loaded with the first such text."""
    global _read_signs
    from ._grammar import read

    def _read_signs(text: str) -> list[Scope]:
        return read(text, _assemble)

    return _read_signs(text)


# no recursion here either, see _writing


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
    for scope in leaves_first(root, lambda scope: hasattr(scope, "_hash")):
        _set_hash(scope, hash((scope.scope_string, scope.optional, scope.dependencies)))


def _restore(nodes: list[tuple[str, bool, tuple[int, ...]]]) -> Scope:
    """Undo ``flatten``."""
    scopes: list[Scope] = []
    for name, optional, below in nodes:
        scopes.append(Scope(name, optional, [scopes[place] for place in below]))
    return scopes[-1]
