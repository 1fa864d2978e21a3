"""
The documents in JSON token files: version 2.0, and version 1.0 converted to it.

They are parsed by the C scanner of the standard library without the ``json`` package, which
imports ``re`` for white space and errors: that import takes longer than everything else about
reading a token. Text that the scanner rejects is left to ``json``.
"""

from __future__ import annotations

from globus_core import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]
    Scan = t.Callable[[str, int], tuple[t.Any, int]]

VERSION_KEY = "globus-sdk.version"
# the version of globus-sdk that has this format
COMPATIBLE_VERSION = "4.9.0"
_BLANKS = " \t\n\r"


def version_stamp() -> str:
    """
    The version that is written to files: globus-sdk's, with ours as its local part (PEP 440).
    """
    return f"{COMPATIBLE_VERSION}+globus.core.{__version__}"


def empty_document(format_version: str) -> Document:
    """
    A document without tokens.

    :param format_version: its version
    """
    return {"data": {}, "format_version": format_version, VERSION_KEY: version_stamp()}


def parse(text: bytes, path: str, supported: tuple[str, ...], current: str) -> Document:
    """
    Parse a document, and convert one of version 1.0 to the current structure.

    :param text: the content of the file
    :param path: the file, for error messages
    :param supported: the versions that can be read
    :param current: the version to convert it to
    :raises DamagedDocumentError: if it is empty or not complete
    :raises UnusableStorageError: if it is no token document, or has another version
    """
    document, mangled = _parse_json(text, path)
    if not isinstance(document, dict):
        raise _not_ours(path, "it is not a JSON object")
    version = document.get("format_version")
    if not isinstance(version, str) or not isinstance(document.get(VERSION_KEY), str):
        raise _not_ours(path, "it does not state its version")
    if version not in supported:
        from .errors import UnusableStorageError

        raise UnusableStorageError(
            f"{path!r} has format version {_shown(version)}, but this program supports only "
            f"{', '.join(supported)}; use the newer program that wrote it, or another file"
        )
    if version == "1.0":
        document = _from_version_1(document, current)
    _check_shape(document, path)
    if mangled:
        _spoil_mangled(document)
    return document


def _shown(version: str) -> str:
    """A version for a message, but nothing else that is in its place and might be a token."""
    return repr(version) if version.replace(".", "").isdigit() else "of an unknown kind"


def _not_ours(path: str, reason: str) -> Exception:
    """The error for a complete file that holds something else, which stays as it is."""
    from .errors import UnusableStorageError

    return UnusableStorageError(
        f"{path!r} is not a token file ({reason}), and it was not changed; choose another file"
    )


def _parse_json(text: bytes, path: str) -> tuple[object, bool]:
    """The parsed text, and whether it was not UTF-8."""
    from .errors import DamagedDocumentError

    if not text.strip(b"\0 \t\r\n"):
        raise DamagedDocumentError("it is empty")
    for parsed in (loads, _tolerant_loads):
        try:
            return parsed(text), parsed is _tolerant_loads
        except (ValueError, RecursionError):
            pass  # must not become the context: it contains the text with its tokens
    if text.startswith(b"\0") or text.split(b'"', 1)[0].strip() == b"{":
        raise DamagedDocumentError("it is not complete")
    raise _not_ours(path, "it is not JSON")


def _tolerant_loads(text: bytes) -> object:
    """
    Parse JSON with flipped bits inside its strings and numbers, which are for :func:`parse` and
    the constructor of records to find.
    """
    from json import loads

    return loads(text.decode(errors="surrogateescape"), strict=False, parse_int=_any_int)


def _any_int(digits: str) -> float:
    """A number; one with more digits than Python converts is infinite, which no record accepts."""
    try:
        return int(digits)
    except ValueError:
        return float("inf")


def _spoil_mangled(document: Document) -> None:
    """Replace each record that was not UTF-8 by its text, which is no record."""
    from json import dumps

    for tokens in document["data"].values():
        for server, record in tokens.items():
            text = dumps(record, ensure_ascii=False)
            if any("\udc80" <= letter <= "\udcff" for letter in text):
                tokens[server] = text


def _from_version_1(document: Document, current: str) -> Document:
    changed = {key: value for key, value in document.items() if key != "by_rs"}
    return {**changed, "data": {"DEFAULT": document.get("by_rs")}, "format_version": current}


def to_version_1(document: Document) -> Document:
    """
    The structure of version 1.0, which has one namespace without a name.

    :param document: a document as :func:`parse` returns it
    """
    others = {key: value for key, value in document.items() if key != "data"}
    return {**others, "by_rs": document["data"].get("DEFAULT", {})}


def _check_shape(document: Document, path: str) -> None:
    namespaces = document.get("data")
    if isinstance(namespaces, dict) and all(
        isinstance(tokens, dict) for tokens in namespaces.values()
    ):
        return  # each record is checked by itself, when it is used
    raise _not_ours(path, "it does not have the structure of one")


def loads(text: str | bytes) -> t.Any:
    """
    Parse JSON, with the result and the errors of ``json.loads``.

    :param text: the text; bytes may be UTF-8, UTF-16 or UTF-32, which ``json`` detects
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
    """The settings of a decoder that the scanner reads."""

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
    except ImportError:  # this interpreter has no C scanner
        return lambda text, start: (_loads(text), len(text))
    context: t.Any = _Context
    scan: Scan = make_scanner(context)
    return scan


_scan = _make_scan()


def has_revision(record: object, expected: str) -> bool:
    """
    Whether a stored record has a revision; one that cannot be used has none.

    :param record: the record as JSON
    :param expected: the revision
    """
    from globus_core.exc import ValidationError
    from globus_core.token_storage import TokenStorageData

    try:
        return isinstance(record, dict) and TokenStorageData.from_dict(record).revision == expected
    except ValidationError:
        return False


def text_has_revision(text: str, expected: str) -> bool:
    """
    The same of a record as text.

    :param text: the text, which need not be JSON
    :param expected: the revision
    """
    try:
        return has_revision(loads(text), expected)
    except (TypeError, ValueError, RecursionError):
        return False
