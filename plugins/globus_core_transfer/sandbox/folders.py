"""The collections at the start of a sandbox, over folders that are given or temporary."""

from __future__ import annotations

import os
import shutil
import tempfile
import typing as t
import uuid

from globus_core.testing.sandbox import Collection, World

#: the collections that exist without any being given, by name
IDS = {
    "Sandbox Laptop": "a0c6f5e2-7d31-4b98-9f24-58e1b3d7c609",
    "Sandbox Server": "f17e92b4-3c80-4d5a-86b1-c2d90a4e7f53",
}
_NAMESPACE = uuid.UUID("7e3f0d52-61b8-4c9a-a4f7-2b5d8e90c1a6")


class Folders:
    """
    Adds the collections to the world, and keeps their temporary folders.

    :param world: the data shared with the other services
    :param given: collections, or local folders by the names of their collections
    """

    def __init__(
        self, world: World, given: t.Iterable[Collection] | t.Mapping[str, str | os.PathLike[str]]
    ) -> None:
        self._world = world
        items: list[t.Any] = [*given.items()] if isinstance(given, t.Mapping) else [*given]
        self._collections = [item for item in items if isinstance(item, Collection)]
        self._folders: dict[str, str] = dict(items) if isinstance(given, t.Mapping) else {}
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    def start(self) -> None:
        """
        Add the collections; temporary folders begin empty.
        """
        self._temporary = self._temporary or tempfile.TemporaryDirectory(
            prefix="globus-core-sandbox-", ignore_cleanup_errors=True
        )
        people = self._world.people()
        owner = people[0].id if people else ""
        for name, made in IDS.items():
            root = os.path.join(self._temporary.name, name.rpartition(" ")[2].lower())
            shutil.rmtree(root, ignore_errors=True)
            os.mkdir(root)
            self._world.collections.add(Collection(made, root, "gcp", owner, name))
        for name, folder in self._folders.items():
            made = str(uuid.uuid5(_NAMESPACE, name))
            self._world.collections.add(Collection(made, os.fspath(folder), "gcp", owner, name))
        self._world.collections.add(*self._collections)

    def stop(self) -> None:
        """
        Remove the temporary folders.
        """
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    @property
    def is_started(self) -> bool:
        """
        Whether the collections were added.
        """
        return self._temporary is not None
