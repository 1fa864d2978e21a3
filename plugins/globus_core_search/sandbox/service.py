"""Globus Search as a service of the sandbox."""

from __future__ import annotations

import functools
import threading
import typing as t

from globus_core.testing.sandbox import ApiError, Route, ServiceSandbox, ServiceScope, World

from . import answers, ingesting, saved
from .access import ALL, IDENTITY, INGEST, QUERY, SEARCH, VIEW_GROUPS, Access
from .entry_api import EntryApi
from .index_api import IndexApi
from .query_api import QueryApi
from .tasks import Queue, TaskFailure

#: the index that is there at the start, which the first person owns
STARS = "4c8e17a5-93d2-4f60-b8a1-e07c5d2f9b36"
_SUBSCRIPTION = "f07c3d81-96ae-4b52-8d14-a2e5b6907fc3"
_STARS = (
    ("vega", "public", {"name": "Vega", "kind": "star", "magnitude": 0.03}),
    ("altair", "public", {"name": "Altair", "kind": "star", "magnitude": 0.76}),
    ("deneb", "all_authenticated_users", {"name": "Deneb", "kind": "star", "magnitude": 1.25}),
)


class SearchSandbox(ServiceSandbox):
    """
    Search over indices in memory.

    :param world: the data shared with the other services
    """

    resource_server = SEARCH
    scopes = (
        ServiceScope(ALL, SEARCH, "Manage your indices in Globus Search", (VIEW_GROUPS,)),
        ServiceScope(INGEST, SEARCH, "Add and delete entries in Globus Search", (VIEW_GROUPS,)),
        ServiceScope(QUERY, SEARCH, "Search with Globus Search", (VIEW_GROUPS,)),
    )

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._lock = threading.RLock()
        self._access = Access(world)
        self._queue = Queue(world)
        self._indices = IndexApi(world, self._access)
        self._parts = (
            self._indices,
            EntryApi(self._access, self._queue),
            QueryApi(self._access, self._queue),
        )

    def reset(self) -> None:
        with self._lock:
            self._queue.reset()
            self._access.indices.clear()
            self._access.knows_groups = False
            people = self.world.people()
            if not people:
                return
            owner = IDENTITY + people[0].id
            index = self._indices.add("Stars", "Some bright stars", owner, id=STARS)
            for name, who, content in _STARS:
                subject = f"https://data.example.org/stars/{name}"
                entry = {"subject": subject, "visible_to": [who], "content": content}
                index.put(*ingesting.read_entry(entry, "entry"))

    def dump(self) -> dict[str, t.Any]:
        with self._lock:
            self._queue.advance()
            return {"indices": [saved.dumped(i) for i in self._access.indices.values()]}

    def load(self, document: dict[str, t.Any]) -> None:
        kept = [saved.loaded(index) for index in document["indices"]]
        self._access.indices = {index.id: index for index in kept}
        for index in kept:
            self._access.note(role["principal"] for role in index.roles.values())
            for entries in index.subjects.values():
                for entry in entries.values():
                    self._access.note(entry.visible_to)

    def routes(self) -> t.Iterable[Route]:
        return [route for part in self._parts for route in part.routes(self._one_at_a_time)]

    def error_document(self, error: ApiError) -> dict[str, t.Any]:
        return answers.error_document(error)

    def describe(self) -> dict[str, t.Any]:
        with self._lock:
            self._queue.advance()
            return {
                "indices": [index.document() for index in self._access.indices.values()],
                "tasks": {task.id: task.state for task in self._queue.tasks.values()},
            }

    def verbs(self) -> dict[str, t.Callable[..., t.Any]]:
        verbs: dict[str, t.Callable[..., t.Any]] = {
            "indices/add": self.add_index,
            "entries/add": self.add_entries,
            "roles/add": self.add_role,
            "fail-tasks": self.fail_tasks,
            "slow-down": self.slow_down,
            "settle": self.settle,
        }
        return {name: self._one_at_a_time(verb) for name, verb in verbs.items()}

    def add_index(
        self,
        display_name: str,
        owner: str,
        description: str = "an index",
        max_size_in_mb: int = 100,
        is_trial: bool = False,
    ) -> dict[str, t.Any]:
        """
        Add an index, with a subscription unless it is for trial.

        :param display_name: its name
        :param owner: the identity or client id of its owner
        :param description: what it holds
        :param max_size_in_mb: how much it holds
        :param is_trial: whether it is a trial index
        """
        index = self._indices.add(
            display_name,
            description,
            IDENTITY + owner.lower(),
            max_size_in_mb=int(max_size_in_mb),
            subscription_id=None if is_trial else _SUBSCRIPTION,
        )
        return {"id": index.id}

    def add_entries(self, index_id: str, entries: list[dict[str, t.Any]]) -> None:
        """
        Put entries into an index, without a task.

        :param index_id: the index
        :param entries: their documents, as in the ``gmeta`` of an ingest
        :raises ApiError: 400 if one is wrong, or does not fit
        """
        index = self._access.find(index_id)
        try:
            document = {"ingest_type": "GMetaList", "ingest_data": {"gmeta": [*entries]}}
            read = ingesting.read(document)
            for _, entry in read:
                self._access.note(entry.visible_to)
            ingesting.put(index, read)
        except TaskFailure as failure:
            raise answers.invalid(str(failure)) from failure

    def add_role(self, index_id: str, role_name: str, identity: str) -> dict[str, t.Any]:
        """
        Give a role on an index.

        :param index_id: the index
        :param role_name: ``owner``, ``admin`` or ``writer``
        :param identity: the id of an identity or client
        """
        index, now = self._access.find(index_id), self.world.clock.now()
        return index.add_role(self.world.new_id(), now, role_name, IDENTITY + identity.lower())

    def fail_tasks(self, index_id: str, message: str = "out of order", times: int = 1) -> None:
        """
        Let the next tasks of an index fail.

        :param index_id: the index
        :param message: what their documents say
        :param times: how many tasks
        """
        self._queue.fail(self._access.find(index_id).id, message, int(times))

    def slow_down(self, seconds: float) -> None:
        """
        Let tasks take time, by the sandbox's clock.

        :param seconds: how long from now on; at the start a second
        """
        self._queue.seconds = float(seconds)

    def settle(self) -> None:
        """
        Do all tasks now.
        """
        self._queue.settle()

    def _one_at_a_time(self, view: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        """Do what is due before anything, and nothing beside it."""

        @functools.wraps(view)
        def guarded(*args: t.Any, **kwargs: t.Any) -> t.Any:
            with self._lock:
                self._queue.advance()
                return view(*args, **kwargs)

        return guarded
