"""The filter rules of a transfer, which choose among what is in its folders."""

from __future__ import annotations

import fnmatch
import typing as t

from . import answers

_METHODS = ("include", "exclude")
_TYPES = (None, "file", "dir")


def check(rules: t.Any) -> None:
    """
    Check the rules of a submitted document.

    :param rules: the rules, or None
    :raises ApiError: 400 if they are wrong
    """
    if rules is None:
        return
    if not isinstance(rules, list):
        raise answers.bad("filter_rules must be a list")
    for rule in rules:
        if not isinstance(rule, dict) or not _patterns(rule):
            raise answers.bad("each of filter_rules needs a name")
        if rule.get("method") not in _METHODS:
            raise answers.bad(f"the method of a filter rule must be one of {', '.join(_METHODS)}")
        if rule.get("type") not in _TYPES:
            raise answers.bad("the type of a filter rule must be file or dir")


def includes(rules: t.Sequence[dict[str, t.Any]], name: str, kind: str) -> bool:
    """
    Whether the rules let something through: the first one that matches decides.

    :param rules: the rules
    :param name: its name
    :param kind: ``file`` or ``dir``
    """
    for rule in rules:
        if rule.get("type") not in {None, kind}:
            continue
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in _patterns(rule)):
            return bool(rule["method"] == "include")
    return True


def _patterns(rule: dict[str, t.Any]) -> list[str]:
    names = rule.get("name")
    found = [names] if isinstance(names, str) else names if isinstance(names, list) else []
    return found if all(isinstance(name, str) and name for name in found) else []
