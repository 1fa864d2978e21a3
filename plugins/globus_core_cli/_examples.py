"""
Example distributions, which new ones are copied from.

They are in ``docs/examples`` of the project, and beside this module in the wheel.
"""

from __future__ import annotations

import keyword
import pathlib
import re

#: kind of plugin -> the example that is copied
KINDS = {
    "cache": "example-cache",
    "errors": "example-errors",
    "identity": "example-university",
    "service": "example-service",
    "storage": "example-storage",
}

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SUFFIXES = (".csv", ".md", ".py", ".pyi", ".toml", ".typed")


def problem_with(name: str) -> str | None:
    """
    Why a name cannot be used for a plugin; None if it can.

    :param name: the name
    """
    if not _NAME.fullmatch(name):
        return f"{name!r} must consist of lower-case letters and digits, in words joined by '-'"
    if keyword.iskeyword(name.replace("-", "_")) or name == "core":
        return f"{name!r} cannot be used as a package name"
    return None


def copy_example(kind: str, name: str, target: pathlib.Path) -> list[pathlib.Path]:
    """
    Copy the example of a kind under a new name.

    :param kind: a key of ``KINDS``
    :param name: the new plugin's name
    :param target: the folder to create
    :return: the files written
    :raises FileExistsError: if the folder already exists
    """
    example = KINDS[kind]
    source = _folder() / f"globus-core-{example}"
    target.mkdir(parents=True)
    written = []
    for file in sorted(source.rglob("*")):
        inside = file.relative_to(source)
        if file.suffix in _SUFFIXES and not any(part.startswith(".") for part in inside.parts):
            place = target / _renamed(inside.as_posix(), example, name)
            place.parent.mkdir(parents=True, exist_ok=True)
            text = file.read_text(encoding="utf-8")
            place.write_text(_renamed(text, example, name), encoding="utf-8")
            written.append(place)
    return written


def _renamed(text: str, example: str, name: str) -> str:
    """The text with the new name in all its spellings: distribution, package, variable, class."""
    camel = "".join(word.capitalize() for word in name.split("-"))
    package, new_package = example.replace("-", "_"), name.replace("-", "_")
    spellings = {example: name, package: new_package, package.upper(): new_package.upper()}
    for old, new in spellings.items():
        text = text.replace(old, new)
    return re.sub(r"Example(?=[A-Z])", camel, text)


def _folder() -> pathlib.Path:
    here = pathlib.Path(__file__).resolve()
    installed = here.parent / "examples"
    return installed if installed.is_dir() else here.parents[2] / "docs" / "examples"
