"""
Documents of Transfer as text for people.
"""

from __future__ import annotations

from globus_core.printable import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from ..answer_documents import TaskDocument, TaskEvent
    from ..task_states import TaskOutcome

    Document: t.TypeAlias = t.Mapping[str, t.Any]

_UNITS = ("kB", "MB", "GB", "TB", "PB")


def fields(document: Document, shown: t.Mapping[str, str]) -> str:
    """
    Some fields of a document, one on each line; those that it lacks, or are None, are left out.

    :param document: the document
    :param shown: the heading of each field
    """
    found = {
        heading: document[field]
        for field, heading in shown.items()
        if document.get(field) is not None
    }
    width = max(map(len, found), default=0) + 1
    return "\n".join(f"{name + ':':{width}}  {one_line(str(found[name]))}" for name in found)


def size(count: float) -> str:
    """
    A number of bytes in a unit that suits it, such as ``12.3 MB``; 1 kB is 1000 bytes.

    :param count: the number
    """
    if count < 1000:
        return f"{count:.0f} B"
    power = 0
    while count >= 999.95 and power < len(_UNITS):  # which would be shown as 1000.0
        count /= 1000
        power += 1
    return f"{count:.1f} {_UNITS[power - 1]}"


def progress(task: TaskDocument) -> str:
    """
    How far a task is: files, bytes, the mean rate, and faults if there were some.

    :param task: its document
    """
    found, done = task.get("files", 0), files_done(task)
    parts = [f"{done}/{found} files", size(task.get("bytes_transferred", 0))]
    parts.append(f"{size(task.get('effective_bytes_per_second', 0))}/s")
    faults = task.get("faults", 0)
    if faults:
        parts.append(f"{faults} fault{'s' if faults > 1 else ''}")
    return "  ".join(parts)


def files_done(task: TaskDocument) -> int:
    """
    How many files of a task are transferred or skipped.

    :param task: its document
    """
    return task.get("files_transferred", 0) + task.get("files_skipped", 0)


def fault(event: TaskEvent) -> str:
    """
    An error of a task in one line.

    :param event: the error
    """
    from ..task_faults import path_and_reason

    path, reason = path_and_reason(event)
    parts = [event["code"], *([path] if path else []), reason]
    return one_line(f"{event.get('time', '')} {': '.join(parts)}".strip())


def ending(outcome: TaskOutcome, task: TaskDocument) -> str:
    """
    How waiting for a task has ended, in one line.

    :param outcome: why it has ended
    :param task: the task's last document
    """
    told = {
        "succeeded": f"succeeded: {progress(task)}",
        "failed": f"failed: {_reason(task)}",
        "deadline": f"failed: it was not done by its deadline, {task.get('deadline')}",
        "paused": "is paused by a manager of a collection",
        "needs consent": "waits until you log in again, with 'globus-core login --force', or give "
        "a consent",
        "timeout": f"has not ended yet: {progress(task)}",
    }
    return one_line(f"task {task.get('task_id')} {told[outcome.value]}")


def _reason(task: TaskDocument) -> str:
    fatal = task.get("fatal_error") or {"code": "", "description": ""}
    parts = [fatal.get("code"), fatal.get("description")]
    return ": ".join(filter(None, parts)) or task.get("nice_status") or "Transfer does not say why"
