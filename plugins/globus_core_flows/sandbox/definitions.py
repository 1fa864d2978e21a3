"""Whether a definition is valid, and where it is not."""

from __future__ import annotations

import typing as t
from urllib.parse import urlsplit

from . import answers
from .answers import Problem
from .choices import rule_problems
from .data_paths import is_path

#: where the actions of Transfer are, and those that the sandbox has
TRANSFER_ACTIONS = "https://transfer.actions.globus.org/"
ACTIONS = ("transfer", "delete", "mkdir", "ls", "stat")

_TYPES = ("Action", "Choice", "ExpressionEval", "Fail", "Pass", "Wait")
_WAITS = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")
State = dict[str, t.Any]


def definition_problems(definition: t.Any) -> list[Problem]:
    """
    What is wrong with a definition; the places begin with ``definition``.

    :param definition: the definition
    """
    if not isinstance(definition, dict):
        return [(["definition"], "must be an object")]
    states = definition.get("States")
    if not isinstance(states, dict) or not states:
        return [(["definition", "States"], "must be an object with one state or more")]
    found: list[Problem] = []
    found += _target(["StartAt"], definition.get("StartAt"), states)
    for name, state in states.items():
        found += [(["States", name, *place], text) for place, text in _state(state, states)]
    return [(["definition", *place], text) for place, text in found]


def check_supported(definition: dict[str, t.Any]) -> None:
    """
    Refuse what the real service has and the sandbox does not.

    :param definition: a valid definition
    :raises ApiError: 501
    """
    for state in definition["States"].values():
        if state["Type"] == "ExpressionEval":
            raise answers.not_here("states of the type 'ExpressionEval'")
        if state["Type"] == "Pass" and "Result" in state:
            raise answers.not_here("the field 'Result' of states of the type 'Pass'")
        if state["Type"] == "Action":
            _check_action(state)
        if _has_expression(state.get("Parameters")):
            raise answers.not_here("expressions in parameters (names that end in '.=')")


def action_of(state: State) -> str:
    """
    The action of Transfer that a state is for.

    :param state: a state of the type Action
    :raises ApiError: 501 for any other action
    """
    url = str(state["ActionUrl"]).rstrip("/") + "/"
    name = url.removeprefix(TRANSFER_ACTIONS).rstrip("/")
    if name not in ACTIONS:
        raise answers.not_here(
            f"the action {state['ActionUrl']!r}; it has those of Transfer: " + ", ".join(ACTIONS)
        )
    return name


def has_actions(definition: dict[str, t.Any]) -> bool:
    """
    Whether a flow does anything outside of itself.

    :param definition: a valid definition
    """
    return any(state["Type"] == "Action" for state in definition["States"].values())


def _check_action(state: State) -> None:
    action_of(state)
    if state.get("RunAs", "User") != "User":
        raise answers.not_here("actions that run as somebody else ('RunAs')")


def _has_expression(parameters: t.Any) -> bool:
    if isinstance(parameters, list):
        return any(map(_has_expression, parameters))
    if not isinstance(parameters, dict):
        return False
    return any(n.endswith(".=") or _has_expression(v) for n, v in parameters.items())


def _state(state: t.Any, states: State) -> list[Problem]:
    if not isinstance(state, dict):
        return [([], "a state must be an object")]
    kind = state.get("Type")
    if not isinstance(kind, str) or kind not in _TYPES:
        return [(["Type"], f"{kind!r} is none of {', '.join(_TYPES)}")]
    found: list[Problem] = []
    if "OutputPath" in state:
        found.append((["OutputPath"], "is not allowed; use ResultPath"))
    found += [([name], "must be a path such as $.result") for name in _wrong_paths(state)]
    found += _parameter_problems(state.get("Parameters", {}), ["Parameters"])
    own = {"Action": _action, "Choice": _choice, "Fail": _fail, "Wait": _wait}
    if kind in own:
        found += own[kind](state, states)
    if kind in {"Action", "ExpressionEval", "Pass", "Wait"}:
        found += _transition(kind, state, states)
    return found


def _wrong_paths(state: State) -> list[str]:
    return [
        name
        for name in ("InputPath", "ResultPath")
        if state.get(name) is not None and not is_path(state[name])
    ]


def _parameter_problems(parameters: t.Any, place: list[t.Any]) -> list[Problem]:
    parts: list[tuple[t.Any, t.Any]]
    if isinstance(parameters, list):
        parts = list(enumerate(parameters))
    elif isinstance(parameters, dict):
        parts = list(parameters.items())
    else:
        return [(place, "must be an object")] if len(place) == 1 else []
    found: list[Problem] = []
    for name, value in parts:
        if isinstance(name, str) and name.endswith(".$"):
            if not is_path(value):
                found.append(([*place, name], "must be a path such as $.size"))
        elif isinstance(value, (dict, list)):
            found += _parameter_problems(value, [*place, name])
    return found


def _transition(kind: str, state: State, states: State) -> list[Problem]:
    if ("Next" in state) == (state.get("End") is True):
        return [([], f'a state of the type {kind!r} needs either "End": true or "Next"')]
    return [] if "Next" not in state else _target(["Next"], state["Next"], states)


def _target(place: list[t.Any], name: t.Any, states: State) -> list[Problem]:
    is_there = isinstance(name, str) and name in states
    return [] if is_there else [(place, f"there is no state {name!r}")]


def _action(state: State, states: State) -> list[Problem]:
    found: list[Problem] = []
    url = state.get("ActionUrl")
    if not isinstance(url, str) or urlsplit(url).scheme != "https":
        found.append((["ActionUrl"], "must be an https URL"))
    wait = state.get("WaitTime", 1)
    if not isinstance(wait, int) or isinstance(wait, bool) or wait < 1:
        found.append((["WaitTime"], "must be a number of seconds"))
    catches = state.get("Catch", [])
    if not isinstance(catches, list):
        return [*found, (["Catch"], "must be a list")]
    for at, catch in enumerate(catches):
        place = ["Catch", at]
        if not isinstance(catch, dict) or not isinstance(catch.get("ErrorEquals"), list):
            found.append((place, "must be an object with the list ErrorEquals"))
        else:
            found += _target([*place, "Next"], catch.get("Next"), states)
            found += [([*place, name], "must be a path") for name in _wrong_paths(catch)]
    return found


def _choice(state: State, states: State) -> list[Problem]:
    rules = state.get("Choices")
    if not isinstance(rules, list) or not rules:
        return [(["Choices"], "must be a list with one rule or more")]
    found: list[Problem] = []
    if "Default" in state:
        found += _target(["Default"], state["Default"], states)
    for at, rule in enumerate(rules):
        found += [(["Choices", at, *place], text) for place, text in rule_problems(rule)]
        if isinstance(rule, dict):
            found += _target(["Choices", at, "Next"], rule.get("Next"), states)
    return found


def _fail(state: State, states: State) -> list[Problem]:
    found: list[Problem] = []
    for name in ("Error", "Cause"):
        if name in state and f"{name}Path" in state:
            found.append(([], f"has both {name} and {name}Path"))
        if not isinstance(state.get(name, ""), str):
            found.append(([name], "must be text"))
        if f"{name}Path" in state and not is_path(state[f"{name}Path"]):
            found.append(([f"{name}Path"], "must be a path such as $.error"))
    return found


def _wait(state: State, states: State) -> list[Problem]:
    names = [name for name in _WAITS if name in state]
    if len(names) != 1:
        return [([], f"needs exactly one of {', '.join(_WAITS)}")]
    (name,), value = names, state[names[0]]
    if name.endswith("Path"):
        return [] if is_path(value) else [([name], "must be a path such as $.seconds")]
    if name == "Seconds" and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        return [([name], "must be a number of seconds")]
    if name == "Timestamp" and not isinstance(value, str):
        return [([name], "must be a time in ISO 8601")]
    return []
