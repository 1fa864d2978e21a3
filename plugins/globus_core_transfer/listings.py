"""
Lists directories, a few of them ahead of their use.
"""

from __future__ import annotations

import _thread
import contextlib
import contextvars
import dataclasses
import queue
import threading
import typing as t

from globus_core import waiting
from globus_core.rate_limits import RequestBudget

if t.TYPE_CHECKING:
    from globus_core import MissingType

    from .endpoints import ID
    from .operations import Operations

    Document: t.TypeAlias = dict[str, t.Any]

#: entries in a page; the collection lists the whole directory anew for each page
PAGE_SIZE = 20_000


@dataclasses.dataclass(frozen=True)
class Page:
    """
    A part of a directory to list.

    :param path: the directory; MISSING is the collection's default
    :param name_filter: a pattern for names that the service applies; None wants all of them
    :param offset: how many entries come before
    """

    path: str | MissingType
    name_filter: str | None = None
    offset: int = 0

    def next(self) -> Page:
        """
        The page after this one.
        """
        return dataclasses.replace(self, offset=self.offset + PAGE_SIZE)


class Listing:
    """
    The response for a page, which may not be there yet.

    :param page: the page
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.context = contextvars.copy_context()  # so that tracing can attribute the request
        self.done: queue.SimpleQueue[tuple[Document | None, BaseException | None]] = (
            queue.SimpleQueue()
        )


class Listings:
    """
    The requests of one walk.

    :param client: the client
    :param collection_id: the collection
    :param at_once: how many pages are fetched at once
    :param options: further arguments of ``operation_ls``
    """

    def __init__(
        self, client: Operations, collection_id: ID, at_once: int, options: dict[str, t.Any]
    ) -> None:
        self._budget = RequestBudget(client)
        self._collection_id = collection_id
        self._options = options
        self._at_once = at_once
        self._stopped = threading.Event()
        self._todo: queue.SimpleQueue[Listing | None] = queue.SimpleQueue()
        self._started: list[int] = []
        self._ended: queue.SimpleQueue[None] = queue.SimpleQueue()

    def begin(self, page: Page) -> Listing:
        """
        Fetch a page as soon as a thread is free.

        :param page: the page
        """
        listing = Listing(page)
        if self._has_thread():
            self._todo.put(listing)
        else:
            self._fetch(listing)
        return listing

    def result(self, listing: Listing) -> Document:
        """
        Wait for the response.

        :param listing: the page that was begun
        :raises GlobusError: if the page cannot be had
        """
        document, error = waiting.blocking(listing.done.get)
        if error is not None:
            raise error
        return t.cast("Document", document)

    def close(self) -> None:
        """
        Send nothing more, and wait for the requests that are on their way.
        """
        self._budget.stop(self._stopped)
        for _ in self._started:
            self._todo.put(None)
        for _ in self._started:
            waiting.blocking(self._ended.get)

    def _has_thread(self) -> bool:
        """Whether there is a thread to fetch; without any, pages are fetched by the caller."""
        if self._at_once == 1:
            return False
        if len(self._started) < self._at_once:
            with contextlib.suppress(RuntimeError):  # no more threads
                # in one step, so that no interrupt comes between the start and the note of it
                self._started.extend(map(_thread.start_new_thread, [self._work], [()]))
        return bool(self._started)

    def _work(self) -> None:
        try:
            while (listing := self._todo.get()) is not None:
                listing.context.run(self._fetch, listing)
        finally:
            self._ended.put(None)

    def _fetch(self, listing: Listing) -> None:
        page = listing.page
        name = page.name_filter
        wanted: dict[str, t.Any] = {} if name is None else {"filter": {"name": name}}
        try:
            response = self._budget.send(
                lambda client: client.operation_ls(
                    self._collection_id,
                    page.path,
                    limit=PAGE_SIZE,
                    offset=page.offset,
                    orderby="name",
                    **wanted,
                    **self._options,
                ),
                self._stopped,
            )
            found: t.Any = response.data
            listing.done.put((found, None))
        except BaseException as error:  # raised in the caller's thread
            listing.done.put((None, error))
