"""Who has which role on flows and runs."""

from __future__ import annotations

import re
import typing as t

from globus_core.testing.sandbox import Caller

from .answers import Problem
from .records import Flow, Run, identity_urn

_URN = re.compile(
    r"urn:globus:(auth:identity|groups:id):[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)
#: roles of flows, the strongest first, with the field that lists who has them
FLOW_ROLES = {
    "flow_owner": None,
    "flow_administrator": "flow_administrators",
    "flow_starter": "flow_starters",
    "flow_viewer": "flow_viewers",
    "run_manager": "run_managers",
    "run_monitor": "run_monitors",
}
#: roles of runs, the strongest first
RUN_ROLES = ("run_owner", "run_manager", "flow_run_manager", "run_monitor", "flow_run_monitor")
#: who can be meant beside people and groups
_ALL = {"flow_viewers": "public", "flow_starters": "all_authenticated_users"}

START = frozenset({"flow_owner", "flow_administrator", "flow_starter"})
CHANGE = frozenset({"flow_owner", "flow_administrator"})
MANAGE = frozenset({"run_owner", "run_manager", "flow_run_manager"})


def principal_problems(fields: t.Mapping[str, t.Any]) -> list[Problem]:
    """
    What is wrong with the lists of people and groups in a document.

    :param fields: the document
    """
    names = [name for name in FLOW_ROLES.values() if name is not None]
    return [
        problem for name in names if name in fields for problem in _problems(name, fields[name])
    ]


def _problems(name: str, value: object) -> list[Problem]:
    if not isinstance(value, list):
        return [([name], "must be a list")]
    return [
        ([name, at], f"{each!r} is not the URN of an identity or a group")
        for at, each in enumerate(value)
        if each != _ALL.get(name) and not (isinstance(each, str) and _URN.fullmatch(each))
    ]


def is_principal(value: object) -> bool:
    """
    Whether this is the URN of an identity or a group.

    :param value: the value
    """
    return isinstance(value, str) and _URN.fullmatch(value) is not None


def flow_roles(flow: Flow, caller: Caller) -> list[str]:
    """
    The roles of a caller on a flow, the strongest first.

    :param flow: the flow
    :param caller: the caller; groups are not looked up
    """
    own = {identity_urn(identity) for identity in caller.identities}
    return [
        role
        for role, name in FLOW_ROLES.items()
        if _holds(own, [flow.owner] if name is None else flow.fields[name], name)
    ]


def run_roles(run: Run, caller: Caller) -> list[str]:
    """
    The roles of a caller on a run, the strongest first.

    :param run: the run
    :param caller: the caller; groups are not looked up
    """
    own = {identity_urn(identity) for identity in caller.identities}
    holders = {
        "run_owner": [run.owner],
        "run_manager": run.fields["run_managers"],
        "run_monitor": run.fields["run_monitors"],
        "flow_run_manager": run.flow.fields["run_managers"],
        "flow_run_monitor": run.flow.fields["run_monitors"],
    }
    return [role for role in RUN_ROLES if not own.isdisjoint(holders[role])]


def _holds(own: set[str], holders: t.Sequence[str], name: str | None) -> bool:
    return not own.isdisjoint(holders) or (name in _ALL and _ALL[name] in holders)
