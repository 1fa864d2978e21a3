"""
Connections that leave no other answer behind, as those of the synchronous transport.

aiohttp puts a connection aside once an answer is complete. Bytes that come after it would be the
answer to the next request. So a connection is not used again if there are any, or if it is doubtful
where its last answer ended.
"""

from __future__ import annotations

import asyncio
import functools
import select

import aiohttp
from aiohttp.client_proto import ResponseHandler

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_SWITCHING_PROTOCOLS = 101
_WITHOUT_BODY = (204, 304)


class OneAnswerEach(ResponseHandler):
    """
    A connection on which each request gets its own answer.
    """

    _is_interim = False

    def feed_data(self, data: t.Any, size: int = 0) -> None:
        """
        Take the head of an answer.

        :param data: the head, and the body
        :param size: not used
        """
        head = data[0]
        self._is_interim = 100 <= head.code < 200 and head.code != _SWITCHING_PROTOCOLS
        if not (self._is_interim or self._skip_payload or _is_framed_clearly(head)):
            self.force_close()
        super().feed_data(data, size)

    def data_received(self, data: bytes) -> None:
        """
        Take what the server has sent; after an interim answer it must send more in time.

        :param data: the bytes
        """
        super().data_received(data)
        if self._is_interim:
            self.start_timeout()

    def is_connected(self) -> bool:
        """
        Whether the connection can be used; if it was put aside, nothing may be left on it.
        """
        if not super().is_connected():
            return False
        at_rest = self._payload is None or self._payload.is_eof()
        return not (at_rest and (self.should_close or self._has_more()))

    def _has_more(self) -> bool:
        """Whether there are bytes that the loop has not yet read."""
        sock = None if self.transport is None else self.transport.get_extra_info("socket")
        if sock is None or not hasattr(select, "poll"):
            return False
        poll = select.poll()
        poll.register(sock.fileno(), select.POLLIN)
        return bool(poll.poll(0))


def _is_framed_clearly(head: t.Any) -> bool:
    """Whether all readers of the head agree on where the answer ends (RFC 9112 section 6.3)."""
    lengths = head.headers.getall("Content-Length", [])
    codings = head.headers.getall("Transfer-Encoding", [])
    if head.code in _WITHOUT_BODY:  # some servers send the body that they announce
        return not codings and lengths in ([], ["0"])
    if codings:
        return not lengths and len(codings) == 1
    return len(lengths) == 1 and lengths[0].isascii() and lengths[0].strip().isdigit()


def connector(kept_seconds: float) -> aiohttp.TCPConnector:
    """
    Makes the connections of one session; there may be any number of them.

    :param kept_seconds: for how long one is kept that nobody uses
    """
    made = aiohttp.TCPConnector(limit=0, keepalive_timeout=kept_seconds)
    factory: t.Any = functools.partial(OneAnswerEach, loop=asyncio.get_running_loop())
    made._factory = factory
    return made
