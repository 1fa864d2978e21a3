"""
``globus-core get``, ``put`` and ``cat``, with a server of files on loopback.
"""

from __future__ import annotations

import json
import os
import pathlib
import typing as t

import pytest

from globus_core_cli.group import cli
from globus_core_gcs.canned import documents as doc
from tests.commands import separate_runner
from tests.integration.gcs.file_server import FileServer, Served
from tests.unit.gcs.services import MAPPED, PERSONAL_ID, TRANSFER, Services

if t.TYPE_CHECKING:
    from click.testing import Result
    from responses import RequestsMock

SOME = bytes(range(256)) * 4096
ID = doc.GUEST_ID
MAPPED_ID = "7b4e0c92-d153-4a86-9f27-c8e1d6035b4a"


@pytest.fixture(autouse=True)
def services(
    server: FileServer,
    globus_responses: RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: pathlib.Path,
) -> Services:
    """A guest and a mapped collection, both on the server, for a client with credentials."""
    monkeypatch.setenv("GLOBUS_CLIENT_ID", doc.IDENTITY_ID)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", "made-up")
    monkeypatch.setenv("GLOBUS_CORE_TOKEN_STORAGE", "memory")
    monkeypatch.chdir(tmp_path)
    globus_responses.add_passthru("http://127.0.0.1")
    found = Services(globus_responses, servers=(ID, MAPPED_ID))
    for identifier, kind in ((ID, "guest"), (MAPPED_ID, "mapped")):
        entity = {"entity_type": f"GCSv5_{kind}_collection", "id": identifier}
        document = {**MAPPED, **entity, "https_server": server.url}
        found.answer(f"{TRANSFER}/endpoint/{identifier}", document)
    return found


def run(*arguments: str, typed: bytes = b"") -> Result:
    """Run a command in this process."""
    return separate_runner().invoke(cli, arguments, input=typed, prog_name="globus-core")


# get


def test_a_file_is_fetched_into_the_current_folder(server: FileServer) -> None:
    """Under its own name; the output says how much it was."""
    server.files["/data/a.bin"] = Served(SOME)
    result = run("get", f"{ID}:/data/a.bin")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"fetched {len(SOME)} bytes: /data/a.bin\n"
    assert pathlib.Path("a.bin").read_bytes() == SOME
    assert {each.authorization for each in server.seen} == {f"Bearer {ID}"}


def test_a_fetch_goes_on_after_cuts(server: FileServer) -> None:
    """Every byte comes once, and nothing is said of it."""
    server.files["/a"] = Served(SOME)
    server.cuts = [300_000, 300_000]
    result = run("get", f"{ID}:/a", "copy", "--json")

    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout) == {
        "collection_id": ID,
        "path": "/a",
        "target": "copy",
        "bytes": len(SOME),
    }
    assert pathlib.Path("copy").read_bytes() == SOME
    assert len([each for each in server.seen if each.range]) == 2


def test_a_folder_is_fetched_with_what_is_in_it(server: FileServer, services: Services) -> None:
    """As Transfer lists it; the sizes are added up."""
    files = {"a": b"1", "b": b"22", "c": b"333"}
    server.files.update({f"/data/{name}": Served(body) for name, body in files.items()})
    listed = [{"name": name, "type": "file", "size": len(body)} for name, body in files.items()]
    listing = {
        "DATA": listed,
        "total": 3,
        "path": "/data/",
        "endpoint": ID,
        "DATA_TYPE": "file_list",
    }
    services.answer(f"{TRANSFER}/operation/endpoint/{ID}/ls", listing)
    result = run("get", "-r", f"{ID}:/data", "copy", "--at-once", "2")

    assert result.exit_code == 0, result.stderr
    assert result.stdout == "fetched 6 bytes: /data\n"
    assert {each.name: each.read_bytes() for each in pathlib.Path("copy").iterdir()} == files


def test_a_folder_is_sent_with_what_is_in_it(server: FileServer, services: Services) -> None:
    """Its folders are made by Transfer."""
    pathlib.Path("data/sub").mkdir(parents=True)
    pathlib.Path("data/a").write_bytes(b"1")
    pathlib.Path("data/sub/b").write_bytes(b"22")
    services.answer(
        f"{TRANSFER}/operation/endpoint/{ID}/mkdir", {"code": "DirectoryCreated"}, method="POST"
    )
    result = run("put", "-r", "data", f"{ID}:/in/")

    assert result.exit_code == 0, result.stderr
    assert {path: each.body for path, each in server.files.items()} == {
        "/in/data/a": b"1",
        "/in/data/sub/b": b"22",
    }


def test_a_missing_file_is_an_error_of_one_command(server: FileServer) -> None:
    """Nothing is left here."""
    result = run("get", f"{ID}:/no such file")

    assert result.exit_code == 1
    assert "Traceback" not in result.stderr
    assert "no such file" in result.stderr
    assert os.listdir() == []


def test_a_place_that_cannot_be_written_is_an_error(server: FileServer) -> None:
    """In one line."""
    server.files["/a"] = Served(b"a")
    result = run("get", f"{ID}:/a", "no/such/folder/a")

    assert result.exit_code == 1
    assert "Traceback" not in result.stderr
    assert "no/such/folder" in result.stderr


@pytest.mark.parametrize(("identifier", "needs"), [(ID, False), (MAPPED_ID, True)])
def test_only_a_mapped_collection_needs_data_access(
    identifier: str, needs: bool, server: FileServer, services: Services
) -> None:
    """Beside ``https``, in one login."""
    server.files["/a"] = Served(b"a")
    assert run("cat", f"{identifier}:/a").exit_code == 0

    (asked,) = [scope for scope in services.asked if identifier in scope]
    names = sorted(each.rpartition("/")[2] for each in asked.split())
    assert names == (["data_access", "https"] if needs else ["https"])


def test_a_collection_without_https_is_told() -> None:
    """Before anything is fetched."""
    result = run("get", f"{PERSONAL_ID}:/a")

    assert result.exit_code == 1
    assert "does not serve files over HTTPS: it is a GCP_mapped_collection" in result.stderr


@pytest.mark.parametrize("line", [("get", ID), ("get", "x:/a"), ("put", "a", ID), ("cat",)])
def test_a_place_needs_an_id_and_a_path(line: tuple[str, ...], services: Services) -> None:
    """Anything else is wrong usage."""
    assert run(*line).exit_code == 2
    assert services.asked == []


# put


def test_a_file_is_sent(server: FileServer) -> None:
    """After a '/', it keeps its name."""
    pathlib.Path("b.bin").write_bytes(SOME)
    result = run("put", "b.bin", f"{ID}:/in/")

    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"sent {len(SOME)} bytes: /in/\n"
    assert server.files["/in/b.bin"].body == SOME


def test_standard_input_is_sent(server: FileServer) -> None:
    """Which needs a name there."""
    result = run("put", "-", f"{ID}:/typed", "--json", typed=SOME)

    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["bytes"] == len(SOME)
    assert server.files["/typed"].body == SOME
    assert run("put", "-", f"{ID}:/in/").exit_code == 2


def test_a_source_that_is_not_there_is_an_error() -> None:
    """In one line."""
    result = run("put", "no-such-file", f"{ID}:/a")

    assert result.exit_code == 1
    assert "Traceback" not in result.stderr
    assert "no-such-file" in result.stderr


# cat


def test_files_are_printed_as_they_are(server: FileServer) -> None:
    """One after the other, also of two collections, whatever is cut."""
    server.files["/a"] = Served(SOME)
    server.files["/b"] = Served(b"\x00\xff")
    server.cuts = [300_000]
    result = run("cat", f"{ID}:/b", f"{MAPPED_ID}:/a", f"{ID}:/b")

    assert result.exit_code == 0, result.stderr
    assert result.stdout_bytes == b"\x00\xff" + SOME + b"\x00\xff"


def test_what_came_before_a_missing_file_is_printed(server: FileServer) -> None:
    """The exit code tells that it is not all."""
    server.files["/a"] = Served(b"a")
    result = run("cat", f"{ID}:/a", f"{ID}:/b")

    assert (result.exit_code, result.stdout_bytes) == (1, b"a")
