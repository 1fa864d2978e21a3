"""
Tokens for other services in place of a caller's, and clients that use them.
"""

from __future__ import annotations

import copy
import logging
import pathlib
import pickle
import threading
import time
import typing as t

import pytest
import requests

from globus_core import (
    GroupsClient,
    MemoryTokenStorage,
    SpecificFlowClient,
    TransferAPIError,
    TransferClient,
)
from globus_core.exc import (
    GlobusSDKUsageError,
    NotPicklableError,
    StorageError,
)
from globus_core.gare import to_gare
from globus_core.resource_server import (
    Caller,
    CheckFailedError,
    ForbiddenError,
    UnauthenticatedError,
)
from globus_core.scopes import TransferScopes
from globus_core.token_storage import SQLiteTokenStorage
from globus_core.transport import RequestsTransport
from tests.unit.auth import fakes
from tests.unit.resource_server.services import (
    DEPENDENT,
    GROUPS,
    GROUPS_VIEW,
    HEADER,
    SCOPE,
    TOKEN,
    TRANSFER,
    TRANSFER_ALL,
    Service,
    refusal,
)

DATA_ACCESS = "https://auth.globus.org/scopes/5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f01/data_access"


class FakeTransfer(fakes.FakeAuth):
    """
    A Globus Transfer, which keeps the tokens it has received.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answer("/v0.10/task_list", {"DATA": []})
        self.transport = RequestsTransport()
        self.transport.session.mount("https://", self)

    @property
    def tokens(self) -> list[str | None]:
        """The headers of the requests."""
        return [sent.authorization for sent in self.sent]

    def client(self, caller: Caller) -> TransferClient:
        """A client that acts for a caller."""
        return caller.client(TransferClient, transport=self.transport)

    def refuse_first(self) -> None:
        """Refuse the first token with 401."""
        answer = self._answers["/v0.10/task_list"]

        def respond(request: requests.PreparedRequest) -> requests.Response:
            if request.headers["Authorization"] == self.tokens[0]:
                return fakes.make_response(request, "{}", 401, "application/json")
            return answer(request)

        self._answers["/v0.10/task_list"] = respond


@pytest.fixture
def transfer() -> FakeTransfer:
    """A Globus Transfer without a network."""
    return FakeTransfer()


def wanted(error: t.Any) -> dict[str, t.Any]:
    """What a login has to meet, as a client reads it in the response."""
    gare = to_gare(error.document)
    assert gare is not None
    assert gare.code == error.code
    parameters = gare.authorization_parameters.to_dict()
    assert parameters.pop("session_message")
    return parameters


# which tokens


@pytest.mark.parametrize(
    "asked",
    [TRANSFER_ALL, "transfer", TransferClient, TransferScopes.all, f"{TRANSFER_ALL}[*x]"],
    ids=str,
)
def test_tokens_are_asked_for_by_scope_service_or_client(service: Service, asked: t.Any) -> None:
    """All of these name the same token."""
    service.issue()
    caller = service.checker().check(HEADER)

    tokens = caller.tokens_for(asked)

    assert set(tokens) == {TRANSFER}
    assert tokens[TRANSFER].scope == TRANSFER_ALL
    assert tokens[TRANSFER].identity_id == fakes.IDENTITY
    form = service.auth.last.form
    assert (form["token"], form["scope"]) == (TOKEN, TRANSFER_ALL)


def test_tokens_of_several_services_come_by_one_request(service: Service) -> None:
    """By resource server."""
    service.issue()

    tokens = service.checker().check(HEADER).tokens_for("transfer", GROUPS_VIEW)

    assert set(tokens) == {TRANSFER, GROUPS}
    assert service.granted == 1


def test_tokens_are_kept_for_the_next_requests(service: Service) -> None:
    """Until a minute before they expire."""
    service.issue()
    checker = service.checker()

    first = checker.check(HEADER).tokens_for("transfer")
    again = checker.requiring(session_max_age=600).check(HEADER).tokens_for("transfer")
    assert first == again
    assert service.granted == 1


def test_tokens_that_are_about_to_expire_are_replaced(service: Service) -> None:
    """A new one is used once, however short its life."""
    service.lifetime = 59
    service.issue()
    checker = service.checker()

    first = checker.check(HEADER).tokens_for("transfer")
    again = checker.check(HEADER).tokens_for("transfer")

    assert first != again
    assert service.granted == 2


def test_each_token_of_a_person_has_its_own(service: Service) -> None:
    """Another login may have other consents, and another session."""
    checker = service.checker()
    headers = [service.issue(name) for name in ("one", "two")]

    tokens = [checker.check(header).tokens_for("transfer") for header in headers]

    assert tokens[0] != tokens[1]
    assert service.granted == 2


def test_further_scopes_are_added_to_those_before(service: Service) -> None:
    """So that two parts of a program do not take turns in replacing the other's token."""
    other = f"urn:globus:auth:scope:{TRANSFER}:other"
    service.consents.add(other)
    service.issue()
    caller = service.checker().check(HEADER)

    caller.tokens_for(TRANSFER_ALL)
    caller.tokens_for(other)
    tokens = caller.tokens_for(TRANSFER_ALL)

    assert set(tokens[TRANSFER].scope.split()) == {TRANSFER_ALL, other}
    assert service.granted == 2


def test_a_consent_that_is_not_needed_any_more_does_no_harm(service: Service) -> None:
    """Tokens for the rest are still to be had."""
    service.issue()
    caller = service.checker().check(HEADER)
    caller.tokens_for(GROUPS_VIEW)
    service.consents.remove(GROUPS_VIEW)

    assert set(caller.tokens_for(TRANSFER_ALL)) == {TRANSFER}


@pytest.mark.threads
def test_many_threads_ask_once(service: Service) -> None:
    """All get the one answer."""
    service.issue()
    checker = service.checker()
    checker.check(HEADER)
    found: list[str] = []

    def work() -> None:
        tokens = checker.check(HEADER).tokens_for("transfer")
        found.append(tokens[TRANSFER].access_token)

    threads = [threading.Thread(target=work) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 50
    assert len(set(found)) == 1
    assert service.granted == 1


def test_the_tokens_of_many_callers_are_of_limited_number(service: Service) -> None:
    """In the memory of this process."""
    checker = service.checker(max_entries=10)
    for number in range(30):
        checker.check(service.issue(f"token{number}")).tokens_for("transfer")

    assert len(checker._tokens._memory) == 10


# shared by all workers


@pytest.fixture(params=["memory", "sqlite", "sqlite by URL"])
def storage(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> t.Any:
    """A storage that two workers share."""
    if request.param == "memory":
        yield MemoryTokenStorage()
        return
    file = tmp_path / "dependent.db"
    if request.param == "sqlite by URL":
        yield f"sqlite://{file}"
        return
    with SQLiteTokenStorage(file) as made:
        yield made


def test_workers_ask_once_for_all(service: Service, storage: t.Any) -> None:
    """A worker takes what another has stored."""
    service.issue()
    one, other = (service.checker(token_storage=storage) for _ in range(2))

    first = one.check(HEADER).tokens_for("transfer")
    again = other.check(HEADER).tokens_for("transfer")

    assert again == first
    assert service.granted == 1


def test_a_token_that_was_refused_is_replaced_for_all(
    service: Service, storage: t.Any, transfer: FakeTransfer
) -> None:
    """Once: the other worker takes the new one."""
    service.issue()
    one, other = (service.checker(token_storage=storage) for _ in range(2))
    for checker in (one, other):
        checker.check(HEADER).tokens_for("transfer")
    transfer.refuse_first()

    for checker in (one, other):
        transfer.client(checker.check(HEADER)).task_list()

    first, new = transfer.tokens[0], transfer.tokens[1]
    assert transfer.tokens == [first, new, first, new]
    assert service.granted == 2


def test_a_storage_has_the_tokens_apart_from_those_of_others(
    service: Service, tmp_path: pathlib.Path
) -> None:
    """In a namespace for each token of a caller, whose name does not tell the token."""
    service.issue()
    with SQLiteTokenStorage(tmp_path / "tokens.db") as storage:
        checker = service.checker(token_storage=storage)
        checker.check(HEADER).tokens_for("transfer")

        (namespace,) = storage.namespaces()
        assert namespace.startswith("dependent-")
        assert storage.get_token_data_by_resource_server() == {}
        stored = storage.in_namespace(namespace)
        assert stored.get_token_data_by_resource_server()[TRANSFER].scope == TRANSFER_ALL
        stored.close()
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert DEPENDENT.encode() in everything
    assert TOKEN[:20].encode() not in everything


def test_spent_tokens_leave_by_a_sweep(service: Service, tmp_path: pathlib.Path) -> None:
    """Those that can be used stay."""
    service.issue()
    with SQLiteTokenStorage(tmp_path / "tokens.db") as storage:
        checker = service.checker(token_storage=storage)
        checker.check(HEADER).tokens_for("transfer")
        assert checker.sweep() == 0
        (namespace,) = storage.namespaces()
        with storage.in_namespace(namespace) as stored:
            (data,) = stored.get_token_data_by_resource_server().values()
            data.expires_at_seconds = int(time.time()) - 5
            stored.store_token_data_by_resource_server({TRANSFER: data})

        assert checker.sweep() == 1
        assert list(storage.namespaces()) == []
    assert service.checker().sweep() == 0


def test_a_token_is_renewed_once_for_all(service: Service, storage: t.Any) -> None:
    """The second worker takes what the first has renewed."""
    service.lifetime = 59
    service.issue()
    one, other = (service.checker(token_storage=storage) for _ in range(2))
    for checker in (one, other):
        checker.check(HEADER).tokens_for("transfer")
    before, service.lifetime = service.granted, 3600

    new = one.check(HEADER).tokens_for("transfer")
    assert other.check(HEADER).tokens_for("transfer") == new
    assert service.granted == before + 1


class Broken(MemoryTokenStorage):
    """
    A storage whose server is away.
    """

    used = 0

    def get_token_data_by_resource_server(self) -> t.NoReturn:
        Broken.used += 1
        raise StorageError("the server cannot be reached")


def test_a_storage_that_fails_is_done_without(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """It is left alone for a few seconds, and a warning says so."""
    Broken.used = 0
    checker = service.checker(token_storage=Broken())

    for name in ("one", "two"):
        assert checker.check(service.issue(name)).tokens_for("transfer")

    assert Broken.used == 1
    assert caplog.messages == [
        "the storage of dependent tokens cannot be used: the server cannot be reached"
    ]


@pytest.mark.parametrize("storage", [7, "sqlite", "nosuch:///x", object()])
def test_what_is_no_storage_is_refused_at_once(service: Service, storage: t.Any) -> None:
    """A name alone means the storage of an app."""
    with pytest.raises(GlobusSDKUsageError):
        service.checker(token_storage=storage)


# what is refused


def test_a_missing_consent_is_one_to_ask_for(service: Service) -> None:
    """With the scope of this service, and the other's in brackets."""
    service.consents.clear()
    service.issue()
    caller = service.checker().check(HEADER)

    error = refusal(ForbiddenError, lambda: caller.tokens_for("transfer", "groups"))

    assert (error.status, error.code) == (403, "ConsentRequired")
    (scope,) = wanted(error)["required_scopes"]
    assert scope == f"{SCOPE}[{GROUPS_VIEW} {TRANSFER_ALL}]"
    challenge = error.headers["WWW-Authenticate"]
    assert 'error="insufficient_scope"' in challenge
    assert f'scope="{SCOPE}"' in challenge


def test_a_scope_that_was_not_granted_is_a_missing_consent(service: Service) -> None:
    """Even if Globus Auth says nothing."""
    service.issue()
    caller = service.checker().check(HEADER)
    service.auth.answer(fakes.TOKEN_PATH, [service._dependent(GROUPS, [GROUPS_VIEW])])

    error = refusal(ForbiddenError, lambda: caller.tokens_for("transfer"))

    assert wanted(error)["required_scopes"] == [f"{SCOPE}[{TRANSFER_ALL}]"]


def test_a_token_that_was_revoked_since_is_refused_from_then_on(service: Service) -> None:
    """The grant has found out before the next introspection does."""
    service.issue()
    checker = service.checker()
    caller = checker.check(HEADER)
    service.tokens.clear()

    error = refusal(UnauthenticatedError, lambda: caller.tokens_for("transfer"))

    assert (error.status, str(error)) == (401, "the token is expired, revoked or unknown")
    refusal(UnauthenticatedError, lambda: checker.remembered(HEADER))


def test_an_outage_of_auth_is_answered_as_one(service: Service) -> None:
    """But tokens that are known do."""
    service.issue()
    checker = service.checker()
    caller = checker.check(HEADER)
    caller.tokens_for("transfer")
    service.go_down()

    assert caller.tokens_for("transfer")
    error = refusal(CheckFailedError, lambda: caller.tokens_for("groups"))
    assert (error.status, error.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("code", ["invalid_client", "unknown_scope", "unauthorized_client"])
def test_a_service_that_may_not_ask_answers_500(service: Service, code: str) -> None:
    """No login of the caller would help."""
    service.issue()
    caller = service.checker().check(HEADER)
    service.auth.answer(fakes.TOKEN_PATH, {"error": code}, 401)

    error = refusal(CheckFailedError, lambda: caller.tokens_for("transfer"))

    assert (error.status, error.code) == (500, "InternalServerError")
    assert "its operator can see why" in str(error)
    assert error.__cause__ is not None


@pytest.mark.parametrize("asked", [(), ("nosuch",), (7,), (SpecificFlowClient,), ("a[",)], ids=str)
def test_what_names_no_scope_is_refused(service: Service, asked: t.Any) -> None:
    """Before Globus Auth is asked."""
    service.issue()
    caller = service.checker().check(HEADER)

    with pytest.raises((GlobusSDKUsageError, ValueError)):
        caller.tokens_for(*asked)
    assert service.granted == 0


# clients


def test_a_client_acts_for_the_caller(service: Service, transfer: FakeTransfer) -> None:
    """With the dependent token."""
    service.issue()
    client = transfer.client(service.checker().check(HEADER))

    client.task_list()

    assert transfer.tokens == [f"Bearer {DEPENDENT}-1-{TRANSFER}"]


def test_a_client_is_made_without_asking(service: Service) -> None:
    """For a flow, too, whose scope depends on its id; all share one transport."""
    service.issue()
    caller = service.checker().check(HEADER)

    flow = caller.client(SpecificFlowClient, "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f01")
    groups = caller.client(GroupsClient)

    assert service.granted == 0
    assert flow.transport is groups.transport


def test_a_client_asks_for_all_its_consents_at_once(service: Service) -> None:
    """Also for those that a collection needs below that for Transfer."""
    service.consents.clear()
    service.issue()
    client = service.checker().check(HEADER).client(TransferClient)
    client.add_app_data_access_scope("5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f01")

    error = refusal(ForbiddenError, client.task_list)

    (scope,) = wanted(error)["required_scopes"]
    assert scope == f"{SCOPE}[{TRANSFER_ALL}[*{DATA_ACCESS}]]"


def test_what_another_service_requires_is_passed_on(
    service: Service, transfer: FakeTransfer
) -> None:
    """A consent below that for Transfer, which this service's scope has in brackets."""
    service.issue()
    client = transfer.client(service.checker().check(HEADER))
    needed = f"{TRANSFER_ALL}[*https://auth.globus.org/scopes/x/data_access]"
    document = {"code": "ConsentRequired", "required_scopes": [needed], "message": "needed"}
    transfer.answer("/v0.10/task_list", document, 403)

    error = refusal(ForbiddenError, client.task_list)

    assert wanted(error)["required_scopes"] == [f"{SCOPE}[{needed}]"]


def test_a_session_that_another_service_requires_is_passed_on(
    service: Service, transfer: FakeTransfer
) -> None:
    """As it is."""
    service.issue()
    client = transfer.client(service.checker().check(HEADER))
    session = {"session_required_single_domain": ["example.edu"]}
    document = {"code": "AuthorizationRequired", "authorization_parameters": session}
    transfer.answer("/v0.10/task_list", document, 403)

    error = refusal(ForbiddenError, client.task_list)

    assert wanted(error) == session
    assert 'error="insufficient_user_authentication"' in error.headers["WWW-Authenticate"]


def test_other_errors_of_another_service_are_its_own(
    service: Service, transfer: FakeTransfer
) -> None:
    """The program decides what they mean."""
    service.issue()
    client = transfer.client(service.checker().check(HEADER))
    transfer.answer("/v0.10/task_list", {"code": "PermissionDenied", "message": "no"}, 403)

    with pytest.raises(TransferAPIError, match="no"):
        client.task_list()


@pytest.mark.parametrize("kind", [7, "transfer", None])
def test_what_is_no_client_is_refused(service: Service, kind: t.Any) -> None:
    """Before it is called."""
    service.issue()
    caller = service.checker().check(HEADER)

    with pytest.raises(GlobusSDKUsageError):
        caller.client(kind)


# secrets


def test_nothing_shows_a_token(
    service: Service, transfer: FakeTransfer, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the caller's nor those that depend on it."""
    caplog.set_level(logging.DEBUG)
    service.issue()
    checker = service.checker()
    caller = checker.check(HEADER)
    client = transfer.client(caller)
    client.task_list()
    app: t.Any = client._app
    authorizer = app.get_authorizer(TRANSFER)
    acting = caller._act()

    shown = [caller, acting, acting._caller, checker._tokens, app, authorizer, client, checker]
    text = f"{shown} {caller.facts} {vars(checker)} {caplog.text} {caller.tokens_for('transfer')}"
    assert TOKEN not in text
    assert DEPENDENT not in text


def test_what_is_remembered_about_a_caller_has_no_token(service: Service) -> None:
    """It is only in the object that belongs to one request."""
    service.issue()
    checker = service.checker()
    checker.check(HEADER)

    (known,) = checker._introspection._memory._entries.values()
    assert known.answer._held is None


def test_a_caller_that_travels_has_no_token(service: Service) -> None:
    """A pickle cannot act, and the authorizer of a client is none."""
    service.issue()
    caller = service.checker().check(HEADER)

    data = pickle.dumps(caller)
    assert TOKEN.encode() not in data
    again = pickle.loads(data)
    assert (again.username, again.checked_at) == (caller.username, caller.checked_at)
    with pytest.raises(GlobusSDKUsageError, match="TokenChecker"):
        again.tokens_for("transfer")
    assert copy.copy(caller) is copy.deepcopy(caller) is caller
    app: t.Any = caller.client(TransferClient)._app
    with pytest.raises(NotPicklableError):
        pickle.dumps(app.get_authorizer(TRANSFER))
