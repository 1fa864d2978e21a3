"""
Clients of the sandbox, and a browser that approves at once.
"""

from __future__ import annotations

import typing as t

import pytest
import requests

from globus_core import ConfidentialAppAuthClient, NativeAppAuthClient
from tests.integration.auth.settings import AT_ONCE

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from globus_core_sandbox import Sandbox


@pytest.fixture
def native(globus_sandbox: Sandbox) -> Iterator[NativeAppAuthClient]:
    """
    The sandbox's native client.
    """
    with NativeAppAuthClient(
        globus_sandbox.native_client_id, base_url=globus_sandbox.url, transport_params=AT_ONCE
    ) as client:
        yield client


@pytest.fixture
def confidential(globus_sandbox: Sandbox) -> Iterator[ConfidentialAppAuthClient]:
    """
    The sandbox's confidential client.
    """
    with ConfidentialAppAuthClient(
        globus_sandbox.confidential_client_id,
        globus_sandbox.confidential_client_secret,
        base_url=globus_sandbox.url,
        transport_params=AT_ONCE,
    ) as client:
        yield client


@pytest.fixture
def browse() -> Iterator[Callable[[str], str]]:
    """
    Opens an authorize URL and gives the callback that the person is sent to.
    """
    with requests.Session() as session:

        def follow(url: str) -> str:
            answer = session.get(url, allow_redirects=False, timeout=10)
            assert answer.status_code == 302, answer.text
            return answer.headers["Location"]

        yield follow
