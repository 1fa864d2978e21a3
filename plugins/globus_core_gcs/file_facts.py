"""
What the headers of a response say about a file: its size, its version, its checksum.
"""

from __future__ import annotations

import base64
import binascii
import re

from .file_errors import ChangedFileError, IncompleteFileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: names of RFC 9530 and RFC 3230 for the algorithms that are checked, best first
_ALGORITHMS = {"sha-512": "sha512", "sha-256": "sha256", "md5": "md5"}
_DIGEST = re.compile(r"\s*([A-Za-z0-9-]+)\s*=\s*:?([A-Za-z0-9+/]+={0,2}):?\s*")
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


class FileFacts:
    """
    What a server says about a file.

    :param headers: the headers of a response to GET or HEAD
    :param status: its status; 206 for a part of the file
    :ivar size: of the whole file, in bytes; None if the server does not say
    :ivar start: where the body of the response begins in the file
    :ivar etag: the ETag header, or None
    :ivar last_modified: the Last-Modified header, or None
    :ivar digest: name (of hashlib) and value of the file's checksum; None if there is none
    """

    __slots__ = ("digest", "etag", "last_modified", "size", "start")

    def __init__(self, headers: t.Mapping[str, str], status: int) -> None:
        self.etag = headers.get("ETag")
        self.last_modified = headers.get("Last-Modified")
        self.digest = _digest(headers)
        self.start = 0
        self.size = _number(headers.get("Content-Length"))
        if status == 206:
            self.size = None
            found = _RANGE.fullmatch(headers.get("Content-Range", "").strip())
            if found is not None:
                self.start = int(found[1])
                self.size = _number(found[3])

    @property
    def version(self) -> str | None:
        """What distinguishes this version of the file from others; None if nothing does."""
        if self.etag is None and (self.last_modified is None or self.size is None):
            return None
        return f"{self.etag} {self.last_modified} {self.size}"

    def check_same(self, later: FileFacts, path: str) -> None:
        """
        Refuse what a later response says if it is about another version of the file.

        :param later: what that response says
        :param path: the path, for the error
        :raises ChangedFileError: if it is
        """
        for what, before, now in (
            ("size", self.size, later.size),
            ("ETag", self.etag, later.etag),
            ("date", self.last_modified, later.last_modified),
        ):
            if before is not None and now is not None and before != now:
                raise ChangedFileError(
                    f"{path!r} was changed while it was read: its {what} was {before}, now {now}",
                    path,
                )

    def check_size(self, size: int, path: str) -> None:
        """
        Refuse a file that has another size than the server says.

        :param size: the size in bytes
        :param path: the path, for the error
        :raises IncompleteFileError: if it has
        """
        if self.size is not None and size != self.size:
            raise IncompleteFileError(
                f"{path!r} has {self.size} bytes, but {size} were received", path
            )


def _digest(headers: t.Mapping[str, str]) -> tuple[str, bytes] | None:
    """The best checksum of the whole file (RFC 9530 Repr-Digest, RFC 3230 Digest)."""
    found: dict[str, bytes] = {}
    for name in ("Digest", "Repr-Digest"):
        for item in headers.get(name, "").split(","):
            match = _DIGEST.fullmatch(item)
            if match is not None and match[1].lower() in _ALGORITHMS:
                try:
                    found[match[1].lower()] = base64.b64decode(match[2], validate=True)
                except binascii.Error:
                    continue
    return next(((ours, found[name]) for name, ours in _ALGORITHMS.items() if name in found), None)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None
