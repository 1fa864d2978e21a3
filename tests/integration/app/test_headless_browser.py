"""
The browser that tests and the demo log in with.
"""

from __future__ import annotations

import typing as t
from urllib.error import HTTPError

import pytest

from globus_core.testing import HeadlessBrowser

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox


def test_it_follows_redirects_in_the_background(sandbox: Sandbox) -> None:
    """Where it has ended is known after the wait."""
    browser = HeadlessBrowser()
    assert browser.open(f"{sandbox.url}.well-known/openid-configuration") is True
    browser.wait()
    assert browser.visited == f"{sandbox.url}.well-known/openid-configuration"
    assert browser.error is None


def test_what_goes_wrong_is_kept(sandbox: Sandbox) -> None:
    """A page that fails is no page visited."""
    browser = HeadlessBrowser()
    for page in (".well-known/openid-configuration", "nowhere"):
        browser.open(f"{sandbox.url}{page}")
        browser.wait()
    assert isinstance(browser.error, HTTPError)
    assert browser.error.code == 404
    assert browser.visited is None


def test_it_goes_past_the_proxies_of_the_machine(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A login on loopback never leaves the machine."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    browser = HeadlessBrowser()
    browser.open(f"{sandbox.url}.well-known/openid-configuration")
    browser.wait()
    assert browser.error is None


def test_waiting_before_any_visit_is_no_wait() -> None:
    """Nothing to wait for."""
    HeadlessBrowser().wait()
