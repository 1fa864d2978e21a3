"""
The documentation as the tests see it: pages, their code blocks, and the remarks before these.

A remark is an HTML comment on the line before a block, which no reader sees:

* ``<!-- file: path -->``: the block is a file, which is there before the page's code runs
* ``<!-- prints -->``: the block is what the code before it prints; ``...`` stands for anything
* ``<!-- new -->``: the block writes a plugin distribution with ``globus-core plugins new``, which
  is there as well, under the files that the page shows; or it removes files of that with ``rm``
* ``<!-- not run: reason -->``: the block is not run
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(
    sorted(
        path.relative_to(ROOT).as_posix()
        for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
        # the examples are distributions with tests of their own
        if not {"_build", "examples"} & set(path.relative_to(ROOT).parts)
    )
)

_FENCE = re.compile(r"^```(?P<language>[^\n`]*)\n(?P<text>.*?)^```$", re.M | re.S)
_REMARK = re.compile(r"<!-- (?P<kind>file|new|prints|not run)(?:: (?P<value>.+?))? -->\n+\Z")


class Block(NamedTuple):
    """
    One code block of a page.
    """

    language: str
    text: str
    line: int
    remark: str | None
    value: str


def read(page: str) -> str:
    """
    A page's text.
    """
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[Block]:
    """
    A page's code blocks, in order.
    """
    text = read(page)
    found = []
    for match in _FENCE.finditer(text):
        before = text[: match.start()]
        remark = _REMARK.search(before)
        found.append(
            Block(
                match["language"].strip(),
                match["text"],
                before.count("\n") + 2,
                remark["kind"] if remark else None,
                (remark["value"] or "") if remark else "",
            )
        )
    return found


def programs(page: str) -> list[Block]:
    """
    The Python blocks of a page that are run.
    """
    return [b for b in blocks(page) if b.language == "python" and b.remark is None]


def new_plugins(page: str) -> list[tuple[str, str]]:
    """
    Kind and name of the plugin distributions that a page has its readers write.
    """
    return re.findall(r"^globus-core plugins new (\S+) (\S+)$", _new(page), re.M)


def removed_files(page: str) -> list[str]:
    """
    The files of those distributions that a page has its readers remove.
    """
    return " ".join(re.findall(r"^rm (.+)$", _new(page), re.M)).split()


def _new(page: str) -> str:
    return "\n".join(block.text for block in blocks(page) if block.remark == "new")


def files(page: str) -> list[Block]:
    """
    The blocks of a page that are files.
    """
    return [b for b in blocks(page) if b.remark == "file"]
