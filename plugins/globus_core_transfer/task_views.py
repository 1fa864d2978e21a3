"""
Tasks of Transfer as the value of a notebook's cell: how far they are.
"""

from __future__ import annotations

from globus_core import notebook

from .commands.texts import files_done, size

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .answer_documents import TaskDocument, TaskEvent
    from .many_states import ManyState
    from .task_states import TaskOutcome

#: columns of lists, by what their elements are
COLUMNS = {
    "task": (
        "label",
        "status",
        "type",
        "files",
        "files_transferred",
        "bytes_transferred",
        "faults",
        "request_time",
        "task_id",
    ),
    "file": ("name", "type", "size", "last_modified", "permissions", "link_target"),
    "endpoint": (
        "display_name",
        "entity_type",
        "organization",
        "description",
        "owner_string",
        "id",
    ),
    "event": ("time", "code", "is_error", "description", "details"),
}
_LAST_EVENTS = 5


def columns_of(items: t.Any) -> tuple[str, ...]:
    """
    The fields by which a list of Transfer is shown; empty if it is of no kind that is known.

    :param items: the list
    """
    first = items[0] if isinstance(items, list) and items else None
    kind = first.get("DATA_TYPE") if isinstance(first, dict) else None
    return COLUMNS.get(kind, ()) if isinstance(kind, str) else ()


def task_html(
    task: TaskDocument, outcome: TaskOutcome | None, events: t.Sequence[TaskEvent] = ()
) -> str:
    """
    A task with its progress.

    :param task: its document
    :param outcome: what it has come to; None while Transfer works on it
    :param events: what has happened lately
    """
    state = task["status"] if outcome is None else outcome.value
    title = f"task {task.get('label') or task.get('task_id', '')}: {state}"
    recent = [dict(event) for event in events[-_LAST_EVENTS:]]
    return notebook.page(
        title,
        _bar(task),
        notebook.fields(_about(task)),
        notebook.table(recent, COLUMNS["event"]) if recent else "",
    )


def _bar(task: TaskDocument) -> str:
    if task["status"] == "SUCCEEDED":  # also of directories, which are not counted
        return notebook.bar(1, 1)
    return notebook.bar(files_done(task), task.get("files", 0))


def _about(task: TaskDocument) -> dict[str, t.Any]:
    fatal = task.get("fatal_error")
    about: dict[str, t.Any] = {
        "files": f"{files_done(task)} of {task.get('files', 0)}",
        "bytes": size(task.get("bytes_transferred", 0)),
        "rate": f"{size(task.get('effective_bytes_per_second', 0))}/s",
        "faults": task.get("faults", 0),
        "from": task.get("source_endpoint_display_name"),
        "to": task.get("destination_endpoint_display_name"),
        "requested": task.get("request_time"),
        "completed": task.get("completion_time"),
        "error": f"{fatal['code']}: {fatal['description']}" if fatal else None,
        "task id": task.get("task_id"),
    }
    return {name: found for name, found in about.items() if found is not None}


def many_html(state: ManyState) -> str:
    """
    Many tasks with their progress.

    :param state: the tasks at one moment
    """
    ended = sum(each.is_ended for each in state.tasks)
    known = "" if state.is_all_submitted else ", further ones follow"
    rows = [
        {
            "task": (each.task and each.task.get("label")) or each.task_id,
            "state": "active" if each.outcome is None else each.outcome.value,
            "items": each.items,
            "files": 0 if each.task is None else files_done(each.task),
            "bytes": size(0 if each.task is None else each.task.get("bytes_transferred", 0)),
            "faults": each.faults,
        }
        for each in state.tasks
    ]
    return notebook.page(
        f"{ended} of {len(rows)} tasks have ended{known}",
        notebook.bar(ended, len(rows)),
        notebook.table(rows),
    )
