"""
The notes of errors in tracebacks of Python 3.10, which does not show notes itself.
"""

from __future__ import annotations

import sys

#: modules whose code prints tracebacks; the interpreter itself does so without any frame
_PRINTERS = ("traceback", "threading")


def show_notes(error_class: type[BaseException]) -> None:
    """
    Have the text of a class's errors end with their notes where a traceback is printed.

    Anywhere else the text is as in later versions.

    :param error_class: the class; one without a ``__str__`` of its own stays as it is
    """
    own = vars(error_class).get("__str__")
    if own is None:
        return

    def __str__(self: BaseException) -> str:  # noqa: N807
        text: str = own(self)
        if not _is_for_traceback():
            return text
        notes: list[str] = getattr(self, "__notes__", [])
        return "\n".join((text, *notes))

    error_class.__str__ = __str__  # type: ignore[method-assign]


def _is_for_traceback() -> bool:
    """Whether the text is wanted by code that prints a traceback."""
    try:
        caller = sys._getframe(2)
    except ValueError:
        return True
    return caller.f_globals.get("__name__") in _PRINTERS
