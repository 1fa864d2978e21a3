"""
The way through the directories of a collection.
"""

from __future__ import annotations

import dataclasses
import posixpath
import typing as t
from collections import deque

from globus_core.exc import ValidationError

from .errors import TransferAPIError, WalkError
from .glob_patterns import START
from .listings import PAGE_SIZE, Listing, Listings, Page

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from globus_core import MissingType

    from .answer_documents import FileDocument
    from .glob_patterns import GlobPattern, Place

#: statuses of what is wrong with one directory; of 502, only errors of the collection
_REFUSED = (403, 404)


class WalkEntry(t.NamedTuple):
    """
    A file, directory or link of a collection.

    :ivar path: its path, which other methods take
    :ivar document: what the listing says about it
    """

    path: str
    document: FileDocument

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.document["name"]

    @property
    def size(self) -> int:
        """The size in bytes."""
        return self.document.get("size") or 0

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory, or a link to one."""
        return self.document.get("type") == "dir"

    @property
    def is_link(self) -> bool:
        """Whether it is a link, of whatever kind."""
        return bool(self.document.get("link_target"))


@dataclasses.dataclass(frozen=True)
class _Step:
    """
    A page to list next.

    :param page: the page
    :param depth: how many directories lead there; 1 for the first
    :param place: where it is in the pattern
    """

    page: Page
    depth: int
    place: Place


@dataclasses.dataclass
class Walk:
    """
    How to go through directories.

    :param listings: lists them
    :param at_once: how many are listed at once
    :param pattern: the pattern that paths have to match; None takes all of them
    :param max_depth: how many directories lead to the deepest one that is listed; None for any
    :param follow_links: whether directories behind links are listed, if there is no pattern
    :param on_error: called for a directory that cannot be listed; None collects the errors
    """

    listings: Listings
    at_once: int
    pattern: GlobPattern | None = None
    max_depth: int | None = None
    follow_links: bool = False
    on_error: Callable[[str, TransferAPIError], object] | None = None

    def entries(self, root: str | MissingType) -> Iterator[WalkEntry]:
        """
        List directories and yield what is wanted of them.

        :param root: the first directory
        :raises TransferAPIError: if that cannot be listed, or the error is not about one directory
        :raises ValidationError: if a name cannot be part of a path
        :raises WalkError: at the end, if there is no ``on_error``
        """
        pending = [_Step(self._page(root, START), 1, START)]
        begun: deque[tuple[_Step, Listing]] = deque()
        errors: dict[str, TransferAPIError] = {}
        try:
            while pending or begun:
                while pending and len(begun) < self.at_once:
                    step = pending.pop()
                    begun.append((step, self.listings.begin(step.page)))
                step, listing = begun.popleft()
                try:
                    found = self.listings.result(listing)
                except TransferAPIError as error:
                    if step.depth == 1 or not _is_about_one_directory(error):
                        raise
                    (self.on_error or errors.__setitem__)(str(step.page.path), error)
                    continue
                below: list[_Step] = []
                yield from self._wanted(step, found, below)
                pending.extend(reversed(below))
                if len(found["DATA"]) >= PAGE_SIZE:
                    pending.append(dataclasses.replace(step, page=step.page.next()))
        finally:
            self.listings.close()
        if errors:
            raise WalkError(errors)

    def _wanted(
        self, step: _Step, found: dict[str, t.Any], below: list[_Step]
    ) -> Iterator[WalkEntry]:
        """The entries of a page that are wanted; adds the directories that are to be listed."""
        for document in found["DATA"]:
            name = document["name"]
            if name in ("", ".", "..") or "/" in name:  # would lead elsewhere, perhaps without end
                raise ValidationError(f"{found['path']!r} has an entry with the name {name!r}")
            entry = WalkEntry(posixpath.join(found["path"], name), document)
            place, is_wanted, leads_on = self._judged(step, entry)
            if is_wanted:
                yield entry
            if leads_on and entry.is_directory and step.depth != self.max_depth:
                below.append(_Step(self._page(entry.path, place), step.depth + 1, place))

    def _judged(self, step: _Step, entry: WalkEntry) -> tuple[Place, bool, bool]:
        """Where an entry is in the pattern, whether it is wanted, and whether to look below it."""
        pattern = self.pattern
        if pattern is None:
            return step.place, True, self.follow_links or not entry.is_link
        place = pattern.step(step.place, entry.name, is_link=entry.is_link)
        is_kind = entry.is_directory or not pattern.wants_directories
        is_match = is_kind and pattern.is_match(place, is_directory=entry.is_directory)
        return place, is_match, pattern.leads_on(place)

    def _page(self, path: str | MissingType, place: Place) -> Page:
        return Page(path, None if self.pattern is None else self.pattern.name_filter(place))


def _is_about_one_directory(error: TransferAPIError) -> bool:
    if error.info.consent_required or error.info.authorization_parameters:
        return False
    code = str(error.code)
    if code.endswith(".GCDisconnected"):
        return False
    return error.http_status in _REFUSED or code.startswith(("ExternalError.", "EndpointError"))
