"""
The documents in JSON token files: version 2.0, and 1.0 seen as it.

They are parsed by the scanner of the standard library, without the package around it: ``json``
brings ``re`` along for the blanks between values and for its errors, and that costs more than all
the rest of reading a token. What the scanner does not take is left to ``json``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]
    Scan = t.Callable[[str, int], tuple[t.Any, int]]

VERSION_KEY = "globus-sdk.version"
# the version of globus-sdk whose format this is
COMPATIBLE_VERSION = "4.9.0"
_BLANKS = " \t\n\r"


class DamagedDocumentError(Exception):
    """
    What is in a file is not a token document; the message says why and quotes nothing.
    """


def version_stamp() -> str:
    """
    Who wrote a file: a version for globus-sdk, with ours as its local part (PEP 440).
    """
    from globus_core import __version__

    return f"{COMPATIBLE_VERSION}+globus.core.{__version__}"


def empty_document(format_version: str) -> Document:
    """
    A document without tokens.

    :param format_version: its version
    """
    return {"data": {}, "format_version": format_version, VERSION_KEY: version_stamp()}


def parse(text: bytes, path: str, supported: tuple[str, ...], current: str) -> Document:
    """
    Read a document, and bring one of version 1.0 into the current shape.

    :param text: what is in the file
    :param path: the file, for errors
    :param supported: the versions that can be read
    :param current: the version to bring it to
    :raises DamagedDocumentError: if it is not a token document
    :raises UnusableStorageError: if it is one of another version
    """
    document = _parse_json(text)
    if not isinstance(document, dict):
        raise DamagedDocumentError("it is not a JSON object")
    version = document.get("format_version")
    if not isinstance(version, str) or not isinstance(document.get(VERSION_KEY), str):
        raise DamagedDocumentError("it does not state its version")
    if version not in supported:
        from .errors import UnusableStorageError

        raise UnusableStorageError(
            f"{path!r} has format version {_shown(version)}, and only {', '.join(supported)} can "
            "be read; use the newer program that wrote it, or another file"
        )
    if version == "1.0":
        document = _from_version_1(document, current)
    _check_shape(document)
    return document


def _shown(version: str) -> str:
    """A version as it is, but not what has got into its place, which may be a token."""
    return repr(version) if version.replace(".", "").isdigit() else "of an unknown kind"


def _parse_json(text: bytes) -> object:
    if not text.strip(b"\0 \t\r\n"):
        raise DamagedDocumentError("it is empty")
    try:
        return loads(text)
    except (ValueError, RecursionError):
        damage = DamagedDocumentError("it is not JSON")
    raise damage  # not from inside the handler: the cause holds the text, tokens and all


def _from_version_1(document: Document, current: str) -> Document:
    changed = {key: value for key, value in document.items() if key != "by_rs"}
    return {**changed, "data": {"DEFAULT": document.get("by_rs")}, "format_version": current}


def to_version_1(document: Document) -> Document:
    """
    The shape of version 1.0, with one namespace that is not named.

    :param document: a document as :func:`parse` gives it
    """
    others = {key: value for key, value in document.items() if key != "data"}
    return {**others, "by_rs": document["data"].get("DEFAULT", {})}


def _check_shape(document: Document) -> None:
    namespaces = document.get("data")
    if isinstance(namespaces, dict) and all(
        isinstance(tokens, dict) and all(isinstance(record, dict) for record in tokens.values())
        for tokens in namespaces.values()
    ):
        return
    raise DamagedDocumentError("it has not the shape of a token file")


def loads(text: str | bytes) -> t.Any:
    """
    Parse a text, with the result and the errors of ``json.loads``.

    :param text: the text; bytes are UTF-8, or UTF-16 or UTF-32 as ``json`` finds out
    :raises ValueError: if it is not JSON
    :raises RecursionError: if it is nested too deeply
    """
    try:
        plain = text if isinstance(text, str) else text.decode()
        plain = plain.strip(_BLANKS)
        value, end = _scan(plain, 0)
        if end == len(plain):
            return value
    except (ValueError, StopIteration):
        pass
    return _loads(text)


def _loads(text: str | bytes) -> t.Any:
    from json import loads

    return loads(text)


class _Context:
    """What the scanner wants to know of a decoder."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = {
        "NaN": float("nan"),
        "Infinity": float("inf"),
        "-Infinity": float("-inf"),
    }.__getitem__
    memo: t.ClassVar[dict[str, str]] = {}


def _make_scan() -> Scan:
    try:
        from _json import make_scanner
    except ImportError:  # an interpreter without the C scanner
        return lambda text, start: (_loads(text), len(text))
    context: t.Any = _Context
    scan: Scan = make_scanner(context)
    return scan


_scan = _make_scan()
