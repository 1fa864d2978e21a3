"""
The contract of token storages lets a sound storage through, and finds what is wrong with others.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import json
import os
import pathlib
import time
import typing as t

import pytest

from globus_core.exc import StorageLockTimeoutError
from globus_core.testing import (
    FileTokenStorageContract,
    _processes,
    _replacements,
    shared_token_storage,
)
from globus_core.testing import token_storage as contract_module
from globus_core.token_storage import TokenStorageData
from tests.unit.testing import tiny_storage
from tests.unit.testing.tiny_storage import TinyStorage

Namespaces = dict[str, dict[str, t.Any]]


class TestTinyStorage(FileTokenStorageContract):
    """
    The whole contract, for a storage of somebody else.
    """

    kills = 10

    @pytest.fixture
    def storage_factory(self, tmp_path: pathlib.Path) -> t.Callable[..., TinyStorage]:
        return functools.partial(TinyStorage, str(tmp_path / "folder"))

    @pytest.fixture
    def storage_folder(self, tmp_path: pathlib.Path) -> pathlib.Path:
        return tmp_path / "folder"


class ForgetsTheOthers(TinyStorage):
    """A store replaces everything."""

    def read(self) -> Namespaces:
        return {} if _called_by("store_token_data_by_resource_server") else super().read()


class SeesEveryNamespace(TinyStorage):
    """The namespace does not matter."""

    def __init__(self, folder: str, *, namespace: str = "DEFAULT") -> None:
        super().__init__(folder)
        self.shown, self.namespace = namespace, "DEFAULT"


class ShowsTokens(TinyStorage):
    """What it holds is in its ``repr``."""

    def __repr__(self) -> str:
        return f"<TinyStorage {self.read()}>"


class LogsTokens(TinyStorage):
    """Somebody was looking for an error, once."""

    def write(self, namespaces: Namespaces) -> None:
        import logging

        logging.getLogger("tiny").debug("storing %s", namespaces)
        super().write(namespaces)


class HandsOutItsOwn(TinyStorage):
    """Records that are read are the ones which are kept."""

    kept: t.ClassVar[dict[str, TokenStorageData]] = {}

    def get_token_data(self, resource_server: str) -> TokenStorageData | None:
        found = super().get_token_data(resource_server)
        return None if found is None else self.kept.setdefault(self.path, found)


class DropsUnknownKeys(TinyStorage):
    """Keys of a later version are lost."""

    def parse(self, text: bytes) -> Namespaces:
        namespaces = super().parse(text)
        for tokens in namespaces.values():
            for record in tokens.values():
                record.pop("note", None)
        return namespaces


class StoresOneByOne(TinyStorage):
    """A store of two tokens is two stores."""

    def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None:
        for server, data in token_data_by_resource_server.items():
            super().store_token_data_by_resource_server({server: data})


class MistakesNames(TinyStorage):
    """Resource servers are taken for names that can be tidied."""

    def write(self, namespaces: Namespaces) -> None:
        tidied = {
            namespace: {" ".join(server.split()): record for server, record in tokens.items()}
            for namespace, tokens in namespaces.items()
        }
        super().write(tidied)


class LosesUpdates(TinyStorage):
    """Nothing stands between two stores at once."""

    @contextlib.contextmanager
    def locked(self, name: str, timeout: float) -> t.Iterator[None]:
        yield

    def write(self, namespaces: Namespaces) -> None:
        new = f"{self.path}.new-{time.monotonic_ns()}-{os.getpid()}"
        time.sleep(0.005)  # as a slow disk does
        with open(self.open(new, os.O_WRONLY), "w") as file:
            json.dump(namespaces, file)
        os.replace(new, self.path)


class LetsAllRenew(TinyStorage):
    """The renewal lock is none."""

    @contextlib.contextmanager
    def renewal_lock(self, resource_server: str, *, timeout: float = 120.0) -> t.Iterator[None]:
        yield


class WaitsForEver(TinyStorage):
    """The deadline of a lock does not count."""

    @contextlib.contextmanager
    def renewal_lock(self, resource_server: str, *, timeout: float = 120.0) -> t.Iterator[None]:
        with super().renewal_lock(resource_server):
            yield


class HasOneLockForAll(TinyStorage):
    """Who renews a token holds up those who store."""

    @contextlib.contextmanager
    def locked(self, name: str, timeout: float) -> t.Iterator[None]:
        with super().locked("write", timeout):
            yield


class KeepsTheLock(TinyStorage):
    """A renewal that fails holds its lock for ever."""

    @contextlib.contextmanager
    def renewal_lock(self, resource_server: str, *, timeout: float = 120.0) -> t.Iterator[None]:
        lock = super().renewal_lock(resource_server, timeout=timeout)
        vars(self).setdefault("held", []).append(lock)
        lock.__enter__()
        yield
        lock.__exit__(None, None, None)


class LocksItselfOut(TinyStorage):
    """A file's existence is its lock, which outlives its process."""

    @contextlib.contextmanager
    def locked(self, name: str, timeout: float) -> t.Iterator[None]:
        give_up, path = time.monotonic() + min(timeout, 0.5), f"{self.path}.{name}.lock"
        while True:
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
                break
            except FileExistsError:
                if time.monotonic() > give_up:
                    raise StorageLockTimeoutError("not free in 0.05 s") from None
                time.sleep(0.001)
        yield
        os.unlink(path)


class RenewsInEachProcess(TinyStorage):
    """The renewal lock is one between threads."""

    @contextlib.contextmanager
    def locked(self, name: str, timeout: float) -> t.Iterator[None]:
        if name == "write":
            with super().locked(name, timeout):
                yield
        else:
            yield


class Tears(TinyStorage):
    """The file is written in place, and a disk takes a moment."""

    def write(self, namespaces: Namespaces) -> None:
        text = json.dumps(namespaces)
        with open(self.open(self.path, os.O_WRONLY | os.O_TRUNC), "w") as file:
            file.write(text[: len(text) // 2])
            file.flush()
            time.sleep(0.005)
            file.write(text[len(text) // 2 :])


class RemembersTooLong(TinyStorage):
    """What was read is believed for good."""

    def read(self) -> Namespaces:
        if _called_by("get_token_data_by_resource_server"):
            known = vars(self).get("known")
            self.known = super().read() if known is None else known
            return self.known
        return super().read()


class IsOpenToAll(TinyStorage):
    """Files are made as files are made."""

    def open(self, path: str, flags: int) -> int:
        return os.open(path, flags | os.O_CREAT, 0o644)


class LeavesModesAlone(TinyStorage):
    """A file that others can read stays so."""

    def open(self, path: str, flags: int) -> int:
        return os.open(path, flags | os.O_CREAT, 0o600)


class ChangesTheUmask(TinyStorage):
    """The umask of all threads is another one for a moment."""

    def open(self, path: str, flags: int) -> int:
        before = os.umask(0o177)
        try:
            return super().open(path, flags)
        finally:
            os.umask(before)


class FailsOverDamage(TinyStorage):
    """A damaged file stops the program."""

    def read(self) -> Namespaces:
        with open(self.open(self.path, os.O_RDONLY), "rb") as file:
            return self.parse(file.read() or b"{}")


class ThrowsDamageAway(TinyStorage):
    """A damaged file is gone, and nobody is told."""

    def read(self) -> Namespaces:
        try:
            return FailsOverDamage.read(t.cast("FailsOverDamage", self))
        except ValueError:
            os.unlink(self.path)
            return {}


class QuotesDamage(TinyStorage):
    """The warning shows what it was that is no JSON."""

    def parse(self, text: bytes) -> Namespaces:
        import warnings

        try:
            return super().parse(text)
        except ValueError:
            warnings.warn(f"what is this? {text!r}", stacklevel=2)
            raise


class LeavesFilesOpen(TinyStorage):
    """Each object keeps its file open, closed or not."""

    opened: t.ClassVar[list[t.Any]] = []

    def close(self) -> None:
        self.opened.append(open(self.open(self.path, os.O_RDONLY), "rb"))  # noqa: SIM115


class NamesFilesAfterTokens(TinyStorage):
    """The file's name is a key, as in some caches."""

    def write(self, namespaces: Namespaces) -> None:
        super().write(namespaces)
        for tokens in namespaces.values():
            for record in tokens.values():
                os.close(self.open(f"{self.path}.{record['access_token']}", os.O_RDWR))


def _called_by(name: str) -> bool:
    frame = inspect.currentframe()
    callers: list[str] = []
    while frame is not None and len(callers) < 8:
        callers.append(frame.f_code.co_name)
        frame = frame.f_back
    return name in callers


#: what is wrong -> the test that finds it
DEFECTS: dict[type[TinyStorage], str] = {
    ForgetsTheOthers: "test_a_store_replaces_what_it_names_and_nothing_else",
    SeesEveryNamespace: "test_namespaces_do_not_see_each_other",
    ShowsTokens: "test_a_storage_describes_itself_without_secrets",
    LogsTokens: "test_no_token_is_logged",
    HandsOutItsOwn: "test_records_are_copies",
    DropsUnknownKeys: "test_what_is_stored_is_read_back",
    StoresOneByOne: "test_a_store_is_done_wholly_or_not_at_all",
    MistakesNames: "test_names_may_hold_any_text",
    LosesUpdates: "test_threads_lose_nothing",
    LetsAllRenew: "test_a_renewal_inside_a_renewal_is_an_error",
    WaitsForEver: "test_a_renewal_lock_has_a_deadline",
    HasOneLockForAll: "test_a_renewal_holds_up_nothing_else",
    KeepsTheLock: "test_a_failed_renewal_frees_its_lock",
    RemembersTooLong: "test_a_second_object_sees_what_the_first_stores",
    LocksItselfOut: "test_killed_processes_leave_whole_tokens_and_no_lock",
    RenewsInEachProcess: "test_a_renewal_lock_holds_between_processes",
    Tears: "test_a_reader_sees_whole_stores",
    IsOpenToAll: "test_files_are_their_owners_alone",
    LeavesModesAlone: "test_files_that_were_open_to_others_are_closed",
    ChangesTheUmask: "test_files_are_their_owners_alone",
    FailsOverDamage: "test_damaged_files_read_as_no_token",
    ThrowsDamageAway: "test_damaged_files_read_as_no_token",
    QuotesDamage: "test_damaged_files_read_as_no_token",
    LeavesFilesOpen: "test_nothing_is_left_open",
    NamesFilesAfterTokens: "test_no_file_is_named_after_a_token",
}
IN_PROCESSES: dict[type[TinyStorage], str] = {
    LosesUpdates: "test_processes_lose_nothing",
    Tears: "test_killed_processes_leave_whole_tokens_and_no_lock",
}


class Contract(FileTokenStorageContract):
    """
    The contract, to be called test by test.
    """

    __test__ = False
    processes = 2
    stores_of_each_process = 10
    kills = 60


@pytest.mark.parametrize(
    ("defective", "test"),
    [*DEFECTS.items(), *IN_PROCESSES.items()],
    ids=lambda value: getattr(value, "__name__", value),
)
@pytest.mark.filterwarnings("ignore")
def test_a_defect_is_found(
    defective: type[TinyStorage],
    test: str,
    tmp_path: pathlib.Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By a test that a sound storage passes."""
    for module in (_processes, _replacements, contract_module, shared_token_storage):
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 5.0)
    monkeypatch.setattr(tiny_storage, "PATIENCE_SECONDS", 0.5)
    if defective is WaitsForEver:
        monkeypatch.setattr(contract_module, "PATIENCE_SECONDS", 0.5)
    method = getattr(Contract(), test)
    factory = functools.partial(defective, str(tmp_path / "folder"))
    offered: dict[str, t.Any] = {"storage_factory": factory, "storage_folder": tmp_path / "folder"}
    arguments = {
        name: offered[name] if name in offered else request.getfixturevalue(name)
        for name in inspect.signature(method).parameters
    }

    with pytest.raises((Exception, pytest.fail.Exception)):
        method(**arguments)

    for file in LeavesFilesOpen.opened:
        file.close()
    LeavesFilesOpen.opened.clear()


def test_every_promise_is_tried_on_a_defect() -> None:
    """Each kind of promise has at least one storage that breaks it."""
    tests = {name for name in dir(FileTokenStorageContract) if name.startswith("test_")}
    assert set(DEFECTS.values()) | set(IN_PROCESSES.values()) <= tests
