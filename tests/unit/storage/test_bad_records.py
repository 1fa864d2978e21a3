"""
One record that cannot be used counts as missing, and the others work.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import sqlite3
import stat
import typing as t
import warnings

import pytest

from globus_core.exc import ValidationError
from globus_core.testing.stored_tokens import CANARY, make_token
from globus_core.token_storage import TokenStorage, TokenStorageData, ValidatingTokenStorage
from globus_core_storage import (
    DamagedStorageWarning,
    JSONTokenStorage,
    MemoryTokenStorage,
    SQLiteTokenStorage,
)

LONG_AGO = 1_700_000_000
BAD, GOOD = "bad.example.org", "good.example.org"
RECORD = json.dumps(make_token(BAD, access_token=CANARY).to_dict()).encode()
EXPIRES = b"1790172800"

#: what can stand in the place of a record, as its bytes in the file
BAD_RECORDS = {
    "NaN": RECORD.replace(EXPIRES, b"NaN"),
    "infinite": RECORD.replace(EXPIRES, b"-Infinity"),
    "float": RECORD.replace(EXPIRES, b"1790172800.5"),
    "1e300": RECORD.replace(EXPIRES, b"1e300"),
    "1e400": RECORD.replace(EXPIRES, b"1e400"),
    "400 digits": RECORD.replace(EXPIRES, b"1" + b"0" * 400),
    "5000 digits": RECORD.replace(EXPIRES, b"1" + b"0" * 5000),
    "the year 10000": RECORD.replace(EXPIRES, b"253402300800"),
    "time as text": RECORD.replace(EXPIRES, b'"1790172800"'),
    "true": RECORD.replace(EXPIRES, b"true"),
    "field missing": RECORD.replace(b'"access_token"', b'"access_tokem"'),
    "token as list": RECORD.replace(b'"' + CANARY.encode() + b'"', b"[]"),
    "text": b'"' + CANARY.encode() + b'"',
    "null": b"null",
    "number": b"5",
    "list": b"[]",
    "empty": b"{}",
    "not UTF-8": RECORD.replace(b"urn:globus", b"urn:\xffglobus"),
    "another's": json.dumps(make_token("other.example.org").to_dict()).encode(),
}
bad_records = pytest.mark.parametrize("bad", BAD_RECORDS.values(), ids=BAD_RECORDS)


def write_json(path: pathlib.Path, bad: bytes) -> bytes:
    """A JSON file with a bad record and a good one; its content."""
    good = json.dumps(make_token(GOOD).to_dict()).encode()
    content = (
        b'{"format_version": "2.0", "globus-sdk.version": "4.9.0", "data": {"DEFAULT": '
        b'{"%s": %s, "%s": %s}}}' % (BAD.encode(), bad, GOOD.encode(), good)
    )
    path.write_bytes(content)
    path.chmod(0o600)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return content


def write_sqlite(path: pathlib.Path, bad: object) -> bytes:
    """A database with a bad record and a good one; nothing that can be compared."""
    with SQLiteTokenStorage(path) as storage:
        storage.store_token_data_by_resource_server({GOOD: make_token(GOOD), BAD: make_token(BAD)})
    set_row(path, "token_data_json = CAST(? AS TEXT)", bad)
    return b""


def set_row(path: pathlib.Path, change: str, value: object) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            f"UPDATE token_storage SET {change} WHERE resource_server = ?", (value, BAD)
        )


both = pytest.mark.parametrize(
    ("make", "write"), [(JSONTokenStorage, write_json), (SQLiteTokenStorage, write_sqlite)]
)
Make = type[JSONTokenStorage | SQLiteTokenStorage]
Write = t.Callable[[pathlib.Path, bytes], bytes]


def kept(path: pathlib.Path) -> list[t.Any]:
    """The records in the file for bad ones."""
    text = path.with_name("tokens.bad-records").read_text()
    return [json.loads(line) for line in text.splitlines()]


@both
@bad_records
def test_a_bad_record_counts_as_missing(
    tmp_path: pathlib.Path, make: Make, write: Write, bad: bytes
) -> None:
    """There is a warning that names it and shows nothing of it; a read changes no file."""
    path = tmp_path / "tokens"
    content = write(path, bad)
    with make(path) as storage:
        with pytest.warns(DamagedStorageWarning, match=BAD) as caught:
            assert storage.get_token_data(BAD) is None
        assert storage.get_token_data(GOOD) == make_token(GOOD)
    with make(path) as storage:
        with pytest.warns(DamagedStorageWarning, match=BAD):
            assert storage.get_token_data_by_resource_server() == {GOOD: make_token(GOOD)}
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # said once for each state of the record
            assert storage.get_token_data(BAD) is None
    assert len(caught) == 1
    assert CANARY not in str(caught[0].message)
    assert not content or path.read_bytes() == content
    assert not [entry.name for entry in tmp_path.iterdir() if "bad" in entry.name]
    assert not [entry.name for entry in tmp_path.iterdir() if "damaged" in entry.name]


@both
@bad_records
def test_a_store_keeps_a_bad_record_and_replaces_it(
    tmp_path: pathlib.Path, make: Make, write: Write, bad: bytes
) -> None:
    """Another store leaves it where it is; its own puts it into a private file."""
    path = tmp_path / "tokens"
    write(path, bad)
    with make(path) as storage:
        storage.store_token_data_by_resource_server({"c": make_token("c")})
        assert not (tmp_path / "tokens.bad-records").exists()
        with pytest.warns(DamagedStorageWarning, match=BAD):
            assert storage.get_token_data(BAD) is None
        storage.store_token_data_by_resource_server({BAD: make_token(BAD)})
        assert set(storage.get_token_data_by_resource_server()) == {BAD, GOOD, "c"}
        storage.store_token_data_by_resource_server({BAD: make_token(BAD)})
    [entry] = kept(path)
    assert (entry["namespace"], entry["resource_server"]) == ("DEFAULT", BAD)
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "tokens.bad-records").stat().st_mode) == 0o600
    assert (CANARY in json.dumps(entry["record"])) is (CANARY.encode() in bad)


@both
def test_a_removal_keeps_a_bad_record_too(tmp_path: pathlib.Path, make: Make, write: Write) -> None:
    """A logout removes it like any other."""
    path = tmp_path / "tokens"
    write(path, b"[]")
    with make(path) as storage:
        assert storage.remove_token_data(BAD) is True
        assert storage.get_token_data(BAD) is None
    assert len(kept(path)) == 1


@both
def test_the_last_twenty_bad_records_are_kept(
    tmp_path: pathlib.Path, make: Make, write: Write
) -> None:
    """Older ones go."""
    path = tmp_path / "tokens"
    for number in range(23):
        path.unlink(missing_ok=True)
        write(path, b'"%d"' % number)
        with make(path) as storage:
            storage.store_token_data_by_resource_server({BAD: make_token(BAD)})
    numbers = [json.loads(str(entry["record"])) for entry in kept(path)]
    assert list(map(int, numbers)) == list(range(3, 23))


@both
@bad_records
def test_an_app_opens_a_storage_with_a_bad_record(
    tmp_path: pathlib.Path, make: Make, write: Write, bad: bytes
) -> None:
    """The storage of an app reads all records when it is made."""
    write(tmp_path / "tokens", bad)
    with pytest.warns(DamagedStorageWarning, match=BAD):
        storage = ValidatingTokenStorage(make(tmp_path / "tokens"))
    with storage:
        assert list(storage.get_token_data_by_resource_server()) == [GOOD]


@pytest.mark.parametrize("value", [7, 1.5, b"\xff\x00", "", "{" + CANARY, "\0"])
def test_a_row_of_another_type_counts_as_missing(tmp_path: pathlib.Path, value: object) -> None:
    """SQLite keeps numbers and bytes in columns for text."""
    path = tmp_path / "tokens"
    write_sqlite(path, b"{}")
    set_row(path, "token_data_json = ?", value)
    with SQLiteTokenStorage(path) as storage:
        with pytest.warns(DamagedStorageWarning, match=BAD):
            assert list(storage.get_token_data_by_resource_server()) == [GOOD]
        storage.store_token_data_by_resource_server({BAD: make_token(BAD)})
        assert storage.get_token_data(BAD) == make_token(BAD)
    assert len(kept(path)) == 1


def test_a_row_without_a_record_counts_as_missing(tmp_path: pathlib.Path) -> None:
    """In a table that somebody has made without our constraints."""
    path = tmp_path / "tokens"
    write_sqlite(path, b"{}")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "ALTER TABLE token_storage RENAME TO former;"
            "CREATE TABLE token_storage (namespace, resource_server, token_data_json,"
            " PRIMARY KEY (namespace, resource_server));"
            "INSERT INTO token_storage SELECT * FROM former; DROP TABLE former;"
        )
    set_row(path, "token_data_json = ?", None)
    with SQLiteTokenStorage(path) as storage:
        with pytest.warns(DamagedStorageWarning, match=BAD):
            assert list(storage.get_token_data_by_resource_server()) == [GOOD]
        assert not storage.replace(BAD, "made-up", make_token(BAD))
        storage.store_token_data_by_resource_server({BAD: make_token(BAD)})
        assert storage.get_token_data(BAD) == make_token(BAD)


@pytest.mark.parametrize("column", ["resource_server", "namespace"])
def test_a_name_that_is_not_utf8_is_no_outage(tmp_path: pathlib.Path, column: str) -> None:
    """Nothing is found under it, and the other rows work."""
    path = tmp_path / "tokens"
    write_sqlite(path, RECORD)
    set_row(path, f"{column} = CAST(? AS TEXT)", b"a\xff")
    with SQLiteTokenStorage(path) as storage, warnings.catch_warnings():
        warnings.simplefilter("ignore", DamagedStorageWarning)
        assert list(storage.get_token_data_by_resource_server()) == [GOOD]
        assert "DEFAULT" in list(storage.iter_namespaces())


def make_any(path: pathlib.Path) -> list[TokenStorage]:
    storages = [JSONTokenStorage(path / "j"), SQLiteTokenStorage(path / "s"), MemoryTokenStorage()]
    return [*storages, ValidatingTokenStorage(MemoryTokenStorage())]


def test_a_record_is_not_stored_for_another_resource_server(tmp_path: pathlib.Path) -> None:
    """Its token would be sent to a server that it was not issued for."""
    for storage in make_any(tmp_path):
        with storage, pytest.raises(ValidationError, match=r"'a\.example\.org'.*another"):
            storage.store_token_data_by_resource_server({"a.example.org": make_token("b")})
        assert storage.get_token_data_by_resource_server() == {}
        storage.close()


class Careless(MemoryTokenStorage):
    """A storage that returns b's record for every name."""

    def get_token_data(self, resource_server: str) -> TokenStorageData | None:
        return make_token("b.example.org")

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        return {name: make_token("b.example.org") for name in ("a.example.org", "b.example.org")}


def test_a_record_from_a_careless_storage_is_not_used(caplog: pytest.LogCaptureFixture) -> None:
    """What any storage returns under the name of another resource server counts as missing."""
    from globus_core.token_storage.validating_token_storage.storage import one_of

    assert one_of(Careless(), "a.example.org") is None
    assert one_of(Careless(), "b.example.org") == make_token("b.example.org")
    with ValidatingTokenStorage(Careless()) as storage:
        assert list(storage.get_token_data_by_resource_server()) == ["b.example.org"]
    assert "'a.example.org'" in caplog.text


@pytest.mark.parametrize("value", [10**400, -(10**400), 253_402_300_800, -253_402_300_800])
def test_a_time_that_no_clock_shows_is_refused(value: int) -> None:
    """The error names the field."""
    with pytest.raises(ValidationError, match="expires_at_seconds"):
        make_token("a", expires_at_seconds=value)
    for last in (253_402_300_799, -253_402_300_799):
        assert make_token("a", expires_at_seconds=last).expires_at_seconds == last
