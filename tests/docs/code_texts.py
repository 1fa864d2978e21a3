"""
The texts in the code, to compare messages in the docs with.
"""

from __future__ import annotations

import ast
import re
from functools import cache

from tests.docs.pages import ROOT

#: what takes the place of a value that is put into a text
_VALUE = "\0"
#: how a text of the code names such a place itself: in a template, or for a logger
_PLACES = re.compile(r"%[srdg.0-9]*[srdgf]|\{\w+(?:![rs])?\}")


@cache
def code_texts() -> tuple[str, ...]:
    """
    Every string in the kernel and the default plugins, apart from docstrings' lines.
    """
    found: set[str] = set()
    for folder in ("globus_core", "plugins"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found.update(text for node in ast.walk(tree) if (text := _text(node)))
    return tuple(found)


def is_in_the_code(message: str) -> bool:
    """
    Whether a message, with ``...`` for values, is one that the code can give.
    """
    parts = [part.strip() for part in message.split("...") if part.strip()]
    return any(_has_in_order(text, parts) for text in code_texts())


def _has_in_order(text: str, parts: list[str]) -> bool:
    end = 0
    for part in parts:
        start = text.find(part, end)
        if start < 0:
            return False
        end = start + len(part)
    return True


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else _VALUE for part in node.values)
        return "".join(map(str, parts))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _PLACES.sub(_VALUE, node.value)
    return ""
