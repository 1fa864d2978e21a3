"""
The table of connectors.
"""

from __future__ import annotations

import uuid

import globus_sdk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import ConnectorTable, GlobusConnectServerConnector

NAMES = [name for name in dir(ConnectorTable) if name.isupper()]


def test_the_table_is_that_of_globus_sdk() -> None:
    """The same attributes, names and ids."""
    ours = {name: getattr(ConnectorTable, name) for name in NAMES}
    theirs = {name: getattr(globus_sdk.ConnectorTable, name) for name in NAMES}
    listed = {each.name for each in globus_sdk.ConnectorTable.all_connectors()}

    assert {n: (c.name, c.connector_id) for n, c in ours.items()} == {
        n: (c.name, c.connector_id) for n, c in theirs.items()
    }
    assert {each.name for each in ConnectorTable.all_connectors()} >= listed


@pytest.mark.parametrize("name", NAMES)
@given(between=st.sampled_from([" ", "-", "_", "--", " _ "]), upper=st.booleans())
def test_a_connector_is_found_by_its_name_however_it_is_written(
    name: str, between: str, upper: bool
) -> None:
    """Case and what is between words do not matter, nor blanks around."""
    connector: GlobusConnectServerConnector = getattr(ConnectorTable, name)
    written = connector.name.replace(" ", between)

    ways = (
        f" {written.upper() if upper else written} ",
        uuid.UUID(connector.connector_id),
        connector.connector_id,
    )
    assert all(ConnectorTable.lookup(way) is connector for way in ways)


@given(st.text(max_size=20))
def test_looking_up_is_as_in_globus_sdk(text: str) -> None:
    """For any text, mostly None."""
    ours, theirs = ConnectorTable.lookup(text), globus_sdk.ConnectorTable.lookup(text)

    assert (ours and ours.name) == (theirs and theirs.name)


def test_a_table_can_be_extended() -> None:
    """The new table has one more, the old one stays as it is."""
    identifier = uuid.uuid4()
    table = ConnectorTable.extend(connector_name="Star Tape", connector_id=identifier)
    further = table.extend(connector_name="X", connector_id="an-id", attribute_name="OTHER")
    connector = GlobusConnectServerConnector("Star Tape", str(identifier))

    assert table.lookup("star-tape") == connector
    assert vars(table)["STAR_TAPE"] == connector
    assert issubclass(further, table)
    assert vars(further)["OTHER"].connector_id == "an-id"
    assert ConnectorTable.lookup("star tape") is None
    assert len(list(further.all_connectors())) == len(NAMES) + 2
