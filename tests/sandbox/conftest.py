"""A plain client for each test of the sandbox."""

from __future__ import annotations

import typing as t

import pytest

from tests.sandbox.plain_client import PlainClient

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_core_sandbox import Sandbox


@pytest.fixture
def client(globus_sandbox: Sandbox) -> Iterator[PlainClient]:
    """
    A client that speaks to the sandbox without the SDK.
    """
    plain = PlainClient(globus_sandbox)
    with plain.session:
        yield plain
