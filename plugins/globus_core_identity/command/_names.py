"""
Reading names, one a line, however many there are.
"""

from __future__ import annotations

import itertools
import typing as t

#: characters of a line that are looked at; a longer one cannot be a name
LONGEST_LINE = 4096
_PIECE = 1 << 20


def lines(file: t.TextIO) -> t.Iterator[str]:
    """
    The names in a text, without blanks around them; empty lines do not count.

    :param file: a text file
    """
    while line := file.readline(LONGEST_LINE):
        rest = line
        while not rest.endswith("\n") and (rest := file.readline(LONGEST_LINE)):
            pass  # the rest of an endless line is passed over, not kept
        name = line.strip().removeprefix("\ufeff")
        if name:
            yield name


def count(path: str) -> int:
    """
    About how many names a file has, which is the number of its lines.

    :param path: the file
    """
    found, last = 0, b"\n"
    with open(path, "rb") as file:
        while piece := file.read(_PIECE):
            found += piece.count(b"\n")
            last = piece
    return found + (not last.endswith(b"\n"))


def chunks(names: t.Iterable[str], size: int) -> t.Iterator[list[str]]:
    """
    Names in lists of equal length; the last one may be shorter.

    :param names: names
    :param size: how many a list has
    """
    source = iter(names)
    while chunk := list(itertools.islice(source, size)):
        yield chunk
