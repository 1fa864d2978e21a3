"""
What Globus Transfer answers the clients' methods, canned for unit tests: by method, then by case.

The names of methods of :class:`TransferClientV2` begin with ``v2.``.
"""

from __future__ import annotations

from . import collections, managers, second_version, tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.testing import ResponseSet

RESPONSE_SETS: t.Mapping[str, ResponseSet] = {
    **collections.RESPONSE_SETS,
    **tasks.RESPONSE_SETS,
    **managers.RESPONSE_SETS,
    **second_version.RESPONSE_SETS,
}
