"""Globus Transfer as a service of the sandbox."""

from __future__ import annotations

import os
import typing as t

from globus_core.testing.sandbox import (
    ApiError,
    Collection,
    Route,
    ServiceSandbox,
    ServiceScope,
    World,
)

from . import answers
from .access import ALL, TRANSFER, Access
from .bookmarks import Bookmarks
from .disk import Disk
from .endpoints import Endpoints
from .folders import Folders
from .operations import Operations
from .permissions import Permissions
from .runs import Orders
from .submissions import Submissions
from .task_api import TaskApi
from .tasks import Task
from .worker import Worker


class TransferSandbox(ServiceSandbox):
    """
    Transfer over local folders.

    :param world: the data shared with the other services
    :param collections: further collections, or local folders by the names of their collections
    """

    resource_server = TRANSFER
    scopes = (ServiceScope(ALL, TRANSFER, "Manage files with Globus Transfer"),)

    def __init__(
        self,
        world: World,
        *,
        collections: t.Iterable[Collection] | t.Mapping[str, str | os.PathLike[str]] = (),
    ) -> None:
        super().__init__(world)
        self._folders = Folders(world, collections)
        self._access = Access(world)
        world.permissions = self._access
        self._orders = Orders()
        self._worker = Worker(world)
        self._submissions = Submissions(world, self._access, self._worker, self._orders)
        self._bookmarks = Bookmarks(world, self._access)
        self._parts = (
            Operations(self._access),
            self._submissions,
            TaskApi(world, self._access, self._submissions, self._worker),
            Endpoints(world, self._access, self._submissions),
            Permissions(world, self._access),
            self._bookmarks,
        )

    def start(self) -> None:
        self._folders.start()
        self._worker.start()

    def stop(self) -> None:
        self._worker.stop()
        self._folders.stop()

    def reset(self) -> None:
        self._worker.reset()
        self._submissions.reset()
        self._bookmarks.reset()
        self._orders.reset()
        self._access.reset()
        if self._folders.is_started:
            self._folders.start()

    def routes(self) -> t.Iterable[Route]:
        return [route for part in self._parts for route in part.routes()]

    def error_document(self, error: ApiError) -> dict[str, t.Any]:
        return answers.error_document(error)

    def describe(self) -> dict[str, t.Any]:
        return {
            "collections": [
                {"id": c.id, "name": c.name, "kind": c.kind, "root": c.root}
                for c in self.world.collections
                if c.kind != "endpoint"
            ],
            "tasks": {task.id: task.status for task in self._submissions.tasks.values()},
        }

    def verbs(self) -> dict[str, t.Callable[..., t.Any]]:
        return {
            "collections/add": self.add_collection,
            "disconnect": self.disconnect,
            "connect": self.connect,
            "fail-file": self.fail_file,
            "slow-down": self.slow_down,
            "pause": self.pause,
            "resume": self.resume,
            "cancel": self.cancel,
            "settle": self.settle,
        }

    def add_collection(
        self,
        name: str,
        root: str,
        kind: str = "gcp",
        owner: str | None = None,
        high_assurance: bool = False,
        default_directory: str = "/",
        host: str | None = None,
        id: str | None = None,
    ) -> dict[str, t.Any]:
        """
        Add a collection.

        :param name: its display name
        :param root: its local folder
        :param kind: ``gcp``, ``mapped`` or ``guest``
        :param owner: the identity id of its owner; None takes the first person
        :param high_assurance: whether it holds protected data
        :param default_directory: the folder that is used without a path
        :param host: the id of the collection that a guest collection belongs to, or None
        :param id: its id; None makes one
        :raises ApiError: 400 if there is no such folder or kind
        """
        if kind not in {"gcp", "mapped", "guest"}:
            raise answers.bad(f"kind must be gcp, mapped or guest, not {kind!r}")
        if not os.path.isdir(root):
            raise answers.bad(f"there is no folder {root!r}")
        people = self.world.people()
        collection = Collection(
            id=id or self.world.new_id(),
            root=root,
            kind=kind,
            owner=owner or (people[0].id if people else ""),
            name=name,
            high_assurance=high_assurance,
            default_directory=default_directory,
            host=host,
        )
        self.world.collections.add(collection)
        return {"id": collection.id}

    def disconnect(self, collection_id: str) -> None:
        """
        Make a collection unreachable.

        :param collection_id: the collection
        """
        self._access.condition(self._access.find(collection_id)).is_connected = False

    def connect(self, collection_id: str) -> None:
        """
        Make a collection reachable again.

        :param collection_id: the collection
        """
        self._access.condition(self._access.find(collection_id)).is_connected = True

    def fail_file(
        self, collection_id: str, path: str, times: int = 1, code: str = "PERMISSION_DENIED"
    ) -> None:
        """
        Let tasks fail at a source file, or at a file to delete.

        :param collection_id: the collection
        :param path: the path in it
        :param times: how often
        :param code: the code of the event
        """
        collection = self._access.find(collection_id)
        self._orders.failures[collection.id, Disk(collection).normal(path)] = times, code

    def slow_down(self, seconds_per_block: float) -> None:
        """
        Let each block of 1 MiB take time, by the sandbox's clock.

        :param seconds_per_block: how long; 0 for as fast as the disk
        """
        self._orders.seconds_per_block = float(seconds_per_block)

    def pause(self, task_id: str, message: str = "paused by a manager") -> None:
        """
        Pause a task, as a manager of a collection can.

        :param task_id: the task
        :param message: what its owner reads
        """
        self._task(task_id).pause_message = message

    def resume(self, task_id: str) -> None:
        """
        Let a paused task go on.

        :param task_id: the task
        """
        self._task(task_id).pause_message = None
        self._worker.wake()

    def cancel(self, task_id: str, message: str = "canceled by a manager") -> None:
        """
        Cancel a task, as a manager of a collection can.

        :param task_id: the task
        :param message: what its owner reads
        """
        task = self._task(task_id)
        with self._worker.changed:
            if not task.is_finished:
                task.admin_message = message
                task.finish(self.world.clock.now(), "FAILED", "CANCELED", message)
                self._worker.wake()

    def settle(self) -> None:
        """
        Wait until no task can do anything before the clock moves.
        """
        self._worker.settle()

    def _task(self, task_id: str) -> Task:
        task = self._submissions.tasks.get(task_id)
        if task is None:
            raise answers.missing(f"there is no task {task_id!r}")
        return task
