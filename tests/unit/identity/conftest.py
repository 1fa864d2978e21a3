from __future__ import annotations

import threading
import types
import typing as t

import pytest

from globus_core import hookimpl
from globus_core.plugins import PluginManager, set_plugin_manager

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    AddPlugin = Callable[..., None]


def identity_id(number: int) -> str:
    return f"5a9db0c1-0000-4000-8000-{number:012d}"


def username(number: int) -> str:
    return f"user{number:05d}@example.org"


def document(number: int, **fields: t.Any) -> dict[str, t.Any]:
    person = {"id": identity_id(number), "username": username(number), "status": "used"}
    return {**person, "name": f"User {number}", "email": None, **fields}


class FakeAuth:
    """An Auth client in memory that knows people 0 to 9999 and notes what it is asked."""

    base_url = "https://auth.example.org/"

    def __init__(self, people: int = 10_000) -> None:
        everybody = [document(number) for number in range(people)]
        self.by_id = {person["id"]: person for person in everybody}
        self.by_name = {person["username"]: person for person in everybody}
        self.requests: list[list[str]] = []
        self.kinds: list[str] = []
        self.errors: list[Exception] = []
        self.answer: Callable[[list[str]], t.Any] | None = None
        self.gate: threading.Event | None = None
        self.entered = threading.Event()

    def get_identities(
        self, *, usernames: list[str] | None = None, ids: list[str] | None = None
    ) -> t.Any:
        assert (usernames is None) != (ids is None)
        asked = (usernames if ids is None else ids) or []
        table = self.by_name if ids is None else self.by_id
        self.requests.append(list(asked))
        self.kinds.append("usernames" if ids is None else "ids")
        self.entered.set()
        if self.gate is not None:
            assert self.gate.wait(20)
        if self.errors:
            raise self.errors.pop(0)
        if self.answer is not None:
            return self.answer(asked)
        return [dict(table[key]) for key in asked if key in table]

    @property
    def count(self) -> int:
        return len(self.requests)


@pytest.fixture
def auth() -> FakeAuth:
    return FakeAuth()


@pytest.fixture(autouse=True)
def plugins() -> Iterator[PluginManager]:
    """A plugin manager of the test's own, with the identity plugin alone in it."""
    import globus_core_identity.hooks

    manager = PluginManager(None)
    manager.register(globus_core_identity.hooks, "identity")
    previous = set_plugin_manager(manager)
    yield manager
    set_plugin_manager(previous)


@pytest.fixture
def add_plugin(plugins: PluginManager) -> AddPlugin:
    """Registers functions as the hooks of an institution's plugin."""

    def add(name: str, *, first: bool = False, **hooks: Callable[..., t.Any]) -> None:
        mark = hookimpl(tryfirst=first)
        marked = {hook: mark(function) for hook, function in hooks.items()}
        plugins.register(types.SimpleNamespace(**marked), name)

    return add


@pytest.fixture
def people() -> t.Any:
    """Makers of ids, usernames and documents of the people that the fake client knows."""
    return types.SimpleNamespace(id=identity_id, username=username, document=document)
