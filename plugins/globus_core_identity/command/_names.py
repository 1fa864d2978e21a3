"""
Reading any number of names, one per line.
"""

from __future__ import annotations

import itertools
import typing as t

#: how many characters of a line are read; a longer line cannot be a name
LONGEST_LINE = 4096
_PIECE = 1 << 20


def lines(file: t.TextIO) -> t.Iterator[str]:
    """
    The names in a file, without surrounding white space; empty lines are skipped.

    :param file: a text file
    """
    while line := file.readline(LONGEST_LINE):
        rest = line
        while not rest.endswith("\n") and (rest := file.readline(LONGEST_LINE)):
            pass  # the rest of a very long line is skipped, and not kept in memory
        name = line.strip().removeprefix("\ufeff")
        if name:
            yield name


def count(path: str) -> int:
    """
    The approximate number of names in a file: the number of its lines.

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
    Divide names into lists of equal length; the last one may be shorter.

    :param names: names
    :param size: the length of a list
    """
    source = iter(names)
    while chunk := list(itertools.islice(source, size)):
        yield chunk
