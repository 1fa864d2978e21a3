from __future__ import annotations

import os
import pathlib
import typing as t

import pytest

from globus_core.config import (
    get_environment_name,
    get_http_timeout,
    get_service_url,
    get_ssl_verify,
)
from globus_core.config.env_vars import expand_home
from globus_core.exc import GlobusSDKUsageError


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENVIRONMENT", "HTTP_TIMEOUT", "VERIFY_SSL"):
        monkeypatch.delenv(f"GLOBUS_SDK_{name}", raising=False)


def test_environment_is_production_by_default() -> None:
    """Without argument and variable, the environment is production."""
    assert get_environment_name() == "production"


def test_environment_argument_beats_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable counts only where no argument is given."""
    monkeypatch.setenv("GLOBUS_SDK_ENVIRONMENT", "preview")

    assert get_environment_name() == "preview"
    assert get_environment_name("test") == "test"


def test_empty_environment_variable_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that lost its value does not lead to production."""
    monkeypatch.setenv("GLOBUS_SDK_ENVIRONMENT", "")

    with pytest.raises(GlobusSDKUsageError, match="GLOBUS_SDK_ENVIRONMENT is set but empty"):
        get_environment_name()


@pytest.mark.parametrize(
    ("text", "seconds"), [(None, 60), ("", 60), ("30", 30), ("0.5", 0.5), (" 1e3 ", 1000)]
)
def test_timeout_comes_from_the_variable(
    monkeypatch: pytest.MonkeyPatch, text: str | None, seconds: float
) -> None:
    """The variable is a number of seconds; unset and empty mean sixty."""
    if text is not None:
        monkeypatch.setenv("GLOBUS_SDK_HTTP_TIMEOUT", text)

    assert get_http_timeout() == seconds


def test_timeout_argument_beats_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is not even looked at when there is an argument."""
    monkeypatch.setenv("GLOBUS_SDK_HTTP_TIMEOUT", "nonsense")

    assert get_http_timeout(5) == 5


def test_timeout_of_minus_one_is_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Minus one switches the limit off, as argument and as variable."""
    monkeypatch.setenv("GLOBUS_SDK_HTTP_TIMEOUT", "-1")

    assert get_http_timeout() is None
    assert get_http_timeout(-1) is None


@pytest.mark.parametrize("text", ["abc", "nan", "inf", "0", "-2", "1s"])
def test_timeout_must_be_a_time(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """What the network layer would choke on is refused with the text that was given."""
    monkeypatch.setenv("GLOBUS_SDK_HTTP_TIMEOUT", text)

    with pytest.raises(GlobusSDKUsageError, match=f"'{text}' is not a timeout"):
        get_http_timeout()


def test_timeout_argument_must_be_a_time() -> None:
    """Arguments are checked like the variable."""
    with pytest.raises(ValueError, match="0 is not a timeout"):
        get_http_timeout(0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, True) for text in ("y", "Yes", "t", "TRUE", "on", "1", "", None)),
        *((text, False) for text in ("n", "No", "f", "FALSE", "off", "0")),
    ],
)
def test_verification_is_spelled_in_many_ways(
    monkeypatch: pytest.MonkeyPatch, text: str | None, expected: bool
) -> None:
    """Spellings of true and false are known; unset and empty verify."""
    if text is not None:
        monkeypatch.setenv("GLOBUS_SDK_VERIFY_SSL", text)

    assert get_ssl_verify() is expected
    if text:
        assert get_ssl_verify(text) is expected


def test_verification_takes_a_file_or_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    """Certificate authorities of one's own are named by their path."""
    authorities = tmp_path / "authorities.pem"
    authorities.touch()
    monkeypatch.setenv("GLOBUS_SDK_VERIFY_SSL", str(authorities))

    assert get_ssl_verify() == str(authorities)
    assert get_ssl_verify(authorities) == str(authorities)
    assert get_ssl_verify(tmp_path) == str(tmp_path)


def test_verification_argument_beats_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """An explicit boolean is the answer."""
    monkeypatch.setenv("GLOBUS_SDK_VERIFY_SSL", "no")

    assert get_ssl_verify(True) is True


@pytest.mark.parametrize("text", ["maybe", "missing.pem", " 1 "])
def test_verification_must_be_known(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, text: str
) -> None:
    """Neither a boolean nor a path that exists is an error, never a silent default."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GLOBUS_SDK_VERIFY_SSL", text)

    with pytest.raises(GlobusSDKUsageError, match=f"'{text}' does not say"):
        get_ssl_verify()


def _nobody(uid: int) -> t.NoReturn:
    raise KeyError(uid)


@pytest.mark.skipif(os.name == "nt", reason="POSIX has HOME")
@pytest.mark.parametrize("home", [None, "", "here"])
def test_an_unknown_home_folder_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, home: str | None
) -> None:
    """It names HOME, wherever a path may begin with it, and nothing is made in its place."""
    import pwd

    from globus_core import GlobusAppConfig, UserApp
    from globus_core.globus_app import CredentialsError, find_credentials
    from globus_core.identities import SQLiteIdentityCache
    from globus_core.token_storage import JSONTokenStorage, SQLiteTokenStorage

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pwd, "getpwuid", _nobody)
    monkeypatch.delenv("HOME")
    if home is not None:
        monkeypatch.setenv("HOME", home)
    uses: list[t.Callable[[], object]] = [
        lambda: UserApp("x", client_id="some-id"),
        lambda: UserApp("x", client_id="id", config=GlobusAppConfig(token_storage="sqlite")),
        lambda: JSONTokenStorage("~/tokens.json"),
        lambda: JSONTokenStorage.from_url("json:~/tokens.json"),
        lambda: SQLiteTokenStorage.from_url("sqlite:///~/tokens.db"),
        SQLiteIdentityCache,
        lambda: SQLiteIdentityCache("~/identities.db"),
        lambda: SQLiteIdentityCache.from_url("sqlite:"),
        lambda: find_credentials(environ={"GLOBUS_TOKENS_FILE": "~/tokens"}),
    ]
    for use in uses:
        with pytest.raises((GlobusSDKUsageError, CredentialsError), match="set HOME"):
            use()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX has lists of users")
def test_the_home_folder_of_an_unknown_user_is_an_error() -> None:
    """It names the user; a path in the middle of which ``~`` stands is as it is."""
    with pytest.raises(GlobusSDKUsageError, match="no user 'nosuchuser'"):
        expand_home("~nosuchuser/tokens.json")
    assert expand_home("a/~/b") == "a/~/b"
    assert os.path.isabs(expand_home("~/b"))


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ('"https://auth.example.org/"', "quotation marks"),
        ("'https://auth.example.org/'", "quotation marks"),
        ("https://auth.example.org/ ", "blanks"),
        ("https://auth.example.org/\r", "line breaks"),
    ],
)
def test_what_an_env_file_leaves_around_a_service_url_is_an_error(
    monkeypatch: pytest.MonkeyPatch, value: str, problem: str
) -> None:
    """The variable is named; the same for the environment."""
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", value)
    with pytest.raises(GlobusSDKUsageError, match=f"SERVICE_URL_AUTH has .*{problem}"):
        get_service_url("auth")
    monkeypatch.setenv("GLOBUS_SDK_ENVIRONMENT", value)
    with pytest.raises(GlobusSDKUsageError, match=f"GLOBUS_SDK_ENVIRONMENT has .*{problem}"):
        get_environment_name()
