"""Deletes: folders are emptied entry by entry."""

from __future__ import annotations

import glob
import os
import stat
import typing as t

from .runs import FaultError, Run, Work
from .worker import Steps


class DeleteRun(Run):
    """
    The work of a delete.
    """

    def items(self) -> list[Work]:
        return [Work(item["path"], "", item) for item in self.task.document["DATA"]]

    def do(self, work: Work, more: list[Work]) -> Steps:
        self.check_permission(self.task.source, work.source, "rw")
        local = self.source.local(work.source, follow=False)
        for path in self._matching(local):
            yield from self._delete(path)
        self.task.done.subtasks_succeeded += 1

    def _matching(self, local: str) -> t.Iterable[str]:
        if self.task.document.get("interpret_globs") and not os.path.lexists(local):
            found = [path for path in glob.glob(local) if self.source.holds(os.path.dirname(path))]
            if found:
                return found
        if os.path.lexists(local):
            return [local]
        if self.task.document.get("ignore_missing"):
            return []
        raise FileNotFoundError(2, "no such file or folder", local)

    def _delete(self, local: str) -> Steps:
        if local == os.path.realpath(self.task.source.root):
            raise FaultError("PERMISSION_DENIED", "the root of a collection cannot be deleted")
        if not stat.S_ISDIR(os.lstat(local).st_mode):
            os.unlink(local)
            self.task.done.files += 1
            yield None
            return
        if not self.task.document.get("recursive"):
            raise FaultError("IS_A_DIRECTORY", "a folder is only deleted with recursive")
        with os.scandir(local) as entries:
            names = [entry.path for entry in entries]
        for path in names:
            yield from self._delete(path)
        os.rmdir(local)
        self.task.done.directories += 1
        yield None
