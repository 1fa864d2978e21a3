"""
Consents for mapped collections: asked for ahead, or by one login when Transfer wants one.
"""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from globus_core import (
    AccessTokenAuthorizer,
    ClientApp,
    DeleteData,
    GlobusAPIError,
    GlobusAppConfig,
    GlobusSDKUsageError,
    TransferAPIError,
    TransferClient,
    TransferData,
    UserApp,
)
from globus_core.exc import LoginDeniedError, LoginRequiredError
from globus_core.globus_app import TokenApp
from globus_core.services.transfer import TaskOutcome
from globus_core.token_storage import MemoryTokenStorage
from tests.integration.app.helpers import TRANSFER, TRANSFER_ALL, CountedLogin, logins, user_app
from tests.sandbox.transfer.conftest import Site

if t.TYPE_CHECKING:
    Call = t.Callable[[TransferClient, str], object]

V = "/transfer/v0.10"

pytestmark = pytest.mark.usefixtures("surroundings")


@pytest.fixture
def app(site: Site, surroundings: None) -> t.Iterator[UserApp]:
    """An app in which a person has logged in, without consents for collections."""
    with user_app(site.sandbox, scopes={TRANSFER: TRANSFER_ALL}) as app:
        app.login()
        yield app


@pytest.fixture
def mapped(site: Site, tmp_path: Path) -> str:
    """A mapped collection."""
    return site.collection("mapped", tmp_path / "mapped", kind="mapped")


def data_access(*collections: str) -> list[str]:
    """
    What a login asks for then.
    """
    names = (f"*https://auth.globus.org/scopes/{each}/data_access" for each in collections)
    return [f"{TRANSFER_ALL}[{' '.join(names)}]"]


def asked(app: UserApp) -> set[str]:
    """
    The scopes that the last login asked for.
    """
    manager = app._login_flow_manager
    assert isinstance(manager, CountedLogin)
    return set(map(str, manager.asked[-1].required_scopes or ()))


# ahead


def test_collections_are_looked_up_and_one_login_is_enough(
    site: Site, app: UserApp, mapped: str, tmp_path: Path
) -> None:
    """Only mapped collections without high assurance need it; each is looked up once."""
    guest = site.collection("guest", tmp_path / "guest", kind="guest")
    strict = site.collection("strict", tmp_path / "strict", kind="mapped", high_assurance=True)
    other = site.collection("other", tmp_path / "other", kind="mapped")
    with TransferClient(app=app) as client:
        assert client.for_collections(mapped, guest, strict, site.source, other, mapped) is client
        assert logins(app) == 1
        for collection in (mapped, other):
            assert list(client.operation_ls(collection)) == []
    assert logins(app) == 2
    (scope,) = app.scope_requirements[TRANSFER]
    wanted = set(data_access(mapped, other)[0].split("[")[1].rstrip("]").split())
    assert set(map(str, scope.dependencies)) == wanted
    for collection in (mapped, guest, strict, site.source, other):
        assert site.sandbox.count(path=f"{V}/endpoint/{collection}") == 1


def test_a_consent_of_another_day_needs_no_login(site: Site, app: UserApp, mapped: str) -> None:
    """Globus Auth knows it."""
    with TransferClient(app=app) as client:
        client.for_collections(mapped).operation_ls(mapped)
    with user_app(site.sandbox, scopes={TRANSFER: TRANSFER_ALL}) as again:
        again.login()
        with TransferClient(app=again) as client:
            client.for_collections(mapped).operation_ls(mapped)
        assert logins(again) == 1


def test_nothing_is_asked_for_when_nothing_is_needed(site: Site, app: UserApp) -> None:
    """There is no login, and the app's requirements stay."""
    with TransferClient(app=app) as client:
        client.for_collections(site.source, site.target).operation_ls(site.source)
        assert client.for_collections() is client
    assert logins(app) == 1
    assert list(map(str, app.scope_requirements[TRANSFER])) == [TRANSFER_ALL]


def test_an_unknown_collection_is_an_error_before_anything_is_asked_for(
    site: Site, app: UserApp, mapped: str
) -> None:
    """It is the error of Transfer."""
    unknown = "8f0c3c6e-1111-4a86-9d3c-0f1e5b7a2c4d"
    with TransferClient(app=app) as client:
        with pytest.raises(TransferAPIError) as refused:
            client.for_collections(mapped, unknown)
        assert (refused.value.http_status, refused.value.code) == (404, "EndpointNotFound")
    assert list(map(str, app.scope_requirements[TRANSFER])) == [TRANSFER_ALL]


def test_only_an_app_can_ask_ahead(site: Site, mapped: str) -> None:
    """A client with an authorizer says so at once."""
    with bearing(site) as client, pytest.raises(GlobusSDKUsageError, match="no app"):
        client.for_collections(mapped)
    assert site.sandbox.count(path=f"{V}/endpoint/{mapped}") == 0


# when Transfer wants one


CALLS: dict[str, Call] = {
    "ls": lambda client, mapped: client.operation_ls(mapped),
    "stat": lambda client, mapped: client.operation_stat(mapped, "/"),
    "mkdir": lambda client, mapped: client.operation_mkdir(mapped, "/new"),
    "rename": lambda client, mapped: client.operation_rename(mapped, "/old", "/other"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_missing_consent_is_one_login_and_the_same_request_again(
    site: Site, app: UserApp, mapped: str, tmp_path: Path, name: str
) -> None:
    """Whatever the request is."""
    (tmp_path / "mapped" / "old").write_text("old")
    with TransferClient(app=app) as client:
        CALLS[name](client, mapped)
        assert set(data_access(mapped)) <= asked(app)
        client.operation_ls(mapped)
    assert logins(app) == 2


def test_a_submission_keeps_its_id(site: Site, app: UserApp, mapped: str) -> None:
    """The id is fetched once, the document is sent twice, and there is one task."""
    (site.source_root / "a").write_text("a")
    with TransferClient(app=app) as client:
        data = TransferData(site.source, mapped)
        data.add_item("/a", "/a")
        submitted = client.submit_transfer(data)
        assert submitted["code"] == "Accepted"
        assert submitted["submission_id"] == data["submission_id"]
        site.control("settle")
        assert client.wait_for_task(submitted["task_id"], 0).outcome is TaskOutcome.SUCCEEDED
        deletion = DeleteData(mapped)
        deletion.add_item("/a")
        assert client.submit_delete(deletion)["code"] == "Accepted"
    assert logins(app) == 2
    assert site.sandbox.count(path=f"{V}/submission_id") == 2
    assert site.sandbox.count(path=f"{V}/transfer") == 2
    assert site.sandbox.count(path=f"{V}/delete") == 1


def test_a_task_without_credentials_goes_on_after_a_login(
    site: Site, app: UserApp, mapped: str
) -> None:
    """The app logs in because its tokens are gone; the consent is still there."""
    with TransferClient(app=app) as client:
        data = TransferData(site.source, mapped)
        data.add_item("/late", "/late")
        task_id = client.for_collections(mapped).submit_transfer(data)["task_id"]
        site.control("settle")
        app.logout()
        (site.source_root / "late").write_text("late")
        site.sandbox.advance_clock(11)
        site.control("settle")
        assert site.sandbox.state()["services"]["transfer"]["tasks"] == {task_id: "INACTIVE"}
        before = logins(app)
        client.get_task(task_id)
        site.control("settle")
        assert client.wait_for_task(task_id, 0).outcome is TaskOutcome.SUCCEEDED
        assert logins(app) == before + 1


def test_two_collections_are_two_logins_and_one_submission(
    site: Site, app: UserApp, mapped: str, tmp_path: Path
) -> None:
    """Transfer names one after the other; asking ahead saves one login."""
    other = site.collection("other", tmp_path / "other", kind="mapped")
    (tmp_path / "mapped" / "a").write_text("a")
    with TransferClient(app=app) as client:
        data = TransferData(mapped, other)
        data.add_item("/a", "/a")
        assert client.submit_transfer(data)["code"] == "Accepted"
    assert logins(app) == 3
    assert site.sandbox.count(path=f"{V}/submission_id") == 1


def test_a_consent_that_does_not_help_is_an_error_after_one_login(
    site: Site, app: UserApp, mapped: str
) -> None:
    """It is the error of Transfer, with the scopes."""
    refusal = {"code": "ConsentRequired", "message": "no", "required_scopes": data_access(mapped)}
    path = f"{V}/operation/endpoint/{mapped}/ls"
    site.sandbox.fail(path, status=403, body=refusal, times=None)
    with TransferClient(app=app) as client, pytest.raises(TransferAPIError) as refused:
        client.operation_ls(mapped)
    assert refused.value.info.consent_required.required_scopes == data_access(mapped)
    assert logins(app) == 2
    assert site.sandbox.count(path=path) == 2


def test_a_person_who_says_no_is_asked_once(site: Site, app: UserApp, mapped: str) -> None:
    """The login's error has that of Transfer as its cause."""
    site.sandbox.deny_next_login()
    with TransferClient(app=app) as client, pytest.raises(LoginDeniedError) as denied:
        client.operation_ls(mapped)
    assert isinstance(denied.value.__cause__, GlobusAPIError)
    assert logins(app) == 2


def test_other_refusals_are_no_reason_for_a_login(site: Site, app: UserApp) -> None:
    """A session that is too old is, with ``auto_redrive_gares`` only."""
    required = {
        "code": "AuthorizationRequired",
        "authorization_parameters": {"session_required_mfa": True},
    }
    site.sandbox.fail(f"{V}/task_list", status=403, body=required, times=None)
    with TransferClient(app=app) as client, pytest.raises(TransferAPIError):
        client.task_list()
    assert logins(app) == 1


def test_a_client_app_gets_its_consent_by_a_new_token(site: Site, mapped: str) -> None:
    """Nobody is prompted."""
    with (
        ClientApp(
            "tests",
            client_id=site.sandbox.confidential_client_id,
            client_secret=site.sandbox.confidential_client_secret,
            config=GlobusAppConfig(token_storage=MemoryTokenStorage()),
        ) as app,
        TransferClient(app=app) as client,
    ):
        assert list(client.operation_ls(mapped)) == []
        assert list(client.for_collections(mapped).operation_ls(mapped)) == []
    assert site.sandbox.count(path=f"{V}/operation/endpoint/{mapped}/ls") == 3


# without a login


def bearing(site: Site) -> TransferClient:
    """
    A client with a token and no app.
    """
    return TransferClient(
        authorizer=AccessTokenAuthorizer(site.token()),
        base_url=site.sandbox.service_url("transfer"),
    )


def test_without_an_app_the_error_says_what_to_do(site: Site, mapped: str) -> None:
    """It names the scopes, and the request is sent once."""
    with bearing(site) as client, pytest.raises(TransferAPIError) as refused:
        client.operation_ls(mapped)
    error = refused.value
    assert (error.http_status, error.code) == (403, "ConsentRequired")
    assert error.info.consent_required.required_scopes == data_access(mapped)
    assert error.advice == f"log in again; consent to {data_access(mapped)[0]}"
    assert site.sandbox.count(path=f"{V}/operation/endpoint/{mapped}/ls") == 1


def test_an_app_with_given_tokens_raises_the_same_error(site: Site, mapped: str) -> None:
    """It cannot log in."""
    with (
        TokenApp("tests", tokens={TRANSFER: site.token()}) as app,
        TransferClient(app=app) as client,
        pytest.raises(TransferAPIError, match="ConsentRequired") as refused,
    ):
        client.operation_ls(mapped)
    assert refused.value.info.consent_required.required_scopes == data_access(mapped)


def test_a_program_that_handles_logins_itself_gets_the_error(site: Site, mapped: str) -> None:
    """As for tokens that are missing."""
    scopes = {TRANSFER: TRANSFER_ALL}
    with user_app(site.sandbox, scopes=scopes, token_validation_error_handler=None) as app:
        app.login()
        with TransferClient(app=app) as client, pytest.raises(TransferAPIError):
            client.operation_ls(mapped)
        assert logins(app) == 1


def test_a_program_without_a_terminal_names_the_scopes(site: Site, mapped: str) -> None:
    """In what it says, and in the cause."""
    storage = MemoryTokenStorage()
    with user_app(site.sandbox, storage=storage, scopes={TRANSFER: TRANSFER_ALL}) as app:
        app.login()
    with (
        user_app(site.sandbox, storage=storage, login_flow_manager="command-line") as job,
        TransferClient(app=job) as client,
        pytest.raises(LoginRequiredError) as required,
    ):
        client.operation_ls(mapped)
    cause = required.value.__cause__
    assert isinstance(cause, GlobusAPIError)
    assert cause.info.consent_required.required_scopes == data_access(mapped)
    assert data_access(mapped)[0] in str(required.value)
