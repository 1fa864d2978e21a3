"""
Globus Connect Server, read from its file, beside globus-sdk's class for it.
"""

from __future__ import annotations

import pathlib
import typing as t

import globus_sdk
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import globus_core
from globus_core import LocalGlobusConnectServer
from globus_core.local_endpoint import LocalEndpointError

each_sdk = pytest.mark.parametrize("sdk", [globus_core, globus_sdk], ids=["ours", "globus-sdk's"])
FILES: dict[str, tuple[t.Any, ...]] = {
    '{"endpoint_id": "e", "domain_name": "d"}': (
        {"endpoint_id": "e", "domain_name": "d"},
        *("e", "d"),
    ),
    '{"endpoint_id": 5}': ({"endpoint_id": 5}, None, None),
    "{}": ({}, None, None),
    "[1]": (None, None, None),
    "null": (None, None, None),
    "{": (None, None, None),
    "": (None, None, None),
}


@each_sdk
@pytest.mark.parametrize("text", FILES)
def test_the_file_is_read_or_there_is_nothing(
    sdk: t.Any, text: str, tmp_path: pathlib.Path
) -> None:
    """It is no error if it is damaged."""
    file = tmp_path / "info.json"
    file.write_text(text)
    server = sdk.LocalGlobusConnectServer(info_path=str(file))
    assert (server.info_dict, server.endpoint_id, server.domain_name) == FILES[text]


@each_sdk
def test_it_is_kept_until_it_is_deleted(sdk: t.Any, tmp_path: pathlib.Path) -> None:
    """That there is no file is not kept."""
    file = tmp_path / "info.json"
    server = sdk.LocalGlobusConnectServer(info_path=file)
    assert server.info_dict is None
    file.write_text('{"endpoint_id": "e"}')
    assert server.endpoint_id == "e"
    file.write_text('{"endpoint_id": "f"}')
    assert server.endpoint_id == "e"
    del server.info_dict
    assert server.endpoint_id == "f"
    assert sdk.LocalGlobusConnectServer(info_path=tmp_path).info_dict is None


def test_the_usual_file_is_that_of_the_server() -> None:
    """Below /var/lib, as in globus-sdk."""
    ours, theirs = LocalGlobusConnectServer(), globus_sdk.LocalGlobusConnectServer()
    assert ours.info_path == theirs.info_path
    assert "/var/lib" in repr(ours)


def test_the_status_tells_what_is_there(tmp_path: pathlib.Path) -> None:
    """Or that nothing is."""
    file = tmp_path / "info.json"
    server = LocalGlobusConnectServer(info_path=file)
    assert not server.status().is_set_up
    file.write_text('{"endpoint_id": "e", "domain_name": null}')
    status = server.status()
    assert (status.is_set_up, status.endpoint_id, status.domain_name) == (True, "e", None)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "not JSON"),
        (b"", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a JSON object"),
        (b'{"endpoint_id": 5}', "endpoint_id is not text"),
        (b'{"domain_name": []}', "domain_name is not text"),
        (b"\xff", "no text"),
    ],
)
def test_a_damaged_file_is_an_error_of_the_status(
    content: bytes, why: str, tmp_path: pathlib.Path
) -> None:
    """It names the file."""
    file = tmp_path / "info.json"
    file.write_bytes(content)
    with pytest.raises(LocalEndpointError, match=why) as caught:
        LocalGlobusConnectServer(info_path=file).status()
    assert caught.value.path == str(file)
    assert LocalGlobusConnectServer(info_path=file).endpoint_id is None


def test_a_directory_in_its_place_is_an_error_of_the_status(tmp_path: pathlib.Path) -> None:
    """It cannot be read."""
    with pytest.raises(LocalEndpointError, match="cannot be read"):
        LocalGlobusConnectServer(info_path=tmp_path).status()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary() | st.text().map(str.encode) | st.from_regex(rb"\{.*\}"))
def test_no_content_breaks_it(content: bytes, tmp_path: pathlib.Path) -> None:
    """The properties have a value or None, the status has a result or its error."""
    file = tmp_path / "info.json"
    file.write_bytes(content)
    server = LocalGlobusConnectServer(info_path=file)
    assert server.info_dict is None or isinstance(server.info_dict, dict)
    try:
        assert server.status().is_set_up
    except LocalEndpointError as error:
        assert error.path == str(file)
