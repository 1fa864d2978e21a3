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
    wanted = name.casefold()
    return next((row["username"] for row in _rows() if row["name"].casefold() == wanted), None)


def attributes_of(username: str) -> dict[str, str] | None:
    """Department and ORCID of a person; what is not known is left out."""
    row = next((row for row in _rows() if row["username"] == username), None)
    return row and {key: row[key] for key in ("department", "orcid") if row[key]}


def _rows() -> tuple[dict[str, str], ...]:
    return _read(os.environ.get(VARIABLE) or str(_BUILT_IN))


@functools.lru_cache(maxsize=4)
def _read(path: str) -> tuple[dict[str, str], ...]:
    with open(path, encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
