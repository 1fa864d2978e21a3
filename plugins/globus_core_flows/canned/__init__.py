"""
What Globus Flows answers the clients' methods, canned for unit tests: by method, then by case.
"""

from __future__ import annotations

from . import flows, questions, runs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.testing import ResponseSet

RESPONSE_SETS: t.Mapping[str, ResponseSet] = {
    **flows.RESPONSE_SETS,
    **runs.RESPONSE_SETS,
    **questions.RESPONSE_SETS,
}
