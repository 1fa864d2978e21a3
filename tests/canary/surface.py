"""
The public surface, and which of it was used while the tests looked on.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import threading
import types
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = "globus_core"


def public_names() -> dict[str, t.Any]:
    """
    Every public class and function of ``globus_core``, and their public methods, by name.
    """
    found: dict[str, t.Any] = {}
    known: set[int] = set()
    for module in _modules(importlib.import_module(ROOT), set()):
        for name in dir(module):
            thing = getattr(module, name)
            if name.startswith("_") or not callable(thing) or id(thing) in known:
                continue
            if not str(getattr(thing, "__module__", "")).startswith(ROOT):
                continue
            if getattr(thing, "_is_protocol", False):  # a shape, which does nothing
                continue
            known.add(id(thing))
            path = f"{module.__name__}.{name}"
            found[path] = thing
            if isinstance(thing, type):
                found |= {f"{path}.{member}": code for member, code in _members(thing)}
    return found


def _modules(module: types.ModuleType, seen: set[str]) -> Iterator[types.ModuleType]:
    seen.add(module.__name__)
    yield module
    for name in dir(module):
        inner = getattr(module, name)
        is_ours = isinstance(inner, types.ModuleType) and inner.__name__.startswith(f"{ROOT}.")
        if is_ours and not name.startswith("_") and inner.__name__ not in seen:
            yield from _modules(inner, seen)


def _members(thing: type) -> Iterator[tuple[str, t.Any]]:
    """The methods and properties that a class defines, or has from a private base."""
    seen: set[str] = set()
    for owner in thing.__mro__:
        if owner is not thing and not owner.__module__.rpartition(".")[2].startswith("_"):
            return
        for name, value in vars(owner).items():
            if name in seen or name.startswith("_"):
                continue
            seen.add(name)
            if (code := _code(value)) is not None:
                yield name, code


def _code(value: t.Any) -> types.CodeType | None:
    inner = getattr(value, "__func__", None) or getattr(value, "fget", None) or value
    code = getattr(getattr(inner, "__wrapped__", inner), "__code__", None)
    return code if isinstance(code, types.CodeType) else None


@contextlib.contextmanager
def noting() -> Iterator[set[types.CodeType]]:
    """
    Note which functions are called in the block, in all threads that start in it.
    """
    called: set[types.CodeType] = set()

    def note(frame: types.FrameType, event: str, argument: object) -> None:
        called.add(frame.f_code)

    before = sys.gettrace()
    threading.settrace(note)
    sys.settrace(note)
    try:
        yield called
    finally:
        sys.settrace(before)
        threading.settrace(t.cast("t.Any", before))


def unused(called: set[types.CodeType], kinds: set[type]) -> list[str]:
    """
    The public names that were not used.

    :param called: what was called
    :param kinds: classes of which an object was seen
    """
    names = public_names()
    return sorted(name for name, thing in names.items() if not _used(thing, called, kinds))


def _used(thing: t.Any, called: set[types.CodeType], kinds: set[type]) -> bool:
    if isinstance(thing, types.CodeType):
        return thing in called
    if not isinstance(thing, type):
        return _code(thing) in called
    own = {code for value in vars(thing).values() if (code := _code(value)) is not None}
    return thing in kinds or bool(own & called)
