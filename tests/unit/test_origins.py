"""
What of a URL decides who gets credentials.
"""

from __future__ import annotations

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from urllib3.util import parse_url

from globus_core.origins import bare, is_loopback, origin, page, setting, split_path


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Auth.Example.org/v2?x=1#y", "https://auth.example.org"),
        ("HTTPS://auth.example.org:443", "https://auth.example.org"),
        ("http://auth.example.org:80/", "http://auth.example.org"),
        ("http://auth.example.org:443/", "http://auth.example.org:443"),
        ("https://user:pw@auth.example.org:8443/", "https://auth.example.org:8443"),
        ("https://[::1]:443/", "https://[::1]"),
        ("https://a.example.org\\@b.example.org/", "https://a.example.org"),
        ("https://a.example.org?@b.example.org/", "https://a.example.org"),
        ("https://a.example.org#@b.example.org/", "https://a.example.org"),
        ("https://a.example.org@b.example.org/", "https://b.example.org"),
    ],
)
def test_the_origin_is_scheme_host_and_port(url: str, expected: str) -> None:
    """In lower case, without what has no part in it."""
    assert origin(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Auth.Example.org:443/A/?x=1#y", "https://auth.example.org/A"),
        ("https://auth.example.org", "https://auth.example.org"),
        ("https://auth.example.org/", "https://auth.example.org"),
        ("https://auth.example.org?a/b", "https://auth.example.org"),
        ("https://a.example.org\\@b.example.org/", "https://a.example.org\\@b.example.org"),
        ("my.program://back/", "my.program://back"),
    ],
)
def test_a_page_is_an_origin_and_a_path(url: str, expected: str) -> None:
    """Two URLs of one page may differ in the case of the host, the query and the last slash."""
    assert page(url) == expected


HOME = "https://home.example.org"
_PARTS = ("home.example.org", "else.example.org", "\\", "@", ":", "443", "/", "?", "#", "%40", "[")


@given(st.lists(st.sampled_from(_PARTS), max_size=6))
@settings(max_examples=60)
def test_no_url_passes_for_one_of_home_that_leads_elsewhere(parts: list[str]) -> None:
    """Whoever we take for home is where requests goes to."""
    url = "https://" + "".join(parts)
    try:
        sent = requests.Request("GET", url).prepare().url or ""
    except requests.RequestException:
        return
    assert (parse_url(sent).host or "?") in origin(sent)
    if origin(url) == HOME:
        assert origin(sent) == HOME


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://LOCALHOST:80",
        "http://127.0.0.1:1/",
        "http://127.8.9.1",
        "http://[::1]:5000/x",
    ],
)
def test_this_machine_is_loopback(url: str) -> None:
    """By name or address."""
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1.example.org/",
        "http://127.0.0.1@example.org/",
        "http://example.org\\@localhost/",
        "http://localhost.example.org/",
        "http://example.org/localhost",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://[::2]/",
    ],
)
def test_another_machine_is_not_loopback(url: str) -> None:
    """However much its name looks like it."""
    assert not is_loopback(url)


def test_a_bare_url_holds_no_secret() -> None:
    """Neither user nor query nor fragment."""
    url = "https://user:pw@Auth.example.org:8443/a/b?token=x#y"
    assert bare(url) == "https://auth.example.org:8443/a/b"
    assert bare("https://auth.example.org") == "https://auth.example.org"


@pytest.mark.parametrize(
    "tail", ["?a=b", "#a", ";a=b", "%3Fa%3Db", "%3fa", "%23a", "%3Ba%3Db", "%253Fa", "%25253Ba"]
)
def test_parameters_are_not_shown(tail: str) -> None:
    """Whether they are a query or were meant as one."""
    assert bare(f"https://user:pw@a.example.org/b%20c{tail}/d") == "https://a.example.org/b%20c"
    assert split_path(f"/b%20c{tail}") == ("/b%20c", tail)


@pytest.mark.parametrize("query", ["x=c2VjcmV0==", "c2VjcmV0", "x=1;y=c2VjcmV0=", "=c2VjcmV0"])
def test_a_setting_shows_no_value_of_its_query(query: str) -> None:
    """Whatever signs are in it, and whether it has a name or not."""
    assert "c2V" not in setting(f"redis://db.example.org/0?{query}")
