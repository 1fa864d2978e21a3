"""Transfers: folders are copied file by file, files block by block."""

from __future__ import annotations

import os
import posixpath
import shutil
import stat
import typing as t

from globus_core.testing.sandbox import World

from . import filter_rules
from .access import Access
from .copying import Checksum, blocks, is_up_to_date
from .disk import Disk
from .runs import FaultError, Orders, Run, Work
from .tasks import Task
from .worker import Steps


class TransferRun(Run):
    """
    The work of a transfer.
    """

    def __init__(self, world: World, access: Access, orders: Orders, task: Task) -> None:
        super().__init__(world, access, orders, task)
        assert task.target is not None
        self._target_collection = task.target
        self._target = Disk(task.target)
        self._rules = task.document.get("filter_rules") or []
        self._links = task.document.get("recursive_symlinks", "ignore")

    def items(self) -> list[Work]:
        return [
            Work(item["source_path"], item["destination_path"], item)
            for item in self.task.document["DATA"]
        ]

    def do(self, work: Work, more: list[Work]) -> Steps:
        self.check_permission(self.task.source, work.source, "r")
        self.check_permission(self._target_collection, work.target, "rw")
        source = self.source.local(work.source, follow=work.is_top or self._links == "copy")
        found = os.stat(source) if work.is_top or self._links == "copy" else os.lstat(source)
        if stat.S_ISLNK(found.st_mode):
            self._link(work, source)
        elif stat.S_ISDIR(found.st_mode):
            yield from self._folder(work, source, more)
        elif stat.S_ISREG(found.st_mode):
            if work.is_top and work.item.get("recursive") is True:
                raise FaultError("NOT_A_DIRECTORY", f"{work.source} is not a folder")
            yield from self._file(work, source, found)

    def _count(self, work: Work, counter: str) -> None:
        if not work.is_counted:
            work.is_counted = True
            setattr(self.task.done, counter, getattr(self.task.done, counter) + 1)

    def _link(self, work: Work, source: str) -> None:
        if self._links != "keep":
            return
        self._count(work, "symlinks")
        target = self._target.local(work.target, follow=False)
        if os.path.islink(target):
            os.unlink(target)
        os.symlink(os.readlink(source), target)
        self.task.done.subtasks_succeeded += 1

    def _folder(self, work: Work, source: str, more: list[Work]) -> Steps:
        if work.is_top and work.item.get("recursive") is False:
            raise FaultError("IS_A_DIRECTORY", f"{work.source} is a folder")
        self._count(work, "directories")
        target = self._target.local(work.target)
        os.makedirs(target, exist_ok=True)
        with os.scandir(source) as entries:
            kinds = {entry.name: _kind(entry, follow=self._links == "copy") for entry in entries}
        chosen = {n for n, kind in kinds.items() if filter_rules.includes(self._rules, n, kind)}
        if self.task.document.get("delete_destination_extra"):
            self._delete_extra(target, kinds)
        more.extend(
            Work(
                posixpath.join(work.source, name),
                posixpath.join(work.target, name),
                work.item,
                is_top=False,
            )
            for name in sorted(chosen, reverse=True)
        )
        self.task.done.subtasks_succeeded += 1
        yield None

    def _delete_extra(self, target: str, kept: t.Collection[str]) -> None:
        with os.scandir(target) as entries:
            extra = [entry for entry in entries if entry.name not in kept]
        for entry in extra:
            is_folder = entry.is_dir(follow_symlinks=False)
            if not filter_rules.includes(self._rules, entry.name, "dir" if is_folder else "file"):
                continue
            if is_folder:
                shutil.rmtree(entry.path)
            else:
                os.unlink(entry.path)

    def _file(self, work: Work, source: str, found: os.stat_result) -> Steps:
        self._count(work, "files")
        target = self._target.local(work.target)
        level = self.task.document.get("sync_level")
        if level is not None and (yield from is_up_to_date(source, target, found, level)):
            self.task.done.files_skipped += 1
        else:
            if os.path.exists(target) and os.path.samefile(source, target):
                raise FaultError("PERMISSION_DENIED", f"{work.source} cannot be copied onto itself")
            os.makedirs(os.path.dirname(target), exist_ok=True)
            yield from self._copy(work, source, target, found)
        self.task.done.subtasks_succeeded += 1

    def _copy(self, work: Work, source: str, target: str, found: os.stat_result) -> Steps:
        done = self.task.done
        checksum = Checksum(work.item)
        with open(source, "rb") as reading, open(target, "wb") as writing:
            for block in blocks(reading):
                checksum.add(block)
                writing.write(block)
                done.bytes_transferred += len(block)
                yield self._after_block()
        checksum.compare_with_expected(work.source)
        if self.task.document.get("verify_checksum", True):
            yield from checksum.compare_with_file(target)
            done.bytes_checksummed += found.st_size
        if self.task.document.get("preserve_timestamp"):
            os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
        done.files_transferred += 1
        self.task.successes.append(
            (work.source, work.target, found.st_size, checksum.value, checksum.algorithm)
        )

    def _after_block(self) -> float | None:
        seconds = self.orders.seconds_per_block
        return self.now() + seconds if seconds else None


def _kind(entry: os.DirEntry[str], *, follow: bool) -> str:
    """What filter rules call an entry; a link that leads nowhere fails later, by itself."""
    try:
        return "dir" if entry.is_dir(follow_symlinks=follow) else "file"
    except OSError:
        return "file"
