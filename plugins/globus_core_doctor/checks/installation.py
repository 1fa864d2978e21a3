"""
Python, the system, and the packages that globus-core needs.
"""

from __future__ import annotations

import platform
import re
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.cli import DoctorReport

_OLDEST = (3, 10)
_NEWEST_TESTED = (3, 13)
#: what differs where nothing was tested, by ``sys.platform``
_UNTESTED = {
    "darwin": "private files, locks and the browser's login are written for macOS too",
    "win32": "private files and locks are written for Windows too, where they work differently",
}
_REQUIREMENT = re.compile(r"([\w.-]+)\s*(?:\[[^]]*\])?\s*(?:>=\s*([\d.]+))?")
#: packages that are used if they are there
_OPTIONAL = ("certifi", "click", "rich", "orjson", "redis", "globus-sdk")


def check_python(report: DoctorReport) -> None:
    """
    The interpreter and the system.

    :param report: where findings go
    """
    version = sys.version_info
    shown = f"{platform.python_implementation()} {platform.python_version()}"
    where = f"{platform.system()} {platform.release()} on {platform.machine()}"
    if version[:2] < _OLDEST:
        report.problem(f"{shown}, {where}: too old", "use Python 3.10 or newer")
    else:
        inside = ", in a virtual environment" if sys.prefix != sys.base_prefix else ""
        report.ok(f"{shown}, {where}{inside}")
    if version[:2] > _NEWEST_TESTED:
        report.note(f"globus-core is tested with Python 3.10 to 3.13, not with {shown}")
    if sys.platform != "linux":
        known = _UNTESTED.get(sys.platform, "it may work all the same")
        report.note(
            f"globus-core is tested on Linux, and on this system nothing is: {known}",
            "run 'globus-core demo', which tries most of it",
        )
    elif platform.python_implementation() != "CPython":
        report.note("globus-core is tested with CPython only")


def check_packages(report: DoctorReport) -> None:
    """
    The packages that globus-core requires, and those that it uses if they are there.

    :param report: where findings go
    """
    import ssl
    from importlib import metadata

    import globus_core

    found = [f"globus-core {globus_core.__version__}"]
    try:
        requirements = metadata.requires("globus-core") or []
    except metadata.PackageNotFoundError:
        report.problem(
            "the metadata of globus-core is missing, and with it the list of its plugins",
            "install globus-core with pip, or let the packer include its metadata",
        )
        requirements = []
    for name, oldest in _required(requirements):
        version = _version(name)
        if version is None:
            report.problem(f"{name} is not installed", f"run pip install '{name}>={oldest}'")
        elif _numbers(version) < _numbers(oldest):
            report.problem(
                f"{name} {version} is too old", f"run pip install --upgrade '{name}>={oldest}'"
            )
        else:
            found.append(f"{name} {version}")
    more = ((name, _version(name)) for name in _OPTIONAL)
    found += [f"{name} {version}" for name, version in more if version is not None]
    report.ok(", ".join([*found, ssl.OPENSSL_VERSION]))


def _required(requirements: t.Iterable[str]) -> t.Iterator[tuple[str, str]]:
    """The names and oldest versions of what is required without an extra."""
    for requirement in requirements:
        text, _, condition = requirement.partition(";")
        found = _REQUIREMENT.match(text.strip())
        if found is not None and not condition:
            yield found[1], found[2] or "0"


def _version(name: str) -> str | None:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
