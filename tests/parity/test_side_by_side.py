"""
A program for globus-sdk 4.10 does the same here, by running it with both.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core.testing import Sandbox
from tests.parity import different, same
from tests.parity.side import Side, plain, wire

if t.TYPE_CHECKING:
    import pathlib

    from tests.parity.side import Case

    Outcome = tuple[t.Any, list[t.Any]]

#: the imports of one program
NAMES = ("globus_sdk", "globus_core")

#: what is sent beside the case's own requests, so that only results are compared
UNEQUAL_ON_THE_WIRE = {
    "user_app": "its logins have a nonce, and their consents are looked up at other times",
    "client_app": "what an app asks for beside its requirements",
    "id_tokens": "keys are fetched once for all tokens of a client",
    "id_tokens_with_known_keys": "as above",
    "memory_storage": "as above",
    "json_storage": "as above",
    "sqlite_storage": "as above",
    "identity_map": "unknown names are remembered, and names are not asked for twice",
}


def _run(name: str, case: Case, sandbox: Sandbox, folder: pathlib.Path) -> Outcome:
    """The result and the requests of a program with one SDK."""
    sandbox.reset()
    own = folder / name
    own.mkdir()
    side = Side(name, sandbox, own)
    try:
        return plain(case(side)), [wire(each) for each in side.adapter.sent]
    finally:
        side.close()


@pytest.mark.parametrize("case", same.CASES, ids=lambda case: case.__name__)
def test_a_program_does_the_same(
    case: Case, globus_sandbox: Sandbox, tmp_path: pathlib.Path
) -> None:
    """Its requests and its results are equal."""
    theirs, ours = (_run(name, case, globus_sandbox, tmp_path) for name in NAMES)
    assert ours[0] == theirs[0]
    if case.__name__ not in UNEQUAL_ON_THE_WIRE:
        assert ours[1] == theirs[1]


@pytest.mark.parametrize("difference", different.CASES, ids=lambda each: each.case.__name__)
def test_a_difference_is_as_it_is_stated(
    difference: different.Difference, globus_sandbox: Sandbox, tmp_path: pathlib.Path
) -> None:
    """What globus-sdk does is still true as well."""
    results = [_run(name, difference.case, globus_sandbox, tmp_path)[0] for name in NAMES]
    assert results == [plain(difference.theirs), plain(difference.ours)]
