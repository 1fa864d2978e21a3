"""
Answers that end before their end, as the sandbox makes them.
"""

from __future__ import annotations

import pytest

from globus_core import AuthClient, GlobusConnectionError, GlobusTimeoutError
from globus_core.testing import Sandbox
from globus_core.transport import RetryConfig

ONCE = RetryConfig(max_retries=0)


def test_an_answer_cut_off_inside_its_headers_is_no_answer(globus_sandbox: Sandbox) -> None:
    """It is a broken connection, and the request is sent again."""
    globus_sandbox.fail(kind="closed-in-headers", times=2)
    with (
        AuthClient(base_url=globus_sandbox.url, retry_config=ONCE) as auth,
        pytest.raises(GlobusConnectionError),
    ):
        auth.get_openid_configuration()
    patient = RetryConfig(backoff=lambda _: 0)
    with AuthClient(base_url=globus_sandbox.url, retry_config=patient) as auth:
        assert auth.get_openid_configuration()["issuer"]


@pytest.mark.parametrize("timeout", [0.2, (5, 0.2)])
def test_a_body_that_stalls_names_the_seconds(
    globus_sandbox: Sandbox, timeout: float | tuple[float, float]
) -> None:
    """The limit that ended the wait is in the error, wherever the waiting was."""
    settings = {"http_timeout": timeout, "max_retries": 0}
    with AuthClient(base_url=globus_sandbox.url, transport_params=settings) as auth:
        globus_sandbox.fail(kind="stalled-in-body")
        with pytest.raises(GlobusTimeoutError, match=r"0\.2 seconds"):
            auth.get_openid_configuration()


def test_indexing_what_is_not_json_says_so(globus_sandbox: Sandbox) -> None:
    """A page in place of the document is told from a document without the key."""
    with AuthClient(base_url=globus_sandbox.url, retry_config=ONCE) as auth:
        globus_sandbox.fail(kind="portal-page")
        answer = auth.get_openid_configuration()
        with pytest.raises(ValueError, match=r"no 'issuer': its body is not JSON .*text/html"):
            answer["issuer"]
