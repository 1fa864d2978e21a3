"""The faults that tests have ordered, and how often each applies."""

from __future__ import annotations

import base64
import binascii
import threading
import typing as t
from fnmatch import fnmatchcase

import attrs

from ..http.delivery import Delivery
from .checks import DELIVERY_PARTS, RETRY_PARTS, FaultError, check, given
from .kinds import KINDS


@attrs.define(eq=False, kw_only=True)
class Fault:
    """
    One ordered fault; :py:meth:`FaultOrders.fail` describes its parts.
    """

    path: str = "*"
    method: str | None = None
    status: int | None = 503
    body: t.Any = None
    headers: dict[str, str] = attrs.field(factory=dict)
    times: int | None = 1
    latency: float = 0.0
    drop: bool = False
    redirect_to: str | None = None
    retry_after: float | str | None = None
    retry_after_date: float | None = None
    inflates_to: int | None = None
    delivery: Delivery | None = None

    def matches(self, method: str, path: str) -> bool:
        """
        Whether the fault applies to a request.
        """
        return self.method in (None, method) and fnmatchcase(path, self.path)

    @property
    def silent(self) -> bool:
        """
        Whether the client does not receive complete headers.
        """
        return self.delivery is not None and self.delivery.cut in ("start", "headers")


class Faults:
    """
    The ordered faults; the oldest that matches a request applies to it.
    """

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def order(self, order: dict[str, t.Any]) -> None:
        """
        Order a fault.

        :param order: what was asked for, by name
        :raises FaultError: if there is no such fault
        """
        fault = make_fault(order)
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        """
        Remove all ordered faults.
        """
        with self._lock:
            self._waiting.clear()

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self, method: str, path: str) -> Fault | None:
        """
        The fault for a request, which is counted as used once.

        :param method: HTTP method
        :param path: request path
        """
        with self._lock:
            fault = next((f for f in self._waiting if f.matches(method, path)), None)
            if fault is not None and fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
            return fault


def describe_kinds() -> dict[str, str]:
    """
    Names and descriptions of the predefined faults.
    """
    return {name: kind.description for name, kind in KINDS.items()}


def make_fault(order: dict[str, t.Any]) -> Fault:
    """
    Build a fault from an order.

    :param order: arguments of :py:meth:`FaultOrders.fail` by name; ``body_base64`` for a body of
        bytes
    :raises FaultError: if there is no such fault
    """
    parts = _with_kind(_with_bytes(order))
    check(parts)
    parts.setdefault("status", _usual_status(parts))
    wire = {name: parts.pop(name) for name in given(parts, *DELIVERY_PARTS)}
    if given(parts, "drop"):
        wire["cut"] = "start"
    fault = {name: value for name, value in parts.items() if name not in DELIVERY_PARTS}
    return Fault(**fault, delivery=Delivery(**wire) if wire else None)


def _with_kind(order: dict[str, t.Any]) -> dict[str, t.Any]:
    """
    The order, completed with the parts of its predefined fault.
    """
    changes = dict(order)
    name = changes.pop("kind", None)
    if name is None:
        return changes
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise FaultError(
            f"no such fault: there is no kind {name!r}; known kinds: {', '.join(KINDS)}"
        )
    parts = {**kind.fault, **changes}
    if isinstance(parts.get("headers"), dict):
        parts["headers"] = {**kind.fault.get("headers", {}), **parts["headers"]}
    return parts


def _with_bytes(order: dict[str, t.Any]) -> dict[str, t.Any]:
    if "body_base64" not in order:
        return order
    parts = {name: value for name, value in order.items() if name != "body_base64"}
    try:
        return {**parts, "body": base64.b64decode(order["body_base64"], validate=True)}
    except (TypeError, ValueError, binascii.Error) as error:
        raise FaultError("no such fault: body_base64 is not base64") from error


def _usual_status(parts: dict[str, t.Any]) -> int | None:
    if parts.get("redirect_to") is not None:
        return 302
    if parts.get("inflates_to") is not None:
        return 200
    if given(parts, "drop", "body", *RETRY_PARTS):
        return 503
    return None if given(parts, *DELIVERY_PARTS) else 503
