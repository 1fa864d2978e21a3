"""Bookmarks."""

from __future__ import annotations

import typing as t

from globus_core.testing.sandbox import ApiError, Route, World, routes

from . import answers
from .access import Access


class Bookmarks:
    """
    Keeps the bookmarks of each person.

    :param world: the data shared with the other services
    :param access: who may do what
    """

    def __init__(self, world: World, access: Access) -> None:
        self._world = world
        self._access = access
        self._kept: dict[str, dict[str, dict[str, t.Any]]] = {}

    def reset(self) -> None:
        """
        Forget all bookmarks.
        """
        self._kept.clear()

    def routes(self) -> list[Route]:
        """
        The routes of bookmarks.
        """
        return routes(
            ("GET", "/bookmark_list", self.list_all),
            ("POST", "/bookmark", self.create),
            ("GET", "/bookmark/<bookmark_id>", self.show),
            ("PUT", "/bookmark/<bookmark_id>", self.update),
            ("DELETE", "/bookmark/<bookmark_id>", self.delete),
            prefix="/v0.10",
        )

    def list_all(self) -> dict[str, t.Any]:
        """
        The caller's bookmarks, by name.
        """
        found = sorted(self._own().values(), key=lambda bookmark: bookmark["name"])
        return {"DATA_TYPE": "bookmark_list", "DATA": found}

    def create(self) -> tuple[dict[str, t.Any], int]:
        """
        Make a bookmark.
        """
        own, given = self._own(), answers.body("bookmark")
        made = {
            "DATA_TYPE": "bookmark",
            "id": self._world.new_id(),
            "name": _free(own, answers.text(given, "name")),
            "endpoint_id": self._access.find(answers.text(given, "endpoint_id")).id,
            "path": answers.text(given, "path"),
        }
        own[made["id"]] = made
        return made, 201

    def show(self, bookmark_id: str) -> dict[str, t.Any]:
        """
        A bookmark.

        :param bookmark_id: its id
        """
        return _known(self._own(), bookmark_id)

    def update(self, bookmark_id: str) -> dict[str, t.Any]:
        """
        Change the name of a bookmark.

        :param bookmark_id: its id
        """
        own, given = self._own(), answers.body("bookmark")
        known = _known(own, bookmark_id)
        name = answers.text(given, "name") if "name" in given else known["name"]
        if name != known["name"]:
            _free(own, name)
        own[known["id"]] = {**known, "name": name}
        return own[known["id"]]

    def delete(self, bookmark_id: str) -> dict[str, t.Any]:
        """
        Delete a bookmark.

        :param bookmark_id: its id
        """
        own = self._own()
        del own[_known(own, bookmark_id)["id"]]
        return answers.result("Deleted", f"Bookmark '{bookmark_id}' deleted successfully")

    def _own(self) -> dict[str, dict[str, t.Any]]:
        return self._kept.setdefault(self._access.caller().identity, {})


def _free(own: dict[str, dict[str, t.Any]], name: str) -> str:
    if any(bookmark["name"] == name for bookmark in own.values()):
        raise ApiError(409, f"there is a bookmark {name!r} already", code="BookmarkConflict")
    return name


def _known(own: dict[str, dict[str, t.Any]], bookmark_id: str) -> dict[str, t.Any]:
    if bookmark_id.lower() not in own:
        raise ApiError(404, f"there is no bookmark {bookmark_id!r}", code="BookmarkNotFound")
    return own[bookmark_id.lower()]
