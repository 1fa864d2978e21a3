"""
Errors of Globus Auth.
"""

from __future__ import annotations

from globus_core.exc import GlobusAPIError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class AuthAPIError(GlobusAPIError):
    """
    An error response of Globus Auth.
    """

    #: what a new login must bring, as the response states it without credentials, or None
    authorization_parameters: dict[str, t.Any] | None = None

    def parse_body(self, body: dict[str, t.Any]) -> None:
        """
        Read the body; where all parts of it bear one id, that is the request's id.

        :param body: the response's JSON object
        """
        super().parse_body(body)
        parameters = body.get("authorization_parameters")
        self.authorization_parameters = parameters if isinstance(parameters, dict) else None
        ids = [part.get("id") for part in self.errors]
        known = [value for value in ids if value is not None]
        if known and isinstance(known[0], str) and all(value == known[0] for value in known):
            self.request_id = known[0]
