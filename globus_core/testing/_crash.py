"""
A process that kills its children while they store, and checks what is stored afterwards.

Its children are forked, which is much faster than starting an interpreter, so a test can kill
hundreds of them.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import struct
import time
import typing as t
import warnings

from globus_core.token_storage import TokenStorageData

from ._processes import PATIENCE_SECONDS

Factory = t.Callable[..., t.Any]
Make = t.Callable[..., TokenStorageData]

SERVERS = tuple(f"{number}.example.org" for number in range(10))
_LONGEST_LIFE_SECONDS = 0.02
_GENERATION = struct.Struct("q")


def kill_many(number: int, told: t.Any, factory: Factory, make: Make, kills: int) -> None:
    """
    Kill one child after another while it stores, and report what is wrong afterwards.

    :param number: ignored
    :param told: a pipe that receives ``done`` or what is wrong
    :param factory: creates a storage object
    :param make: creates a record
    :param kills: the number of children
    """
    warnings.simplefilter("error")  # a damaged file would be a warning
    newest = 0
    with factory() as storage:
        _store(storage, make, newest)
    for _ in range(kills):
        newest = _killed_child(factory, make, newest)
        with factory() as storage:
            newest = _look_at(storage, make, newest)
    told.send("done")


def _killed_child(factory: Factory, make: Make, newest: int) -> int:
    """Let a child store, kill it, and return the newest generation that it reported as stored."""
    reader, writer = os.pipe()
    child = os.fork() if hasattr(os, "fork") else None
    if child == 0:
        with contextlib.suppress(BaseException):
            _store_on_and_on(factory, make, newest, writer)
        os._exit(1)
    assert child is not None, "this system cannot fork"
    os.close(writer)
    try:
        said = os.read(reader, _GENERATION.size)  # it is storing, or has failed
        time.sleep(random.uniform(0, _LONGEST_LIFE_SECONDS))  # noqa: S311
        os.kill(child, signal.SIGKILL)
        while more := os.read(reader, 4096):
            said += more
    finally:
        os.close(reader)
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, "a store failed in the child"
    whole = len(said) // _GENERATION.size * _GENERATION.size
    return max([newest, *(int(value) for (value,) in _GENERATION.iter_unpack(said[:whole]))])


def _store_on_and_on(factory: Factory, make: Make, newest: int, writer: int) -> None:
    with factory() as storage:
        while True:
            newest += 1
            _store(storage, make, newest)
            os.write(writer, _GENERATION.pack(newest))


def _store(storage: t.Any, make: Make, generation: int) -> None:
    storage.store_token_data_by_resource_server(
        {server: make(server, expires_at_seconds=generation) for server in SERVERS}
    )


def _look_at(storage: t.Any, make: Make, newest: int) -> int:
    stored = storage.get_token_data_by_resource_server()
    found = {stored[server].expires_at_seconds for server in SERVERS if server in stored}
    assert set(stored) == set(SERVERS), f"{len(stored)} of {len(SERVERS)} tokens are left"
    assert len(found) == 1, "a store was done only partly"
    assert found >= {newest} or min(found) > newest, "a finished store is gone"
    with storage.renewal_lock(SERVERS[0], timeout=PATIENCE_SECONDS):
        _store(storage, make, max(found))
    return int(max(found))
