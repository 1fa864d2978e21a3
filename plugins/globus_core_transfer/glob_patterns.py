"""
Patterns for paths, in which ``**`` stands for any number of directories.
"""

from __future__ import annotations

import fnmatch
import re

from globus_core.arguments import check_text
from globus_core.exc import GlobusSDKUsageError

#: where one is in a pattern: the parts that the next name may match
Place = frozenset[int]

_ANY_DEPTH = "**"
#: where one is before the first name
START: Place = frozenset([0])
#: what the service's own patterns read as we do; their ``?`` may be a byte
_PLAIN = re.compile(r"[A-Za-z0-9._*-]+")


class GlobPattern:
    """
    A pattern, in which ``*``, ``?`` and ``[...]`` match within a name, and ``**`` any directories.

    :param text: the pattern, such as ``/data/*/run-?[0-9]/**/*.h5``
    :raises GlobusSDKUsageError: if it is empty or has ``..``
    """

    def __init__(self, text: str) -> None:
        check_text(text, "pattern", "a pattern, as text")
        parts = [part for part in text.split("/") if part not in ("", ".")]
        if ".." in parts or not text:
            raise GlobusSDKUsageError("a pattern must not be empty, and cannot have '..'")
        fixed = next((i for i, part in enumerate(parts) if _is_pattern(part)), len(parts))
        #: the path before the first wildcard; empty for the collection's default directory
        self.root = ("/" if text.startswith("/") else "") + "/".join(parts[:fixed])
        self.wants_directories = text.endswith("/")
        self._parts = parts[fixed:]
        self._matches = [re.compile(fnmatch.translate(part)).match for part in self._parts]

    @property
    def is_fixed(self) -> bool:
        """
        Whether it has no wildcard, so that only ``root`` can match.
        """
        return not self._parts

    def step(self, place: Place, name: str, *, is_link: bool = False) -> Place:
        """
        Where one is after a name.

        :param place: where one is in its directory
        :param name: the name of a file or directory there
        :param is_link: whether it is a link, which ``**`` does not follow
        """
        reached = set()
        for index in self._open(place):
            if self._parts[index] != _ANY_DEPTH:
                if self._matches[index](name):
                    reached.add(index + 1)
                continue
            if not is_link:
                reached.add(index)
            if index + 1 == len(self._parts):
                reached.add(index + 1)
        return frozenset(reached)

    def is_match(self, place: Place, *, is_directory: bool) -> bool:
        """
        Whether the whole pattern has matched.

        :param place: where one is
        :param is_directory: whether it is a directory, which ``**`` matches with none below it
        """
        end = len(self._parts)
        return end in place or (is_directory and end in self._with_none_below(place))

    def leads_on(self, place: Place) -> bool:
        """
        Whether something below may match.

        :param place: where one is
        """
        return bool(self._open(place))

    def name_filter(self, place: Place) -> str | None:
        """
        A filter by which the service leaves out names that cannot match; None if there is none.

        :param place: where one is in the directory that is listed
        """
        wanted = [self._parts[index] for index in self._open(place)]
        if len(wanted) != 1 or not _PLAIN.fullmatch(wanted[0]) or wanted[0] == _ANY_DEPTH:
            return None
        return f"~{wanted[0]}"

    def _open(self, place: Place) -> list[int]:
        """The parts that the next name may match."""
        return [index for index in self._with_none_below(place) if index < len(self._parts)]

    def _with_none_below(self, place: Place) -> set[int]:
        """Add the parts after each ``**``, which also matches no directory at all."""
        found = set(place)
        for index in place:
            while index < len(self._parts) and self._parts[index] == _ANY_DEPTH:
                index += 1
                found.add(index)
        return found


def _is_pattern(part: str) -> bool:
    return any(sign in part for sign in "*?[")
