"""The chapter on pictures, which are not JSON and may be large."""

from __future__ import annotations

import typing as t

from globus_core import BaseClient, GlobusHTTPResponse
from globus_core.documents import path


class Pictures(BaseClient):
    """The methods for pictures of things."""

    def put_picture(
        self, thing_id: str, picture: t.BinaryIO | t.Iterator[bytes]
    ) -> GlobusHTTPResponse:
        """
        Send the picture of a thing, piece by piece.

        :param thing_id: the thing's id
        :param picture: a file that is open in binary mode, or an iterator of bytes
        """
        return self.put(path("things/{}/picture", thing_id), data=picture)

    def get_picture(self, thing_id: str) -> GlobusHTTPResponse:
        """
        Fetch the picture of a thing; read it with ``iter_bytes()``, or close the response.

        :param thing_id: the thing's id
        :raises ExampleAPIError: if there is no picture
        """
        return self.request("GET", path("things/{}/picture", thing_id), stream=True)

    def picture_size(self, thing_id: str) -> int:
        """
        The size of a thing's picture, in bytes.

        :param thing_id: the thing's id
        :raises ExampleAPIError: if there is no picture
        """
        return int(self.head(path("things/{}/picture", thing_id)).headers["Content-Length"])
