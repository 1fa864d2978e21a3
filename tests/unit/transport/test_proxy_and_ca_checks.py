"""
Proxies and CA bundles that cannot be used are refused by the name of the variable.
"""

from __future__ import annotations

import pathlib
import socket
import sys

import pytest

from globus_core import BaseClient
from globus_core.exc import (
    GlobusConnectionError,
    GlobusSDKUsageError,
    convert_request_exception,
)
from globus_core.transport import RetryConfig

PASSWORD = "the-password-of-the-proxy"
VARIABLES = ("https_proxy", "http_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, *map(str.upper, VARIABLES), "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def refusal() -> str:
    """The error of a request, which is not sent and not sent again."""
    client = BaseClient(base_url="https://service.example.org/")
    with client, pytest.raises(GlobusSDKUsageError) as caught:
        client.get("/a-path")
    text = str(caught.value)
    assert "service.example.org" not in text
    assert "a-path" not in text
    return text


@pytest.mark.parametrize("variable", ["ALL_PROXY", "https_proxy"])
@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks4"])
def test_a_socks_proxy_without_pysocks_names_the_remedy(
    monkeypatch: pytest.MonkeyPatch, variable: str, scheme: str
) -> None:
    """And the variable, but never the password in it."""
    monkeypatch.setitem(sys.modules, "socks", None)
    monkeypatch.setenv(variable, f"{scheme}://ada:{PASSWORD}@127.0.0.1:9050")
    text = refusal()
    assert text.startswith(f"{variable} names a SOCKS proxy")
    assert "requests[socks]" in text
    assert PASSWORD not in text


@pytest.mark.parametrize("value", ["http://", "http://h:port", "nonsense://h:1", "h:99999999"])
def test_a_proxy_that_is_no_url_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """It is not taken for a fault of the URL or of the host."""
    monkeypatch.setenv("HTTPS_PROXY", value)
    assert refusal().startswith("HTTPS_PROXY names a proxy ")


@pytest.mark.parametrize(
    "variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GLOBUS_SDK_VERIFY_SSL"]
)
@pytest.mark.parametrize("content", [None, "", "no certificate\n", "-----BEGIN CERTIFICATE-----"])
def test_a_ca_bundle_without_a_certificate_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, variable: str, content: str | None
) -> None:
    """By the variable and the file; a folder without certificates too."""
    path = tmp_path / "authorities"
    if content is None:
        path.mkdir()
    else:
        path.write_text(content)
    monkeypatch.setenv(variable, str(path))
    text = refusal()
    assert variable in text
    assert str(path) in text


def test_a_bundle_that_was_mended_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    """The fault is not remembered."""
    from globus_core.transport.settings import EnvironmentSettings

    path = tmp_path / "authorities.pem"
    path.write_text("")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    settings = EnvironmentSettings()
    with pytest.raises(GlobusSDKUsageError):
        settings.get("https://service.example.org/", True)
    certifi = pytest.importorskip("certifi")
    path.write_bytes(pathlib.Path(certifi.where()).read_bytes())
    assert settings.get("https://service.example.org/", True)[1] == str(path)


def test_the_errors_of_a_session_of_ones_own_blame_the_proxy_too() -> None:
    """They come from requests, and the message blames neither the URL nor the host."""
    import requests

    missing = convert_request_exception(
        requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support.")
    )
    assert "PySocks" in missing.message
    assert "requests[socks]" in missing.explain()
    malformed = convert_request_exception(requests.exceptions.InvalidProxyURL("malformed"))
    assert "proxy" in malformed.message
    assert not missing.retryable
    assert not malformed.retryable


@pytest.mark.parametrize("variable", ["ALL_PROXY", "http_proxy"])
@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks4"])
def test_a_socks_proxy_that_refuses_connections_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, scheme: str
) -> None:
    """By its variable, without the password in it."""
    pytest.importorskip("socks")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed_port = probe.getsockname()[1]
    monkeypatch.setenv(variable, f"{scheme}://ada:{PASSWORD}@127.0.0.1:{closed_port}")
    client = BaseClient(
        base_url="http://service.example.org/", retry_config=RetryConfig(max_retries=0)
    )
    with client, pytest.raises(GlobusConnectionError) as caught:
        client.get("a-path")
    assert str(caught.value).startswith(f"the SOCKS proxy that {variable} names ")
    assert variable.upper() in str(caught.value.advice)
    assert PASSWORD not in f"{caught.value}{caught.value.advice}"
