"""The chapter on pictures, which are not JSON and may be large."""

from __future__ import annotations

import typing as t

from globus_core import BaseClient, GlobusHTTPResponse


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
        return self.put(f"things/{thing_id}/picture", data=picture)

    def get_picture(self, thing_id: str) -> GlobusHTTPResponse:
        """
        Fetch the picture of a thing; read it with ``iter_bytes()``, or close the response.

        :param thing_id: the thing's id
        :raises ExampleAPIError: if there is no picture
        """
        return self.request("GET", f"things/{thing_id}/picture", stream=True)

    def picture_size(self, thing_id: str) -> int:
        """
        The size of a thing's picture, in bytes.

        :param thing_id: the thing's id
        :raises ExampleAPIError: if there is no picture
        """
        return int(self.head(f"things/{thing_id}/picture").headers["Content-Length"])
