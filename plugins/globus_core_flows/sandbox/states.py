"""What a run does in each state of its flow."""

from __future__ import annotations

import datetime
import math
import typing as t

from globus_core.testing.sandbox import World

from .actions import Action, ActionError, ConsentNeededError
from .choices import holds
from .data_paths import NoValueError, filled, value_at, with_value
from .definitions import action_of
from .records import Run

#: work that goes on at a time of the sandbox's clock, or, if None, after a look at other services
Steps = t.Iterator[float | None]
State = dict[str, t.Any]

#: a run that has been in so many states goes round in circles
MOST_STATES = 10_000


class RunFailedError(Exception):
    """
    A run fails.

    :param error: a short name for what has happened, or None
    :param cause: the same in words, or data
    """

    def __init__(self, error: t.Any, cause: t.Any) -> None:
        super().__init__(error)
        self.details = {"error": error, "cause": cause}


class Progress:
    """
    The work of one run, state by state.

    :param world: the data shared with the other services
    :param run: the run
    """

    def __init__(self, world: World, run: Run) -> None:
        self._world = world
        self._run = run
        self._data: t.Any = run.input
        self._action_now: Action | None = None

    def steps(self) -> Steps:
        """
        The whole work.
        """
        run = self._run
        run.add_entry(self._now(), "FlowStarted", "The flow has started", input=run.input)
        try:
            name: str | None = run.definition["StartAt"]
            for _ in range(MOST_STATES):
                name = yield from self._state(t.cast("str", name))
                if name is None:
                    self._end("SUCCEEDED", "FlowSucceeded", "The flow has run", output=self._data)
                    return
                yield self._now()
            raise RunFailedError("TooManyStates", f"it was in {MOST_STATES} states, and goes on")
        except RunFailedError as error:
            self._end("FAILED", "FlowFailed", "The flow has failed", details=error.details)
        except NoValueError as error:
            told = {"error": "NoValue", "cause": str(error)}
            self._end("FAILED", "FlowFailed", "The flow has failed", details=told)

    def cancel(self) -> None:
        """
        Cancel the action that goes on, if there is one.
        """
        if self._action_now is not None:
            self._action_now.cancel()

    def _state(self, name: str) -> t.Generator[float | None, None, str | None]:
        """Do a state; the result is the name of the next, or None at the end."""
        state: State = self._run.definition["States"][name]
        if state["Type"] == "Action":
            return (yield from self._action(name, state))
        if state["Type"] == "Wait":
            return (yield from self._wait(name, state))
        if state["Type"] == "Choice":
            return self._choice(name, state)
        if state["Type"] == "Fail":
            raise self._failure(name, state)
        return self._pass(name, state)

    def _pass(self, name: str, state: State) -> str | None:
        given = self._begin(name, state, self._input(state))
        self._store(state, given)
        self._done(name, state, given)
        return state.get("Next")

    def _choice(self, name: str, state: State) -> str:
        self._begin(name, state, self._data)
        data = value_at(self._data, state.get("InputPath") or "$")
        rules = (rule["Next"] for rule in state["Choices"] if holds(rule, data))
        following: str | None = next(rules, state.get("Default"))
        if following is None:
            raise RunFailedError("NoChoiceMatched", f"no rule of the state {name!r} is true")
        self._done(name, state, self._data)
        return following

    def _wait(self, name: str, state: State) -> t.Generator[float | None, None, str | None]:
        self._begin(name, state, self._data)
        yield self._until(name, state)
        self._done(name, state, self._data)
        return state.get("Next")

    def _until(self, name: str, state: State) -> float:
        (kind,) = {"Seconds", "SecondsPath", "Timestamp", "TimestampPath"} & state.keys()
        value = state[kind] if kind[-4:] != "Path" else value_at(self._data, state[kind])
        try:
            if kind.startswith("Seconds"):
                seconds = float(value)
                if math.isfinite(seconds):
                    return self._now() + seconds
                raise ValueError(value)
            at = datetime.datetime.fromisoformat(str(value).replace("Z", "+00:00"))
        except (TypeError, ValueError, OverflowError):
            raise RunFailedError(
                "BadWait", f"the state {name!r} cannot wait for {value!r}"
            ) from None
        return at.replace(tzinfo=at.tzinfo or datetime.timezone.utc).timestamp()

    def _failure(self, name: str, state: State) -> RunFailedError:
        self._begin(name, state, self._data)
        error, cause = (
            value_at(self._data, state[f"{key}Path"]) if f"{key}Path" in state else state.get(key)
            for key in ("Error", "Cause")
        )
        return RunFailedError(error, cause)

    def _action(self, name: str, state: State) -> t.Generator[float | None, None, str | None]:
        given = self._begin(name, state, self._input(state))
        if not isinstance(given, dict):
            raise RunFailedError("BadInput", f"the input of the state {name!r} is no object")
        action = self._action_now = Action(self._world, self._run, action_of(state), name, given)
        try:
            status = yield from self._status(action, state)
            if status["status"] == "FAILED" and state.get("ExceptionOnActionFailure"):
                raise ActionError("ActionFailedException", status)
        except ActionError as error:
            return self._caught(name, state, error)
        finally:
            self._action_now = None
        self._store(state, status)
        self._done(name, state, status)
        return state.get("Next")

    def _status(
        self, action: Action, state: State
    ) -> t.Generator[float | None, None, dict[str, t.Any]]:
        """The last status of an action, which has ended then."""
        status = yield from self._permitted(action.start)
        limit = self._now() + state["WaitTime"] if "WaitTime" in state else float("inf")
        while status["status"] == "ACTIVE":
            if self._now() >= limit:
                raise ActionError("ActionTimeout", status)
            yield None
            status = yield from self._permitted(action.look)
        return status

    def _permitted(
        self, ask: t.Callable[[], dict[str, t.Any]]
    ) -> t.Generator[float | None, None, dict[str, t.Any]]:
        """What an action answers; without a consent the run is inactive until it is resumed."""
        while True:
            try:
                return ask()
            except ConsentNeededError as error:
                self._run.go_on("INACTIVE", self._requirement(error))
            while self._run.status != "ACTIVE":
                yield float("inf")

    def _requirement(self, error: ConsentNeededError) -> dict[str, t.Any]:
        scope = self._run.flow.scope
        return {
            "code": "ConsentRequired",
            "description": f"The run needs a consent, and can be resumed then: {error}",
            "authorization_parameters": {
                "session_message": str(error),
                "required_scopes": [f"{scope}[{needed}]" for needed in error.scopes],
            },
        }

    def _caught(self, name: str, state: State, error: ActionError) -> str:
        for catch in state.get("Catch", ()):
            if not {error.code, "States.ALL"}.isdisjoint(catch["ErrorEquals"]):
                self._store(catch, {"Error": error.code, "Cause": error.output})
                following: str = catch["Next"]
                return following
        raise RunFailedError(error.code, error.output)

    # data and log

    def _input(self, state: State) -> t.Any:
        if "Parameters" in state:
            return filled(state["Parameters"], self._data)
        return value_at(self._data, state.get("InputPath") or "$")

    def _store(self, state: State, result: t.Any) -> None:
        path = state.get("ResultPath", "$")
        if path is not None:
            self._data = with_value(self._data, path, result)

    def _begin(self, name: str, state: State, given: t.Any) -> t.Any:
        self._note("Started", "has started", name, state, input=given)
        return given

    def _done(self, name: str, state: State, output: t.Any) -> None:
        self._note("Completed", "has ended", name, state, output=output)

    def _note(self, code: str, verb: str, name: str, state: State, **more: t.Any) -> None:
        kind = state["Type"]
        told = {"state_name": name, "state_type": kind, **more}
        text = f"State {name} of type {kind} {verb}"
        self._run.add_entry(self._now(), f"{kind}{code}", text, **told)
        details = {"code": f"{kind}{code}", "description": text, "details": told}
        self._run.go_on("ACTIVE", details)

    def _end(self, status: str, code: str, description: str, **details: t.Any) -> None:
        self._run.finish(self._now(), status, code, description, **details)

    def _now(self) -> float:
        return self._world.clock.now()
