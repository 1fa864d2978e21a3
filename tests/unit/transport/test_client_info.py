"""
The X-Globus-Client-Info header.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core import GlobusSDKUsageError, __version__
from globus_core.transport import GlobusClientInfo, RequestsTransport

OURS = f"product=globus-core,version={__version__}"


def test_products_are_added_as_dict_or_segment() -> None:
    """Each is one segment."""
    info = GlobusClientInfo()
    info.add({"product": "portal", "version": "2"})
    info.add("product=tool,version=3")
    assert info.format() == f"{OURS};product=portal,version=2;product=tool,version=3"


def test_nothing_is_left_after_clear() -> None:
    """It is then false, and a transport sends no header."""
    transport = RequestsTransport()
    assert transport.headers["X-Globus-Client-Info"] == OURS
    transport.globus_client_info.clear()
    assert not transport.globus_client_info
    assert "X-Globus-Client-Info" not in transport.headers


def test_changes_are_told() -> None:
    """With the object itself."""
    told: list[str] = []
    info = GlobusClientInfo(update_callback=lambda changed: told.append(changed.format()))
    info.add("product=tool")
    info.clear()
    assert told == [OURS, f"{OURS};product=tool", ""]


@pytest.mark.parametrize(
    "value", ["a=1;b=2", {"a;": "1"}, {"a": "1,2"}, {"a": "1=2"}, {"a,b": "1"}]
)
def test_reserved_characters_are_refused(value: t.Any) -> None:
    """They would break the header."""
    with pytest.raises(GlobusSDKUsageError):
        GlobusClientInfo().add(value)
