"""
Tokens in a JSON file.
"""

from __future__ import annotations

from ._json_document import VERSION_KEY, empty_document, parse, version_stamp
from .document_file import DocumentTokenStorage

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]


class JSONTokenStorage(DocumentTokenStorage):
    """
    Keeps tokens in a JSON file, in the format of globus-sdk.

    Storing replaces the file by a new one, so that readers find a complete file, also after a
    crash. Reading checks the file's status, and parses it only if that has changed.

    :param filepath: the file, which need not exist
    :param namespace: the namespace of the tokens in the file that this object uses
    :raises UnusableStorageError: if the file's folder cannot be created
    """

    file_format = "json"
    #: the format version that is written
    format_version = "2.0"
    #: the format versions that can be read
    supported_versions: tuple[str, ...] = ("1.0", "2.0")

    def empty_document(self) -> Document:
        return empty_document(self.format_version)

    def read_document(self, content: bytes, path: str) -> Document:
        return parse(content, path, self.supported_versions, self.format_version)

    def write_document(self, document: Document) -> bytes:
        from json import dumps

        return dumps(document).encode()

    def _stamp(self) -> Document:
        return {VERSION_KEY: version_stamp()}
