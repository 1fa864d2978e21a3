"""
Responses of Globus Compute that hold credentials.
"""

from __future__ import annotations

from globus_core.response import GlobusHTTPResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class ConnectionResponse(GlobusHTTPResponse):
    """
    A response with URLs of message queues; the credentials in them are hidden in its text.
    """

    def __str__(self) -> str:
        import json

        if self.data is None:
            return str(_hidden(super().__str__()))
        return json.dumps(_hidden(self.data), indent=2)


def _hidden(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {key: _hidden(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    if not isinstance(value, str) or "://" not in value:
        return value
    # from the first scheme to the last @: a password can hold any sign
    scheme, _, rest = value.partition("://")
    _, at, host = rest.rpartition("@")
    return f"{scheme}://***@{host}" if at else value
