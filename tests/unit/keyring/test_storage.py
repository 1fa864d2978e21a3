"""
Encrypted tokens with their key in a keyring: what is asked, what is stored, what goes wrong.
"""

from __future__ import annotations

import os
import pathlib
import pickle
import signal
import typing as t
import warnings

import pytest

from globus_core import GlobusAppConfig, GlobusSDKUsageError, UserApp
from globus_core.exc import StorageError
from globus_core.testing import make_token
from globus_core.token_storage import (
    BrokenSealError,
    DamagedStorageWarning,
    JSONTokenStorage,
    KeyringError,
    KeyringTokenStorage,
    UnencryptedStorageWarning,
    UnusableStorageError,
)
from globus_core_storage_keyring import keyring_process

from .conftest import Fake, forget

CANARY = "canary-Ag4kq0rT7"
A, B = "a.example.org", "b.example.org"
TOKENS = {name: make_token(name, access_token=f"{CANARY}-{name}") for name in (A, B)}


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    """Where the tokens are."""
    return tmp_path / "tokens"


def opened(path: pathlib.Path, **options: t.Any) -> KeyringTokenStorage:
    """A new object for the file, as in a new process."""
    forget()
    return KeyringTokenStorage(path, **options)


def stored(path: pathlib.Path, **options: t.Any) -> KeyringTokenStorage:
    """The same with two tokens."""
    storage = opened(path, **options)
    storage.store_token_data_by_resource_server(TOKENS)
    return storage


def test_the_key_is_in_the_keyring_and_the_tokens_are_in_the_file(
    fake: Fake, path: pathlib.Path
) -> None:
    """So no limit of a keyring bites, and another process needs nothing but both."""
    big = make_token(B, scope="scope " * 10_000)
    stored(path).store_token_data_by_resource_server({B: big})
    content = path.read_bytes()

    (key,) = fake.keys().values()
    assert len(key) == 64
    assert CANARY.encode() not in content
    assert key.encode() not in content
    assert opened(path).get_token_data_by_resource_server() == {A: TOKENS[A], B: big}


def test_the_keyring_is_asked_once_in_a_process(fake: Fake, path: pathlib.Path) -> None:
    """Twice by the one that makes the key: before a login, and with the key."""
    storage = opened(path)
    for number in range(3):
        assert storage.get_token_data(A) is None or number
        storage.store_token_data_by_resource_server(TOKENS)
    assert [asked["what"].split()[0] for asked in fake.asked()] == ["get", "set", "get"]
    storage = opened(path)
    for _ in range(3):
        storage.store_token_data_by_resource_server({A: make_token(A)})
        assert KeyringTokenStorage(path).get_token_data_by_resource_server()
    assert len(fake.asked()) == 4


def test_the_child_has_no_secret_where_others_look(
    fake: Fake, path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the key nor variables of ours are in its arguments and its environment."""
    monkeypatch.setenv("GLOBUS_TOKENS", CANARY)
    monkeypatch.setenv("GLOBUS_CORE_STORAGE_KEY", CANARY)
    stored(path)
    opened(path).get_token_data(A)
    (key,) = fake.keys().values()

    if not os.path.isdir("/proc/self"):
        pytest.skip("this system does not show the arguments of processes")
    assert len(fake.asked()) == 4
    for asked in fake.asked():
        assert asked["pid"] != os.getpid()
        seen = "\n".join((*asked["cmdline"], *asked["environ"]))
        assert "FAKE_KEYRING" in seen
        assert "-I" in asked["cmdline"]
        for secret in (key, CANARY, "GLOBUS_"):
            assert secret not in seen


def test_an_app_chooses_it_by_name_and_by_url(
    fake: Fake, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its description says where the key is."""
    monkeypatch.setenv("HOME", str(tmp_path))
    url = f"keyring://{tmp_path}/tokens?policy=prefer&timeout=30"
    for chosen, policy in (("keyring", "require"), (url, "prefer")):
        config = GlobusAppConfig(token_storage=chosen)
        with UserApp("a portal", client_id="x", config=config) as app:
            storage = app.token_storage.token_storage
            storage.store_token_data_by_resource_server(TOKENS)
            assert isinstance(storage, KeyringTokenStorage)
            assert f"with a key in the keyring (policy {policy!r})" in storage.describe().protection
    assert (tmp_path / ".globus/app/x/a-portal/tokens.keyring").exists()
    assert vars(storage)["timeout"] == 30


@pytest.mark.parametrize(
    "rest", ["?policy=perhaps", "?policy=", "?timeout=soon", "?timeout=0", "?timeout=nan", "?x=y"]
)
def test_a_wrong_url_is_refused(fake: Fake, rest: str) -> None:
    """Rather than read in some way."""
    with pytest.raises(GlobusSDKUsageError):
        KeyringTokenStorage.from_url(f"keyring:///tmp/tokens{rest}")


@pytest.mark.parametrize(
    ("mode", "reason", "says"),
    [
        ("plain", "none", "there is none in this session"),
        ("locked", "locked", "is locked, or its use was refused: Failed to unlock the collection"),
        ("failing", "failed", "cannot be used: KeyringError: .*no idea"),
        ("dead", "failed", "gave no answer"),
    ],
)
def test_a_keyring_that_cannot_be_used_is_one_clear_error(
    fake: Fake, path: pathlib.Path, mode: str, reason: str, says: str
) -> None:
    """For a read and a store, with and without a file; the file stays, and serves again."""
    stored(path)
    before = path.read_bytes()
    fake.becomes(mode)
    uses: tuple[t.Callable[[], object], ...] = (
        lambda: opened(path).get_token_data(A),
        lambda: opened(path, policy="prefer").get_token_data(A),
        lambda: opened(path).store_token_data_by_resource_server(TOKENS),
        lambda: opened(path).remove_token_data(A),
        lambda: opened(path.with_name("new")).get_token_data(A),
        lambda: opened(path.with_name("new")).store_token_data_by_resource_server(TOKENS),
    )
    for use in uses:
        with pytest.raises(KeyringError, match=says) as caught:
            use()
        assert caught.value.reason == reason
        assert caught.value.advice
        assert "\x1b" not in caught.value.explain()
    assert path.read_bytes() == before
    assert not path.with_name("new").exists()
    fake.becomes("")
    assert opened(path).get_token_data_by_resource_server() == TOKENS


def test_a_keyring_that_does_not_answer_is_left_in_time(fake: Fake, path: pathlib.Path) -> None:
    """The child is ended, the error names the seconds, and the next use does not wait again."""
    stored(path)
    fake.becomes("silent")
    storage = opened(path, timeout=0.05)
    with pytest.raises(KeyringError, match=r"did not answer within 0\.05 seconds") as caught:
        storage.get_token_data(A)
    assert caught.value.reason == "late"
    child = fake.asked()[-1]["pid"]
    with pytest.raises(ProcessLookupError):
        os.kill(child, signal.SIGTERM)
    for _ in range(3):
        with pytest.raises(KeyringError):
            storage.get_token_data(A)
    assert fake.asked()[-1]["pid"] == child


def test_a_keyring_that_goes_in_the_middle_stops_nobody_who_has_the_key(
    fake: Fake, path: pathlib.Path
) -> None:
    """A running program reads and stores; a new one gets an error; then all is well again."""
    running = stored(path)
    (fake.folder / "mode").write_text("dead")
    for name in (A, B):
        running.store_token_data_by_resource_server({name: make_token(name)})
        assert running.get_token_data(name) == make_token(name)
    with pytest.raises(KeyringError):
        opened(path).get_token_data(A)
    fake.becomes("")
    assert opened(path).get_token_data(A) == make_token(A)


def test_a_lost_key_sets_the_file_aside(fake: Fake, path: pathlib.Path) -> None:
    """One warning says so and that a new login is required, and the next store has a new key."""
    stored(path)
    before = path.read_bytes()
    fake.lose()
    storage = opened(path)
    with pytest.warns(DamagedStorageWarning, match="no longer in the keyring.* new login") as told:
        assert storage.get_token_data(A) is None
    assert len(told) == 1
    assert path.with_name("tokens.damaged-1").read_bytes() == before
    storage.store_token_data_by_resource_server({A: make_token(A)})
    assert opened(path).get_token_data(A) == make_token(A)


def test_a_keyring_that_keeps_nothing_is_noticed_at_once(fake: Fake, path: pathlib.Path) -> None:
    """Before tokens are encrypted with a key that nobody has."""
    fake.becomes("forgetful")
    with pytest.raises(KeyringError, match="has not kept a key"):
        stored(path)
    assert not path.exists()


def test_an_answer_that_is_none_shows_nothing(fake: Fake, path: pathlib.Path) -> None:
    """Neither does what a backend prints get into the answer."""
    stored(path)
    fake.becomes("garbage")
    with pytest.raises(KeyringError, match="no answer that can be used") as caught:
        opened(path).get_token_data(A)
    assert CANARY not in "".join(map(repr, (caught.value, caught.value.__context__)))
    fake.becomes("noisy")
    assert opened(path).get_token_data(A) == TOKENS[A]


def test_every_flipped_bit_is_refused(fake: Fake, path: pathlib.Path) -> None:
    """As in the file with a key of one's own."""
    storage = stored(path)
    content = path.read_bytes()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1 << place % 8
        with pytest.raises((BrokenSealError, UnusableStorageError)):
            storage.read_document(bytes(changed), str(path))


# the policies


def test_prefer_stores_plain_files_with_a_warning_until_it_can_encrypt(
    fake: Fake, path: pathlib.Path
) -> None:
    """The fallback is said once in a process, and shows in the description."""
    fake.becomes("plain")
    storage = opened(path, policy="prefer")
    assert "to be encrypted if the keyring can be used" in storage.describe().protection
    assert storage.get_token_data(A) is None
    with pytest.warns(UnencryptedStorageWarning, match="not encrypted: the keyring cannot be used"):
        storage.store_token_data_by_resource_server(TOKENS)
    storage.store_token_data_by_resource_server(TOKENS)
    assert storage.get_token_data_by_resource_server() == TOKENS
    assert storage.describe().protection.endswith("because the keyring could not be used")
    assert JSONTokenStorage(path).get_token_data_by_resource_server() == TOKENS
    with pytest.raises(UnusableStorageError, match="are not encrypted"):
        opened(path).get_token_data(A)
    fake.becomes("")
    storage = opened(path, policy="prefer")
    assert storage.get_token_data_by_resource_server() == TOKENS
    storage.store_token_data_by_resource_server({A: make_token(A)})
    assert CANARY.encode() not in path.read_bytes()
    assert "encrypted with a key" in storage.describe().protection
    assert opened(path).get_token_data_by_resource_server() == {**TOKENS, A: make_token(A)}


def test_never_asks_nobody(fake: Fake, path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is a plain one, and its description says why; an encrypted one is refused."""
    monkeypatch.setenv("GLOBUS_CORE_KEYRING_POLICY", "never")
    storage = stored(path)
    assert opened(path).get_token_data_by_resource_server() == TOKENS
    assert storage.describe().protection.endswith("not encrypted, by the policy 'never'")
    assert fake.asked() == []
    path.unlink()
    stored(path, policy="require")
    with pytest.raises(UnusableStorageError, match="policy 'never'"):
        opened(path).get_token_data(A)
    path.write_bytes(b"")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    with pytest.warns(DamagedStorageWarning, match="empty"):
        assert opened(path).get_token_data(A) is None


# other objects for the same place


def test_namespaces_share_what_was_read(fake: Fake, path: pathlib.Path) -> None:
    """Also an object that has read no file itself."""
    stored(path)
    storage = opened(path)
    other = storage.for_namespace("other")
    storage.get_token_data(B)
    again = other.for_namespace("DEFAULT")
    assert again.get_token_data(A) == TOKENS[A]
    other.store_token_data_by_resource_server({A: make_token(A)})
    assert again.get_token_data_by_resource_server() == TOKENS
    assert sorted(opened(path).namespaces()) == ["DEFAULT", "other"]
    assert opened(path).sweep(unused_seconds=10**10) == 0


# processes


def test_a_pickle_has_neither_key_nor_token(fake: Fake, path: pathlib.Path) -> None:
    """The other process asks the keyring."""
    storage = stored(path)
    pickled = pickle.dumps(storage)
    (key,) = fake.keys().values()
    assert CANARY.encode() not in pickled
    assert bytes.fromhex(key) not in pickled
    assert repr(storage).count(key) == 0
    forget()
    again = pickle.loads(pickled)
    assert again.get_token_data(A) == TOKENS[A]
    again.store_token_data_by_resource_server({B: make_token(B)})


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_child_process_has_the_key(fake: Fake, path: pathlib.Path) -> None:
    """It does not ask again."""
    storage = stored(path)
    count = len(fake.asked())
    child = os.fork()
    if not child:
        os._exit(0 if storage.get_token_data(A) == TOKENS[A] else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert len(fake.asked()) == count


def test_without_the_package_the_error_says_how_to_get_it(
    fake: Fake, path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found out by the child, so that this process imports nothing of it."""
    hidden = "import sys; sys.modules['keyring'] = None; "
    monkeypatch.setattr(keyring_process, "_BEGIN", hidden + keyring_process._BEGIN)
    with pytest.raises(KeyringError, match="not installed") as caught:
        opened(path).get_token_data(A)
    assert 'pip install "globus-core[keyring]"' in caught.value.explain()


def test_a_packed_program_says_that_it_cannot(
    fake: Fake, path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its executable is not an interpreter."""
    monkeypatch.setattr("sys.frozen", True, raising=False)
    with pytest.raises(KeyringError, match="packed program"):
        opened(path).get_token_data(A)


def test_warnings_as_errors_lose_nothing(fake: Fake, path: pathlib.Path) -> None:
    """A program that treats the fallback as an error has stored nothing in plain text."""
    fake.becomes("locked")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UnencryptedStorageWarning):
            stored(path, policy="prefer")
    assert not path.exists()
    assert issubclass(KeyringError, StorageError)
