"""
The bytes of a file, over as many requests as it takes.
"""

from __future__ import annotations

from globus_core import waiting
from globus_core.exc import GlobusAPIError, NetworkError

from .file_errors import ChangedFileError, IncompleteFileError
from .file_requests import facts_of, send

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import BaseClient
    from globus_core.response import GlobusHTTPResponse

    from .file_facts import FileFacts

#: bytes that are read at once; so many may have to be read again after a cut
PIECE = 256 * 1024
#: the same after a cut without a piece in between, so that there is some progress
SMALL_PIECE = 16 * 1024
#: how many times a stream may break off without a piece in between
MOST_CUTS = 5
_LONGEST_PAUSE = 30.0


class FileStream:
    """
    Reads a file from an offset; after a cut it goes on with the next byte, if the file is still
    the same one (by ETag, date and size).

    :param client: the client of the collection
    :param path: the path of the file
    :param start: the first byte to read
    :param facts: what was said about the file before, if it must still be the same one
    :ivar position: the next byte
    :ivar resumed: how many times it was read on after a cut
    """

    def __init__(
        self, client: BaseClient, path: str, start: int = 0, facts: FileFacts | None = None
    ) -> None:
        self.position = start
        self.resumed = 0
        self._client = client
        self._path = path
        self._facts = facts
        self._response: GlobusHTTPResponse | None = None
        self._piece = PIECE

    def begin(self) -> FileFacts:
        """
        Send the first request, and return what the server says about the file.

        :raises MissingFileError: if there is no such file
        :raises ChangedFileError: if it is not the one that was meant
        :raises GlobusAPIError: for any other error response
        :raises NetworkError: if no answer came
        """
        if self._response is None:
            self._response = self._ask()
        assert self._facts is not None
        return self._facts

    def pieces(self) -> t.Iterator[bytes]:
        """
        The bytes from the position on.

        :raises ChangedFileError: if the file was changed meanwhile
        :raises IncompleteFileError: if less came than the server has announced
        :raises NetworkError: if it broke off again and again, or cannot be read on
        """
        cuts = 0
        while True:
            before = self.position
            try:
                facts = self.begin()
                yield from self._received(facts)
                facts.check_size(self.position, self._path)
                return
            except (NetworkError, IncompleteFileError):
                cuts = 1 if self.position > before else cuts + 1
                self._piece = PIECE if cuts == 1 else SMALL_PIECE
                if cuts > MOST_CUTS or not self._can_go_on():
                    raise
            finally:
                self.close()
            self.resumed += 1
            if cuts > 1:
                waiting.sleep(min(2.0 ** (cuts - 2), _LONGEST_PAUSE))

    def close(self) -> None:
        """Close the connection, if there is one."""
        response, self._response = self._response, None
        if response is not None:
            response.close()

    def _can_go_on(self) -> bool:
        """Whether the rest can be asked for, and told to be of the same file."""
        facts = self._facts
        if facts is None or self.position == 0:
            return True
        more = facts.size is None or self.position < facts.size
        return facts.version is not None and more

    def _ask(self) -> GlobusHTTPResponse:
        headers = {"Range": f"bytes={self.position}-"} if self.position else {}
        try:
            response = send(self._client, "GET", self._path, headers=headers, stream=True)
        except GlobusAPIError as error:
            if error.http_status != 416:
                raise
            raise ChangedFileError(
                f"{self._path!r} was changed while it was read: it now ends before byte "
                f"{self.position}",
                self._path,
            ) from error
        facts = facts_of(response)
        try:
            if self._facts is not None:
                self._facts.check_same(facts, self._path)
        except ChangedFileError:
            response.close()
            raise
        self._facts = facts
        return response

    def _received(self, facts: FileFacts) -> t.Iterator[bytes]:
        assert self._response is not None
        if facts.start > self.position:
            raise IncompleteFileError(
                f"the server sent {self._path!r} from byte {facts.start}, not {self.position}",
                self._path,
            )
        # a server without ranges sends all of it again
        left_out = self.position - facts.start
        for piece in self._response.iter_bytes(self._piece):
            if left_out >= len(piece):
                left_out -= len(piece)
                continue
            wanted = piece[left_out:] if left_out else piece
            left_out = 0
            self.position += len(wanted)
            yield wanted
