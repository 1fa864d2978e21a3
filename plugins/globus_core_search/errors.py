"""
Errors of Globus Search.
"""

from __future__ import annotations

from globus_core.exc import GlobusAPIError, GlobusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .ingest_results import IngestResult


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


class IngestStoppedError(GlobusError):
    """
    Not all entries were ingested, since too many were faulty or a task took too long.

    :param message: why
    :param result: what has become of the entries until then
    """

    def __init__(self, message: str, result: IngestResult) -> None:
        super().__init__(message)
        self.result = result

    def __reduce__(self) -> tuple[t.Any, ...]:
        return type(self), (self.args[0], self.result)
