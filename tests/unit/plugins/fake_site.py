"""
Folders with small distributions in them, as an installer would leave them.
"""

from __future__ import annotations

import pathlib
import textwrap
import typing as t
import zipfile

from globus_core.plugins import PluginManager
from globus_core.plugins.discovery import scan

if t.TYPE_CHECKING:
    from collections.abc import Mapping

NO_NAMES: Mapping[str, str] = {}


class FakeSite:
    """
    A folder in which distributions are installed.

    :param folder: the folder, which is made
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def install(
        self,
        distribution: str,
        plugins: Mapping[str, str] = NO_NAMES,
        *,
        names: Mapping[str, str] = NO_NAMES,
        packages: Mapping[str, str] = NO_NAMES,
        modules: Mapping[str, str] = NO_NAMES,
        version: str = "1.0",
        kind: str = "dist-info",
    ) -> None:
        """
        Install a distribution.

        :param distribution: its name
        :param plugins: entry points of plugins, name to module
        :param names: entry points of public names
        :param packages: namespace of the kernel to the package with names for it
        :param modules: its modules, dotted name to source
        :param version: its version
        :param kind: ``dist-info`` or ``egg-info``
        """
        stem = distribution.replace("-", "_")
        folder = self.folder / f"{stem}-{version}.{kind}"
        folder.mkdir()
        file = "METADATA" if kind == "dist-info" else "PKG-INFO"
        metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n\nName: x\n"
        (folder / file).write_text(metadata, encoding="utf-8")
        groups = {
            "console_scripts": {f"{stem}-run": f"{stem}:main"},
            "globus_core.plugins": plugins,
            "globus_core.names": names,
            **{namespace: {"own": package} for namespace, package in packages.items()},
        }
        lines = []
        for group, points in groups.items():
            lines.append(f"[{group}]")
            lines.extend(f"{name} = {value}" for name, value in points.items())
        (folder / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
        for module, source in modules.items():
            self.module(module, source)

    def module(self, name: str, source: str) -> None:
        """
        Write a module.

        :param name: its dotted name
        :param source: its text
        """
        path = self.folder.joinpath(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source), encoding="utf-8")

    def zipped(self, path: pathlib.Path) -> str:
        """
        Pack everything into a zip file that can stand on ``sys.path``.

        :param path: the file to write
        """
        with zipfile.ZipFile(path, "w") as file:
            for member in sorted(self.folder.rglob("*")):
                file.write(member, member.relative_to(self.folder))
        return str(path)

    def manager(self, **options: t.Any) -> PluginManager:
        """
        A manager that sees this folder and nothing else.

        :param options: what else the manager is given
        """
        return PluginManager(lambda: scan([str(self.folder)]), **options)
