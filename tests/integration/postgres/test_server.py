"""
What users of a real PostgreSQL server meet: passwords, rights, restarts, a server that does not
answer.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import pickle
import socket
import subprocess
import sys
import threading
import typing as t
import warnings

import psycopg
import pytest

from globus_core import GlobusAppConfig, UserApp, waiting
from globus_core.exc import GlobusSDKUsageError, NotPicklableError, StorageError
from globus_core.testing import make_token
from globus_core_storage_postgres import PostgresTokenStorage, schema_sql
from globus_core_storage_postgres.database import changed, rows
from tests.servers.postgres_server import PostgresProcess, running_postgres
from tests.servers.redis_server import free_port

NAME = "a.example.org"
TOKEN = make_token(NAME)
NEWER = make_token(NAME, access_token="newer")


@pytest.fixture(scope="module")
def own_server() -> t.Iterator[PostgresProcess]:
    """A server of the module's own, which a test may stop if it starts it again."""
    with running_postgres(max_connections="12", superuser_reserved_connections="1") as server:
        yield server


def store(url: str) -> PostgresTokenStorage:
    """A storage with one token."""
    storage = PostgresTokenStorage(url)
    storage.store_token_data_by_resource_server({NAME: TOKEN})
    return storage


def do(server: PostgresProcess, *statements: str) -> list[t.Any]:
    """Run statements as the owner of everything, and return the rows of the last one."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def sessions(server: PostgresProcess, program: str) -> int:
    """
    How many connections to the server a program has, by the name in its URL.

    The server notices a little later that one was closed, so a count of all could contain some of
    the test before.
    """
    query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = "
    return int(do(server, f"{query}'{program}'")[0][0])


def test_an_app_chooses_it_by_url(postgres_url: str) -> None:
    """The tokens are in the server; an app that names no other has rows of its own."""
    config = GlobusAppConfig(token_storage=postgres_url)
    with UserApp("portal", client_id="3f0e7c1d-5a02-4f4b-9b0c-7f1f1a2b3c4d", config=config) as app:
        assert isinstance(app.token_storage.token_storage, PostgresTokenStorage)
        assert "postgresql://127.0.0.1:" in app.token_storage.describe().location


def test_apps_do_not_see_each_other(postgres_url: str) -> None:
    """Nor do they wait for each other's renewals."""
    one, other = (PostgresTokenStorage(f"{postgres_url}&app={name}") for name in ("one", "other"))
    one.store_token_data_by_resource_server({NAME: TOKEN})
    assert other.get_token_data(NAME) is None
    with one.renewal_lock(NAME), other.renewal_lock(NAME, timeout=0.0):
        assert other.remove_token_data(NAME) is False
    assert one.get_token_data(NAME) == TOKEN


def test_storages_of_one_url_share_their_connections(own_server: PostgresProcess) -> None:
    """A thousand people in one process need as many as threads are at work, and four at most."""
    url = f"{own_server.url}?application_name=shared"
    storages = [PostgresTokenStorage(url, namespace=f"user/{n}") for n in range(1000)]
    for storage in storages:
        assert storage.get_token_data(NAME) is None
    assert sessions(own_server, "shared") == 1
    together = threading.Barrier(9)

    def use(storage: PostgresTokenStorage) -> None:
        together.wait()
        for _ in range(20):
            storage.get_token_data(NAME)

    threads = [threading.Thread(target=use, args=(storage,)) for storage in storages[:8]]
    for thread in threads:
        thread.start()
    together.wait()
    for thread in threads:
        thread.join()
    assert sessions(own_server, "shared") <= 4


def test_connections_are_closed_with_their_last_storage(own_server: PostgresProcess) -> None:
    """And without a warning, such as Python has for what is left open."""
    url = f"{own_server.url}?application_name=closed"
    storage, other = store(url), store(url)
    assert sessions(own_server, "closed") == 1
    storage.close()
    assert other.get_token_data(NAME) == TOKEN
    other.close()
    del storage, other
    while sessions(own_server, "closed"):  # the server notices it a little later
        pass


@pytest.mark.parametrize("way", ["url", "PGPASSFILE", "passfile"])
def test_a_password_comes_from_where_libpq_looks(
    way: str, tmp_path: pathlib.Path, own_server: PostgresProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the URL, or in a file, which is read for each connection."""
    with _password(own_server, "s3cret") as url:
        file = tmp_path / "pgpass"
        file.write_text("127.0.0.1:*:*:clerk:s3cret\n")
        file.chmod(0o600)
        if way == "url":
            url = url.replace("clerk@", "clerk:s3cret@")
        elif way == "PGPASSFILE":
            monkeypatch.setenv(way, str(file))
        else:
            url = f"{url}&passfile={file}"
        storage = store(url)
        assert "s3cret" not in f"{storage!r} {storage.describe()!r} {storage._settings!r}"
        wrong = PostgresTokenStorage(url.replace("clerk:s3cret", "clerk:wr0ng"))
        if way != "url":
            file.write_text("127.0.0.1:*:*:clerk:wr0ng\n")
            file.chmod(0o600)
            storage.database.connections.drop_idle()
            wrong = storage
        with pytest.raises(StorageError, match="password authentication failed") as caught:
            wrong.get_token_data(NAME)
        assert "check the user, the password" in str(caught.value.advice)
        assert "wr0ng" not in f"{caught.value} {caught.value.__cause__}"


def test_a_user_may_have_few_rights(own_server: PostgresProcess) -> None:
    """An administrator creates the tables by what is printed; without that, the error says so."""
    do(own_server, "CREATE ROLE few LOGIN", "CREATE DATABASE for_few")
    url = own_server.url_of("few", "for_few")
    with pytest.raises(StorageError, match="permission denied") as caught:
        store(f"{url}?schema=portal")
    assert "python -m globus_core_storage_postgres" in str(caught.value.advice)

    command = [sys.executable, "-m", "globus_core_storage_postgres", "--schema=portal"]
    printed = subprocess.run([*command, "--role=few"], capture_output=True, check=True).stdout
    assert printed.decode() == schema_sql("portal", role="few")
    with psycopg.connect(own_server.url_of(database="for_few"), autocommit=True) as connection:
        for _ in range(2):  # it may be run again
            connection.execute(printed)
    storage = store(f"{url}?schema=portal")
    with storage.renewal_lock(NAME) as lease:
        assert lease.extend()
        assert lease.still_mine()
        assert storage.replace(NAME, TOKEN.revision, NEWER)
    assert storage.remove_token_data(NAME)


def test_a_restart_is_not_noticed(
    own_server: PostgresProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Operations wait for the server to come back, and what was stored is there."""
    storage = store(own_server.url)
    for kill in (False, True):
        own_server.stop(kill=kill)
        slept: list[float] = []

        def start_again(seconds: float, slept: list[float] = slept) -> None:
            if not slept:
                own_server.start()
            slept.append(seconds)

        with monkeypatch.context() as patched:
            patched.setattr(waiting, "sleep", start_again)
            assert storage.get_token_data(NAME) == TOKEN
        assert slept


def test_a_lost_answer_is_no_lost_replacement(postgres_url: str) -> None:
    """The second attempt finds what the first has done, and says so."""
    storage = store(postgres_url)
    database: t.Any = storage.database
    lost: list[int] = []

    def losing(operation: t.Callable[[], t.Any]) -> t.Any:
        """Do it; the first answer is lost with its connection."""
        lost.clear()
        return operation()

    real = database.connections.connection

    @contextlib.contextmanager
    def connection(end: float) -> t.Iterator[t.Any]:
        with real(end) as connection:
            yield connection
            if not lost:
                lost.append(1)
                raise psycopg.OperationalError("lost")

    database.connections.connection = connection
    assert losing(lambda: storage.replace(NAME, TOKEN.revision, NEWER)) is True
    assert losing(lambda: storage.get_token_data(NAME)) == NEWER
    assert losing(lambda: storage.replace(NAME, TOKEN.revision, TOKEN)) is False
    assert losing(lambda: storage.replace(NAME, NEWER.revision, None)) is True
    assert losing(lambda: storage.get_token_data(NAME)) is None
    storage.store_token_data_by_resource_server({NAME: TOKEN})
    assert losing(lambda: storage.remove_token_data(NAME)) is True
    lost.clear()
    with storage.renewal_lock(NAME, timeout=0.0) as lease:
        assert losing(lease.extend)
    assert lost


def test_a_server_that_does_not_answer_has_a_deadline(own_server: PostgresProcess) -> None:
    """An operation ends after its time, whatever it is waiting for, and says what to do."""
    storage = store(f"{own_server.url}?timeout=0.3")
    with own_server.frozen():
        for _ in range(2):  # on a connection that it has, and on a new one
            with pytest.raises(StorageError, match="the server does not answer") as caught:
                storage.get_token_data(NAME)
            assert "see that the server runs" in str(caught.value.advice)
    assert storage.get_token_data(NAME) == TOKEN


def test_a_connection_that_is_in_use_is_waited_for(postgres_url: str) -> None:
    """Until the deadline, which the error names."""
    storage = store(f"{postgres_url}&connections=1&timeout=0.2")
    with (
        storage.database.connections.connection(0.0),
        pytest.raises(StorageError, match="all 1 connections of this process are in use"),
    ):
        storage.get_token_data(NAME)
    assert storage.get_token_data(NAME) == TOKEN


def test_a_host_that_is_not_there_leaves_time_for_the_next(own_server: PostgresProcess) -> None:
    """As the primary and its replica, of which one is gone."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for port in (free_port(), silent.getsockname()[1]):
            hosts = f"127.0.0.1:{port},127.0.0.1:{own_server.port}"
            storage = store(f"postgresql://portal@{hosts}/postgres?timeout=1")
            assert storage.get_token_data(NAME) == TOKEN


def test_a_server_that_is_not_there_is_one_error() -> None:
    """It names the server."""
    storage = PostgresTokenStorage(f"postgresql://portal@127.0.0.1:{free_port()}/db?timeout=0.2")
    with pytest.raises(StorageError, match=r"cannot read a token at postgresql://127\.0\.0\.1"):
        storage.get_token_data(NAME)


def test_what_is_no_postgresql_server_is_one_error() -> None:
    """Something else listens there, and closes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        connection.recv(100)
                        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"postgresql://portal@127.0.0.1:{port}/db?timeout=0.2&gssencmode=disable"
        with pytest.raises(StorageError, match="received invalid response"):
            PostgresTokenStorage(url).get_token_data(NAME)
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_server_with_too_many_connections_is_tried_again(
    own_server: PostgresProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program may soon close one."""
    storage = store(own_server.url)
    storage.close()
    others: list[psycopg.Connection[t.Any]] = []
    with pytest.raises(psycopg.OperationalError, match="too many clients"):
        while True:
            others.append(psycopg.connect(own_server.url))

    def close_one(seconds: float) -> None:
        others.pop().close()

    monkeypatch.setattr(waiting, "sleep", close_one)
    assert storage.get_token_data(NAME) == TOKEN
    for connection in others:
        connection.close()


def test_a_damaged_record_counts_as_missing(postgres_url: str) -> None:
    """The warning says where it is, without its content, and the next store works."""
    storage = store(postgres_url)
    damage = f'UPDATE "{storage._settings.schema}".globus_core_tokens SET record = %s'.encode()
    storage.database.run("damage", lambda c, _, again: changed(c, damage, ("{canary",)))
    with pytest.warns(UserWarning, match="counts as missing") as caught:
        assert storage.get_token_data(NAME) is None
    assert "canary" not in str(caught[0].message)
    store(postgres_url)
    assert storage.get_token_data(NAME) == TOKEN


def test_tables_that_were_dropped_are_made_again(postgres_url: str) -> None:
    """A program that runs does not need a restart."""
    storage = store(postgres_url)
    drop = f'DROP SCHEMA "{storage._settings.schema}" CASCADE'.encode()
    storage.database.run("drop", lambda c, _, again: changed(c, drop, ()))
    assert storage.get_token_data(NAME) is None
    store(postgres_url)
    assert storage.get_token_data(NAME) == TOKEN


def test_tables_are_created_once(postgres_url: str) -> None:
    """Eight programs start at the same moment."""
    failed: list[BaseException] = []
    together = threading.Barrier(8)

    def begin(number: int) -> None:
        # another number of connections is another database, as in a process of its own
        storage = PostgresTokenStorage(f"{postgres_url}&connections={number + 1}")
        together.wait()
        try:
            storage.store_token_data_by_resource_server({NAME: TOKEN})
        except BaseException as error:  # shown below
            failed.append(error)

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


@pytest.mark.parametrize("name", ["a\0b", "a\ud800"])
def test_a_name_that_cannot_be_stored_is_refused(postgres_url: str, name: str) -> None:
    """PostgreSQL has no text with a null character or a lone surrogate."""
    storage = PostgresTokenStorage(postgres_url)
    with pytest.raises(GlobusSDKUsageError, match="cannot be stored"):
        storage.get_token_data(name)
    with pytest.raises(GlobusSDKUsageError, match="cannot be stored"):
        storage.store_token_data_by_resource_server({name: make_token(name)})


# connections of the program


class ProgramsPool:
    """As psycopg_pool.ConnectionPool: a new transaction, which ends with the block."""

    def __init__(self, url: str) -> None:
        self.url = url

    @contextlib.contextmanager
    def connection(self) -> t.Iterator[psycopg.Connection[t.Any]]:
        with psycopg.connect(self.url) as connection:
            yield connection


@pytest.mark.parametrize("autocommit", [True, False])
def test_a_program_may_give_its_own_connection(
    own_server: PostgresProcess, autocommit: bool
) -> None:
    """What is stored by it is stored for good, and it stays open."""
    with psycopg.connect(own_server.url, autocommit=autocommit) as connection:
        storage = PostgresTokenStorage("postgresql:?app=own", connections=connection)
        storage.store_token_data_by_resource_server({NAME: TOKEN})
        with storage.renewal_lock(NAME) as lease:
            assert lease.still_mine()
            other = PostgresTokenStorage(f"{own_server.url}?app=own")
            assert other.get_token_data(NAME) == TOKEN
            assert not other.remove_token_data("b.example.org")
        with storage.in_namespace("user") as another:
            assert another.get_token_data(NAME) is None
        storage.close()
        assert storage.remove_token_data(NAME)
        with pytest.raises(NotPicklableError, match="connections of the program"):
            pickle.dumps(storage)


def test_a_program_may_give_its_pool(own_server: PostgresProcess) -> None:
    """Anything that has ``connection()`` is one."""
    pool = ProgramsPool(own_server.url)
    storage = PostgresTokenStorage("postgresql:?app=pool", connections=pool)
    storage.store_token_data_by_resource_server({NAME: TOKEN})
    with storage.renewal_lock(NAME, timeout=0.0):
        assert storage.replace(NAME, TOKEN.revision, NEWER)
    assert storage.get_token_data(NAME) == NEWER


def test_a_transaction_of_the_program_is_not_used(own_server: PostgresProcess) -> None:
    """If it were rolled back, the new token would be lost, and the old one is used up."""
    with psycopg.connect(own_server.url) as connection:
        storage = PostgresTokenStorage("postgresql:?app=own", connections=connection)
        with connection.transaction():
            with pytest.raises(GlobusSDKUsageError, match="inside a transaction") as caught:
                storage.get_token_data(NAME)
            assert "a pool" in str(caught.value.advice)


def test_what_is_no_connection_is_refused() -> None:
    """Such as a cursor, or a URL in the wrong place."""
    with pytest.raises(GlobusSDKUsageError, match="a connection of psycopg, or a pool"):
        PostgresTokenStorage(connections="postgresql://host/db")


# processes


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_child_process_has_its_own_connections(postgres_url: str) -> None:
    """A fork, as gunicorn does with preload, and a pickle both work; no session ends."""
    storage = store(postgres_url)
    copy = pickle.loads(pickle.dumps(storage))
    assert copy.get_token_data(NAME) == TOKEN

    def session() -> int:
        query = b"SELECT pg_backend_pid()"
        return int(storage.database.run("look", lambda c, _, again: rows(c, query, ()))[0][0])

    mine = session()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of threads that a fork does not take along
        child = os.fork()
    if child == 0:
        good = all(storage.get_token_data(NAME) == TOKEN for _ in range(50)) and session() != mine
        os._exit(0 if good else 1)
    for _ in range(50):
        assert storage.get_token_data(NAME) == TOKEN
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert session() == mine


@contextlib.contextmanager
def _password(server: PostgresProcess, password: str) -> t.Iterator[str]:
    """The URL of a user who needs a password."""
    hba = server.data / "pg_hba.conf"
    before = hba.read_text()
    do(
        server,
        f"CREATE ROLE clerk LOGIN PASSWORD '{password}'",
        "GRANT CREATE ON DATABASE postgres TO clerk",
    )
    hba.write_text(f"host all clerk 127.0.0.1/32 scram-sha-256\n{before}")
    reloaded = "SELECT pg_reload_conf()"
    do(server, reloaded)
    try:
        yield f"{server.url_of('clerk')}?schema=clerk"
    finally:
        hba.write_text(before)
        do(server, reloaded, "DROP OWNED BY clerk", "DROP ROLE clerk")


def test_connections_are_kept_from_one_person_to_the_next(postgres_url: str) -> None:
    """A portal makes a storage for each request, and has no other that uses the server."""
    portal = PostgresTokenStorage(postgres_url)

    def session(person: str) -> int:
        theirs = portal.for_namespace(person)
        query = b"SELECT pg_backend_pid()"
        return int(theirs.database.fetch("ask who answers", query, ())[0][0])

    assert len({session(f"person-{number}") for number in range(5)}) == 1
