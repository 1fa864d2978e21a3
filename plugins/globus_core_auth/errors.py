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

    #: the authorization parameters that the response requires of a new login, or None
    authorization_parameters: dict[str, t.Any] | None = None

    def parse_body(self, body: dict[str, t.Any]) -> None:
        """
        Read the body; if all its errors have the same id, that is the request id.

        :param body: the response's JSON object
        """
        super().parse_body(body)
        parameters = body.get("authorization_parameters")
        self.authorization_parameters = parameters if isinstance(parameters, dict) else None
        ids = [part.get("id") for part in self.errors]
        known = [value for value in ids if value is not None]
        if known and isinstance(known[0], str) and all(value == known[0] for value in known):
            self.request_id = known[0]
