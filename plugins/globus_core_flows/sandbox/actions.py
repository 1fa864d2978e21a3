"""The actions of Transfer, which are done by the sandbox's Transfer over HTTP."""

from __future__ import annotations

import typing as t

import requests

from globus_core.testing.sandbox import ApiError, World

from .answers import iso
from .records import Run, identity_urn

TRANSFER = "transfer.api.globus.org"
ALL = f"urn:globus:auth:scope:{TRANSFER}:all"
_SECONDS = 30
_API = "v0.10/"
_PASSING = frozenset((429, 500, 502, 503, 504))


class ConsentNeededError(Exception):
    """
    The flow lacks a consent of the person for whom it runs.

    :param scopes: what is needed, below the scope of the flow
    :param detail: the same in words
    """

    def __init__(self, scopes: list[str], detail: str) -> None:
        super().__init__(detail)
        self.scopes = scopes


class ActionError(Exception):
    """
    An action has failed.

    :param code: how, as ``Catch`` names it
    :param output: what is known about it
    """

    def __init__(self, code: str, output: t.Any) -> None:
        super().__init__(code)
        self.code = code
        self.output = output


class PassingError(ActionError):
    """
    Transfer could not be asked, which may be possible again.
    """


class Action:
    """
    One action of a run.

    :param world: the data shared with the other services
    :param run: the run
    :param name: the action's name, such as ``transfer``
    :param state_name: the state that it is done in
    :param parameters: its input
    """

    def __init__(
        self, world: World, run: Run, name: str, state_name: str, parameters: dict[str, t.Any]
    ) -> None:
        self._world = world
        self._run = run
        self._name = name
        self._state_name = state_name
        self._parameters = parameters
        self._id = world.new_id()
        self._started = world.clock.now()
        self._task_id: str | None = None
        self._token: str | None = None
        self._last = self._status("ACTIVE", {})

    def start(self) -> dict[str, t.Any]:
        """
        Start it; the result is its status.

        :raises ConsentNeededError: if a consent is missing
        :raises ActionError: if it cannot be started
        """
        self._token = None  # a login may have brought more consents
        if self._name in {"transfer", "delete"}:
            return self._submit()
        endpoint = self._parameters.get("endpoint_id")
        options = {k: v for k, v in self._parameters.items() if k != "endpoint_id"}
        path = f"operation/endpoint/{endpoint}/{self._name}"
        if self._name == "mkdir":
            details = self._asked("POST", path, json={"DATA_TYPE": "mkdir", **options})
        else:
            details = self._asked("GET", path, params=options)
        return self._status("SUCCEEDED", details)

    def look(self) -> dict[str, t.Any]:
        """
        Its status now.

        :raises ActionError: if it is not known
        """
        try:
            task = self._asked("GET", f"task/{self._task_id}")
        except PassingError:
            return self._last
        status = task["status"] if task["status"] in {"SUCCEEDED", "FAILED"} else "ACTIVE"
        self._last = self._status(status, task)
        return self._last

    def cancel(self) -> None:
        """
        Cancel what goes on at Transfer.
        """
        if self._task_id is not None:
            self._send("POST", f"task/{self._task_id}/cancel")

    def _submit(self) -> dict[str, t.Any]:
        items = self._parameters.get("DATA")
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise ActionError("ActionUnableToRun", {"message": "DATA must be a list of objects"})
        document = {
            "label": f"For Action id {self._id}",
            **self._parameters,
            "DATA_TYPE": self._name,
            "DATA": [{"DATA_TYPE": f"{self._name}_item", **item} for item in items],
            "submission_id": self._asked("GET", "submission_id")["value"],
        }
        self._task_id = self._asked("POST", self._name, json=document)["task_id"]
        return self.look()

    def _asked(self, method: str, path: str, **options: t.Any) -> dict[str, t.Any]:
        response = self._send(method, path, **options)
        if response.status_code == 401:  # the token's time is over
            self._token = None
            response = self._send(method, path, **options)
        try:
            found: dict[str, t.Any] = response.json()
        except ValueError:
            found = {"message": response.text[:200]}
        if response.ok:
            return found
        if found.get("code") == "ConsentRequired":
            raise ConsentNeededError(found["required_scopes"], found["message"])
        kind = PassingError if response.status_code in _PASSING else ActionError
        raise kind("ActionUnableToRun", found)

    def _send(self, method: str, path: str, **options: t.Any) -> requests.Response:
        try:
            headers = {"Authorization": f"Bearer {self._access_token()}"}
            url = self._world.url("transfer") + _API + path
        except ApiError as error:
            raise ActionError("ActionUnableToRun", {"message": error.detail}) from error
        try:
            return requests.request(method, url, headers=headers, timeout=_SECONDS, **options)
        except requests.RequestException as error:
            raise PassingError("ActionUnableToRun", {"message": str(error)}) from error

    def _access_token(self) -> str:
        if self._token is None:
            run = self._run
            try:
                self._token = self._world.token(run.flow.id, [ALL], run.caller)
            except ApiError as error:
                if error.status in {401, 403}:
                    raise ConsentNeededError([ALL], error.detail) from error
                raise
        return self._token

    def _status(self, status: str, details: dict[str, t.Any]) -> dict[str, t.Any]:
        is_done = status != "ACTIVE"
        return {
            "action_id": self._id,
            "state_name": self._state_name,
            "status": status,
            "display_status": status,
            "details": details,
            "creator_id": identity_urn(self._run.caller.identity),
            "label": self._run.fields["label"],
            "manage_by": self._run.fields["run_managers"],
            "monitor_by": self._run.fields["run_monitors"],
            "start_time": iso(self._started),
            "completion_time": iso(self._world.clock.now()) if is_done else None,
            "release_after": None,
        }
