"""Ordering faults: one signature for the sandbox and for its remote control."""

from __future__ import annotations

from globus_core import MISSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    import collections.abc as c
    import typing as t

    from globus_core import MissingType


class FaultOrders:
    """
    What can be ordered to go wrong, for subclasses that know where to order it.
    """

    def fail(
        self,
        path: str = "*",
        method: str | None = None,
        status: int | MissingType | None = MISSING,
        body: t.Any = None,
        headers: c.Mapping[str, str] | None = None,
        times: int | MissingType | None = MISSING,
        latency: float = 0.0,
        drop: bool = False,
        *,
        kind: str | None = None,
        redirect_to: str | None = None,
        retry_after: float | str | None = None,
        retry_after_date: float | None = None,
        inflates_to: int | None = None,
        chunked: bool = False,
        cut: int | str | None = None,
        cut_by: str | None = None,
        drip: str | None = None,
        pace: float | None = None,
        endless: bool = False,
    ) -> None:
        """
        Let requests go wrong; of several faults the oldest that matches hits a request.

        ``kind`` orders a ready-made fault, see :py:meth:`fault_kinds`; the other parameters
        change it, or make a fault of their own.

        :param path: path to match, ``*`` and ``?`` as in file names
        :param method: HTTP method to match, None for all
        :param status: status to answer with; None carries the request out, after the latency,
            and gives the real answer. Left out it is 503; 302 for ``redirect_to``; 200 for
            ``inflates_to``; None where only ``chunked``, ``cut`` or ``drip`` are asked for
        :param body: object for JSON, text or bytes as they are, None for an error document
        :param headers: further response headers, which win over the answer's own
        :param times: how many requests to hit, None for all, 1 when left out
        :param latency: seconds to wait first, or less if the client goes away
        :param drop: leave the request alone and end the connection without an answer
        :param kind: name of a ready-made fault
        :param redirect_to: path or URL for ``Location``; ``{path}`` stands for the path and query
            of the request, ``{port}`` for the sandbox's port
        :param retry_after: the ``Retry-After`` header as it is, seconds or any text
        :param retry_after_date: seconds from now by the sandbox's clock, sent as an HTTP date
            (RFC 9110, 10.2.3); negative for the past
        :param inflates_to: send a small gzip body that inflates to this many bytes of JSON
        :param chunked: send the body in chunks, without ``Content-Length`` (RFC 9112, 7.1)
        :param cut: break the answer off: ``"start"`` (nothing of it is sent), ``"headers"`` (in
            the middle of them), ``"body"`` (in the middle of it), or after so many bytes of the
            body, but always before its last one
        :param cut_by: how it is broken off, also with ``drop``: ``"close"`` (as when left out),
            ``"reset"`` (TCP RST), ``"silence"`` (nothing more comes until the client goes away),
            or for a body ``"end"`` (it ends there, and ``Content-Length`` agrees)
        :param drip: send the ``"headers"`` or the ``"body"`` one byte at a time
        :param pace: seconds between these bytes, 0.1 when left out
        :param endless: never come to an end of what is dripped
        :raises SandboxError: if there is no such fault, or parts of it contradict each other
        """
        order: dict[str, t.Any] = {
            "path": path,
            "method": method,
            "body": body,
            "headers": dict(headers or {}),
            "latency": latency,
            "kind": kind,
            "redirect_to": redirect_to,
            "retry_after": retry_after,
            "retry_after_date": retry_after_date,
            "inflates_to": inflates_to,
            "cut": cut,
            "cut_by": cut_by,
            "drip": drip,
            "pace": pace,
        }
        switches = {"drop": drop, "chunked": chunked, "endless": endless}
        # What is left at its default does not override the ready-made fault.
        order = {name: value for name, value in order.items() if value is not None}
        order |= {name: True for name, value in switches.items() if value}
        order |= {
            name: value
            for name, value in (("status", status), ("times", times))
            if value is not MISSING
        }
        self._order_fault(order)

    def fault_kinds(self) -> dict[str, str]:
        """
        The ready-made faults: what ``kind`` of :py:meth:`fail` can be, and what it does.
        """
        raise NotImplementedError

    def _order_fault(self, order: dict[str, t.Any]) -> None:
        raise NotImplementedError
