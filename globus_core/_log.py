"""
Loggers that import ``logging`` only when their lines can be read.

Importing logging costs as much as the whole kernel. Debug lines matter only to a program that has
configured logging, and so has imported it; warnings import it.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging


class LazyLogger:
    """
    The logging methods that the kernel uses, for one logger.

    :param name: the logger's name, as for ``logging.getLogger``
    """

    __slots__ = ("_logger", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._logger: logging.Logger | None = None

    def _get(self) -> logging.Logger:
        if self._logger is None:
            import logging

            self._logger = logging.getLogger(self.name)
        return self._logger

    @property
    def debugging(self) -> bool:
        """Whether a debug line would be written anywhere."""
        if "logging" not in sys.modules:
            return False
        return self._get().isEnabledFor(10)

    def debug(self, message: str, *args: object) -> None:
        if self.debugging:
            self._get().debug(message, *map(_printable, args), stacklevel=2)

    def info(self, message: str, *args: object) -> None:
        if "logging" in sys.modules:
            self._get().info(message, *map(_printable, args), stacklevel=2)

    def warning(self, message: str, *args: object) -> None:
        self._get().warning(message, *map(_printable, args), stacklevel=2)


def _printable(argument: object) -> object:
    """What a server said in it cannot control the terminal on which the log is read."""
    if isinstance(argument, BaseException):
        text = str(argument)
    elif isinstance(argument, str):
        text = argument
    else:
        return argument
    from globus_core.printable import printable

    return argument if text.isprintable() else printable(text)
