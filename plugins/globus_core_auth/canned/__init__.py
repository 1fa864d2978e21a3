"""
What Globus Auth answers the clients' methods, canned for unit tests: by method, then by case.
"""

from __future__ import annotations

from . import developers, people, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.testing import ResponseSet

RESPONSE_SETS: t.Mapping[str, ResponseSet] = {
    **people.RESPONSE_SETS,
    **developers.RESPONSE_SETS,
    **tokens.RESPONSE_SETS,
}
