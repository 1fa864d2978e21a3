"""Controlling a sandbox that runs in another process."""

from __future__ import annotations

from ..errors import SandboxError
from ..faults.orders import FaultOrders
from .verbs import Verbs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_TIMEOUT = 30
# 404 means an unknown service or verb, 409 and others a refusal by a service.
_REFUSALS = range(400, 500)


class SandboxControl(FaultOrders, Verbs):
    """
    The control methods of a :py:class:`Sandbox`, over HTTP.

    :param url: the sandbox's URL, as the command prints it
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/") + "/"

    def state(self) -> dict[str, t.Any]:
        """
        URL, settings, clients, people and services of the sandbox.
        """
        return self._call("GET", "state")

    def now(self) -> float:
        """
        The sandbox's time, in UTC epoch seconds.
        """
        return float(self.state()["now"])

    def advance_clock(self, seconds: float) -> None:
        """
        Move the sandbox's time.

        :param seconds: how far
        """
        self._call("POST", "clock", {"advance": seconds})

    def set_clock(self, timestamp: float) -> None:
        """
        Set the sandbox's time, which then continues from there.

        :param timestamp: the time, in UTC epoch seconds
        """
        self._call("POST", "clock", {"set": timestamp})

    def control(self, service: str, verb: str, /, **arguments: t.Any) -> dict[str, t.Any]:
        return self._call("POST", f"{service}/{verb}", arguments)

    def _order_fault(self, order: dict[str, t.Any]) -> None:
        if isinstance(order.get("body"), bytes):
            from base64 import b64encode

            order["body_base64"] = b64encode(order.pop("body")).decode()
        self._call("POST", "faults", order)

    def fault_kinds(self) -> dict[str, str]:
        """
        The predefined faults: the values of ``kind`` in :py:meth:`fail`, each with what it does.
        """
        return dict(self._call("GET", "faults")["kinds"])

    def clear_faults(self) -> None:
        """
        Remove the faults that are still ordered.
        """
        self._call("DELETE", "faults")

    def journal(self) -> list[dict[str, t.Any]]:
        """
        The requests so far, oldest first.
        """
        return list(self._call("GET", "journal")["records"])

    def _count(self, **wanted: t.Any) -> int:
        return int(self._call("GET", "journal/count", query=wanted)["count"])

    def reset(self) -> None:
        """
        Return to the initial state.
        """
        self._call("POST", "reset", {})

    def _call(
        self,
        method: str,
        path: str,
        body: dict[str, t.Any] | None = None,
        *,
        query: dict[str, t.Any] | None = None,
    ) -> dict[str, t.Any]:
        import json

        import requests

        try:
            data = None if body is None else json.dumps(body)
        except (TypeError, ValueError) as error:
            raise SandboxError(f"the arguments must be serialisable as JSON: {error}") from error
        response = requests.request(
            method,
            f"{self.url}_sandbox/{path}",
            data=data,
            headers={"Content-Type": "application/json"},
            params=query,
            timeout=_TIMEOUT,
        )
        if response.status_code in _REFUSALS:
            detail = response.json()["errors"][0]["detail"]
            raise SandboxError(f"the sandbox refused: {detail}")
        response.raise_for_status()
        answer: dict[str, t.Any] = response.json()
        return answer
