"""The people of the university, by username."""

from __future__ import annotations

import csv
import functools
import os
import pathlib

VARIABLE = "EXAMPLE_UNIVERSITY_DIRECTORY"
_BUILT_IN = pathlib.Path(__file__).with_name("directory.csv")


def username_of(name: str) -> str | None:
    """The username that belongs to a campus name, in whatever case it is written."""
    row = _people("name").get(name.casefold())
    return row["username"] if row else None


def attributes_of(username: str) -> dict[str, str] | None:
    """Department and ORCID of a person; what is not known is left out."""
    row = _people("username").get(username.casefold())
    return row and {key: row[key] for key in ("department", "orcid") if row[key]}


def state() -> str:
    """A text that is another one when the directory is another one, or was written anew."""
    path = os.environ.get(VARIABLE) or str(_BUILT_IN)
    return f"{path} {os.stat(path).st_mtime_ns}"


def _people(column: str) -> dict[str, dict[str, str]]:
    """All people by what stands in a column, since programs ask for thousands of them."""
    return _read(os.environ.get(VARIABLE) or str(_BUILT_IN), column)


@functools.lru_cache(maxsize=4)
def _read(path: str, column: str) -> dict[str, dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return {row[column].casefold(): row for row in csv.DictReader(file)}
