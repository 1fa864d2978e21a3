"""
What one attempt may take: until when it must end, and how large a body it may read.

Whoever sends sets :data:`current_limits`; the connection and the reader of the body look at it.
"""

from __future__ import annotations

import contextvars
import math
import time

from globus_core._origins import origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import requests

    Timeout = float | tuple[float | None, float | None] | None

_PIECE = 256 * 1024

#: how large a compressed body may become, whatever it was before
INFLATED_BYTES = 64 * 1024 * 1024
#: how many times its size a larger one may become; JSON seldom exceeds 20, a bomb has 1000
INFLATED_TIMES = 100


class AttemptLimits:
    """
    The limits of one attempt, its redirects included.

    :param seconds: until when it must have ended, from now; None for no deadline
    :param most_bytes: the largest body that is read; None for no limit
    :param stream: the body is left to the caller
    """

    __slots__ = ("ends", "most_bytes", "seconds", "stream")

    def __init__(self, seconds: float | None, most_bytes: int | None, stream: bool) -> None:
        self.seconds = seconds
        self.ends = math.inf if seconds is None else time.monotonic() + seconds
        self.most_bytes = most_bytes
        self.stream = stream

    @property
    def expired(self) -> bool:
        """Whether the deadline has passed."""
        return time.monotonic() >= self.ends

    def remaining(self) -> float:
        """
        The seconds until the deadline.

        :raises TimeoutError: if there are none
        """
        seconds = self.ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the total deadline of the request has passed")
        return seconds

    def disable_deadline(self) -> None:
        """Let the rest take as long as it likes."""
        self.ends = math.inf

    def shorten(self, timeout: Timeout) -> Timeout:
        """
        Times for connecting and reading that do not reach beyond the deadline.

        :param timeout: the times as they are set
        :raises TimeoutError: if the deadline has passed
        """
        left = self.remaining()
        connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        connect, read = _number(connect), _number(read)
        if connect <= left and read <= left:
            return timeout
        return min(connect, left), min(read, left)


def _number(seconds: float | None) -> float:
    return math.inf if seconds is None else seconds


current_limits: contextvars.ContextVar[AttemptLimits | None] = contextvars.ContextVar(
    "globus_core_limits", default=None
)


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
    import requests
    from urllib3 import exceptions

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
        from urllib3.exceptions import DecodeError

        raise DecodeError("the body is encoded more than once")
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
