"""
Which tests have threads: those whose code, or code of their module that they use, starts some.
"""

from __future__ import annotations

import inspect
import types
import typing as t

_STARTS_THREADS = {"Thread", "ThreadPoolExecutor", "in_threads", "Barrier"}


def has_threads(test: t.Callable[..., object]) -> bool:
    """
    Whether a test starts threads, by itself or through functions and classes of its module.

    :param test: its function
    """
    module = inspect.getmodule(test)
    pending, seen = [test.__name__], {test.__name__}
    known = {} if module is None else {**vars(module), test.__name__: test}
    while pending:
        names = _names(known[pending.pop()])
        if names & _STARTS_THREADS:
            return True
        own = {name for name in names - seen if _is_of(known.get(name), module)}
        pending.extend(own)
        seen |= own
    return False


def _is_of(thing: object, module: types.ModuleType | None) -> bool:
    return inspect.isroutine(thing) or (
        inspect.isclass(thing) and inspect.getmodule(thing) is module
    )


def _names(thing: object) -> set[str]:
    """The names that a function or the methods of a class use."""
    if inspect.isclass(thing):
        return set().union(*map(_names, vars(thing).values()))
    code = getattr(inspect.unwrap(thing), "__code__", None) if callable(thing) else None
    return set() if code is None else _names_in(code)


def _names_in(code: types.CodeType) -> set[str]:
    inner = [const for const in code.co_consts if isinstance(const, types.CodeType)]
    return set(code.co_names).union(code.co_varnames, *map(_names_in, inner))
