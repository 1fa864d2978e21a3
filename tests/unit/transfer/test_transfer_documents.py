"""
The documents of transfers and deletions.
"""

from __future__ import annotations

import datetime
import time
import typing as t
import uuid

import pytest

from globus_core import MISSING, DeleteData, GlobusSDKUsageError, TransferClient, TransferData
from tests.unit.transfer.answering import answered

if t.TYPE_CHECKING:
    from collections.abc import Iterator

NOON = datetime.datetime(2026, 3, 1, 12, 0, 0, 517299)
MAKERS: dict[str, t.Callable[..., dict[str, t.Any]]] = {
    "TransferData": lambda **options: TransferData("a", "b", **options),
    "DeleteData": lambda **options: DeleteData("a", **options),
}


@pytest.fixture
def two_hours_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Local time is two hours ahead of UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC-2")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize(
    ("deadline", "sent"),
    [
        (NOON.replace(tzinfo=datetime.timezone.utc), "2026-03-01T12:00:00+00:00"),
        (NOON, "2026-03-01T10:00:00+00:00"),
        ("2026-03-01 12:00", "2026-03-01 12:00"),
        (MISSING, MISSING),
    ],
)
def test_a_deadline_has_a_time_zone(
    make: t.Any, deadline: t.Any, sent: t.Any, two_hours_east: None
) -> None:
    """A datetime without one is in local time; text is the caller's own."""
    assert make(deadline=deadline)["deadline"] == sent


@pytest.mark.parametrize(
    ("level", "number"),
    [("exists", 0), ("size", 1), ("mtime", 2), ("checksum", 3), (2, 2), (9, 9), (MISSING, MISSING)],
)
def test_sync_levels_are_numbers(level: t.Any, number: object) -> None:
    """Numbers are not checked, as there may be more."""
    assert TransferData("a", "b", sync_level=level)["sync_level"] == number


@pytest.mark.parametrize("level", ["Exists", "", "all"])
def test_an_unknown_sync_level_is_refused(level: t.Any) -> None:
    """By an error that is a ValueError too."""
    with pytest.raises(GlobusSDKUsageError, match="exists, size, mtime, checksum"):
        TransferData("a", "b", sync_level=level)


def test_items_and_rules_are_kept_in_order() -> None:
    """Further fields win."""
    data = TransferData("a", "b", additional_fields={"label": "c"})
    data.add_item("/a", "/b", recursive=True, additional_fields={"recursive": False})
    data.add_item("/c", "/d")
    data.add_filter_rule("*.tmp")
    data.add_filter_rule("*", method="include", type="dir")

    assert [item["source_path"] for item in data.iter_items()] == ["/a", "/c"]
    assert next(data.iter_items())["recursive"] is False
    assert [rule["method"] for rule in data["filter_rules"]] == ["exclude", "include"]
    assert data["label"] == "c"


def test_what_is_missing_is_not_sent() -> None:
    """In items and rules too; ids may be UUIDs."""
    client = answered(TransferClient, {"task_id": "a"})
    source = uuid.uuid4()
    data = TransferData(source, "b", submission_id="an-id", notify_on_failed=False)
    data.add_item("/a", "/b")
    data.add_filter_rule("*.tmp")

    client.submit_transfer(data)

    assert client.answering.bodies == [
        {
            "DATA_TYPE": "transfer",
            "DATA": [{"DATA_TYPE": "transfer_item", "source_path": "/a", "destination_path": "/b"}],
            "source_endpoint": str(source),
            "destination_endpoint": "b",
            "submission_id": "an-id",
            "notify_on_failed": False,
            "filter_rules": [{"DATA_TYPE": "filter_rule", "method": "exclude", "name": "*.tmp"}],
        }
    ]


def test_a_deletion_lists_its_paths() -> None:
    """In order."""
    data = DeleteData("a", recursive=True)
    data.add_item("/a")
    data.add_item("/b", additional_fields={"more": 1})

    assert list(data.iter_items()) == [
        {"DATA_TYPE": "delete_item", "path": "/a"},
        {"DATA_TYPE": "delete_item", "path": "/b", "more": 1},
    ]
    assert data["recursive"] is True and "filter_rules" not in data
