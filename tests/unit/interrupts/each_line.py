"""
Interrupts an operation at each of its lines in turn.

A signal handler runs between two instructions, so a trace function that raises at a line stands
for a Ctrl-C there. Two kinds of lines are left out, since no handler runs there. The tracer also
reports a ``with`` line when its block has ended, before the call of ``__exit__``, and a ``try``
that does nothing itself, which the compiler leaves out of the blocks around it. From Python 3.12
comprehensions are left out too: an error that a trace function raises there passes by a ``with``,
even one of a plain lock.
"""

from __future__ import annotations

import dis
import gc
import os
import sys
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

import globus_core
import globus_core_storage
from globus_core import waiting

if t.TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

_OURS = tuple(
    os.path.join(os.path.dirname(folder), "globus_core")
    for folder in (
        os.path.dirname(globus_core.__file__),
        os.path.dirname(globus_core_storage.__file__),
    )
)
_LEAVING = {"POP_BLOCK", "LOAD_CONST", "SWAP", "ROT_TWO", "PUSH_EXC_INFO", "WITH_EXCEPT_START"}
_INLINE = "LOAD_FAST_AND_CLEAR" in dis.opmap  # from Python 3.12
_THREAD_SECONDS = 5.0


class Case(t.NamedTuple):
    """An operation, and what must be possible at once after it."""

    do: Callable[[], object]
    #: raises if another process would have to wait
    check: Callable[[], object] = lambda: None


class Impatient(waiting.Waiter):
    """Raises instead of waiting for a lock."""

    def acquire(self, lock: waiting.Lock, seconds: float | None) -> bool:
        raise AssertionError("a lock is still held")

    def wait(self, waitable: waiting.Waitable, seconds: float | None) -> bool:
        raise AssertionError("something is still awaited")


class Interrupt:
    """
    Raises KeyboardInterrupt at one line.

    :param at: the number of the line event, from 1
    """

    def __init__(self, at: int) -> None:
        self._left = at
        self.where = ""

    def run(self, do: Callable[[], object]) -> bool:
        """Run a function, and return whether it was interrupted."""
        before, hook = sys.gettrace(), sys.unraisablehook
        gc.disable()  # which would end an earlier operation's objects in the middle of this one
        sys.unraisablehook = lambda unraisable: None  # an interrupt in a __del__
        sys.settrace(self._call)
        try:
            do()
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(before)
            sys.unraisablehook = hook
            gc.enable()
        return bool(self.where)

    def _call(self, frame: FrameType, event: str, arg: object) -> t.Any:
        if self.where or not frame.f_code.co_filename.startswith(_OURS):
            return None
        return self._line

    def _line(self, frame: FrameType, event: str, arg: object) -> t.Any:
        if event != "line" or self.where or _is_no_point(frame.f_code, frame.f_lasti):
            return self._line
        self._left -= 1
        if not self._left:
            name = os.path.basename(frame.f_code.co_filename)
            self.where = f"{name}:{frame.f_lineno} {frame.f_code.co_name}"
            raise KeyboardInterrupt
        return self._line


_no_points: dict[CodeType, set[int]] = {}


def _is_no_point(code: CodeType, offset: int) -> bool:
    if code not in _no_points:
        lines = [*dis.get_instructions(code)]
        starts = dict(dis.findlinestarts(code))
        entered = set()
        line = None
        exits = set()
        for instruction in lines:
            line = starts.get(instruction.offset, line)
            if instruction.opname in ("BEFORE_WITH", "SETUP_WITH", "LOAD_SPECIAL"):
                entered.add(line)
            if instruction.opname in ("PUSH_EXC_INFO", "WITH_EXCEPT_START"):
                exits.add(instruction.offset)
        for start, line in starts.items():
            name = next(one.opname for one in lines if one.offset == start)
            if name == "NOP" or (line in entered and name in _LEAVING):
                exits.add(start)
        _no_points[code] = exits | _comprehensions(code, lines)
    return offset in _no_points[code]


def _comprehensions(code: CodeType, lines: list[dis.Instruction]) -> set[int]:
    """The instructions of comprehensions that have no code object of their own."""
    if not _INLINE:
        return set()
    swaps = {one.offset for one in lines if one.opname == "SWAP"}
    entries: t.Any = getattr(dis.Bytecode(code), "exception_entries", ())
    inside = [(entry.start, entry.end) for entry in entries if entry.target in swaps]
    return {one.offset for one in lines for start, end in inside if start <= one.offset < end}


def survey(make: Callable[[], Case]) -> tuple[int, list[str]]:
    """
    Interrupt an operation at each line, and do it again from here and from another thread.

    :param make: makes the operation anew
    :return: the number of lines, and those after which something was left locked
    """
    # in a thread of its own: an error that a trace function raises in an except block can remain
    # the handled error of the thread
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_survey, make).result()


def _survey(make: Callable[[], Case]) -> tuple[int, list[str]]:
    left: list[str] = []
    points = 0
    while True:
        case = make()
        interrupt = Interrupt(points + 1)
        if not interrupt.run(case.do):
            gc.collect()  # what was interrupted belongs to this test
            return points, left
        points += 1
        problem = _problem(case)
        if problem is not None:
            left.append(f"{interrupt.where}: {problem}")


def _problem(case: Case) -> str | None:
    found: list[str] = []

    def attempt(who: str, do: Callable[[], object]) -> None:
        try:
            do()
        except BaseException as error:
            found.append(f"{who}: {error!r:.100}")

    attempt("another process", case.check)
    with waiting.use(Impatient()):
        thread = threading.Thread(target=attempt, args=("another thread", case.do), daemon=True)
        thread.start()
        thread.join(_THREAD_SECONDS)
        if thread.is_alive():
            return "another thread waits"
        attempt("this thread", case.do)
    return "; ".join(found) or None
