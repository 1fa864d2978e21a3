"""References into the data of a run, and parameters that have them."""

from __future__ import annotations

import copy
import re
import typing as t

_PATH = re.compile(r"\$(?:\.[A-Za-z_][\w-]*|\[\d+\]|\['[^']*'\])*")
_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]|\['([^']*)'\]")
#: parameters whose values are not shown by the real service
_PRIVATE = "__Private_Parameters"


class NoValueError(Exception):
    """
    The data of a run have nothing at a path.

    :param path: the path
    """

    def __init__(self, path: str) -> None:
        super().__init__(f"the run's data have nothing at {path}")


def is_path(value: object) -> bool:
    """
    Whether this is a path to one value, such as ``$.files[0].name``.

    :param value: the value
    """
    return isinstance(value, str) and _PATH.fullmatch(value) is not None


def steps_of(path: str) -> list[str | int]:
    """
    The keys and indices of a path.

    :param path: the path
    """
    return [
        int(match[2]) if match[2] is not None else match[1] if match[1] is not None else match[3]
        for match in _STEP.finditer(path)
    ]


def value_at(data: t.Any, path: str) -> t.Any:
    """
    The value at a path.

    :param data: the data
    :param path: the path
    :raises NoValueError: if there is none
    """
    step: t.Any
    for step in steps_of(path):
        if not isinstance(data, list if isinstance(step, int) else dict):
            raise NoValueError(path)
        try:
            data = data[step]
        except LookupError:
            raise NoValueError(path) from None
    return data


def with_value(data: t.Any, path: str, value: t.Any) -> t.Any:
    """
    The data with another value at a path, whose objects are made if need be.

    :param data: the data, which stay as they are
    :param path: the path, ``$`` for all of them
    :param value: the value
    :raises NoValueError: if the path leads through a list or into something that is no object
    """
    steps = steps_of(path)
    if not steps:
        return value
    changed = copy.deepcopy(data)
    place = changed
    for step in steps[:-1]:
        place = place.setdefault(step, {}) if isinstance(place, dict) else None
    if not isinstance(place, dict):
        raise NoValueError(path)
    place[steps[-1]] = value
    return changed


def filled(parameters: t.Any, data: t.Any) -> t.Any:
    """
    Parameters in which each ``"name.$": path`` has become ``"name": value``.

    :param parameters: the parameters
    :param data: the data
    :raises NoValueError: if a path leads nowhere
    """
    if isinstance(parameters, list):
        return [filled(each, data) for each in parameters]
    if not isinstance(parameters, dict):
        return parameters
    return {
        name.removesuffix(".$"): value_at(data, value)
        if name.endswith(".$")
        else filled(value, data)
        for name, value in parameters.items()
        if name != _PRIVATE
    }
