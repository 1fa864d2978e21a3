"""
Reading a whole body: in one go, and never more than a limit.
"""

from __future__ import annotations

import requests
from urllib3 import exceptions

from ._urls import origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_PIECE = 256 * 1024

#: how large a compressed body may become, whatever it was before
INFLATED_BYTES = 64 * 1024 * 1024
#: how many times its size a larger one may become; JSON seldom exceeds 20, a bomb has 1000
INFLATED_TIMES = 100


def read_body(raw: t.Any, request: requests.PreparedRequest, most_bytes: int | None) -> bytes:
    """
    The decompressed body of an answer.

    :param raw: the response of urllib3
    :param request: what it answers
    :param most_bytes: the largest body to read; None for no limit
    :raises NetworkError: if the body is larger, or a compressed one inflates too much
    :raises requests.RequestException: if it breaks off, comes too slowly or cannot be decoded
    """
    try:
        return _read(raw, request, most_bytes)
    except Exception as error:
        raw.close()  # a connection with the rest of a body in it is of no use
        raw.release_conn()
        foreign = _as_of_requests(error, request)
        if foreign is None:
            raise
        raise foreign from error


def _as_of_requests(
    error: Exception, request: requests.PreparedRequest
) -> requests.RequestException | None:
    """What requests raises in its place, or None where that is the same."""
    if isinstance(error, exceptions.DecodeError):
        return requests.exceptions.ContentDecodingError(error, request=request)
    if isinstance(error, exceptions.ReadTimeoutError):
        return requests.exceptions.ReadTimeout(error, request=request)
    if isinstance(error, exceptions.SSLError):
        return requests.exceptions.SSLError(error, request=request)
    if isinstance(error, exceptions.ProtocolError | OSError):
        return requests.exceptions.ChunkedEncodingError(error, request=request)
    return None


def _read(raw: t.Any, request: requests.PreparedRequest, most_bytes: int | None) -> bytes:
    coding = raw.headers.get("Content-Encoding", "identity").strip().lower()
    length = raw.length_remaining
    if coding == "identity" and (length is not None or most_bytes is None):
        if most_bytes is not None and length is not None and length > most_bytes:
            raise _too_large(request, most_bytes)
        whole: bytes = raw.read(decode_content=False)
        return whole
    if "," in coding:  # each turn multiplies what a few bytes can become
        raise exceptions.DecodeError("the body is encoded more than once")
    return _read_in_pieces(raw, request, most_bytes, compressed=coding != "identity")


def _read_in_pieces(
    raw: t.Any, request: requests.PreparedRequest, most_bytes: int | None, *, compressed: bool
) -> bytes:
    pieces = []
    size = 0
    while piece := raw.read(_PIECE, decode_content=compressed):
        pieces.append(piece)
        size += len(piece)
        if most_bytes is not None and size > most_bytes:
            raise _too_large(request, most_bytes)
        if compressed and size > max(INFLATED_BYTES, INFLATED_TIMES * raw.tell()):
            raise _bomb(request)
    return b"".join(pieces)


def _too_large(request: requests.PreparedRequest, most_bytes: int) -> Exception:
    return _refused(
        f"the answer of {origin(request.url or '')} is larger than {most_bytes} bytes",
        "ask for less at a time, read it with stream=True, or set the transport's "
        "max_body_bytes higher",
    )


def _bomb(request: requests.PreparedRequest) -> Exception:
    return _refused(
        f"the answer of {origin(request.url or '')} inflates to more than {INFLATED_TIMES} times "
        f"its size and more than {INFLATED_BYTES} bytes",
        "if that is what you expect, read it with stream=True",
    )


def _refused(message: str, advice: str) -> Exception:
    from globus_core.exc import NetworkError

    error = NetworkError(message, ValueError(message))
    error.retryable = False
    error.advice = advice
    return error
