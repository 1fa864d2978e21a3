"""
Errors of Globus Search.
"""

from __future__ import annotations

from globus_core.exc import GlobusAPIError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class SearchAPIError(GlobusAPIError):
    """
    An error response of Globus Search.

    ``code`` has parts, as in ``NotFound.NoSuchIndex`` or ``Conflict.LimitExceeded``.
    """

    #: what else Search says of the error, such as which part of a document is wrong; or None
    error_data: dict[str, t.Any] | None = None

    def parse_body(self, body: dict[str, t.Any]) -> None:
        """
        Read the body, with its ``error_data``.

        :param body: the response's JSON object
        """
        super().parse_body(body)
        data = body.get("error_data")
        self.error_data = data if isinstance(data, dict) else None
