"""
A tree of consents as text.
"""

from __future__ import annotations

from globus_core.printable import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .consents import Consent

#: levels that are drawn; the rest of a deeper branch is one line
_DEEPEST = 30


def draw(root: Consent, below: Callable[[Consent], list[Consent]]) -> str:
    """
    Draw a consent and those below it, one a line; ``*`` marks those that can be revoked alone.

    :param root: the consent at the top
    :param below: gives the consents directly below another, in order
    """
    lines = [f"{_label(root)}, client {one_line(str(root.client))}"]
    pending = _branches(root, below, "")
    while pending:
        consent, corner, indent = pending.pop()
        lines.append(f"{indent}{corner}{_label(consent)}")
        inner = indent + ("│   " if corner == "├── " else "    ")
        if len(inner) < 4 * _DEEPEST:
            pending += _branches(consent, below, inner)
        elif below(consent):
            lines.append(f"{inner}└── ...")
    return "\n".join(lines)


def _branches(
    consent: Consent, below: Callable[[Consent], list[Consent]], indent: str
) -> list[tuple[Consent, str, str]]:
    """The lines for the children of a consent, last first, to be pushed on a stack."""
    children = below(consent)[::-1]
    return [(c, "├── " if i else "└── ", indent) for i, c in enumerate(children)]


def _label(consent: Consent) -> str:
    star = "*" if consent.atomically_revocable else ""
    status = "" if consent.status == "approved" else f", {one_line(str(consent.status))}"
    return f"{star}{one_line(str(consent.scope_name))} (consent {consent.id}{status})"
