"""What transfers and deletes have in common: faults, trying again, consents."""

from __future__ import annotations

import dataclasses
import errno
import typing as t
from urllib.parse import quote

from globus_core.testing.sandbox import ApiError, Collection, World

from .access import TRANSFER, Access, data_access, needs_consent
from .disk import Disk
from .tasks import Task, iso
from .worker import Steps

#: seconds of the sandbox's clock after which what has failed is tried again
RETRY_SECONDS = 10
_PROGRESS_SECONDS = 60
_QUOTA = (errno.ENOSPC, errno.EDQUOT)


class FaultError(Exception):
    """
    Something has failed, and is tried again.

    :param code: the code of its event
    :param detail: what has failed
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class FatalFaultError(FaultError):
    """
    Something has failed that ends the task.
    """


@dataclasses.dataclass
class Work:
    """
    A file or folder that is to be transferred or deleted.

    :param source: its path
    :param target: the path that it is copied to; empty for deletes
    :param item: the item of the submitted document that it belongs to
    :param is_top: whether it is the item's own path
    """

    source: str
    target: str
    item: dict[str, t.Any]
    is_top: bool = True
    is_counted: bool = False


class Orders:
    """
    What tests have ordered for the work of tasks.
    """

    def __init__(self) -> None:
        #: how often a path of a collection fails, and with which code
        self.failures: dict[tuple[str, str], tuple[int, str]] = {}
        #: seconds of the sandbox's clock that each block takes
        self.seconds_per_block = 0.0

    def reset(self) -> None:
        """
        Forget the orders.
        """
        self.failures.clear()
        self.seconds_per_block = 0.0

    def check(self, collection: Collection, path: str) -> None:
        """
        Fail if that was ordered.

        :param collection: the collection
        :param path: the path in it
        :raises FaultError: if it was
        """
        times, code = self.failures.get((collection.id, path), (0, ""))
        if times > 0:
            self.failures[collection.id, path] = times - 1, code
            raise FaultError(code, f"{path} failed as a test has ordered")


class Run:
    """
    The work of one task.

    :param world: the data shared with the other services
    :param access: who may do what
    :param orders: what tests have ordered
    :param task: the task
    """

    def __init__(self, world: World, access: Access, orders: Orders, task: Task) -> None:
        self._world = world
        self._access = access
        self.orders = orders
        self.task = task
        self.source = Disk(task.source)
        self._checked = float("-inf")
        self._reported = world.clock.now()

    def items(self) -> list[Work]:
        """
        The work that the document asks for.
        """
        raise NotImplementedError

    def do(self, work: Work, more: list[Work]) -> Steps:
        """
        Do one piece of work.

        :param work: the work
        :param more: takes work that follows from it
        """
        raise NotImplementedError

    def steps(self) -> Steps:
        """
        The whole work.
        """
        self.task.add_event(self.now(), "STARTED", f"started at {iso(self.now())}", text="started")
        todo = self.items()[::-1]
        while todo:
            failed: list[Work] = []
            while todo:
                yield from self._consents()
                work = todo.pop()
                try:
                    yield from self._attempt(work, todo)
                except FatalFaultError:
                    raise
                except FaultError as fault:
                    self._record(work, fault, failed)
                self._report_progress()
                yield None
            self.task.done.subtasks_retrying = len(failed)
            if failed:
                yield self.now() + RETRY_SECONDS
            todo = failed[::-1]
        self.task.last_fault = None

    def now(self) -> float:
        """
        The sandbox's time.
        """
        return self._world.clock.now()

    def _attempt(self, work: Work, more: list[Work]) -> Steps:
        try:
            for collection in filter(None, (self.task.source, self.task.target)):
                self._check_connection(collection)
            self.orders.check(self.task.source, self.source.normal(work.source))
            yield from self.do(work, more)
        except ApiError as error:
            raise FaultError("PERMISSION_DENIED", error.detail) from error
        except OSError as error:
            raise self._fault(error) from error

    def _check_connection(self, collection: Collection) -> None:
        if not self._access.condition(collection).is_connected:
            raise FaultError("CONNECT_FAILED", f"{collection.name} is not connected")

    def check_permission(self, collection: Collection, path: str, wanted: str) -> None:
        """
        Check the rules of a guest collection.

        :param collection: the collection
        :param path: the path in it
        :param wanted: ``r`` or ``rw``
        :raises FaultError: if they do not permit it
        """
        caller = self.task.caller
        if collection.kind == "guest" and not self._access.permits(
            caller, collection, path, wanted
        ):
            raise FaultError("PERMISSION_DENIED", f"no permission for {path} on {collection.name}")

    def _fault(self, error: OSError) -> FaultError:
        if error.errno in _QUOTA and self.task.document.get("fail_on_quota_errors"):
            return FatalFaultError("QUOTA_EXCEEDED", str(error))
        kinds: tuple[tuple[type[OSError], str], ...] = (
            (FileNotFoundError, "FILE_NOT_FOUND"),
            (PermissionError, "PERMISSION_DENIED"),
            (NotADirectoryError, "NOT_A_DIRECTORY"),
            (IsADirectoryError, "IS_A_DIRECTORY"),
        )
        code = next((code for kind, code in kinds if isinstance(error, kind)), "ENDPOINT_ERROR")
        return FaultError("QUOTA_EXCEEDED" if error.errno in _QUOTA else code, str(error.strerror))

    def _record(self, work: Work, fault: FaultError, failed: list[Work]) -> None:
        task = self.task
        details = {"context": [{"operation": task.kind.lower(), "path": work.source}]}
        is_skipped = fault.code in {"FILE_NOT_FOUND", "PERMISSION_DENIED"} and bool(
            task.document.get("skip_source_errors")
        )
        task.done.faults += 1
        task.last_fault = fault.code
        error = {"error": {"body": str(fault)}, **details}
        task.add_event(self.now(), fault.code, error, is_error=True)
        if not is_skipped:
            failed.append(work)
            return
        task.done.subtasks_skipped_errors += 1
        task.skipped.append(
            {
                "DATA_TYPE": "skipped_error",
                "source_path": work.source,
                "destination_path": work.target,
                "error_code": fault.code,
                "error_details": quote(str(fault)),
                "error_time": iso(self.now()),
                "is_directory": bool(work.item.get("recursive")) and work.is_top,
                "is_symlink": False,
                "is_delete_destination_extra": False,
                "external_checksum": work.item.get("external_checksum"),
                "checksum_algorithm": work.item.get("checksum_algorithm"),
            }
        )

    def _consents(self) -> Steps:
        """
        Check the consents now and then; without them the task is inactive until a login.
        """
        if self.now() < self._checked + RETRY_SECONDS:
            return
        while missing := self._missing():
            self.task.status = "INACTIVE"
            self.task.last_fault = "NO_CREDENTIALS"
            detail = f"a login with a consent for {missing} is needed"
            self.task.add_event(self.now(), "NO_CREDENTIALS", detail, is_error=True)
            yield None
            self.task.last_fault = None
        self._checked = self.now()

    def _missing(self) -> str | None:
        for collection in filter(None, (self.task.source, self.task.target)):
            if not needs_consent(collection):
                continue
            scope = data_access(collection.id)
            try:
                self._world.token(TRANSFER, [scope], self.task.caller)
            except ApiError:
                return scope
        return None

    def _report_progress(self) -> None:
        if self.now() >= self._reported + _PROGRESS_SECONDS:
            self._reported = self.now()
            figures = {"bytes_transferred": self.task.done.bytes_transferred}
            self.task.add_event(self.now(), "PROGRESS", figures, text="progress")
