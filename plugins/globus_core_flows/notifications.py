"""
What people are told about a run.
"""

from __future__ import annotations

from globus_core import MISSING
from globus_core.documents import Document

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import MissingType

    RunStatus: t.TypeAlias = t.Literal["INACTIVE", "SUCCEEDED", "FAILED"]


class RunActivityNotificationPolicy(Document):
    """
    At which states of a run its owner gets an email.

    :param status: the states; MISSING leaves it to Flows, an empty list is for none
    """

    def __init__(self, status: list[RunStatus] | MissingType = MISSING) -> None:
        super().__init__({"status": status})
