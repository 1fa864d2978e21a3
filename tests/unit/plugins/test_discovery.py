"""Which entry points are found, and from where."""

from __future__ import annotations

import os
import string
import subprocess
import sys
import typing as t
from importlib import metadata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core.plugins.discovery import normalized, others_may_have_plugins, parse, scan
from tests.unit.plugins.fake_site import FakeSite

if t.TYPE_CHECKING:
    import pathlib

HOOKS = {"fake_a.hooks": "", "fake_a.__init__": ""}
ENDS = string.ascii_letters + string.digits


def found(*folders: object) -> list[tuple[str, str, str]]:
    """Name, distribution and version of each entry point found in some folders."""
    points = scan([str(folder) for folder in folders])
    return [(point.name, point.distribution, point.version) for point in points]


def test_only_our_groups_are_read(site: FakeSite) -> None:
    """Console scripts and other projects' plugins are not our business."""
    site.install("fake-a", {"a": "fake_a.hooks"}, names={"Thing": "fake_a:Thing"})

    points = scan([str(site.folder)])

    assert [(point.group, point.name, point.value) for point in points] == [
        ("globus_core.plugins", "a", "fake_a.hooks"),
        ("globus_core.names", "Thing", "fake_a:Thing"),
    ]


def test_the_first_of_two_versions_on_the_path_wins(tmp_path: pathlib.Path) -> None:
    """A distribution in a folder that stands earlier hides another version of itself."""
    early, late = FakeSite(tmp_path / "early"), FakeSite(tmp_path / "late")
    late.install("fake-a", {"a": "fake_a.hooks"}, version="1.0")
    early.install("Fake.A", {"a": "fake_a.hooks"}, version="2.0")

    assert found(early.folder, late.folder) == [("a", "fake-a", "2.0")]


def test_an_early_version_without_plugins_hides_a_late_one(tmp_path: pathlib.Path) -> None:
    """The code that would be imported is the early one, which offers no plugin."""
    early, late = FakeSite(tmp_path / "early"), FakeSite(tmp_path / "late")
    early.install("fake-a", version="2.0")
    (early.folder / "fake_a-2.0.dist-info" / "entry_points.txt").unlink()
    late.install("fake-a", {"a": "fake_a.hooks"}, version="1.0")

    assert found(early.folder, late.folder) == []


def test_every_folder_of_the_path_is_searched(tmp_path: pathlib.Path) -> None:
    """Plugins of several folders add up; a folder named twice counts once."""
    one, two = FakeSite(tmp_path / "one"), FakeSite(tmp_path / "two")
    one.install("fake-a", {"a": "fake_a.hooks"})
    two.install("fake-b", {"b": "fake_b.hooks"})

    names = found(one.folder, two.folder, one.folder, tmp_path / "missing")

    assert names == [("a", "fake-a", "1.0"), ("b", "fake-b", "1.0")]


def test_egg_info_folders_are_read(site: FakeSite) -> None:
    """Old installs describe themselves in PKG-INFO."""
    site.install("fake-a", {"a": "fake_a.hooks"}, kind="egg-info", version="0.9")

    assert found(site.folder) == [("a", "fake-a", "0.9")]


def test_what_the_metadata_says_counts_and_not_the_name_of_its_folder(site: FakeSite) -> None:
    """Its name and version may come after other fields."""
    site.install("fake-a", {"a": "fake_a.hooks"})
    metadata_file = site.folder / "fake_a-1.0.dist-info" / "METADATA"
    metadata_file.write_text("Metadata-Version: 2.1\nName: Real.Name\nVersion: 3.0\n\nText")

    assert found(site.folder) == [("a", "real-name", "3.0")]


def test_an_archive_does_not_end_the_search(tmp_path: pathlib.Path) -> None:
    """Nor does an entry of the path that is no text, which Python skips as well."""
    one, two = FakeSite(tmp_path / "one"), FakeSite(tmp_path / "two")
    one.install("fake-a", {"a": "fake_a.hooks"})
    two.install("fake-b", {"b": "fake_b.hooks"})
    path = t.cast("list[str]", [one.zipped(tmp_path / "plugins.zip"), 1, str(two.folder)])

    assert [point.name for point in scan(path)] == ["a", "b"]


@pytest.mark.parametrize(
    ("distribution", "plugins", "names", "others"),
    [
        ("fake-a", {"a": "fake_a.hooks"}, {}, True),
        ("fake-a", {}, {"Thing": "fake_a:Thing"}, False),
        ("globus-core", {"a": "fake_a.hooks"}, {}, False),
    ],
)
def test_whether_others_have_plugins_is_known_without_the_manager(
    site: FakeSite,
    monkeypatch: pytest.MonkeyPatch,
    distribution: str,
    plugins: dict[str, str],
    names: dict[str, str],
    others: bool,
) -> None:
    """Names that a package offers are no plugins, and those of globus-core are no others'."""
    site.install(distribution, plugins, names=names)
    monkeypatch.setattr(sys, "path", [str(site.folder)])
    monkeypatch.delitem(sys.modules, "globus_core.plugins.current_manager")

    assert others_may_have_plugins() is others


def test_zip_files_on_the_path_are_read(tmp_path: pathlib.Path) -> None:
    """A plain scan cannot look into them, and importlib.metadata is asked."""
    site = FakeSite(tmp_path / "site")
    site.install("fake-a", {"a": "fake_a.hooks"})
    archive = site.zipped(tmp_path / "plugins.zip")

    assert found(archive) == [("a", "fake-a", "1.0")]


def test_a_zip_file_hides_a_later_folder(tmp_path: pathlib.Path) -> None:
    """The order of the path holds for zip files as well."""
    early, late = FakeSite(tmp_path / "early"), FakeSite(tmp_path / "late")
    early.install("fake-a", {"a": "fake_a.hooks"}, version="2.0")
    late.install("fake-a", {"a": "fake_a.hooks"}, version="1.0")
    archive = early.zipped(tmp_path / "plugins.zip")

    assert found(archive, late.folder) == [("a", "fake-a", "2.0")]


def test_a_plain_scan_does_not_import_importlib_metadata(site: FakeSite) -> None:
    """It costs more than the kernel, and is needed for zip files only."""
    site.install("fake-a", {"a": "fake_a.hooks"})
    program = (
        "import sys; from globus_core.plugins.discovery import scan; found = scan([sys.argv[1]]);"
        "print(len(found), 'importlib.metadata' in sys.modules)"
    )

    command = [sys.executable, "-c", program, str(site.folder)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert output.split() == ["1", "False"]


def test_the_distributions_of_other_finders_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Import hooks may bring distributions that no folder holds."""

    class Distribution(metadata.Distribution):
        def read_text(self, filename: str) -> str | None:
            texts = {
                "METADATA": "Metadata-Version: 2.1\nName: Fake_Z\nVersion: 3\n",
                "entry_points.txt": "[globus_core.plugins]\nz = fake_z.hooks\n",
            }
            return texts.get(filename)

        def locate_file(self, path: t.Any) -> t.Any:
            return path

    class Finder:
        def find_spec(self, *args: object) -> None:
            return None

        def find_distributions(self, context: object) -> list[Distribution]:
            return [Distribution()]

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder()])

    assert ("z", "fake-z", "3") in [(p.name, p.distribution, p.version) for p in scan()]


def test_a_finder_that_raises_harms_nobody(
    monkeypatch: pytest.MonkeyPatch, site: FakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    """What the folders hold is found all the same."""
    site.install("fake-a", {"a": "fake_a.hooks"})

    class Finder:
        def find_spec(self, *args: object) -> None:
            return None

        def find_distributions(self, context: object) -> list[object]:
            raise RuntimeError("no listing today")

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder()])

    assert "a" in [point.name for point in scan()]
    assert "no listing today" in caplog.text


def test_odd_files_and_path_entries_are_passed_over(site: FakeSite) -> None:
    """Neither bytes that are no text, nor a folder in the file's place, nor odd entries raise."""
    site.install("fake-a", {"a": "fake_a.hooks"})
    site.install("fake-b")
    (site.folder / "fake_b-1.0.dist-info" / "entry_points.txt").write_bytes(
        b"[globus_core.plugins]\n\xff\xfe = \xff\nb = fake_b.hooks\nno equals sign\n= x\nx =\n"
    )
    (site.folder / "fake_c-1.0.dist-info" / "entry_points.txt").mkdir(parents=True)
    path = t.cast("list[str]", [b"/bytes", None, str(site.folder)])

    points = scan(path)
    read = [point.name for point in points if point.problem is None]
    assert [name for name in read if name.isascii()] == ["a", "b"]
    assert [(point.distribution, point.problem) for point in points if point.problem] == [
        ("fake-b", "'no equals sign' in its entry_points.txt is not 'name = module'"),
        ("fake-b", "'= x' in its entry_points.txt is not 'name = module'"),
        ("fake-b", "'x =' in its entry_points.txt is not 'name = module'"),
        ("fake-c", "its entry_points.txt cannot be read: Is a directory"),
    ]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_told_of(site: FakeSite) -> None:
    """By its distribution."""
    site.install("fake-a", {"a": "fake_a.hooks"})
    (site.folder / "fake_a-1.0.dist-info" / "entry_points.txt").chmod(0)
    (point,) = scan([str(site.folder)])
    assert (point.distribution, point.version) == ("fake-a", "1.0")
    assert point.problem == "its entry_points.txt cannot be read: Permission denied"


def test_entry_points_after_a_byte_order_mark_are_read(site: FakeSite) -> None:
    """Some editors write one."""
    site.install("fake-a")
    file = site.folder / "fake_a-1.0.dist-info" / "entry_points.txt"
    file.write_bytes(b"\xef\xbb\xbf[globus_core.plugins]\na = fake_a.hooks\n")
    assert [point.name for point in scan([str(site.folder)])] == ["a"]


def test_one_distribution_that_cannot_be_read_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where a finder of another tool lists them."""

    class Distribution:
        version = "1"

        def __init__(self, name: str, text: str | None = None) -> None:
            self._path = f"/somewhere/{name.replace('-', '_')}-1.dist-info"
            self.metadata = {"Name": name}
            self.text = text

        def read_text(self, name: str) -> str:
            if self.text is None:
                raise SystemExit("no")
            return self.text

    class Finder:
        def find_distributions(self, context: object) -> list[object]:
            return [
                Distribution("fake-bad"),
                Distribution("fake-good", "[globus_core.plugins]\ng = fake_g\n"),
            ]

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder()])
    points = {point.distribution: point for point in scan()}
    assert points["fake-good"].name == "g"
    assert "its metadata cannot be read: SystemExit: no" in str(points["fake-bad"].problem)


def test_long_entry_points_are_read_to_their_end(site: FakeSite) -> None:
    """Ours may stand behind hundreds of others."""
    site.install("fake-a")
    others = "".join(f"command-{number} = fake_a:main_{number}\n" for number in range(1000))
    for length in (4096, 8192, 50_000):
        text = "[globus_core.plugins]\nearly = fake_a\n[console_scripts]\n" + others
        text = text[:length].rpartition("\n")[0]
        text += "\n[globus_core.plugins]\na = fake_a.hooks\n"
        file = site.folder / "fake_a-1.0.dist-info" / "entry_points.txt"
        file.write_text(text.rjust(length), encoding="utf-8")

        assert [name for name, _, _ in found(site.folder)] == ["early", "a"]


def test_folders_that_only_look_like_metadata_are_passed_over(site: FakeSite) -> None:
    """As importlib.metadata does."""
    site.install("fake-a", {"a": "fake_a.hooks"})
    (site.folder / "fake_a-1.0.dist-info").rename(site.folder / "fake_a-1.0.other-info")

    assert found(site.folder) == []


def test_a_distribution_without_metadata_is_known_by_its_folder(site: FakeSite) -> None:
    """The folder's name tells the name and the version as well."""
    site.install("fake-a", {"a": "fake_a.hooks"}, version="1.5")
    (site.folder / "fake_a-1.5.dist-info" / "METADATA").unlink()

    assert found(site.folder) == [("a", "fake-a", "1.5")]


def test_five_hundred_distributions_are_scanned_correctly(tmp_path: pathlib.Path) -> None:
    """Twenty plugins among five hundred distributions are found; benchmarks measure the time."""
    site = FakeSite(tmp_path / "many")
    for number in range(500):
        plugins = {f"p{number}": f"fake_p{number}"} if number % 25 == 0 else {}
        site.install(f"fake-p{number}", plugins)
        if not plugins:
            text = f"[console_scripts]\nrun{number} = p{number}:main\n"
            file = site.folder / f"fake_p{number}-1.0.dist-info" / "entry_points.txt"
            file.write_text(text, encoding="utf-8")

    names = {name for name, _, _ in found(site.folder)}

    assert names == {f"p{number}" for number in range(0, 500, 25)}


def test_the_same_is_found_as_by_importlib_metadata() -> None:
    """For the folders of this interpreter the plain scan agrees with the standard library."""
    theirs = {
        (group, point.name, point.value)
        for group in metadata.entry_points().groups
        if group == "globus_core" or group.startswith("globus_core.")
        for point in metadata.entry_points(group=group)
    }

    ours = {(point.group, point.name, point.value) for point in scan()}

    assert ours == theirs


def test_an_empty_entry_of_the_path_is_the_current_folder(
    site: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for Python's own imports."""
    site.install("fake-a", {"a": "fake_a.hooks"})
    monkeypatch.chdir(site.folder)

    assert found("") == [("a", "fake-a", "1.0")]


def test_extras_and_comments_in_entry_points_are_understood() -> None:
    """The forms that the packaging specification allows."""
    text = (
        "[ globus_core.plugins ]\n# comment\n; comment\n a=fake.hooks [extra]\n\n[other]\nb = c\n"
    )

    points = parse(text, "fake", "1")

    assert [(point.name, point.value) for point in points] == [("a", "fake.hooks")]
    assert repr(points[0]) == "<EntryPoint a = fake.hooks of fake>"


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_no_text_of_entry_points_raises(text: str) -> None:
    """Whatever stands in the file, it is lines that concern us, or nothing."""
    for point in parse("[globus_core.plugins]\n" + text, "fake", "1"):
        assert "\n" not in point.name


@given(
    st.builds(
        "{}{}{}".format,
        st.sampled_from(ENDS),
        st.text(ENDS + "._-", max_size=8),
        st.sampled_from(ENDS),
    )
)
def test_names_of_distributions_have_one_normal_form(name: str) -> None:
    """It does not change when it is normalized again, and has no run of separators."""
    normal = normalized(name)

    assert normalized(normal) == normal
    assert "--" not in normal
    assert normal == normal.lower()
