"""
The contracts of token storages that several processes share, and of those in files.
"""

from __future__ import annotations

import os
import pathlib
import stat
import threading
import typing as t
import warnings

from globus_core.exc import RenewalError

from ._processes import PATIENCE_SECONDS, workers
from .stored_tokens import CANARY, NEWER, Factory, make_token
from .token_storage import TokenStorageContract

if t.TYPE_CHECKING:
    import pytest

_SERVERS = tuple(f"{number}.example.org" for number in range(10))


class SharedTokenStorageContract(TokenStorageContract):
    """
    Further tests for a storage that several processes share.

    The fixture's function is passed to other processes, so it must be picklable, such as
    ``functools.partial(MyStorage, "place")``.

    :cvar processes: the number of processes that store at once
    :cvar stores_of_each_process: how many times each of them stores
    :cvar reads_beside_a_writer: how many times the test reads while another process stores
    :cvar kills: the number of processes that are killed, one after another, while they store
    """

    processes = 4
    stores_of_each_process = 50
    reads_beside_a_writer = 200
    kills = 25

    def test_it_says_that_it_is_shared(self, storage_factory: Factory) -> None:
        """The description says that other processes see the tokens."""
        with storage_factory() as storage:
            assert storage.describe().shared

    def test_a_second_object_sees_what_the_first_stores(self, storage_factory: Factory) -> None:
        """Each change through one object is seen at once through another."""
        with storage_factory() as one, storage_factory() as two:
            for number in range(20):
                newer = make_token("a.example.org", access_token=f"access-{number:02}")
                one.store_token_data_by_resource_server({"a.example.org": newer})
                assert two.get_token_data("a.example.org") == newer
                assert two.get_token_data_by_resource_server() == {"a.example.org": newer}
            assert one.remove_token_data("a.example.org") is True
            assert two.get_token_data("a.example.org") is None

    def test_a_change_is_seen_after_a_rest(self, storage_factory: Factory) -> None:
        """Repeated reads without a change do not hide a later change."""
        with storage_factory() as one, storage_factory() as two:
            for number in range(3):
                newer = make_token("a.example.org", access_token=f"access-{number:02}")
                one.store_token_data_by_resource_server({"a.example.org": newer})
                for _ in range(30):
                    assert two.get_token_data("a.example.org") == newer
                    threading.Event().wait(0.01)

    def test_processes_lose_nothing(self, storage_factory: Factory) -> None:
        """Processes that open and store at the same time all find their tokens."""
        with workers(
            self.processes, _store_many, storage_factory, self.stores_of_each_process
        ) as told:
            reports = [told.get(timeout=PATIENCE_SECONDS) for _ in range(self.processes)]
        assert reports == ["done"] * self.processes, reports
        with storage_factory() as storage:
            stored = storage.get_token_data_by_resource_server()
        assert len(stored) == self.processes * self.stores_of_each_process

    def test_a_reader_sees_whole_stores(self, storage_factory: Factory) -> None:
        """While another process stores ten tokens at a time, all ten are always from one store."""
        seen = 0
        with workers(1, _store_on_and_on, storage_factory) as told, storage_factory() as storage:
            assert told.get(timeout=PATIENCE_SECONDS) == "begun"
            for _ in range(self.reads_beside_a_writer):
                stored = storage.get_token_data_by_resource_server()
                generations = {data.expires_at_seconds for data in stored.values()}
                assert (len(stored), len(generations)) == (len(_SERVERS), 1)
                newest = storage.get_token_data(_SERVERS[0])
                assert newest is not None
                assert newest.expires_at_seconds >= max(generations) >= seen
                seen = newest.expires_at_seconds

    def test_killed_processes_leave_whole_tokens_and_no_lock(
        self, storage_factory: Factory
    ) -> None:
        """
        Wherever a store is interrupted, all of its tokens are stored or none; earlier tokens stay,
        and other processes continue.
        """
        import pytest

        if not hasattr(os, "fork"):
            pytest.skip("this system cannot fork, and fresh processes would take too long")
        from ._crash import kill_many

        with workers(1, kill_many, storage_factory, make_token, self.kills) as told:
            assert told.get(timeout=PATIENCE_SECONDS + self.kills) == "done"

    def test_a_renewal_lock_holds_between_processes(self, storage_factory: Factory) -> None:
        """While another process renews a token, no other can; once it is killed, they can."""
        import pytest

        with storage_factory() as storage:
            with workers(1, hold_renewal_lock, storage_factory) as told:
                assert told.get(timeout=PATIENCE_SECONDS) == "held"
                with pytest.raises(RenewalError):
                    storage.renewal_lock("a.example.org", timeout=0.05).__enter__()
                token = make_token("a.example.org", access_token=NEWER)
                storage.store_token_data_by_resource_server({"a.example.org": token})
                assert storage.get_token_data("a.example.org") == token
            with storage.renewal_lock("a.example.org", timeout=PATIENCE_SECONDS):
                pass


class FileTokenStorageContract(SharedTokenStorageContract):
    """
    Further tests for a storage that keeps tokens in files.

    It needs one more fixture, ``storage_folder``: the folder, a :class:`pathlib.Path`, in which the
    storages of ``storage_factory`` keep all their files. It need not exist.
    """

    def test_files_are_their_owners_alone(
        self,
        storage_factory: Factory,
        storage_folder: pathlib.Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """
        Files and folders are created for their owner only, whatever the umask, by the mode with
        which they are opened: the umask belongs to the whole process, and is never changed.
        """
        previous = os.umask(0)
        try:
            with monkeypatch.context() as patch:
                patch.setattr(os, "umask", _refuse)
                _use(storage_factory)
            assert os.umask(0) == 0
        finally:
            os.umask(previous)
        _assert_private(storage_folder)

    def test_files_that_were_open_to_others_are_closed(
        self, storage_factory: Factory, storage_folder: pathlib.Path
    ) -> None:
        """A file that others can read, such as a restored backup, is closed to them."""
        _skip_unless_posix()
        _use(storage_factory)
        for path in _files(storage_folder):
            path.chmod(0o644)
        _use(storage_factory)
        _assert_private(storage_folder)

    def test_no_file_is_named_after_a_token(
        self, storage_factory: Factory, storage_folder: pathlib.Path
    ) -> None:
        """More people can see the names of files than their content."""
        _use(storage_factory)
        assert not [path for path in storage_folder.rglob("*") if CANARY in path.name]

    def test_damaged_files_read_as_no_token(
        self, storage_factory: Factory, storage_folder: pathlib.Path
    ) -> None:
        """
        A damaged file does not stop a program: it reads as empty, a warning reports it without its
        content, it is renamed and kept, and the next store works.
        """
        _use(storage_factory)
        # a block of zeros at the beginning, as after a crash of the machine
        damage = bytes(512) + f"damaged {CANARY} ".encode() * 400
        for path in _files(storage_folder):
            if path.stat().st_size:
                path.write_bytes(damage)
                os.utime(path, (1_700_000_000, 1_700_000_000))
        with warnings.catch_warnings(record=True) as caught, storage_factory() as storage:
            warnings.simplefilter("always")
            assert storage.get_token_data("a.example.org") is None
            token = make_token("a.example.org")
            storage.store_token_data_by_resource_server({"a.example.org": token})
            assert storage.get_token_data("a.example.org") == token
        texts = [str(warning.message) for warning in caught]
        assert texts
        assert CANARY not in "".join(texts)
        assert damage in [path.read_bytes() for path in _files(storage_folder)]

    def test_what_is_cut_short_is_damage_as_well(
        self, storage_factory: Factory, storage_folder: pathlib.Path
    ) -> None:
        """A truncated file, as after a crash of the machine, does not stop a program."""
        _use(storage_factory)
        for path in _files(storage_folder):
            text = path.read_bytes()
            path.write_bytes(text[: len(text) // 2])
            os.utime(path, (1_700_000_000, 1_700_000_000))
        token = make_token("b.example.org")
        with warnings.catch_warnings(), storage_factory() as storage:
            warnings.simplefilter("ignore")
            storage.get_token_data("a.example.org")
            storage.store_token_data_by_resource_server({"b.example.org": token})
            assert storage.get_token_data("b.example.org") == token

    def test_nothing_is_left_open(
        self, storage_factory: Factory, storage_folder: pathlib.Path
    ) -> None:
        """A closed storage keeps no file open."""
        import pytest

        if not os.path.isdir("/proc/self/fd"):
            pytest.skip("this system does not list open files")
        _use(storage_factory)
        folder = os.path.realpath(storage_folder)
        names = [f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd")]
        opened = [os.readlink(name) for name in names if os.path.lexists(name)]
        assert not [path for path in opened if path.startswith(f"{folder}/")]


def _use(factory: Factory) -> None:
    """Store, read, renew and close."""
    token = make_token("a.example.org", access_token=CANARY)
    with factory() as storage:
        storage.store_token_data_by_resource_server({"a.example.org": token})
        assert storage.get_token_data("a.example.org") == token
        with storage.renewal_lock("a.example.org", timeout=PATIENCE_SECONDS):
            pass


def _files(folder: pathlib.Path) -> list[pathlib.Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _assert_private(folder: pathlib.Path) -> None:
    if os.name != "posix":
        return
    open_to_others = {
        str(path): oct(mode)
        for path in (folder, *folder.rglob("*"))
        if (mode := stat.S_IMODE(path.lstat().st_mode)) & 0o077 and not path.is_symlink()
    }
    assert not open_to_others


def _skip_unless_posix() -> None:
    import pytest

    if os.name != "posix":
        pytest.skip("modes are those of POSIX")


def _refuse(mask: int) -> t.NoReturn:
    raise AssertionError("the umask of the whole process is changed")


# Functions run in other processes


def _store_many(number: int, told: t.Any, factory: Factory, count: int) -> None:
    with factory() as storage:
        for index in range(count):
            name = f"{number}-{index}.example.org"
            storage.store_token_data_by_resource_server({name: make_token(name)})
    told.send("done")


def _store_on_and_on(number: int, told: t.Any, factory: Factory) -> None:
    generation = 0
    with factory() as storage:
        while True:
            generation += 1
            storage.store_token_data_by_resource_server(
                {name: make_token(name, expires_at_seconds=generation) for name in _SERVERS}
            )
            if generation == 1:
                told.send("begun")


def hold_renewal_lock(number: int, told: t.Any, factory: Factory) -> None:
    """Take the renewal lock of ``a.example.org``, and keep it until this process is killed."""
    with factory() as storage, storage.renewal_lock("a.example.org"):
        told.send("held")
        threading.Event().wait()
