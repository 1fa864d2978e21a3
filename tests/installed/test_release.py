"""
What is uploaded when a release is cut, and what keeps it from being cut.
"""

from __future__ import annotations

import email
import pathlib
import re
import sys
import zipfile

import pytest

from tests.installed.programs import ROOT, completed, run

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder with the sdist, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("release")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, folder=folder)
    return folder


def test_the_description_stands_alone(files: pathlib.Path) -> None:
    """An index shows the README without the files beside it, and links to where they are."""
    (wheel,) = files.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        metadata = email.message_from_string(archive.read(name).decode())

    assert metadata["Description-Content-Type"] == "text/markdown"
    links = re.findall(r"\]\(([^)\s]+)\)", str(metadata.get_payload()))
    assert links
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    named = {url.partition(",")[0] for url in metadata.get_all("Project-URL") or []}
    assert named >= {"Changelog", "Documentation", "Issues", "Source"}


def test_a_release_that_is_not_ready_is_refused(files: pathlib.Path) -> None:
    """With all that is missing; while the project has no address of its own, that is."""
    check = ROOT / ".ci" / "check-release"
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout, whose files could be compared")
    done = completed(sys.executable, check, files, folder=files)

    assert done.returncode == 1
    assert "a project URL is a placeholder" in done.stdout
    assert "the README has relative links" not in done.stdout
    assert "the sdist" not in done.stdout
