"""
The known scopes of one resource server, as attributes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from globus_core.printable import safe_repr

from ._scope import Scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid
    from collections.abc import Iterator


class ScopeCollection(ABC):
    """
    The known scopes of one resource server, as attributes; iterate to get them all.
    """

    @property
    @abstractmethod
    def resource_server(self) -> str:
        """
        The name by which Globus Auth knows the service that these scopes are for.
        """

    @abstractmethod
    def __iter__(self) -> Iterator[Scope]: ...

    @safe_repr
    def __repr__(self) -> str:
        return f"<{type(self).__name__.lstrip('_')} of {self.resource_server!r}>"


class StaticScopeCollection(ScopeCollection):
    """
    The scopes of a service whose resource server is fixed.

    A subclass sets ``resource_server`` and a ``Scope`` for each attribute; programs use its
    one instance.
    """

    # a plain attribute is what subclasses write, and readers see no difference
    resource_server: str  # pyright: ignore[reportIncompatibleMethodOverride]

    def __iter__(self) -> Iterator[Scope]:
        for name in _scope_attributes(type(self)):
            yield getattr(self, name)


class DynamicScopeCollection(ScopeCollection):
    """
    The scopes of one of many services of a kind, each with its own resource server.

    A subclass lists its attributes in ``_scope_names`` if they are properties.

    :param resource_server: The id by which Globus Auth knows the service.
    """

    _scope_names: tuple[str, ...] = ()

    def __init__(self, resource_server: uuid.UUID | str) -> None:
        from globus_core.arguments import check_id

        check_id(resource_server, "resource_server")
        self._resource_server = str(resource_server)

    @property
    def resource_server(self) -> str:
        """
        The id by which Globus Auth knows the service that these scopes are for.
        """
        return self._resource_server

    def __iter__(self) -> Iterator[Scope]:
        for name in self._scope_names or _scope_attributes(type(self)):
            yield getattr(self, name)


class _KnownScope:
    """A scope that is made when its attribute is first read, and then kept by the instance."""

    def __init__(self, write: t.Callable[[t.Any, str], str]) -> None:
        self._write = write

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type) -> Scope:
        if instance is None and not issubclass(owner, StaticScopeCollection):
            raise AttributeError(f"{self._name!r} needs an instance of {owner.__name__}")
        scope = Scope(self._write(owner if instance is None else instance, self._name))
        if instance is not None:
            instance.__dict__[self._name] = scope
        return scope


def _scope_attributes(owner: type) -> list[str]:
    """Name the scopes among a class's attributes, inherited ones first, as they were written."""
    names: dict[str, None] = {}
    for base in reversed(owner.__mro__):
        for name, value in vars(base).items():
            if isinstance(value, (Scope, _KnownScope)):
                names[name] = None
    return list(names)
