"""
Errors of this machine's endpoints.
"""

from __future__ import annotations

from globus_core.exc import GlobusError


class LocalEndpointError(GlobusError):
    """
    A file of an endpoint cannot be read or is damaged, or the endpoint has no access to a path.

    :param message: what is wrong
    :param path: the file, or the path
    """

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.path = path

    def __reduce__(self) -> tuple[type[LocalEndpointError], tuple[str, str]]:
        return type(self), (str(self), self.path)
