"""
Which distributions offer plugins: a scan for entry points in the groups of globus-core.

``importlib.metadata`` reads every distribution's metadata and costs more to import than the kernel;
a plain scan of the folders on ``sys.path`` reads only ``entry_points.txt``. ``importlib.metadata``
is used only where a plain scan is not enough (zip files, eggs, finders of other tools).
"""

from __future__ import annotations

import os
import sys

from .records import FIRST_PARTY, describe, raise_interrupt

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: a plugin's name to its hooks module
PLUGIN_GROUP = "globus_core.plugins"
#: the name of a plugin whose entry point cannot be read, and which no plugin can have
NAMELESS = "?"
#: a public name (``namespace.Name``) to the object
NAMES_GROUP = "globus_core.names"
# Any other group with this name or prefix is a namespace, named as it is imported; its entry points
# are the packages that contribute names to it.
_ROOT = "globus_core"
_MARK = b"globus_core."
_METADATA = (".dist-info", ".egg-info")
_BOM = b"\xef\xbb\xbf"
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_BLOCK = 4096
# these finders read the folders that are scanned here
_SCANNED = ("_frozen_importlib_external", "importlib_metadata")


class EntryPoint:
    """
    One entry point of a distribution in a group of globus-core.

    :ivar group: ``globus_core.plugins``, ``globus_core.names``, or a namespace
        (``globus_core.token_storage``)
    :ivar name: the plugin's name, or the public name (``namespace.Name``)
    :ivar value: the module, ``module:Object``, or the package with the names
    :ivar distribution: the distribution's name in normal form (``globus-core``)
    :ivar version: the distribution's version
    :ivar problem: why what stands here is no entry point, in one sentence, or None
    """

    __slots__ = ("distribution", "group", "name", "problem", "value", "version")

    problem: str | None

    def __init__(self, group: str, name: str, value: str, distribution: str, version: str) -> None:
        self.problem = None
        self.group = group
        self.name = name
        self.value = value
        self.distribution = distribution
        self.version = version

    def __repr__(self) -> str:
        if not hasattr(self, "version"):  # set last
            return "<EntryPoint, not complete>"
        return f"<EntryPoint {self.name} = {self.value} of {self.distribution}>"


def faulty(distribution: str, version: str, problem: str, *, name: str = NAMELESS) -> EntryPoint:
    """
    What stands for entry points that cannot be read; its plugin is recorded as failed.

    :param distribution: the distribution's name
    :param version: the distribution's version
    :param problem: what is wrong, in one sentence
    :param name: the plugin's name, if it can be read
    """
    point = EntryPoint(PLUGIN_GROUP, name, "", distribution, version)
    point.problem = problem
    return point


def scan(path: t.Iterable[str] | None = None) -> list[EntryPoint]:
    """
    Read the entry points for globus-core from every distribution that can be imported.

    :param path: the folders to search, in order of precedence; None is ``sys.path``
    """
    found: list[EntryPoint] = []
    seen: set[str] = set()
    listed: list[list[str]] = []
    entries: t.Iterable[object] = sys.path if path is None else path
    for entry in entries:
        if not isinstance(entry, str):
            continue  # as Python's import does
        folder = entry or os.curdir
        try:
            names = os.listdir(folder)
        except OSError:
            names = []
        if folder.endswith(".egg") or (not names and os.path.isfile(folder)):
            found.extend(_ask_importlib(seen, path=[folder]))
            continue
        metadata = [name for name in names if name[-5:] == "-info" and name.endswith(_METADATA)]
        for name, text in sorted(_concerning_us(folder, metadata), key=_first):
            if _shadowed(name, listed):
                continue
            distribution, version = _identity(folder, name)
            if distribution in seen:
                continue
            seen.add(distribution)
            if isinstance(text, OSError):
                problem = f"its entry_points.txt cannot be read: {text.strerror or text}"
                found.append(faulty(distribution, version, problem))
            else:
                found.extend(
                    parse(text.removeprefix(_BOM).decode(errors="replace"), distribution, version)
                )
        listed.append(metadata)
    if path is None:
        found.extend(_from_other_finders(seen))
    return found


def others_may_have_plugins() -> bool:
    """
    Whether a plugin may be in use that does not come with globus-core.

    It is quick, since it neither imports plugins nor makes the plugin manager.
    """
    if f"{_ROOT}.plugins.current_manager" in sys.modules:
        return True  # asking them costs little now, and the program may have registered one
    plugins = (point for point in scan() if point.group == PLUGIN_GROUP)
    return any(point.distribution != FIRST_PARTY for point in plugins)


def parse(text: str, distribution: str, version: str) -> list[EntryPoint]:
    """
    Read the entry points for globus-core from the text of an ``entry_points.txt``.

    :param text: the file's text
    :param distribution: the distribution's name
    :param version: the distribution's version
    """
    points = []
    group = ""
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            group = line.strip("[] ")
        elif _concerns_us(group) and line and line[0] not in "#;":
            name, _, value = line.partition("=")
            name, reference = name.strip(), value.partition("[")[0].strip()
            if name and reference:
                points.append(EntryPoint(group, name, reference, distribution, version))
            else:
                problem = f"{line[:80]!r} in its entry_points.txt is not 'name = module'"
                known = name if name and group == PLUGIN_GROUP and "=" in line else NAMELESS
                points.append(faulty(distribution, version, problem, name=known))
    return points


def _concerns_us(group: str) -> bool:
    return group == _ROOT or group.startswith(f"{_ROOT}.")


def normalized(distribution: str) -> str:
    """
    The normalized name of a distribution, as on PyPI.

    :param distribution: the name in any spelling
    """
    return "-".join(part for part in _separated(distribution) if part)


def _separated(distribution: str) -> list[str]:
    return distribution.lower().replace("_", "-").replace(".", "-").split("-")


def _first(found: tuple[str, object]) -> str:
    return found[0]


def _concerning_us(folder: str, metadata: list[str]) -> list[tuple[str, bytes | OSError]]:
    """The distributions with entry points for globus-core, or why theirs cannot be read."""
    found: list[tuple[str, bytes | OSError]] = []
    for name in metadata:
        path = f"{folder}/{name}/entry_points.txt"
        if not os.access(path, os.F_OK):  # most have none, and an exception would cost more
            continue
        try:  # without a file object, which would cost as much as all the rest
            file = os.open(path, _FLAGS)
        except OSError as error:
            found.append((name, error))
            continue
        try:
            text = block = os.read(file, _BLOCK)
            while len(block) == _BLOCK:
                block = os.read(file, _BLOCK)
                text += block
        except OSError as error:  # a folder in place of the file
            found.append((name, error))
            continue
        finally:
            os.close(file)
        if _MARK in text:
            found.append((name, text))
    return found


def _shadowed(name: str, earlier: list[list[str]]) -> bool:
    """Whether another version of this distribution comes earlier on the path."""
    own = _stem(name)
    return any(_stem(other) == own for names in earlier for other in names)


def _stem(name: str) -> str:
    return normalized(name.rpartition(".")[0].partition("-")[0])


def _identity(folder: str, name: str) -> tuple[str, str]:
    file = "METADATA" if name.endswith(".dist-info") else "PKG-INFO"
    fields = {"name": "", "version": ""}
    try:
        with open(f"{folder}/{name}/{file}", encoding="utf-8", errors="replace") as lines:
            for line in lines:
                key, _, value = line.partition(":")
                if key.lower() in fields:
                    fields[key.lower()] = value.strip()
                if all(fields.values()) or not line.strip():
                    break
    except OSError:
        pass
    stem, _, version = name.rpartition(".")[0].partition("-")
    return normalized(fields["name"] or stem), fields["version"] or version


def _from_other_finders(seen: set[str]) -> list[EntryPoint]:
    """Distributions of import hooks that provide their own metadata, if there are such hooks."""
    found: list[EntryPoint] = []
    for finder in sys.meta_path:
        if getattr(finder, "__module__", "") in _SCANNED:
            continue
        if hasattr(finder, "find_distributions"):
            found.extend(_ask_importlib(seen, finder=finder))
    return found


def _ask_importlib(
    seen: set[str], *, path: list[str] | None = None, finder: t.Any = None
) -> list[EntryPoint]:
    from importlib import metadata

    points: list[EntryPoint] = []
    ask = metadata.distributions if finder is None else finder.find_distributions
    make_context = metadata.DistributionFinder.Context
    context = make_context() if path is None else make_context(path=path)
    try:
        for distribution in ask(context=context):
            points.extend(_tried_points_of(distribution, seen))
    except BaseException as error:  # both the finder and the file are foreign
        raise_interrupt(error)
        from globus_core._log import LazyLogger

        LazyLogger(__name__).warning("some installed distributions cannot be read: %s", error)
    return points


def _tried_points_of(distribution: t.Any, seen: set[str]) -> list[EntryPoint]:
    """The entry points of a distribution; if it fails, the others still count."""
    try:
        return _points_of(distribution, seen)
    except BaseException as error:  # the file is foreign
        raise_interrupt(error)
        name = str(getattr(distribution, "_path", None) or type(distribution).__name__)
        problem = f"its metadata cannot be read: {describe(error)}"
        return [faulty(_stem(name.replace("\\", "/").rpartition("/")[2]), "", problem)]


def _points_of(distribution: t.Any, seen: set[str]) -> list[EntryPoint]:
    name = normalized(distribution.metadata["Name"] or "")
    if name in seen:
        return []
    seen.add(name)
    text = distribution.read_text("entry_points.txt") or ""
    return parse(text, name, distribution.version) if _MARK.decode() in text else []
