"""
The limits of one attempt: the deadline of its call, and the largest body that it may read.

The sender (``send_attempt``) sets :data:`current_limits`; connections, responses and readers of
bodies consult it.
"""

from __future__ import annotations

import contextvars
import math

from globus_core.origins import origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import requests

    from .deadline import Deadline

    Timeout = float | tuple[float | None, float | None] | None

_PIECE = 256 * 1024

#: size that a compressed body may always reach
INFLATED_BYTES = 64 * 1024 * 1024
#: ratio that a larger one may reach; JSON seldom exceeds 20, a decompression bomb has 1000
INFLATED_TIMES = 100


class AttemptLimits:
    """
    The limits of one attempt, its redirects included.

    :param timeout: seconds to wait for a connection and for each read; None waits for ever
    :param deadline: the deadline of the call, which other attempts share
    :param most_bytes: the largest body that is read; None for no limit
    :param stream: leave the body of a successful response to the caller
    :ivar connect: seconds to wait for a connection; None waits for ever
    :ivar read: seconds to wait for each read; None waits for ever
    :ivar lifted: whether the deadline is off because a body is being streamed
    :ivar slow_to_send: whether an answer may come before all of the request was sent
    """

    __slots__ = (
        "connect",
        "deadline",
        "lifted",
        "most_bytes",
        "read",
        "slow_to_send",
        "stream",
        "timeout",
    )

    def __init__(
        self, timeout: Timeout, deadline: Deadline, most_bytes: int | None, stream: bool
    ) -> None:
        self.timeout = timeout
        self.connect, self.read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        self.deadline = deadline
        self.most_bytes = most_bytes
        self.stream = stream
        self.lifted = False
        self.slow_to_send = False

    @property
    def expired(self) -> bool:
        """Whether the deadline has passed."""
        return not self.lifted and self.deadline.expired

    def disable_deadline(self) -> None:
        """Turn the deadline off for a stream, which only must not stall."""
        self.lifted = True

    def restart_deadline(self) -> None:
        """Start the deadline again once a stream was sent, or broke off."""
        if self.lifted:
            self.deadline.restart()
        self.lifted = False

    def timeouts(self) -> Timeout:
        """
        Timeouts for connecting and reading that do not exceed the deadline.

        :raises TimeoutError: if the deadline has passed
        """
        left = self.deadline.remaining()
        connect = math.inf if self.connect is None else self.connect
        read = math.inf if self.read is None else self.read
        if connect <= left and read <= left:
            return self.timeout
        return min(connect, left), min(read, left)

    def read_timeout(self, usual: float | None) -> float | None:
        """
        The timeout of one read: up to the deadline, or for a stream that of the transport.

        :param usual: the timeout of a read that the deadline does not shorten
        :raises TimeoutError: if the deadline has passed
        """
        if self.lifted:
            return self.read
        left = self.deadline.remaining()
        return left if left < (math.inf if usual is None else usual) else usual

    def connect_timeout(self, usual: float | None, addresses: int) -> float | None:
        """
        The timeout for connecting to one address: its share of the time up to the deadline.

        :param usual: the timeout of a connection that the deadline does not shorten
        :param addresses: how many addresses are still to be tried
        :raises TimeoutError: if the deadline has passed
        """
        share = self.deadline.remaining() / addresses
        return share if share < (math.inf if usual is None else usual) else usual


current_limits: contextvars.ContextVar[AttemptLimits | None] = contextvars.ContextVar(
    "globus_core_limits", default=None
)


def read_within_limits(response: requests.Response) -> bool:
    """
    Read the body of a response within the current limits, unless the caller is to read it.

    :param response: the response
    :return: whether it was read
    """
    _tidy_codings(response.raw)
    limits = current_limits.get()
    if limits is None or (limits.stream and response.status_code < 400):
        return False
    body = read_body(response.raw, response.request, limits.most_bytes)
    vars(response).update(_content=body, _content_consumed=True)
    return True


def _tidy_codings(raw: t.Any) -> None:
    """
    Leave only content codings that change something, in a form that urllib3 understands.

    Elements of a list may be empty (RFC 9110 section 5.6.1), and ``identity`` does nothing.
    """
    given = raw.headers.get("Content-Encoding")
    if given is None:
        return
    codings = [coding.strip().lower() for coding in given.split(",")]
    codings = [coding for coding in codings if coding not in ("", "identity")]
    if codings:
        raw.headers["Content-Encoding"] = ", ".join(codings)
    else:
        del raw.headers["Content-Encoding"]


def read_body(raw: t.Any, request: requests.PreparedRequest, most_bytes: int | None) -> bytes:
    """
    The decompressed body of a response.

    :param raw: the response of urllib3
    :param request: the request
    :param most_bytes: the largest body to read; None for no limit
    :raises NetworkError: if the body is larger, or a compressed one inflates too much
    :raises requests.RequestException: if it breaks off, comes too slowly or cannot be decoded
    """
    try:
        return _read(raw, request, most_bytes)
    except BaseException as error:
        raw.close()  # a connection that still holds part of a body cannot be reused
        raw.release_conn()
        foreign = _as_of_requests(error, request)
        if foreign is None:
            raise
        raise foreign from error


def _as_of_requests(
    error: BaseException, request: requests.PreparedRequest
) -> requests.RequestException | None:
    """What requests raises for it, or None to keep the error."""
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
    compressed = "Content-Encoding" in raw.headers
    length = raw.length_remaining
    if not compressed and (length is not None or most_bytes is None):
        if most_bytes is not None and length is not None and length > most_bytes:
            raise _too_large(request, most_bytes)
        whole: bytes = raw.read(decode_content=False)
        return whole
    return _read_in_pieces(raw, request, most_bytes, compressed=compressed)


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
        f"the response from {origin(request.url or '')} is larger than {most_bytes} bytes",
        "ask for less at a time, read it with stream=True, or set the transport's "
        "max_body_bytes higher",
    )


def _bomb(request: requests.PreparedRequest) -> Exception:
    return _refused(
        f"the response from {origin(request.url or '')} decompresses to more than "
        f"{INFLATED_TIMES} times its size and more than {INFLATED_BYTES} bytes",
        "if that is what you expect, read it with stream=True",
    )


def _refused(message: str, advice: str) -> Exception:
    from globus_core.exc import NetworkError

    error = NetworkError(message, ValueError(message))
    error.retryable = False
    error.advice = advice
    return error
