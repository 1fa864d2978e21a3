"""
The modules and data that a program needs besides those that it imports.

PyInstaller runs this when it packs a program that imports ``globus_core``. Plugins are found
through the metadata of their distributions, and their modules are imported by name: neither is
visible in import statements.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from itertools import chain

from PyInstaller.utils.hooks import collect_data_files, collect_submodules, copy_metadata

#: modules that only pytest imports
_FOR_TESTS = ("pytest_plugin",)


_points = [
    point
    for group in entry_points().groups
    if f"{group}.".startswith("globus_core.")  # plugins, and packages with names for a namespace
    for point in entry_points(group=group)
]
_distributions = sorted({point.dist.name for point in _points if point.dist})
_packages = sorted({"globus_core", *(point.module.partition(".")[0] for point in _points)})

datas = list(
    chain.from_iterable((*map(copy_metadata, _distributions), *map(collect_data_files, _packages)))
)
hiddenimports = [
    name
    for package in _packages
    for name in collect_submodules(package, filter=lambda name: not name.endswith(_FOR_TESTS))
]

#: imported by the contract suites of ``globus_core.testing``, if they are installed
excludedimports = ["hypothesis", "pytest", "responses"]
