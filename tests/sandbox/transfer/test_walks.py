"""Directories below directories are listed lazily, several at once, and no loss is silent."""

from __future__ import annotations

import _thread
import shutil
import threading
import typing as t
from pathlib import Path

import pytest

from globus_core import GlobusSDKUsageError, TransferAPIError, TransferClient
from globus_core.exc import ValidationError
from globus_core.services.transfer import WalkError
from globus_core_transfer import listings
from tests.sandbox.transfer.conftest import Site

MISSING_ID = "d0a5d3a0-3b9c-4b0e-9a7e-6f6a1f6a3f10"
PATHS = ["a/x.txt", "a/deep/er/y.txt", "b/.hidden/z.txt", "b/z.h5", "top.txt"]


@pytest.fixture
def tree(site: Site) -> Path:
    """Some files in directories, and links of each kind."""
    for path in PATHS:
        (site.source_root / path).parent.mkdir(parents=True, exist_ok=True)
        (site.source_root / path).write_text(path)
    (site.source_root / "link").symlink_to("a")
    (site.source_root / "a/circle").symlink_to("../a")
    (site.source_root / "nowhere").symlink_to("none")
    return site.source_root


def counted(client: TransferClient, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """
    The paths that the client lists from now on.
    """
    listed: list[str] = []
    real = TransferClient.operation_ls

    def operation_ls(self: TransferClient, *args: t.Any, **options: t.Any) -> t.Any:
        listed.append(args[1])
        return real(self, *args, **options)

    monkeypatch.setattr(TransferClient, "operation_ls", operation_ls)
    return listed


def paths(entries: t.Iterable[t.Any]) -> list[str]:
    """
    The paths of entries.
    """
    return [entry.path for entry in entries]


@pytest.mark.parametrize("at_once", [1, 4, 8])
def test_all_files_and_directories_are_listed(
    site: Site, client: TransferClient, tree: Path, at_once: int
) -> None:
    """Each once, links too but not what is behind them, in the same order however many at once."""
    found = list(client.walk(site.source, "/", at_once=at_once))
    local = {f"/{path.relative_to(tree).as_posix()}" for path in tree.rglob("*")}
    assert {entry.path for entry in found} == local
    assert len(found) == len(local)
    assert paths(found) == paths(client.walk(site.source, "/", at_once=at_once))
    assert paths(found)[:5] == ["/a", "/b", "/link", "/nowhere", "/top.txt"]
    by_path = {entry.path: entry for entry in found}
    assert by_path["/link"].is_link
    assert by_path["/link"].is_directory
    assert not by_path["/nowhere"].is_directory
    top = by_path["/top.txt"]
    assert (top.name, top.size, top.is_link, top.is_directory) == ("top.txt", 7, False, False)
    assert top.document["type"] == "file"


def test_a_walk_can_be_kept_from_going_everywhere(
    site: Site, client: TransferClient, tree: Path
) -> None:
    """By its depth, without hidden names; or it may follow links as deep as it may go."""
    assert paths(client.walk(site.source, "/a", max_depth=1)) == [
        "/a/circle",
        "/a/deep",
        "/a/x.txt",
    ]
    shown = paths(client.walk(site.source, "/b", show_hidden=False))
    assert shown == ["/b/z.h5"]
    behind = paths(client.walk(site.source, "/link", max_depth=3, follow_links=True))
    assert "/link/circle/circle/x.txt" in behind


def test_the_default_directory_is_where_a_walk_begins(
    site: Site, client: TransferClient, tree: Path
) -> None:
    """Its path is what the collection says it is."""
    assert paths(client.walk(site.source, max_depth=1))[0] == "/a"


def test_directories_are_listed_when_they_are_needed(
    site: Site, client: TransferClient, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent before the first entry is asked for, and nothing after the last."""
    listed = counted(client, monkeypatch)
    walk = client.walk(site.source, "/", at_once=1)
    assert listed == []
    assert next(walk).path == "/a"
    assert listed == ["/"]
    walk.close()  # type: ignore[attr-defined]
    assert listed == ["/"]
    threads = set(threading.enumerate())
    ahead = client.walk(site.source, "/", at_once=4)
    next(ahead)
    ahead.close()  # type: ignore[attr-defined]
    assert set(threading.enumerate()) <= threads


def test_large_directories_come_in_pages(
    site: Site, client: TransferClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Directories in them are listed as well."""
    monkeypatch.setattr(listings, "PAGE_SIZE", 3)
    monkeypatch.setattr("globus_core_transfer.walks.PAGE_SIZE", 3)
    for number in range(7):
        (site.source_root / f"d{number}").mkdir()
        (site.source_root / f"d{number}/f").write_text("")
    listed = counted(client, monkeypatch)
    found = paths(client.walk(site.source, "/"))
    assert len(found) == len(set(found)) == 14
    assert listed.count("/") == 3


def test_a_directory_that_cannot_be_listed_does_not_end_the_walk(
    site: Site, client: TransferClient, tree: Path
) -> None:
    """Its error is told at the end, or at once to who asks for it."""
    walk = client.walk(site.source, "/", at_once=1)
    assert next(walk).path == "/a"
    shutil.rmtree(tree / "b")
    seen: list[str] = []
    with pytest.raises(WalkError, match=r"'/b' could not be listed: .*NotFound") as caught:
        seen.extend(entry.path for entry in walk)
    assert "/a/deep/er/y.txt" in seen
    assert [*caught.value.errors] == ["/b"]
    assert isinstance(caught.value.errors["/b"], TransferAPIError)

    told: list[tuple[str, str | None]] = []
    walk = client.walk(
        site.source, "/", at_once=1, on_error=lambda path, error: told.append((path, error.code))
    )
    next(walk)
    shutil.rmtree(tree / "a")
    assert "/top.txt" in paths(walk)
    assert told == [("/a", "ClientError.NotFound")]


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("/none", "ClientError.NotFound"),
        ("/top.txt", "NotDirectory"),
        ("/../x", "PermissionDenied"),
    ],
)
def test_a_walk_that_cannot_begin_is_an_error(
    site: Site, client: TransferClient, tree: Path, where: str, code: str
) -> None:
    """The service's own, as for any other request."""
    with pytest.raises(TransferAPIError, match=code):
        list(client.walk(site.source, where))
    with pytest.raises(TransferAPIError, match="EndpointNotFound"):
        list(client.walk(MISSING_ID, "/"))
    with pytest.raises(TransferAPIError, match="EndpointNotFound"):
        list(client.glob(MISSING_ID, "/*"))


def test_a_disconnected_collection_ends_the_walk(site: Site, client: TransferClient) -> None:
    """At its first directory."""
    site.control("disconnect", collection_id=site.source)
    with pytest.raises(TransferAPIError, match="GCDisconnected"):
        list(client.walk(site.source, "/"))


def test_a_collection_that_is_disconnected_meanwhile_ends_the_walk(
    site: Site, client: TransferClient, tree: Path
) -> None:
    """It is not told once for each directory that is left."""
    walk = client.walk(site.source, "/", at_once=1)
    next(walk)
    site.control("disconnect", collection_id=site.source)
    with pytest.raises(TransferAPIError, match="GCDisconnected"):
        list(walk)


@pytest.mark.parametrize("name", ["..", ".", "", "/etc", "a/b"])
def test_a_name_that_leads_elsewhere_is_an_error(
    site: Site, client: TransferClient, name: str
) -> None:
    """It would be walked through without end, or leave the directory."""
    page = {"path": "/", "DATA": [{"name": name, "type": "dir"}]}
    site.sandbox.fail(f"/transfer/v0.10/operation/endpoint/{site.source}/ls", status=200, body=page)
    with pytest.raises(ValidationError, match="name"):
        list(client.walk(site.source, "/"))


def test_a_refusal_for_all_directories_ends_the_walk(
    site: Site, client: TransferClient, tree: Path
) -> None:
    """A token that has run out meanwhile, say; it is not told once for each."""
    walk = client.walk(site.source, "/", at_once=1)
    next(walk)
    site.sandbox.fail(f"/transfer/v0.10/operation/endpoint/{site.source}/ls", status=401, times=9)
    with pytest.raises(TransferAPIError, match="401"):
        list(walk)


def test_a_pause_that_the_service_asks_for_is_kept(
    site: Site, client: TransferClient, tree: Path
) -> None:
    """A 429 delays directories, and loses none."""
    site.sandbox.fail(
        f"/transfer/v0.10/operation/endpoint/{site.source}/ls",
        status=429,
        times=2,
        headers={"Retry-After": "0"},
    )
    assert len(list(client.walk(site.source, "/"))) == len(list(tree.rglob("*")))


def test_a_walk_does_without_threads(
    site: Site, client: TransferClient, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no further one can be started, directories are listed one after the other."""

    def refuse(*args: t.Any) -> int:
        raise RuntimeError("can't start new thread")

    wanted = paths(client.walk(site.source, "/"))
    monkeypatch.setattr(_thread, "start_new_thread", refuse)
    assert paths(client.walk(site.source, "/")) == wanted


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("/*.txt", ["/top.txt"]),
        ("/**/*.txt", ["/top.txt", "/a/x.txt", "/a/deep/er/y.txt", "/b/.hidden/z.txt"]),
        ("/*/", ["/a", "/b", "/link"]),
        ("/*/x.txt", ["/a/x.txt", "/link/x.txt"]),
        ("/a/**", ["/a/circle", "/a/deep", "/a/x.txt", "/a/deep/er", "/a/deep/er/y.txt"]),
        ("[ab]/z.*", ["/b/z.h5"]),
        ("/none/*", []),
        ("/top.txt/*", []),
        ("/top.txt", ["/top.txt"]),
        ("/top.txt/", []),
        ("/none.txt", []),
    ],
)
def test_a_pattern_finds_what_matches(
    site: Site, client: TransferClient, tree: Path, pattern: str, wanted: list[str]
) -> None:
    """Nothing if nothing does; relative to the default directory without a slash."""
    found = paths(client.glob(site.source, pattern))
    assert sorted(found) == sorted(wanted)


def test_a_pattern_lists_only_where_it_can_match(
    site: Site, client: TransferClient, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the directories before its wildcard, nor others beside."""
    listed = counted(client, monkeypatch)
    assert paths(client.glob(site.source, "/a/deep/*/y.txt")) == ["/a/deep/er/y.txt"]
    assert listed == ["/a/deep", "/a/deep/er"]
    hidden = paths(client.glob(site.source, "/b/**", show_hidden=False))
    assert hidden == ["/b/z.h5"]


@pytest.mark.parametrize(
    "options",
    [
        {"max_depth": 0},
        {"max_depth": "2"},
        {"at_once": 0},
        {"at_once": 9},
        {"at_once": True},
        {"on_error": "print"},
    ],
)
def test_wrong_arguments_are_refused_at_once(
    site: Site, client: TransferClient, options: dict[str, t.Any]
) -> None:
    """Before the first entry is asked for."""
    with pytest.raises(GlobusSDKUsageError, match=next(iter(options))):
        client.walk(site.source, **options)
    if "max_depth" not in options:
        with pytest.raises(GlobusSDKUsageError, match=next(iter(options))):
            client.glob(site.source, "/*", **options)
    with pytest.raises(GlobusSDKUsageError, match="pattern"):
        client.glob(site.source, "")
