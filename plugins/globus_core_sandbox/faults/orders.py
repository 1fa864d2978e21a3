"""Ordering faults, with one signature for the sandbox and its remote control."""

from __future__ import annotations

from globus_core import MISSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    import collections.abc as c
    import typing as t

    from globus_core import MissingType


class FaultOrders:
    """
    Methods that order faults; subclasses say where to send the orders.
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
        Order a fault for coming requests; the oldest matching fault applies to a request.

        ``kind`` selects a predefined fault, see :py:meth:`fault_kinds`; the other parameters change
        it, or define a fault without it.

        :param path: path to match; ``*`` and ``?`` are wildcards
        :param method: HTTP method to match; None matches all
        :param status: status of the response; None processes the request, after the latency, and
            sends the real response. The default is 503; 302 with ``redirect_to``; 200 with
            ``inflates_to``; None if only ``chunked``, ``cut`` or ``drip`` are passed
        :param body: an object for JSON, or text or bytes that are sent unchanged; None sends an
            error document
        :param headers: further response headers, which replace those of the response
        :param times: the number of requests to apply to, 1 by default; None for all
        :param latency: seconds to wait first, or less if the client disconnects
        :param drop: do not process the request, and end the connection without a response
        :param kind: name of a predefined fault
        :param redirect_to: path or URL for ``Location``; ``{path}`` stands for the path and query
            of the request, ``{port}`` for the sandbox's port
        :param retry_after: the ``Retry-After`` header, seconds or any text
        :param retry_after_date: seconds from now by the sandbox's clock, sent as an HTTP date
            (RFC 9110, 10.2.3); negative for the past
        :param inflates_to: send a small gzip body that inflates to this many bytes of JSON
        :param chunked: send the body in chunks, without ``Content-Length`` (RFC 9112, 7.1)
        :param cut: cut the response off: ``"start"`` (before any of it is sent), ``"headers"`` (in
            the middle of them), ``"body"`` (in the middle of it), or after so many bytes of the
            body, but always before the last one
        :param cut_by: how it is cut off, also with ``drop``: ``"close"`` (the default), ``"reset"``
            (TCP RST), ``"silence"`` (nothing more is sent until the client disconnects), or for a
            body ``"end"`` (it ends there, and ``Content-Length`` agrees)
        :param drip: send the ``"headers"`` or the ``"body"`` one byte at a time
        :param pace: seconds between these bytes, 0.1 by default
        :param endless: drip without end
        :raises SandboxError: if there is no such kind, or the parts contradict each other
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
        # Parameters with their defaults do not override the predefined fault.
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
        The predefined faults: the values of ``kind`` in :py:meth:`fail`, each with what it does.
        """
        raise NotImplementedError

    def _order_fault(self, order: dict[str, t.Any]) -> None:
        raise NotImplementedError
