"""Patterns match what Python's own match, of files on a disk."""

from __future__ import annotations

import tempfile
import typing as t
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core.exc import GlobusSDKUsageError
from globus_core_transfer.glob_patterns import START, GlobPattern

NAMES = ["a", "b", "ab", "a.txt", ".h", "c[1]", "é"]
#: what stands for a part of a path
PARTS = ["*", "?", "a*", "*.txt", "[ab]", "[!a]*", "**", "a", "c[[]1]", ".h", "?*"]

trees = st.dictionaries(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join),
    st.booleans(),
    max_size=12,
)
patterns = st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map("/".join)


def matched(root: Path, pattern: GlobPattern) -> set[str]:
    """
    What a walk over a local directory finds, which lists only where the pattern leads.
    """
    found = set()

    def look(folder: Path, place: t.Any) -> None:
        for path in folder.iterdir():
            there = pattern.step(place, path.name)
            if pattern.is_match(there, is_directory=path.is_dir()) and (
                path.is_dir() or not pattern.wants_directories
            ):
                found.add(path.relative_to(root).as_posix())
            if pattern.leads_on(there) and path.is_dir():
                look(path, there)

    start = root / pattern.root if pattern.root else root
    if start.is_dir():
        look(start, START)
    return found


@settings(max_examples=150, deadline=None)
@given(tree=trees, text=patterns.filter(lambda text: any(sign in text for sign in "*?[")))
def test_a_pattern_matches_what_pathlib_matches(tree: dict[str, bool], text: str) -> None:
    """With ``**`` for any number of directories, hidden names too."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, is_folder in sorted(tree.items()):
            target = root / path
            if any(parent.is_file() for parent in target.parents):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if is_folder:
                target.mkdir(exist_ok=True)
            elif not target.exists():
                target.write_text("")
        wanted = {path.relative_to(root).as_posix() for path in root.glob(text)} - {"."}
        if text.endswith("**"):  # only directories before Python 3.13
            wanted |= {p.relative_to(root).as_posix() for p in root.glob(f"{text}/*")}
        assert matched(root, GlobPattern(text)) == wanted - {_root_of(text)}


def _root_of(text: str) -> str:
    """The directory before the first wildcard, which pathlib counts among the matches of ``**``."""
    return GlobPattern(text).root


@pytest.mark.parametrize(
    ("text", "root", "wants_directories"),
    [
        ("/data/run/*.h5", "/data/run", False),
        ("data/**/", "data", True),
        ("*", "", False),
        ("/*", "/", False),
        ("//data/./x", "/data/x", False),
        ("/~/a/*", "/~/a", False),
    ],
)
def test_what_comes_before_the_first_wildcard_is_not_listed(
    text: str, root: str, wants_directories: bool
) -> None:
    """It is where the walk begins; a slash at the end wants directories."""
    pattern = GlobPattern(text)
    assert (pattern.root, pattern.wants_directories) == (root, wants_directories)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/d/a*.txt", "~a*.txt"),
        ("/d/*", "~*"),
        ("/d/[ab]", None),
        ("/d/a?", None),
        ("/d/a,b*", None),
        ("/d/**/x*", None),
        ("/d/**", None),
    ],
)
def test_the_service_gets_a_filter_that_it_reads_as_we_do(text: str, wanted: str | None) -> None:
    """None where other signs are in the name, or where any name leads on."""
    pattern = GlobPattern(text)
    assert pattern.name_filter(START) == wanted


def test_no_pattern_follows_links_without_end() -> None:
    """``**`` counts a link among its matches, but does not look behind it."""
    pattern = GlobPattern("/d/**")
    place = pattern.step(START, "link", is_link=True)
    assert pattern.is_match(place, is_directory=True)
    assert not pattern.leads_on(place)
    named = GlobPattern("/d/*/x")
    assert named.leads_on(named.step(START, "link", is_link=True))


@pytest.mark.parametrize("text", ["", "/a/../*", 5, None])
def test_what_is_no_pattern_is_refused(text: t.Any) -> None:
    """Nor does one lead upwards."""
    with pytest.raises(GlobusSDKUsageError, match="pattern"):
        GlobPattern(text)
