"""
The ``X-Globus-Client-Info`` header: which products make a request, for statistics.
"""

from __future__ import annotations

import globus_core
from globus_core.arguments import check_functions

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_RESERVED = ";,="


class GlobusClientInfo:
    """
    The products in the header; this SDK comes first.

    :param update_callback: called with this object after each change, or None
    """

    def __init__(
        self, *, update_callback: t.Callable[[GlobusClientInfo], None] | None = None
    ) -> None:
        check_functions(update_callback=update_callback)
        self._update_callback = update_callback
        self.infos: list[str] = []
        self.add({"product": "globus-core", "version": globus_core.__version__})

    def __bool__(self) -> bool:
        return bool(self.infos)

    def format(self) -> str:
        """
        The header's value.
        """
        return ";".join(self.infos)

    def add(self, value: str | dict[str, str]) -> None:
        """
        Add a product.

        :param value: the product's keys and values, or a complete segment ``key=value,key=value``
        :raises GlobusSDKUsageError: if a reserved character would break the header
        """
        self.infos.append(_segment(value))
        self._updated()

    def clear(self) -> None:
        """
        Remove all products; the header is then not sent.
        """
        self.infos = []
        self._updated()

    def _updated(self) -> None:
        if self._update_callback is not None:
            self._update_callback(self)


def _segment(value: str | dict[str, str]) -> str:
    from globus_core.exc import GlobusSDKUsageError

    if isinstance(value, str):
        if ";" in value:
            raise GlobusSDKUsageError(f"a client info segment must not contain ';': {value!r}")
        return value
    for part in (*value.keys(), *value.values()):
        if any(character in part for character in _RESERVED):
            raise GlobusSDKUsageError(
                f"client info must not contain any of {_RESERVED!r}: {part!r}"
            )
    return ",".join(f"{key}={part}" for key, part in value.items())
