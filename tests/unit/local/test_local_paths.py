"""
Paths on this machine and in its collection, for each system.
"""

from __future__ import annotations

import ntpath
import posixpath
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core.exc import ValidationError
from globus_core_local.errors import LocalEndpointError
from globus_core_local.folders import AccessibleFolder, read_folders
from globus_core_local.paths import to_collection, to_local

#: names of files: on Linux nearly everything is one, Windows allows less
NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1)
POSIX = st.lists(NAMES.filter(lambda name: name not in {".", ".."}))
WINDOWS = st.lists(
    st.text(st.characters(exclude_characters='/\\:*?"<>|\0', exclude_categories=["Cs"]), min_size=1)
    .filter(lambda name: name.strip(".") != "")
)  # fmt: skip
HOME = "/home/ada"


def back(path: str, *, windows: bool) -> str:
    """The local path of the path in the collection of a local path."""
    return to_local(to_collection(path, windows=windows), home=HOME, windows=windows)


@given(POSIX)
def test_a_path_comes_back_on_linux_and_macos(names: list[str]) -> None:
    """It is the same in the collection; only what would be the home directory has no path."""
    path = "/" + "/".join(names)
    if names[:1] == ["~"]:
        with pytest.raises(ValidationError):
            to_collection(path, windows=False)
        return
    assert to_collection(path, windows=False) == path
    assert back(path, windows=False) == path


@given(st.sampled_from("CDz"), WINDOWS)
def test_a_path_comes_back_on_windows(drive: str, names: list[str]) -> None:
    """With the drive as its first folder."""
    path = ntpath.join(f"{drive}:\\", *names)
    found = to_collection(path, windows=True)
    assert found == posixpath.join(f"/{drive.upper()}/", *names)
    assert back(path, windows=True) == drive.upper() + path[1:]


@given(st.text(), st.booleans())
def test_any_text_is_a_path_or_refused(text: str, windows: bool) -> None:
    """What a collection's path leads to, leads back to it; nothing leads out of the root."""
    try:
        local = to_local(text, home=HOME, windows=windows)
    except ValidationError:
        return
    assert text.startswith("/")
    assert ".." not in local.replace("\\", "/").split("/")
    if not (posixpath.normpath(text) == "/~" or text.lstrip("/").startswith("~/")):
        again = to_collection(local, windows=windows)
        assert to_local(again, home=HOME, windows=windows) == local


@pytest.mark.parametrize(
    ("path", "local"),
    [
        *(("/~/", HOME), ("/~", HOME), ("/~/a b", f"{HOME}/a b"), ("//~//a", f"{HOME}/a")),
        *(("/~ada/x", "/~ada/x"), ("/", "/"), ("/a/./b//c/", "/a/b/c"), ("/a\\b", "/a\\b")),
    ],
)
def test_the_home_directory_has_a_short_name(path: str, local: str) -> None:
    """On Linux and macOS."""
    assert to_local(path, home=HOME, windows=False) == local


@pytest.mark.parametrize(
    ("path", "local"),
    [("/C/", "C:\\"), ("/c", "C:\\"), ("/D/a b/c", "D:\\a b\\c"), ("//C//x/", "C:\\x")],
)
def test_drives_are_folders_on_windows(path: str, local: str) -> None:
    """In either case of letters."""
    assert to_local(path, home="", windows=True) == local


@pytest.mark.parametrize("path", ["", "a", "~/a", "/a/../b", "/..", "/a\0"])
@pytest.mark.parametrize("windows", [True, False])
def test_what_is_no_path_of_a_collection_is_refused(path: str, windows: bool) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValidationError):
        to_local(path, home=HOME, windows=windows)


@pytest.mark.parametrize("path", ["/", "/~/", "/CC/x", "/C/a\\..\\b", "/C/a:b", "/1/x"])
def test_windows_has_no_such_path(path: str) -> None:
    """Neither without a drive, nor with signs that Windows reads in another way."""
    with pytest.raises(ValidationError, match="no path on this machine"):
        to_local(path, home=HOME, windows=True)


@pytest.mark.parametrize("path", ["\\\\server\\share\\x", "C:x", "\\x", "x", "\\\\?\\C:\\x"])
def test_a_collection_has_no_such_path(path: str) -> None:
    """What is on no drive of its own."""
    with pytest.raises(ValidationError, match="no path in the collection"):
        to_collection(path, windows=True)


def test_a_name_that_is_no_text_has_no_path() -> None:
    """Such as one in another encoding."""
    with pytest.raises(ValidationError, match="character"):
        to_collection("/a\udcff", windows=False)


@given(st.lists(st.tuples(POSIX, st.booleans(), st.booleans())))
def test_the_list_of_folders_is_read_as_it_is_written(
    folders: list[tuple[list[str], bool, bool]],
) -> None:
    """With commas in names; names with line feeds or blanks around them cannot be written."""
    written = [
        AccessibleFolder("/" + "/".join(names), share, write)
        for names, share, write in folders
        if not any("\n" in name or name != name.strip() for name in names)
    ]
    text = "".join(f"{f.path},{int(f.may_share)},{int(f.may_write)}\n" for f in written)
    assert read_folders(text, HOME, "a file") == tuple(written)


@given(st.text())
def test_any_list_of_folders_is_read_or_refused(text: str) -> None:
    """There is no other error, and every path is absolute."""
    try:
        folders = read_folders(text, HOME, "a file")
    except LocalEndpointError:
        return
    assert all(folder.path.startswith("/") for folder in folders)


@given(POSIX, POSIX)
def test_a_folder_holds_what_is_below_it(above: list[str], below: list[str]) -> None:
    """And itself, but not its neighbours."""
    path = "/" + "/".join(above)
    folder = AccessibleFolder(path, may_share=False, may_write=False)
    assert folder.holds(posixpath.join(path, *below))
    assert folder.holds(f"{path}x") == (path == "/")


def test_the_home_directory_has_a_short_name_in_the_list_too() -> None:
    """As most lists begin with it."""
    found: t.Any = [f.path for f in read_folders("~,0,1\n~/,0,1\n~/a/,0,1", HOME, "a file")]
    assert found == [HOME, HOME, f"{HOME}/a"]
