"""
Errors of Globus Connect Server.
"""

from __future__ import annotations

from globus_core.exc import GlobusAPIError, GlobusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class GCSAPIError(GlobusAPIError):
    """
    An error response of a manager of Globus Connect Server.
    """

    #: what else the manager says: text, an object, or None
    detail: t.Any = None
    #: the DATA_TYPE of ``detail``, if it is an object that has one; or None
    detail_data_type: str | None = None

    def parse_body(self, body: dict[str, t.Any]) -> None:
        """
        Read the body, with its ``detail``.

        :param body: the response's JSON object
        """
        super().parse_body(body)
        self.detail = body.get("detail")
        if isinstance(self.detail, dict):
            data_type = self.detail.get("DATA_TYPE")
            self.detail_data_type = data_type if isinstance(data_type, str) else None

    def extra_args(self) -> tuple[t.Any, ...]:
        """``detail_data_type``, and ``detail`` if it is text."""
        detail = (self.detail,) if isinstance(self.detail, str) else ()
        return (self.detail_data_type, *detail)


class UnknownCollectionError(GlobusError, RuntimeError):
    """
    A host does not tell which collection it serves.
    """

    advice = "check the address; it must be that of a file on a collection with HTTPS"


class GuestCollectionError(GlobusError):
    """
    A guest collection cannot be made as things are.

    :param message: why
    :param advice: what to do
    """

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.advice = advice
