"""
Where credentials of unattended programs come from, in which order, and what is refused.
"""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import os
import pickle
import stat
import subprocess
import sys
import time
import typing as t

import pytest
from hypothesis import given as given_data
from hypothesis import strategies as st

from globus_core import ClientApp, NativeAppAuthClient, UserApp, hookimpl
from globus_core.exc import GlobusSDKUsageError, LoginRequiredError, ValidationError
from globus_core.globus_app import (
    CredentialsError,
    GlobusAppConfig,
    TokenApp,
    default_app,
    find_credentials,
)
from globus_core.plugins import PluginManager, get_plugin_manager, set_plugin_manager
from globus_core.token_storage.validating_token_storage import (
    ExpiredTokenError,
    MissingTokenError,
    UnmetScopeRequirementsError,
)
from globus_core_app import _credential_commands, _credential_files, credential_names

if t.TYPE_CHECKING:
    import pathlib

CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f01"
OTHER_ID = "0c7d1f3e-52b8-4a96-8e14-d3f6b9a0c725"
SECRET = "not-a-secret-of-anybody"
TRANSFER = "transfer.api.globus.org"
TOKENS = {TRANSFER: "not-a-token-of-anybody"}
NOWHERE = "/nowhere/globus/secrets"


@pytest.fixture(autouse=True)
def _no_secrets_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credential_names, "SECRETS_FOLDER", NOWHERE)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)


@pytest.fixture
def write(tmp_path: pathlib.Path) -> t.Callable[..., str]:
    """
    Write a file with a mode of its own.
    """

    def write(text: str | bytes, name: str = "secret", mode: int = 0o600) -> str:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        path.chmod(mode)
        return str(path)

    return write


def found(**environ: str) -> t.Any:
    """What a search finds with these variables, beside a client id."""
    return find_credentials(environ={"GLOBUS_CLIENT_ID": CLIENT_ID, **environ})


def refused(**environ: str) -> str:
    """Why a search ends in an error; the whole of what it tells."""
    with pytest.raises(CredentialsError) as caught:
        found(**environ)
    told = f"{caught.value} {caught.value!r} {caught.value.explain()} {caught.value.links}"
    assert SECRET not in told
    assert caught.value.__context__ is None
    return caught.value.explain()


# the chain


def test_where_nothing_is_set_each_place_says_so() -> None:
    """Fifteen places, in order, none used."""
    search = find_credentials(environ={})
    assert (search.used, search.client_id) == (None, None)
    assert (search.client_secret, search.tokens) == (None, None)
    assert [link.state for link in search.links] == ["skipped"] * 15
    assert search.explain().splitlines()[:3] == [
        "client secret from GLOBUS_CLIENT_SECRET: skipped: not set",
        "client secret from GLOBUS_CLIENT_SECRET_FD: skipped: not set",
        "client secret from GLOBUS_CLIENT_SECRET_FILE: skipped: not set",
    ]
    assert "none were found" in repr(search)


def test_the_first_place_that_has_something_wins(write: t.Callable[..., str]) -> None:
    """The places after it are not looked at, and say so."""
    path = write("another")
    search = found(
        GLOBUS_CLIENT_SECRET=SECRET,
        GLOBUS_CLIENT_SECRET_FILE=path,
        GLOBUS_TOKENS_FILE="/not/looked/at",
    )
    assert (search.client_id, search.client_secret) == (CLIENT_ID, SECRET)
    assert search.links[0].state == "used"
    assert {link.reason for link in search.links[1:]} == {"an earlier source was used"}
    assert SECRET not in f"{search!r} {search.explain()} {search.links!r}"


def test_a_variable_that_is_empty_is_not_set() -> None:
    """As a CI system leaves it where the secret is not for this branch."""
    search = found(GLOBUS_CLIENT_SECRET="", GLOBUS_TOKENS=" ")
    assert search.used is None
    assert "set, but empty" in search.explain()


def test_a_secret_comes_from_a_file(write: t.Callable[..., str]) -> None:
    """Its line's end does not belong to it, be it of Unix or of Windows, and no mark of UTF-8."""
    for text in (SECRET, f"{SECRET}\n", f"{SECRET}\r\n", f"\ufeff{SECRET}\n"):
        search = found(GLOBUS_CLIENT_SECRET_FILE=write(text))
        assert search.client_secret == SECRET
        assert search.used.name.startswith("GLOBUS_CLIENT_SECRET_FILE (/")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("\n", "is empty"),
        ("  \n", "is empty"),
        (f"{SECRET}\n{SECRET}\n", "is not a single line"),
        (f" {SECRET}", "is not a single line"),
        (f"{SECRET}\x00", "is not UTF-8 text"),
        (SECRET.encode() + b"\xff\xfe", "is not UTF-8 text"),
        (SECRET * 60_000, "holds more than"),
    ],
)
def test_a_file_without_a_secret_is_refused(
    write: t.Callable[..., str], text: str | bytes, reason: str
) -> None:
    """Nothing else is tried, and the reason does not show what is in the file."""
    told = refused(GLOBUS_CLIENT_SECRET_FILE=write(text), GLOBUS_TOKENS=json.dumps(TOKENS))
    assert reason in told
    assert "refused" in told


@pytest.mark.skipif(os.name != "posix", reason="there are no such modes here")
@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        (0o644, "is readable by everyone (mode 0644)"),
        (0o604, "is readable by everyone"),
        (0o620, "is writable by others (mode 0620)"),
        (0o602, "is writable by others"),
    ],
)
def test_a_file_that_others_may_use_is_refused(
    write: t.Callable[..., str], mode: int, reason: str
) -> None:
    """Readers can be allowed, writers never."""
    path = write(SECRET, mode=mode)
    assert reason in refused(GLOBUS_CLIENT_SECRET_FILE=path)
    allowing = {"GLOBUS_CLIENT_SECRET_FILE": path, "GLOBUS_ALLOW_READABLE_SECRETS": "1"}
    if mode & 0o022:
        assert reason in refused(**allowing)
    else:
        assert found(**allowing).client_secret == SECRET


@pytest.mark.skipif(os.name != "posix", reason="there are no such modes here")
@pytest.mark.parametrize("mode", [0o400, 0o440, 0o600, 0o640])
def test_a_file_for_its_owner_and_group_is_accepted(write: t.Callable[..., str], mode: int) -> None:
    """A group is somebody's decision; Kubernetes gives files by it."""
    assert found(GLOBUS_CLIENT_SECRET_FILE=write(SECRET, mode=mode)).client_secret == SECRET


@pytest.mark.skipif(os.name != "posix", reason="there are no such owners here")
def test_a_file_of_another_user_is_refused(
    write: t.Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may give us files, another user may not."""
    path = write(SECRET)
    owner = os.stat(path).st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    told = (
        found(GLOBUS_CLIENT_SECRET_FILE=path).client_secret
        if owner == 0
        else refused(GLOBUS_CLIENT_SECRET_FILE=path)
    )
    assert told == SECRET or "belongs to another user" in told
    info = os.stat_result((stat.S_IFREG | 0o600, 1, 1, 1, owner + 7, 0, 1, 0, 0, 0))
    with pytest.raises(_credential_files.UnusableSecretError, match="another user"):
        _credential_files._check(info, readable_by_all=True)


def test_a_named_file_that_is_not_there_is_an_error(tmp_path: pathlib.Path) -> None:
    """What was asked for by name is never passed over; a folder is no file either."""
    assert "does not exist" in refused(GLOBUS_CLIENT_SECRET_FILE=str(tmp_path / "missing"))
    assert "is a directory" in refused(GLOBUS_CLIENT_SECRET_FILE=str(tmp_path))


@pytest.mark.skipif(os.name != "posix", reason="links need rights here")
def test_a_link_to_a_secret_is_followed(tmp_path: pathlib.Path, write: t.Any) -> None:
    """Kubernetes exchanges secrets by links."""
    link = tmp_path / "link"
    link.symlink_to(write(SECRET))
    assert found(GLOBUS_CLIENT_SECRET_FILE=str(link)).client_secret == SECRET


@pytest.mark.parametrize("folder", ["systemd", "container"])
def test_a_platforms_folder_is_looked_into(
    tmp_path: pathlib.Path, write: t.Any, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """systemd and Docker put files there, the client id too; Docker lets all of them be read."""
    mode = 0o400 if folder == "systemd" else 0o444
    write(f"{SECRET}\n", "globus_client_secret", mode)
    write(f"{OTHER_ID}\n", "globus_client_id", 0o444)
    environ = {}
    if folder == "systemd":
        environ["CREDENTIALS_DIRECTORY"] = str(tmp_path)
    else:
        monkeypatch.setattr(credential_names, "SECRETS_FOLDER", str(tmp_path))
    search = find_credentials(environ=environ)
    assert (search.client_id, search.client_secret) == (OTHER_ID, SECRET)
    assert f"{tmp_path}/globus_client_secret" in search.used.name  # type: ignore[union-attr]


def test_the_id_beside_a_secret_is_looked_for(write: t.Any, tmp_path: pathlib.Path) -> None:
    """A variable, a file, else the program's own; without one a secret is of no use."""
    environ = {"GLOBUS_CLIENT_SECRET": SECRET}
    assert find_credentials(environ=environ, client_id=OTHER_ID).client_id == OTHER_ID
    with pytest.raises(CredentialsError, match="has no client id; set GLOBUS_CLIENT_ID"):
        find_credentials(environ=environ)
    environ["GLOBUS_CLIENT_ID_FILE"] = write(f"{CLIENT_ID}\n", "id", 0o644)
    assert find_credentials(environ=environ, client_id=OTHER_ID).client_id == CLIENT_ID
    environ["GLOBUS_CLIENT_ID_FILE"] = str(tmp_path / "missing")
    with pytest.raises(CredentialsError, match="GLOBUS_CLIENT_ID_FILE does not exist"):
        find_credentials(environ=environ)


def test_tokens_are_an_object_by_resource_server(write: t.Any) -> None:
    """A token alone, or a record with what else is known."""
    record = {"access_token": "not-a-token", "expires_at_seconds": 5, "scope": "a b"}
    search = found(GLOBUS_TOKENS_FILE=write(json.dumps({**TOKENS, "groups": record})))
    assert search.tokens == {**TOKENS, "groups": record}
    assert search.client_secret is None
    assert "not-a-token" not in f"{search!r} {search.explain()}"


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f'["{SECRET}"]',
        "{}",
        f'{{"a": {{"refresh_token": "{SECRET}"}}}}',
        f'{{"a": {{"access_token": ["{SECRET}"]}}}}',
        f'{{"a": {{"access_token": "x", "expires_at_seconds": "{SECRET}"}}}}',
        '{"a": 5}',
        "[" * 100_000,
    ],
)
def test_what_is_no_tokens_is_refused_without_being_shown(text: str) -> None:
    """The parser's own errors would show it."""
    assert "tokens from GLOBUS_TOKENS" in refused(GLOBUS_TOKENS=text)


def test_an_error_of_the_chain_can_travel() -> None:
    """It takes its places along."""
    with pytest.raises(CredentialsError) as caught:
        found(GLOBUS_CLIENT_SECRET_FILE="/nowhere/secret")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert copy.explain() == caught.value.explain()


# descriptors


def test_a_descriptor_brings_a_secret_as_often_as_it_is_asked() -> None:
    """A pipe gives what it has once; a program may look for its credentials twice."""
    read, write = os.pipe()
    os.write(write, f"{SECRET}\n".encode())
    os.close(write)
    try:
        for _ in range(2):
            assert found(GLOBUS_CLIENT_SECRET_FD=str(read)).client_secret == SECRET
        assert not os.get_inheritable(read)
    finally:
        os.close(read)


def test_a_file_open_at_a_descriptor_is_read_from_its_start(write: t.Any) -> None:
    """And left at the place where it was."""
    descriptor = os.open(write(json.dumps(TOKENS)), os.O_RDONLY)
    try:
        for _ in range(2):
            assert found(GLOBUS_TOKENS_FD=str(descriptor)).tokens == TOKENS
        assert os.lseek(descriptor, 0, os.SEEK_CUR) == 0
    finally:
        os.close(descriptor)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("three", "not a file descriptor number"),
        ("-1", "not a file descriptor number"),
        ("999999", "is not open"),
    ],
)
def test_a_descriptor_that_is_none_is_refused(number: str, reason: str) -> None:
    """The number is a setting that somebody got wrong."""
    assert reason in refused(GLOBUS_CLIENT_SECRET_FD=number)


@pytest.mark.skipif(os.name != "posix", reason="pipes cannot be waited for here")
def test_a_pipe_that_brings_nothing_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The error names the time."""
    monkeypatch.setattr(_credential_files, "PIPE_SECONDS", 0.05)
    read, write = os.pipe()
    try:
        assert "within 0.05 seconds" in refused(GLOBUS_CLIENT_SECRET_FD=str(read))
    finally:
        os.close(read)
        os.close(write)


@pytest.mark.skipif(not os.path.exists("/dev/fd/0"), reason="there is no /dev/fd here")
def test_a_shells_process_substitution_is_a_file() -> None:
    """``GLOBUS_CLIENT_SECRET_FILE=<(vault read ...)``."""
    read, write = os.pipe()
    os.write(write, SECRET.encode())
    os.close(write)
    try:
        assert found(GLOBUS_CLIENT_SECRET_FILE=f"/dev/fd/{read}").client_secret == SECRET
    finally:
        os.close(read)


def test_a_child_process_is_handed_a_secret() -> None:
    """As a supervisor does it: nothing in the environment, nothing on disk."""
    code = (
        "from globus_core.globus_app import find_credentials as f;"
        f"s = f(); print(s.client_secret == {SECRET!r}, s.used.name)"
    )
    read, write = os.pipe()
    os.write(write, SECRET.encode())
    os.close(write)
    environ = {
        **os.environ,
        "GLOBUS_CLIENT_SECRET_FD": str(read),
        "GLOBUS_CLIENT_ID": CLIENT_ID,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environ,
            pass_fds=[read],
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        os.close(read)
    assert done.stdout.split() == ["True", "GLOBUS_CLIENT_SECRET_FD"], done.stderr


# the app


def made(**given: t.Any) -> t.Any:
    """The default app with its tokens in memory."""
    return default_app("tests", config=GlobusAppConfig(token_storage="memory"), **given)


def test_the_app_fits_what_was_found(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A secret makes a client app, tokens a token app, neither a person's; it is logged."""
    caplog.set_level(logging.INFO)
    with made(client_id=OTHER_ID) as app:
        assert isinstance(app, UserApp)
        assert app.client_id == OTHER_ID
    monkeypatch.setenv("GLOBUS_CLIENT_ID", CLIENT_ID)
    with made() as app:
        assert isinstance(app, UserApp)
        assert app.client_id == CLIENT_ID
    monkeypatch.setenv("GLOBUS_TOKENS", json.dumps(TOKENS))
    with made() as app:
        assert isinstance(app, TokenApp)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", SECRET)
    with made(client_id=OTHER_ID) as app:
        assert isinstance(app, ClientApp)
        assert app.client_id == CLIENT_ID
    assert "client secret from GLOBUS_CLIENT_SECRET: used" in caplog.text
    assert SECRET not in caplog.text


def test_a_login_flow_is_for_persons_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """One config serves wherever the program runs."""
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", SECRET)
    config = GlobusAppConfig(token_storage="memory", login_flow_manager="command-line")
    with default_app("tests", client_id=CLIENT_ID, config=config) as app:
        assert isinstance(app, ClientApp)


def test_without_anything_there_is_no_app() -> None:
    """The error shows all the places, and says what to set."""
    with pytest.raises(CredentialsError) as caught:
        made()
    told = caught.value.explain()
    assert "GLOBUS_TOKENS_FD: skipped: not set" in told
    assert "What to do: set GLOBUS_CLIENT_ID" in told


def test_a_service_account_has_a_namespace_of_its_own(tmp_path: pathlib.Path) -> None:
    """In whatever storage, by name or by URL."""
    url = f"sqlite:///{tmp_path}/t.db"
    for storage in (url, "sqlite", "memory"):
        config = GlobusAppConfig(token_storage=storage)
        with (
            ClientApp("t", client_id=CLIENT_ID, client_secret=SECRET, config=config) as service,
            UserApp("t", client_id=CLIENT_ID, config=config) as person,
        ):
            assert service.token_storage.namespace == f"client:{CLIENT_ID}"
            assert person.token_storage.namespace == "DEFAULT"


# given tokens


def given(tokens: dict[str, t.Any], **options: t.Any) -> TokenApp:
    """An app with tokens."""
    return TokenApp("tests", tokens=tokens, **options)


def test_a_given_token_is_sent() -> None:
    """Nothing else is known of it, nor needed."""
    with given(TOKENS, scope_requirements={TRANSFER: "anything"}) as app:
        header = app.get_authorizer(TRANSFER).get_authorization_header()
        assert header == f"Bearer {TOKENS[TRANSFER]}"
        assert not app.login_required()
        assert TOKENS[TRANSFER] not in repr(app)


def test_what_was_told_of_a_token_is_checked() -> None:
    """Its scopes, where there are any, and its end; a missing one is told by its name."""
    narrow = {TRANSFER: {"access_token": "x", "scope": "a"}}
    with given(narrow, scope_requirements={TRANSFER: "b"}) as app:
        with pytest.raises(LoginRequiredError) as caught:
            app.get_authorizer(TRANSFER)
        assert isinstance(caught.value.__context__, UnmetScopeRequirementsError)
        assert app.login_required()
    with given({TRANSFER: {"access_token": "x", "expires_at_seconds": 5}}) as app:
        with pytest.raises(LoginRequiredError) as caught:
            app.get_authorizer(TRANSFER)
        assert isinstance(caught.value.__context__, ExpiredTokenError)
        with pytest.raises(LoginRequiredError) as caught:
            app.get_authorizer("groups.api.globus.org")
        assert isinstance(caught.value.__context__, MissingTokenError)


def test_what_is_no_token_is_refused() -> None:
    """By the name of its resource server alone."""
    with pytest.raises(ValidationError, match=TRANSFER) as caught:
        given({TRANSFER: [SECRET]})
    assert SECRET not in str(caught.value)


def test_a_token_app_has_no_login_flow() -> None:
    """It logs nobody in."""
    with pytest.raises(ValueError, match="'login_flow_manager'"):
        given(TOKENS, config=GlobusAppConfig(login_flow_manager="command-line"))


@pytest.mark.parametrize("value", ['"an-id"', "'an-id'", " an-id", "an-id "])
def test_what_an_env_file_leaves_around_a_client_id_is_an_error(value: str) -> None:
    """With or without a secret; the variable is named, and so is what is to be removed."""
    for more in ({}, {"GLOBUS_CLIENT_SECRET": "a-secret-of-the-client"}):
        with pytest.raises(CredentialsError, match=r"GLOBUS_CLIENT_ID has .* remove them"):
            find_credentials(environ={"GLOBUS_CLIENT_ID": value, **more})
    with pytest.raises(GlobusSDKUsageError, match=r"'client_id' has .* remove them"):
        NativeAppAuthClient(value)


def test_quotation_marks_around_a_secret_are_an_error() -> None:
    """They would be sent, and Globus Auth would only say that the client is not known."""
    environ = {"GLOBUS_CLIENT_ID": "an-id", "GLOBUS_CLIENT_SECRET": '"a-secret-of-the-client"'}
    with pytest.raises(
        CredentialsError, match="GLOBUS_CLIENT_SECRET has quotation marks"
    ) as caught:
        find_credentials(environ=environ)
    assert "a-secret-of-the-client" not in caught.value.explain()


@pytest.mark.parametrize("at", ["expiry", "401"])
def test_a_token_file_that_was_replaced_is_read_again(tmp_path: pathlib.Path, at: str) -> None:
    """Before its token expires, and when a service refuses it; a broken file changes nothing."""
    path = tmp_path / "tokens"

    def write(token: str, left: float) -> None:
        end = int(time.time() + left)
        path.write_text(json.dumps({TRANSFER: {"access_token": token, "expires_at_seconds": end}}))
        path.chmod(0o600)

    write("first-token", 3000 if at == "401" else 30)
    search = find_credentials(environ={"GLOBUS_TOKENS_FILE": str(path)})
    with default_app("tests", search=search) as app:
        authorizer = app.get_authorizer(TRANSFER)
        assert authorizer.get_authorization_header() == "Bearer first-token"
        path.write_text("{")
        assert authorizer.get_authorization_header() == "Bearer first-token"
        assert not authorizer.handle_missing_authorization()
        write("second-token", 3000)
        if at == "401":
            assert authorizer.get_authorization_header() == "Bearer first-token"
            assert authorizer.handle_missing_authorization()
        assert authorizer.get_authorization_header() == "Bearer second-token"
        assert app.get_authorizer(TRANSFER).get_authorization_header() == "Bearer second-token"
        assert not authorizer.handle_missing_authorization()


def test_an_expired_token_is_replaced_when_it_is_asked_for(tmp_path: pathlib.Path) -> None:
    """By a function of the program's own; without a fresh one the token counts as expired."""
    now: dict[str, t.Any] = {TRANSFER: {"access_token": "old-token", "expires_at_seconds": 1}}
    with given(dict(now), read_again=lambda: now) as app:
        with pytest.raises(LoginRequiredError):
            app.get_authorizer(TRANSFER)
        now[TRANSFER] = "fresh-token"
        header = app.get_authorizer(TRANSFER).get_authorization_header()
        assert header == "Bearer fresh-token"


# commands


def test_a_command_prints_the_secret_or_the_tokens(write: t.Callable[..., str]) -> None:
    """Quoted as in a shell, but without one; its home folder is found."""
    path = write(f"{SECRET}\n", "my secret")
    assert found(GLOBUS_CLIENT_SECRET_COMMAND=f"cat '{path}'").client_secret == SECRET
    search = found(GLOBUS_TOKENS_COMMAND=f"cat {write(json.dumps(TOKENS))}")
    assert (search.tokens, search.used.name) == (TOKENS, "GLOBUS_TOKENS_COMMAND")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (f"{sys.executable} -c 'raise SystemExit(3)'", "failed with exit code 3"),
        (f"{sys.executable} -c 'import os; os.kill(os.getpid(), 9)'", "ended by signal 9"),
        (f"{sys.executable} -c 'print(end=chr(97) * (2 << 20))'", "printed more than"),
        ("/nowhere/vault", "cannot be started: No such file or directory"),
        ("vault 'read", "a quotation mark is not closed"),
        (f"{sys.executable} -c pass", "is empty"),
    ],
)
def test_a_command_that_fails_is_one_error(command: str, why: str) -> None:
    """Whatever it printed, and nothing of it is quoted."""
    assert why in refused(GLOBUS_CLIENT_SECRET_COMMAND=command)


def test_a_command_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a minute, here less."""
    monkeypatch.setattr(_credential_commands, "COMMAND_SECONDS", 0.05)
    forever = f"{sys.executable} -c 'import signal; signal.pause()'"
    assert "did not end within 0.05 seconds" in refused(GLOBUS_TOKENS_COMMAND=forever)


def test_a_command_can_use_this_program_itself() -> None:
    """The variable with its name is not passed to it, or there would be no end."""
    code = "import os; print(sorted(name for name in os.environ if name.startswith('GLOBUS_')))"
    line = f'{sys.executable} -c "{code}"'
    told = found(GLOBUS_CLIENT_SECRET_COMMAND=line, GLOBUS_TOKENS_COMMAND="x").client_secret
    assert told == "['GLOBUS_CLIENT_ID']"


# other programs


@pytest.mark.parametrize("program", ["CLI", "COMPUTE"])
def test_the_client_of_another_program_is_used_last(program: str) -> None:
    """With its own id; not if only one of its variables is set, or another client is wanted."""
    theirs = {f"GLOBUS_{program}_CLIENT_ID": OTHER_ID, f"GLOBUS_{program}_CLIENT_SECRET": SECRET}
    search = find_credentials(environ=theirs)
    assert (search.client_id, search.client_secret) == (OTHER_ID, SECRET)
    assert search.used is not None
    assert search.used.name == f"GLOBUS_{program}_CLIENT_ID and SECRET"
    assert found(**theirs).used is None
    assert "GLOBUS_CLIENT_ID is that of another client" in found(**theirs).explain()
    half = find_credentials(environ={f"GLOBUS_{program}_CLIENT_ID": OTHER_ID})
    assert half.used is None
    assert f"GLOBUS_{program}_CLIENT_SECRET is not set" in half.explain()
    ours = find_credentials(environ={**theirs, "GLOBUS_TOKENS": json.dumps(TOKENS)})
    assert (ours.client_secret, ours.tokens) == (None, TOKENS)


def as_jupyterhub(data: object) -> str:
    """As its authenticator passes data to a notebook."""
    return base64.b64encode(pickle.dumps(data)).decode()


def test_jupyterhub_passes_the_tokens_of_its_user() -> None:
    """Without the refresh tokens, which only the hub can use."""
    end = int(time.time()) + 3600
    given = {"access_token": "a", "refresh_token": SECRET, "expires_at_seconds": end, "scope": "s"}
    data = {"client_id": OTHER_ID, "tokens": {TRANSFER: given}}
    search = found(GLOBUS_DATA=as_jupyterhub(data))
    assert search.tokens == {TRANSFER: {**given, "refresh_token": None}}
    assert search.client_id == CLIENT_ID
    with default_app("tests", search=search) as app:
        header = app.get_authorizer(TRANSFER).get_authorization_header()
    assert header == "Bearer a"


class Harmful:
    """What no program may load from a variable."""

    def __reduce__(self) -> tuple[t.Any, ...]:
        return os.mkdir, (NOWHERE,)


@pytest.mark.parametrize(
    "data",
    [
        "?",
        "",
        SECRET,
        base64.b64encode(b"\x80\x04.").decode(),
        as_jupyterhub(Harmful()),
        as_jupyterhub([SECRET]),
        as_jupyterhub({"tokens": {}}),
        as_jupyterhub({"tokens": {TRANSFER: [SECRET]}}),
    ],
)
def test_other_data_in_its_place_is_refused(data: str) -> None:
    """And nothing of it runs, or is quoted."""
    if not data:
        assert "GLOBUS_DATA: skipped: set, but empty" in found(GLOBUS_DATA=data).explain()
        return
    assert "GLOBUS_DATA" in refused(GLOBUS_DATA=data)
    assert not os.path.exists(NOWHERE)


@given_data(st.binary())
def test_any_pickle_is_data_or_a_credentials_error(raw: bytes) -> None:
    """Whatever its bytes are."""
    environ = {"GLOBUS_DATA": base64.b64encode(raw).decode() or "?"}
    with contextlib.suppress(CredentialsError):
        find_credentials(environ=environ)


# plugins


class Vault:
    """A plugin that knows a place."""

    def __init__(self, answer: t.Any) -> None:
        self.answer = answer
        self.asked: list[str | None] = []

    def find(self, client_id: str | None) -> t.Any:
        """The source itself."""
        self.asked.append(client_id)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    @hookimpl
    def globus_credential_sources(self) -> dict[str, t.Any]:
        """Offer it."""
        return {"campus vault": self.find}


@pytest.fixture
def vault() -> t.Iterator[t.Callable[[t.Any], Vault]]:
    """Register a plugin whose source gives an answer."""
    previous = set_plugin_manager(PluginManager())

    def register(answer: t.Any) -> Vault:
        made = Vault(answer)
        get_plugin_manager().register(made, "campus")
        return made

    yield register
    set_plugin_manager(previous)


@pytest.mark.parametrize(
    "answer", [{"tokens": TOKENS}, {"client_id": OTHER_ID, "client_secret": SECRET}]
)
def test_a_plugin_adds_a_place(vault: t.Callable[[t.Any], Vault], answer: dict[str, t.Any]) -> None:
    """It comes last, is told the client id, and what it has is used."""
    made = vault(answer)
    search = found()
    assert search.used is not None
    assert search.used.name == "'campus vault' of the plugin campus@code"
    assert {key: getattr(search, key) for key in answer} == answer
    assert made.asked == [CLIENT_ID]
    assert found(GLOBUS_TOKENS=json.dumps({"other": "t"})).tokens == {"other": "t"}
    assert made.asked == [CLIENT_ID]


def test_a_plugin_that_has_nothing_is_skipped(vault: t.Callable[[t.Any], Vault]) -> None:
    """Then a person logs in."""
    vault(None)
    assert found().used is None
    assert "credentials from 'campus vault' of the plugin campus@code: skipped: it has none" in (
        found().explain()
    )


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (RuntimeError(SECRET), "failed with RuntimeError"),
        (ValidationError("the vault is sealed"), "failed: the vault is sealed"),
        ([SECRET], "must return None"),
        ({"tokens": TOKENS, "client_secret": SECRET}, "must return None"),
        ({"client_id": OTHER_ID, "client_secret": 1}, "must return None"),
        ({"tokens": {TRANSFER: [SECRET]}}, "neither a string nor a record"),
        ({"client_id": OTHER_ID, "client_secret": f"{SECRET}\n\n"}, "single line"),
    ],
)
def test_a_plugin_that_fails_ends_the_search(
    vault: t.Callable[[t.Any], Vault], answer: t.Any, why: str
) -> None:
    """So that a job never runs with other credentials than intended."""
    vault(answer)
    assert why in refused()


def test_without_other_plugins_the_search_needs_no_plugin_manager() -> None:
    """A program that is given tokens starts at once."""
    code = (
        "import sys; from globus_core.globus_app import find_credentials\n"
        "import globus_core_app.credentials as c; c.find_credentials(environ={})\n"
        "print('globus_core.plugins.manager' in sys.modules)"
    )
    code = code.replace("from globus_core.globus_app import find_credentials\n", "\n")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
