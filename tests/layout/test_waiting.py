"""Kernel and plugins wait through ``globus_core.waiting`` only, so that a plugin can replace it."""

from __future__ import annotations

import ast
import pathlib

from tests.layout.house import KERNEL, PLUGINS, ROOT

#: what waits, or asks which thread is running; looked for behind any dot but that of ``waiting``
WAITING = {
    "acquire",
    "communicate",
    "flock",
    "get_ident",
    "local",
    "_local",
    "lockf",
    "locking",
    "RLock",
    "select.poll",
    "select.select",
    "sleep",
    "wait",
    "wait_for",
}
#: where waiting is at home, what runs in tests only, and a server that is a program of its own
LEFT_OUT = ("globus_core/waiting.py", "globus_core/testing/", "plugins/globus_core_sandbox/")
#: sandboxes of services run inside that server
SANDBOX = "/sandbox/"

IMPORTS = "the import system blocks the thread anyway; held while plugins are imported"
AT_FORK = "at a fork, which happens in one thread and cannot pause"
BLOCKING = "handed to waiting.blocking"

#: a file -> what of WAITING it uses all the same, and why
EXCEPTIONS: dict[str, tuple[set[str], str]] = {
    "globus_core/locks.py": ({"acquire"}, "only an attempt, before the wait"),
    "globus_core/plugins/current_manager.py": ({"RLock", "acquire", "get_ident"}, AT_FORK),
    "globus_core/plugins/loading.py": ({"acquire", "get_ident"}, IMPORTS),
    "globus_core/plugins/manager.py": ({"RLock"}, IMPORTS),
    "globus_core/rate_limits.py": ({"acquire"}, "its own, which waits for a condition"),
    "globus_core/sqlite_connections.py": ({"acquire"}, AT_FORK),
    "plugins/globus_core_app/_credential_commands.py": ({"communicate"}, BLOCKING),
    "plugins/globus_core_app/_credential_files.py": ({"select.poll"}, BLOCKING),
    "plugins/globus_core_app/auto_login_flow.py": ({"select.select"}, BLOCKING),
    "plugins/globus_core_async/bodies.py": (
        {"result()", "wait", "wait_for"},
        "of asyncio, and the bridge to it",
    ),
    "plugins/globus_core_async/bridge.py": ({"local"}, "greenlets, which belong to a thread"),
    "plugins/globus_core_async/connections.py": (
        {"result()", "select.poll"},
        "look without waiting",
    ),
    "plugins/globus_core_async/for_sync.py": (
        {"result()", "wait_for"},
        "for asynchronous functions, in threads as well",
    ),
    "plugins/globus_core_async/loop_end.py": ({"wait"}, "of asyncio"),
    "plugins/globus_core_async/pool.py": ({"get(timeout)"}, "the threads for waiting.blocking"),
    "plugins/globus_core_async/transport.py": ({"wait_for"}, "the bridge to asyncio"),
    "plugins/globus_core_async/waiter.py": (
        {"acquire", "sleep", "wait", "wait_for"},
        "replaces the waiting",
    ),
    "plugins/globus_core_errors/_translators/__init__.py": ({"wait"}, "the name of a translator"),
    "plugins/globus_core_gcs/partial_files.py": ({"flock"}, "only an attempt, without a wait"),
    "plugins/globus_core_jobs/run_folders.py": ({"flock"}, "only an attempt, without a wait"),
    "plugins/globus_core_storage/_file_lock.py": (
        {"acquire", "flock", "locking", "wait"},
        "tries without waiting; the one that waits does so in a thread of its own",
    ),
    "plugins/globus_core_storage_postgres/connection.py": (
        {"select.poll", "select.select"},
        BLOCKING,
    ),
    "plugins/globus_core_storage_keyring/keyring_process.py": ({"communicate"}, BLOCKING),
    "plugins/globus_core_transfer/commands/tasks.py": ({"wait"}, "the name of a command"),
}


def waits_of(path: pathlib.Path) -> set[str]:
    """
    How a module waits without the seam.

    :param path: its file
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "waiting":
            continue
        if isinstance(node, ast.Attribute):
            found.update(WAITING & {node.attr, ast.unparse(node)})
        elif isinstance(node, ast.ImportFrom):
            found.update(WAITING.intersection(alias.name for alias in node.names))
        elif isinstance(node, ast.Call):
            found.update(_waiting_call(node))
    return found


def _waiting_call(call: ast.Call) -> set[str]:
    """Calls that wait by their arguments: of threads, futures and queues, and of a person."""
    if isinstance(call.func, ast.Name):
        return {"input"} & {call.func.id}
    name = getattr(call.func, "attr", "")
    if name in ("join", "result") and not call.args:
        return {f"{name}()"}
    if name == "get" and any(keyword.arg in ("timeout", "block") for keyword in call.keywords):
        return {"get(timeout)"}
    return set()


def test_nothing_waits_without_the_seam() -> None:
    """What is found is what is listed, so that the list gets shorter with each change."""
    found: dict[str, set[str]] = {}
    for path in sorted((*KERNEL.rglob("*.py"), *PLUGINS.rglob("*.py"))):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(LEFT_OUT) or SANDBOX in name:
            continue
        waits = waits_of(path)
        if waits:
            found[name] = waits

    assert found == {name: uses for name, (uses, _) in EXCEPTIONS.items()}
