"""
Unit tests that were written with globus-sdk's canned responses find ours in the same way.
"""

from __future__ import annotations

import inspect
import pkgutil
import re
import typing as t

import globus_sdk.testing as theirs
import pytest
from globus_sdk.testing.data import (
    auth,
    flows,
    globus_connect_server,
    groups,
    search,
    timer,
    transfer,
)
from globus_sdk.testing.data.compute import v2 as compute_v2
from globus_sdk.testing.data.compute import v3 as compute_v3
from globus_sdk.testing.data.transfer import v2 as transfer_v2

import globus_core.testing as ours

NAMES = {
    "RegisteredResponse": ("__init__", "add", "replace"),
    "ResponseList": ("__init__", "add"),
    "ResponseSet": ("__init__", "activate", "activate_all", "cases", "from_dict", "lookup"),
    "construct_error": (),
    "get_last_request": (),
    "get_response_set": (),
    "load_response": (),
    "load_response_set": (),
    "register_response_set": (),
}
#: the packages of globus-sdk with responses, by how the names of their sets begin
PACKAGES: dict[str, t.Any] = {
    "auth": auth,
    "compute.v2": compute_v2,
    "compute.v3": compute_v3,
    "flows": flows,
    "globus_connect_server": globus_connect_server,
    "groups": groups,
    "search": search,
    "timer": timer,
    "transfer": transfer,
    "transfer.v2": transfer_v2,
}
SETS = [
    f"{prefix}.{name}"
    for prefix, package in PACKAGES.items()
    for _, name, _ in pkgutil.iter_modules(package.__path__)
    if name[0] != "_" and name not in {"v2", "v3"}
]
#: UUIDs, and ids of roles in Search
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<=/role/)\w+$")


@pytest.mark.parametrize("name", NAMES)
def test_it_takes_every_argument(name: str) -> None:
    """Positional ones in their order, with the same defaults."""
    there, here = getattr(theirs, name), getattr(ours, name)
    members = [(getattr(there, member), getattr(here, member)) for member in NAMES[name]]
    for one, other in members or [(there, here)]:
        taken = inspect.signature(other).parameters
        for parameter in inspect.signature(one).parameters.values():
            if parameter.kind is parameter.VAR_KEYWORD:  # whose name is of no account
                assert inspect.getfullargspec(other).varkw
                continue
            mine = taken[parameter.name]
            assert (mine.kind, _default(mine)) == (parameter.kind, _default(parameter))


@pytest.mark.parametrize("name", SETS)
def test_every_method_s_responses_are_here(name: str) -> None:
    """By the same name, for the same request, with the same keys in the metadata."""
    there, here = (each.get_response_set(name) for each in (theirs, ours))
    if "default" not in there.cases():  # theirs has only other cases
        assert "default" in here.cases()
        return
    one, other = there.lookup("default"), here.lookup("default")
    assert set(one.metadata) <= set(other.metadata)
    assert _request(one) == _request(other)
    if not name.startswith("auth."):
        assert set(there.cases()) <= set(here.cases())
        assert _status(there) == {case: _status(here)[case] for case in there.cases()}


def _default(parameter: inspect.Parameter) -> t.Any:
    """A class by its name, since that of globus-sdk is another one."""
    default = parameter.default
    return default.__name__ if isinstance(default, type) else default


def _request(response: t.Any) -> tuple[str, str]:
    one = _first(response)
    return one.method, _ID.sub("<id>", one.path.strip("/"))


def _status(responses: t.Any) -> dict[str, int]:
    return {case: _first(responses.lookup(case)).status for case in responses.cases()}


def _first(response: t.Any) -> t.Any:
    return getattr(response, "responses", [response])[0]
