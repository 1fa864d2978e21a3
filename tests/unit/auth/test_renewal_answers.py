"""
Answers to renewals that are for something or somebody else, and tokens that cannot be sent.
"""

from __future__ import annotations

import json
import time
import typing as t

import pytest

from globus_core import (
    ClientCredentialsAuthorizer,
    GlobusSDKUsageError,
    NativeAppAuthClient,
    RefreshTokenAuthorizer,
    hookimpl,
)
from globus_core.authorizers import AccessTokenAuthorizer, RenewingAuthorizer
from globus_core.events import ScopesEvent, TokenEvent
from globus_core.exc import GlobusError, IDTokenError, RenewalError, ValidationError
from globus_core.token_storage import (
    JSONTokenStorage,
    MemoryTokenStorage,
    SQLiteTokenStorage,
    TokenStorageData,
    ValidatingTokenStorage,
)
from globus_core.token_storage.validating_token_storage import (
    IdentityMismatchError,
    MissingTokenError,
)
from tests.unit.auth import fakes

if t.TYPE_CHECKING:
    import pathlib

    from globus_core import ConfidentialAppAuthClient
    from globus_core.token_storage import TokenStorage

TRANSFER = "transfer.example.org"
OLD = "the-old-access-token"
NEW = "the-new-access-token"


@pytest.fixture(params=["memory", "json", "sqlite", "validating"])
def storage(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> t.Iterator[TokenStorage]:
    """
    A storage of each kind, with a record whose access token has expired.
    """
    made: TokenStorage
    if request.param == "json":
        made = JSONTokenStorage(tmp_path / "tokens.json")
    elif request.param == "sqlite":
        made = SQLiteTokenStorage(tmp_path / "tokens.db")
    else:
        made = MemoryTokenStorage()
    made.store_token_data_by_resource_server({TRANSFER: record()})
    with made:
        yield made if request.param != "validating" else ValidatingTokenStorage(made)


class Seen:
    """
    An observer that keeps the events about tokens.
    """

    def __init__(self) -> None:
        self.events: list[TokenEvent] = []

    @hookimpl
    def globus_token_event(self, event: TokenEvent) -> None:
        """Keep it."""
        self.events.append(event)

    @property
    def scopes(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """What was missing and extra, by event."""
        events = [event for event in self.events if isinstance(event, ScopesEvent)]
        assert {event.kind for event in events} <= {"scopes_differ"}
        return [(event.missing_scopes, event.extra_scopes) for event in events]


@pytest.fixture
def seen(globus_plugins: t.Any) -> Seen:
    """
    What observers are told.
    """
    seen = Seen()
    globus_plugins.register(seen, "seen")
    return seen


def record(**changes: t.Any) -> TokenStorageData:
    """
    The record before the renewal, with changes.
    """
    fields: dict[str, t.Any] = {
        "resource_server": TRANSFER,
        "identity_id": fakes.IDENTITY,
        "scope": "all read",
        "access_token": OLD,
        "refresh_token": "the-refresh-token",
        "expires_at_seconds": int(time.time()) - 10,
        "token_type": "Bearer",
    }
    return TokenStorageData(**{**fields, **changes})


def answer(**changes: t.Any) -> fakes.Document:
    """
    A good answer to the renewal, with changes.
    """
    good = {"access_token": NEW, "resource_server": TRANSFER, "scope": "all read"}
    return fakes.token(**{**good, **changes})


def renewing(
    client: NativeAppAuthClient, storage: TokenStorage | None, **token: t.Any
) -> RefreshTokenAuthorizer:
    """
    An authorizer whose token has expired.
    """
    past = {"access_token": OLD, "expires_at": int(time.time()) - 10, **token}
    return RefreshTokenAuthorizer(
        "the-refresh-token", client, token_storage=storage, resource_server=TRANSFER, **past
    )


def refused(
    client: NativeAppAuthClient, storage: TokenStorage, kind: type[GlobusError]
) -> GlobusError:
    """
    Renew, which must be refused, twice, and leave everything as it was.
    """
    before = storage.get_token_data_by_resource_server()
    authorizer = renewing(client, storage)
    for _ in range(2):
        with pytest.raises(kind) as caught:
            authorizer.get_authorization_header()
    assert storage.get_token_data_by_resource_server() == before
    assert authorizer.access_token == OLD
    assert authorizer.refresh_token == "the-refresh-token"
    assert NEW not in f"{caught.value} {caught.value.explain()}"
    return caught.value


# something else


@pytest.mark.parametrize("other", ["groups.example.org", "", "Transfer.example.org", "x" * 10_000])
def test_a_token_of_another_resource_server_is_refused(
    native: NativeAppAuthClient, server: fakes.FakeAuth, storage: TokenStorage, other: str
) -> None:
    """Else it would be sent to the wrong service, and replace that service's own."""
    server.answer(fakes.TOKEN_PATH, answer(resource_server=other, refresh_token="rotated"))
    error = refused(native, storage, RenewalError)
    assert repr(TRANSFER) in str(error)
    assert len(str(error)) < 500
    server.answer(fakes.TOKEN_PATH, answer())
    assert renewing(native, storage).get_authorization_header() == f"Bearer {NEW}"


def test_several_tokens_are_refused(
    native: NativeAppAuthClient, server: fakes.FakeAuth, storage: TokenStorage
) -> None:
    """A refresh token is for one resource server."""
    other = answer(resource_server="groups.example.org")
    server.answer(fakes.TOKEN_PATH, answer(other_tokens=[other]))
    refused(native, storage, RenewalError)


def test_a_client_is_not_given_a_token_for_something_else(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth, storage: TokenStorage
) -> None:
    """The client credentials grant too."""
    server.answer(fakes.TOKEN_PATH, answer(resource_server="groups.example.org"))
    with pytest.raises(RenewalError, match="is a token for 'groups"):
        ClientCredentialsAuthorizer(
            confidential, "all", token_storage=storage, resource_server=TRANSFER
        )
    assert storage.get_token_data_by_resource_server() == {TRANSFER: record_of(storage)}


def record_of(storage: TokenStorage) -> TokenStorageData:
    """
    The record that is stored.
    """
    data = storage.get_token_data(TRANSFER)
    assert data is not None
    assert data.access_token == OLD
    return data


def test_without_a_storage_the_resource_server_counts_where_it_is_told(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """An authorizer that does not know whose token it has cannot compare."""
    server.answer(fakes.TOKEN_PATH, answer(resource_server="groups.example.org"))
    with pytest.raises(RenewalError):
        renewing(native, None).get_authorization_header()
    assert RefreshTokenAuthorizer("x", native).get_authorization_header() == f"Bearer {NEW}"


@pytest.mark.parametrize(
    ("granted", "missing", "extra"),
    [
        ("all", ("read",), ()),
        ("all read write", (), ("write",)),
        ("write", ("all", "read"), ("write",)),
    ],
)
def test_other_scopes_are_stored_as_granted_and_reported(
    native: NativeAppAuthClient,
    server: fakes.FakeAuth,
    storage: TokenStorage,
    seen: Seen,
    granted: str,
    missing: tuple[str, ...],
    extra: tuple[str, ...],
) -> None:
    """A service judges by what a token may do, whatever was asked for."""
    server.answer(fakes.TOKEN_PATH, answer(scope=granted))
    assert renewing(native, storage).get_authorization_header() == f"Bearer {NEW}"
    data = storage.get_token_data(TRANSFER)
    assert data is not None
    assert data.scope == granted
    assert seen.scopes == [(missing, extra)]
    assert seen.events[-1].resource_server == TRANSFER


def test_the_same_scopes_in_another_order_are_not_reported(
    native: NativeAppAuthClient, server: fakes.FakeAuth, storage: TokenStorage, seen: Seen
) -> None:
    """Nor is a scope that is named twice."""
    server.answer(fakes.TOKEN_PATH, answer(scope="read all  all"))
    renewing(native, storage).get_authorization_header()
    assert [event.kind for event in seen.events] == ["refreshed"]


def test_what_a_login_or_a_client_is_granted_is_reported_too(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth, seen: Seen
) -> None:
    """Once for each answer; an optional scope may be declined without a word."""
    server.answer(fakes.TOKEN_PATH, answer(scope="all"))
    confidential.oauth2_client_credentials_tokens("all *read")
    assert seen.scopes == []
    confidential.oauth2_client_credentials_tokens("all[deep] read")
    confidential.oauth2_client_credentials_tokens("read")
    flow = confidential.oauth2_start_flow("http://127.0.0.1:7777", "all write", state=None)
    flow.exchange_code_for_tokens("a-code")
    confidential.oauth2_token({"grant_type": "x", "scope": "no [ scope"})
    confidential.oauth2_refresh_token("x")
    assert seen.scopes == [(("read",), ()), (("read",), ("all",)), (("write",), ())]


# somebody else


@pytest.mark.parametrize("subject", ["somebody-else", "", fakes.IDENTITY.upper(), "x" * 10_000])
def test_an_answer_of_another_person_is_refused(
    native: NativeAppAuthClient, server: fakes.FakeAuth, storage: TokenStorage, subject: str
) -> None:
    """OpenID Connect Core section 12.2; whether the ID token is signed well does not matter."""
    for signer in (1, 2):
        token = fakes.id_token(fakes.rsa_key(signer), sub=subject)
        server.answer(fakes.TOKEN_PATH, answer(id_token=token, refresh_token="rotated"))
        error = refused(native, storage, IdentityMismatchError)
        assert isinstance(error, IdentityMismatchError)
        assert (error.stored_id, error.new_id) == (fakes.IDENTITY, subject)
        assert len(str(error)) < 500


@pytest.mark.parametrize("id_token", ["", "x", "a.b.c", 7, ["x"], {}])
def test_an_id_token_that_cannot_be_read_is_refused(
    native: NativeAppAuthClient, server: fakes.FakeAuth, storage: TokenStorage, id_token: t.Any
) -> None:
    """It could be anybody's."""
    server.answer(fakes.TOKEN_PATH, answer(id_token=id_token))
    refused(native, storage, IDTokenError)


@pytest.mark.parametrize("named", [True, False])
def test_an_answer_of_the_same_person_is_stored_without_asking_for_keys(
    native: NativeAppAuthClient, server: fakes.FakeAuth, storage: TokenStorage, named: bool
) -> None:
    """A refresh token that was used up must not be lost because the keys cannot be had."""
    server.go_down()
    id_token = fakes.id_token(nonce="an old one", exp=5) if named else None
    server.answer(fakes.TOKEN_PATH, answer(id_token=id_token, refresh_token="rotated"))
    assert renewing(native, storage).get_authorization_header() == f"Bearer {NEW}"
    data = storage.get_token_data(TRANSFER)
    assert data is not None
    assert (data.identity_id, data.refresh_token) == (fakes.IDENTITY, "rotated")


def test_a_token_of_nobody_known_stays_so(
    native: NativeAppAuthClient, server: fakes.FakeAuth, tmp_path: pathlib.Path
) -> None:
    """There is nothing to compare with."""
    with MemoryTokenStorage() as storage:
        storage.store_token_data_by_resource_server({TRANSFER: record(identity_id=None)})
        server.answer(fakes.TOKEN_PATH, answer(id_token=fakes.id_token()))
        renewing(native, storage).get_authorization_header()
        data = storage.get_token_data(TRANSFER)
        assert data is not None
        assert (data.access_token, data.identity_id) == (NEW, None)


def test_a_refresh_by_hand_is_compared_when_it_is_stored(
    native: NativeAppAuthClient, server: fakes.FakeAuth, storage: TokenStorage
) -> None:
    """By each storage, with the person whom it has on record."""
    server.answer(fakes.TOKEN_PATH, answer(id_token=fakes.id_token(sub="somebody-else")))
    response = native.oauth2_refresh_token("the-refresh-token")
    with pytest.raises(IdentityMismatchError):
        storage.store_token_response(response)
    record_of(storage)


def test_an_app_s_storage_knows_the_person_without_a_record(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """Its tokens are all of one person."""
    with MemoryTokenStorage() as kept:
        kept.store_token_data_by_resource_server({TRANSFER: record()})
        storage = ValidatingTokenStorage(kept)
        other = answer(resource_server="groups.example.org", id_token=fakes.id_token(sub="x"))
        server.answer(fakes.TOKEN_PATH, other)
        with pytest.raises(IdentityMismatchError):
            storage.store_token_response(native.oauth2_refresh_token("another-refresh-token"))
        assert list(kept.get_token_data_by_resource_server()) == [TRANSFER]


# what can be sent

BAD_TYPES = ["mac", "DPoP", "Bearer ", "", "N_A", "bearer\n", 7, True, ["Bearer"], {}]
BAD_TOKENS = ["", " ", "a\nb", "a\r\nX-Evil: 1", "a\0", "\x7f", "caf\u00e9", "a ", " a", "\ud800"]


@pytest.mark.parametrize("token_type", BAD_TYPES, ids=repr)
def test_a_token_of_another_type_is_refused(
    native: NativeAppAuthClient, server: fakes.FakeAuth, token_type: t.Any
) -> None:
    """RFC 6749 section 7.1: one whose type is not understood must not be used."""
    for body in (
        answer(token_type=token_type),
        fakes.token(other_tokens=[answer(token_type=token_type)]),
    ):
        server.answer(fakes.TOKEN_PATH, body)
        with pytest.raises(ValidationError, match="is not a bearer token") as caught:
            native.oauth2_token({"grant_type": "x"})
        assert NEW not in str(caught.value)


@pytest.mark.parametrize("access_token", BAD_TOKENS, ids=repr)
@pytest.mark.parametrize("field", ["access_token", "refresh_token"])
def test_a_token_that_cannot_be_sent_is_refused(
    native: NativeAppAuthClient, server: fakes.FakeAuth, access_token: str, field: str
) -> None:
    """RFC 6749 appendix A.12 and A.17; the message does not show it."""
    server.answer(fakes.TOKEN_PATH, answer(**{field: access_token}))
    with pytest.raises(ValidationError, match="a token response is refused") as caught:
        native.oauth2_token({"grant_type": "x"})
    assert len(access_token.strip()) < 2 or access_token not in str(caught.value)


@pytest.mark.parametrize("refresh_token", [7, ["x"], {}, True])
def test_a_refresh_token_that_is_no_text_is_refused(
    native: NativeAppAuthClient, server: fakes.FakeAuth, refresh_token: t.Any
) -> None:
    """It would be lost when it is stored."""
    server.answer(fakes.TOKEN_PATH, answer(refresh_token=refresh_token))
    with pytest.raises(ValidationError, match="a token response is refused"):
        native.oauth2_token({"grant_type": "x"})


@pytest.mark.parametrize("token_type", ["Bearer", "bearer", "BEARER", "bEARER", None])
def test_a_bearer_token_in_any_case_of_letters_is_used(
    native: NativeAppAuthClient, server: fakes.FakeAuth, storage: TokenStorage, token_type: t.Any
) -> None:
    """One whose type is not told may pass."""
    server.answer(fakes.TOKEN_PATH, answer(token_type=token_type, access_token="a b~!=/+"))
    assert renewing(native, storage).get_authorization_header() == "Bearer a b~!=/+"
    data = storage.get_token_data(TRANSFER)
    assert data is not None
    assert data.token_type == token_type


@pytest.mark.parametrize(
    "bad", [{"token_type": "mac"}, {"access_token": ""}, {"access_token": "a\nb"}], ids=str
)
def test_a_renewal_leaves_the_old_record_if_the_new_token_cannot_be_sent(
    native: NativeAppAuthClient, server: fakes.FakeAuth, storage: TokenStorage, bad: t.Any
) -> None:
    """As with any answer that cannot be used."""
    server.answer(fakes.TOKEN_PATH, answer(**bad))
    refused(native, storage, ValidationError)


@pytest.mark.parametrize(
    "bad", [{"token_type": "DPoP"}, {"access_token": ""}, {"access_token": "a\nb"}], ids=str
)
def test_a_stored_token_that_cannot_be_sent_counts_as_missing(
    native: NativeAppAuthClient,
    server: fakes.FakeAuth,
    storage: TokenStorage,
    bad: t.Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whoever stored it; the next renewal or login replaces it."""
    kept = getattr(storage, "token_storage", storage)
    later = int(time.time()) + 3600
    kept.store_token_data_by_resource_server({TRANSFER: record(expires_at_seconds=later, **bad)})
    if kept is not storage:
        with pytest.raises(MissingTokenError):
            storage.get_token_data(TRANSFER)
        assert storage.get_token_data_by_resource_server() == {}
        with pytest.raises(ValidationError, match="not stored"):
            storage.store_token_data_by_resource_server({TRANSFER: record(**bad)})
    server.answer(fakes.TOKEN_PATH, answer())
    assert renewing(native, storage).get_authorization_header() == f"Bearer {NEW}"
    assert server.count(fakes.TOKEN_PATH) == 1
    assert f"the stored token for {TRANSFER!r} is not used" in caplog.text
    assert OLD not in caplog.text


class Response(dict[str, t.Any]):
    """
    A token response of somebody's own class.
    """

    def __init__(self, token: fakes.Document) -> None:
        super().__init__()
        self.by_resource_server = {token["resource_server"]: token}


class Own(RenewingAuthorizer):
    """
    An authorizer of somebody's own.
    """

    def __init__(self, token: fakes.Document, **options: t.Any) -> None:
        self.token = token
        super().__init__(**options)

    def _get_token_response(self) -> Response:
        return Response(self.token)


@pytest.mark.parametrize("bad", [{"token_type": "mac"}, {"access_token": ""}], ids=str)
def test_responses_and_authorizers_of_others_are_held_to_it_too(
    storage: TokenStorage, bad: t.Any
) -> None:
    """The rule is that of the storage, and of whoever sends the token."""
    token = record(**bad).to_dict()
    with pytest.raises(ValidationError, match="not stored"):
        storage.store_token_response(Response(token))
    for options in ({}, {"token_storage": storage, "resource_server": TRANSFER}):
        with pytest.raises(RenewalError, match="is not used"):
            Own(token, **options)
    record_of(storage)


@pytest.mark.parametrize("access_token", [*BAD_TOKENS, None, 7, b"x"], ids=repr)
def test_an_authorizer_does_not_take_what_cannot_be_sent(
    native: NativeAppAuthClient, access_token: t.Any
) -> None:
    """A variable that was not set, for example, is noticed before a request."""
    with pytest.raises(GlobusSDKUsageError, match="access token"):
        AccessTokenAuthorizer(access_token)
    if access_token is not None:
        with pytest.raises(GlobusSDKUsageError, match="access token"):
            RefreshTokenAuthorizer("x", native, access_token=access_token, expires_at=1)


# times


@pytest.mark.parametrize(
    "lifetime",
    ['"3600"', '"soon"', "true", "[3600]", "{}", "-1", "-0.5", "1e400", "-1e400", "NaN", "1" * 400],
)
def test_a_lifetime_is_a_number_of_seconds(
    native: NativeAppAuthClient, server: fakes.FakeAuth, lifetime: str
) -> None:
    """Anything else is one typed error."""
    text = json.dumps(answer()).replace("3600", lifetime)
    server.answer(fakes.TOKEN_PATH, text)
    with pytest.raises(ValidationError, match="token response"):
        native.oauth2_token({"grant_type": "x"})


@pytest.mark.parametrize("lifetime", ["0", "0.5", "3600.5", "1e300", str(2**63 - 1), str(2**64)])
def test_any_other_lifetime_fits_into_every_storage(
    native: NativeAppAuthClient, server: fakes.FakeAuth, storage: TokenStorage, lifetime: str
) -> None:
    """Also that of servers which give a number that means for ever."""
    server.answer(fakes.TOKEN_PATH, json.dumps(answer()).replace("3600", lifetime))
    if lifetime == "1e300":
        with pytest.raises(ValidationError):
            native.oauth2_refresh_token("x")
        return
    response = native.oauth2_refresh_token("x")
    storage.store_token_response(response)
    data = storage.get_token_data(TRANSFER)
    assert data is not None
    assert int(time.time()) - 5 <= data.expires_at_seconds < 2**62


def test_a_token_without_a_lifetime_serves_the_request_at_hand(
    native: NativeAppAuthClient, server: fakes.FakeAuth, storage: TokenStorage
) -> None:
    """And is renewed before the next one."""
    server.answer(fakes.TOKEN_PATH, answer(expires_in=None))
    authorizer = renewing(native, storage)
    assert authorizer.get_authorization_header() == f"Bearer {NEW}"
    assert authorizer.get_authorization_header() == f"Bearer {NEW}"
    assert server.count(fakes.TOKEN_PATH) == 2


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone cannot be set here")
@pytest.mark.parametrize("zone", ["GMT", "-0000", "+0000"])
def test_the_date_of_a_response_is_read_as_utc(
    native: NativeAppAuthClient, server: fakes.FakeAuth, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever this machine is."""
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        ahead = time.strftime("%a, %d %b %Y %H:%M:%S", time.gmtime(time.time() + 600))
        server.answer(fakes.TOKEN_PATH, answer(), Date=f"{ahead} {zone}")
        (token,) = native.oauth2_token({"grant_type": "x"}).by_resource_server.values()
    finally:
        monkeypatch.undo()
        time.tzset()
    assert abs(token["expires_at_seconds"] - time.time() - 4200) < 60
