"""
What the loopback server takes for the callback of its login, whatever is thrown at it.
"""

from __future__ import annotations

import string
import typing as t
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core_app._callback_server import CallbackServer, _parameters

STATE = "the-state-that-was-sent"

# what an HTTP server makes of a request line: any bytes, read as Latin-1
targets = st.text(st.characters(max_codepoint=255), max_size=60)


@pytest.fixture(scope="module")
def server() -> t.Iterator[CallbackServer]:
    """A server that nobody talks to."""
    with CallbackServer(("127.0.0.1", 0), string.Template("")) as made:
        yield made


@given(targets)
@settings(max_examples=100)
def test_no_target_breaks_the_server(target: str) -> None:
    """It is read as parameters, or as nothing."""
    for prefix in ("", "/", "/?", "/?code=x&state=", "//", "http://"):
        params = _parameters(prefix + target)
        assert params is None or all(isinstance(value, str) for value in params.values())


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=50)
def test_what_was_sent_is_what_is_read(code: str, state: str) -> None:
    """Any code and any state come through the query as they are."""
    query = urlencode({"code": code, "state": state}, errors="surrogatepass")
    assert _parameters(f"/?{query}") == {"code": code, "state": state}


@given(targets.filter(lambda state: state != STATE))
@settings(max_examples=50)
def test_only_the_state_that_was_sent_is_accepted(server: CallbackServer, state: str) -> None:
    """A state that begins like it, or is empty, is another one; before a login none is right."""
    server.state = STATE
    assert not server.accepts({"code": "x", "state": state})
    assert not server.accepts({"code": "x"})
    server.state = ""
    assert not server.accepts({"code": "x", "state": state})
    assert not server.accepts({"code": "x", "state": ""})


@pytest.mark.parametrize("target", ["/other?x=1", "/callback", "//evil/?x=1", "*"])
def test_other_paths_have_no_parameters(target: str) -> None:
    """Only the address that was given to the login counts."""
    assert not _parameters(target)


def test_a_parameter_that_comes_twice_is_left_out() -> None:
    """RFC 6749 section 3.1 forbids it, so neither value is believed."""
    assert _parameters("/?code=a&code=b&state=c") == {"state": "c"}


def test_a_callback_counts_once() -> None:
    """Of several with the right state the first is the login's, and the others are strays."""
    first, second = {"code": "first", "state": STATE}, {"code": "second", "state": STATE}
    with CallbackServer(("127.0.0.1", 0), string.Template("")) as server:
        server.state = STATE
        assert server.accepts(first)
        assert not server.accepts(second)
        assert not server.accepts(dict(first))
        server.finish()
        assert server.wait_for_callback(10.0) == first
