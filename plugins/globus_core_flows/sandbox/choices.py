"""The rules of Choice states."""

from __future__ import annotations

import datetime
import fnmatch
import operator
import typing as t

from .data_paths import NoValueError, is_path, value_at

_COMPARISONS: dict[str, t.Callable[[t.Any, t.Any], bool]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}
_KINDS: dict[str, t.Any] = {
    "String": str,
    "Numeric": (int, float),
    "Timestamp": str,
    "Boolean": bool,
}
_JOINS = ("And", "Or", "Not")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _time(value: object) -> datetime.datetime | None:
    try:
        found = datetime.datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.timezone.utc)


_TESTS: dict[str, t.Callable[[t.Any], bool]] = {
    "IsNull": lambda value: value is None,
    "IsString": lambda value: isinstance(value, str),
    "IsNumeric": _is_number,
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsTimestamp": lambda value: isinstance(value, str) and _time(value) is not None,
}


def _comparisons() -> dict[str, tuple[str, t.Callable[[t.Any, t.Any], bool]]]:
    """The operators: which kind of value each takes, and what it does."""
    found = {
        f"{kind}{name}": (kind, compare)
        for kind in _KINDS
        for name, compare in _COMPARISONS.items()
        if kind != "Boolean" or name == "Equals"
    }
    found["StringMatches"] = ("String", lambda value, pattern: fnmatch.fnmatchcase(value, pattern))
    return found


OPERATORS = _comparisons()


def rule_problems(rule: t.Any) -> list[tuple[list[t.Any], str]]:
    """
    What is wrong with a rule, its ``Next`` aside.

    :param rule: the rule
    """
    if not isinstance(rule, dict):
        return [([], "a rule must be an object")]
    joins = [name for name in _JOINS if name in rule]
    if joins:
        return _joined_problems(joins[0], rule[joins[0]])
    if not is_path(rule.get("Variable")):
        return [(["Variable"], "must be a path such as $.size")]
    names = set(rule) - {"Variable", "Next", "Comment"}
    if len(names) != 1:
        return [([], "a rule must have exactly one comparison")]
    return _operator_problems(names.pop(), rule)


def _joined_problems(join: str, below: t.Any) -> list[tuple[list[t.Any], str]]:
    rules = [below] if join == "Not" else below
    if not isinstance(rules, list) or not rules:
        return [([join], "must be a list of rules")]
    return [
        ([join, at, *place] if join != "Not" else [join, *place], text)
        for at, rule in enumerate(rules)
        for place, text in rule_problems(rule)
    ]


def _operator_problems(name: str, rule: dict[str, t.Any]) -> list[tuple[list[t.Any], str]]:
    value = rule[name]
    if name in _TESTS or name == "IsPresent":
        return [] if isinstance(value, bool) else [([name], "must be true or false")]
    if name.removesuffix("Path") in OPERATORS and name.endswith("Path"):
        return [] if is_path(value) else [([name], "must be a path such as $.size")]
    if name not in OPERATORS:
        return [([name], f"{name!r} is no comparison")]
    kind = OPERATORS[name][0]
    is_right = _fits(kind, value)
    return [] if is_right else [([name], f"must be a value of the kind {kind}")]


def holds(rule: dict[str, t.Any], data: t.Any) -> bool:
    """
    Whether a rule is true.

    :param rule: a valid rule
    :param data: the data of the run
    :raises NoValueError: if its variable is not there, unless it asks for that
    """
    if "And" in rule:
        return all(holds(each, data) for each in rule["And"])
    if "Or" in rule:
        return any(holds(each, data) for each in rule["Or"])
    if "Not" in rule:
        return not holds(rule["Not"], data)
    (name,) = set(rule) - {"Variable", "Next", "Comment"}
    if name == "IsPresent":
        return _is_there(data, rule["Variable"]) is rule[name]
    value = value_at(data, rule["Variable"])
    if name in _TESTS:
        return _TESTS[name](value) is rule[name]
    other = rule[name]
    if name not in OPERATORS:
        name, other = name.removesuffix("Path"), value_at(data, other)
    kind, compare = OPERATORS[name]
    if not (_fits(kind, value) and _fits(kind, other)):
        return False
    if kind == "Timestamp":
        value, other = _time(value), _time(other)
    return compare(value, other)


def _is_there(data: t.Any, path: str) -> bool:
    try:
        value_at(data, path)
    except NoValueError:
        return False
    return True


def _fits(kind: str, value: t.Any) -> bool:
    if kind == "Numeric":
        return _is_number(value)
    if kind == "Timestamp":
        return _TESTS["IsTimestamp"](value)
    return isinstance(value, _KINDS[kind])
