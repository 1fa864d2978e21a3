"""
A tree of consents as text.
"""

from __future__ import annotations

from globus_core.printable import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .consents import Consent

    #: a line, and the lines below it
    Branch = tuple[str, list["Branch"]]

TREE_LEGEND = "* can be revoked alone"
#: levels that are shown; the rest of a deeper branch is one line
_DEEPEST = 30


def branches(root: Consent, below: Callable[[Consent], list[Consent]]) -> Branch:
    """
    The lines of a tree of consents; ``*`` marks those that can be revoked alone.

    :param root: the consent at the top
    :param below: gives the consents directly below another, in order
    """

    def children(consent: Consent, level: int) -> list[Branch]:
        if level == _DEEPEST:
            return [("...", [])] if below(consent) else []
        return [(_label(each), children(each, level + 1)) for each in below(consent)]

    return f"{_label(root)}, client {one_line(str(root.client))}", children(root, 0)


def draw(tree: Branch) -> str:
    """
    Draw a tree, with lines from each consent to those below it.

    :param tree: the lines
    """
    label, below = tree
    return "\n".join([label, *_drawn(below, "")])


def _drawn(below: list[Branch], indent: str) -> Iterator[str]:
    for left, (label, further) in zip(range(len(below) - 1, -1, -1), below, strict=True):
        yield f"{indent}{'├── ' if left else '└── '}{label}"
        yield from _drawn(further, indent + ("│   " if left else "    "))


def _label(consent: Consent) -> str:
    star = "*" if consent.atomically_revocable else ""
    status = "" if consent.status == "approved" else f", {one_line(str(consent.status))}"
    return f"{star}{one_line(str(consent.scope_name))} (consent {consent.id}{status})"
