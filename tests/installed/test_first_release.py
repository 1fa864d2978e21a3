"""
The release 0.1 beside this one: plugins made for it go on working, and each reads the files of the
other, and those of globus-sdk.
"""

from __future__ import annotations

import io
import os
import pathlib
import subprocess
import sys
import tarfile

import filelock
import pytest

from tests.installed.programs import ROOT, SECONDS, Shop, environment, run

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]

#: the last commit of the release 0.1
COMMIT = "fb962d6e3fc9968ab20d7c55d5f7cb68a13c82b1"
PLUGINS = ("cache", "errors", "service", "storage", "university")
NEW, OLD, SDK = "this release", "0.1", "globus-sdk"

_TOKENS = """
import pathlib, sys
from {package}.token_storage import JSONTokenStorage, SQLiteTokenStorage, TokenStorageData
folder, task = pathlib.Path(sys.argv[1]), sys.argv[2]
wanted = {{
    server: TokenStorageData(
        resource_server=server, identity_id="7a11c9d2-5a02-4f4b-9b0c-7f1f1a2b3c4d",
        scope="openid email", access_token="an access token", refresh_token=refresh,
        expires_at_seconds=4_000_000_000, token_type="Bearer",
    )
    for server, refresh in (("auth.globus.org", "a refresh token"), ("b.example.org", None))
}}
for storage in (
    JSONTokenStorage(folder / "tokens.json"),
    JSONTokenStorage(folder / "tokens.json", namespace="portal"),
    SQLiteTokenStorage(folder / "tokens.db"),
    SQLiteTokenStorage(folder / "tokens.db", namespace="portal"),
):
    if task == "write":
        storage.store_token_data_by_resource_server(wanted)
    found = storage.get_token_data_by_resource_server()
    texts = [{{name: data.to_dict() for name, data in each.items()}} for each in (found, wanted)]
    assert texts[0] == texts[1], (storage, texts)
    storage.close()
print("the same")
"""
_PEOPLE = """
import pathlib, sys
from globus_core.identities import Identity, SQLiteIdentityCache
folder, task = pathlib.Path(sys.argv[1]), sys.argv[2]
one = Identity({"id": "7a11c9d2-5a02-4f4b-9b0c-7f1f1a2b3c4d", "username": "ada@example.org"})
cache = SQLiteIdentityCache(folder / "people.db")
if task == "write":
    cache.put_many({one.id: one, "nobody@example.org": None})
found = cache.get_many([one.id, "nobody@example.org"])
assert found[one.id] == one and found["nobody@example.org"] is None
print("the same")
"""


@pytest.fixture(scope="session")
def sources(shared: pathlib.Path) -> pathlib.Path:
    """The files of the release 0.1."""
    folder = shared / "first-release"
    with filelock.FileLock(shared / "first-release.lock", timeout=SECONDS):
        if not folder.exists():
            command = ("git", "-C", str(ROOT), "archive", COMMIT)
            done = subprocess.run(command, capture_output=True, check=False)
            if done.returncode:
                pytest.skip("the history of the repository is not here, and 0.1 is on no index")
            with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
                archive.extractall(folder)
    return folder


@pytest.fixture(scope="session")
def interpreters(
    sources: pathlib.Path, installed: pathlib.Path, shared: pathlib.Path
) -> dict[str, str | os.PathLike[str]]:
    """A Python of each release, and one with globus-sdk."""
    old = environment(shared / "environment-0.1", f"{sources}[cli,sandbox]")
    return {NEW: installed / "python", OLD: old / "python", SDK: sys.executable}


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_made_for_the_first_release_passes_its_tests(
    workshop: pathlib.Path, sources: pathlib.Path, tmp_path: pathlib.Path, name: str
) -> None:
    """The example as it was then, with the contract suites of today."""
    shop = Shop(workshop, tmp_path / "site")
    folder = shop.install_copy(sources / "docs" / "examples" / f"globus-core-example-{name}")

    assert " passed" in shop.run_tests(folder)


@pytest.mark.parametrize(("writer", "reader"), [(NEW, OLD), (OLD, NEW), (NEW, SDK), (SDK, NEW)])
def test_files_with_tokens_are_read_by_the_other(
    interpreters: dict[str, str | os.PathLike[str]],
    tmp_path: pathlib.Path,
    writer: str,
    reader: str,
) -> None:
    """JSON and SQLite, in two namespaces; what one stored, the other stores again."""
    for who, task in ((writer, "write"), (reader, "read"), (reader, "write"), (writer, "read")):
        code = _TOKENS.format(package="globus_sdk" if who == SDK else "globus_core")
        shown = run(interpreters[who], "-c", code, tmp_path, task, folder=tmp_path)
        assert shown.strip() == "the same", (who, task)


@pytest.mark.parametrize(("writer", "reader"), [(NEW, OLD), (OLD, NEW)])
def test_an_identity_cache_is_read_by_the_other(
    interpreters: dict[str, str | os.PathLike[str]],
    tmp_path: pathlib.Path,
    writer: str,
    reader: str,
) -> None:
    """A person who is known, and a name that nobody has."""
    for who, task in ((writer, "write"), (reader, "read")):
        shown = run(interpreters[who], "-c", _PEOPLE, tmp_path, task, folder=tmp_path)
        assert shown.strip() == "the same", (who, task)
