"""
What the base class of storages does for all of them.
"""

from __future__ import annotations

import copy
import pathlib
import pickle
import types
import typing as t

import pytest

from globus_core.exc import GlobusSDKUsageError
from globus_core.token_storage import TokenStorage, TokenStorageData
from globus_core.token_storage.base import check_same_identity
from globus_core.token_storage.names import check_namespace
from globus_core.token_storage.validating_token_storage import IdentityMismatchError
from tests.unit.token_storage.samples import (
    ALICE,
    BOB,
    GROUPS,
    TRANSFER,
    Decoder,
    DictStorage,
    Response,
    data,
)


def test_a_response_is_stored_with_the_identity_of_its_id_token() -> None:
    """For every resource server in it."""
    storage = DictStorage()
    storage.store_token_response(Response(TRANSFER, GROUPS, claims={"sub": ALICE}))
    assert {server: record.identity_id for server, record in storage.records.items()} == {
        TRANSFER: ALICE,
        GROUPS: ALICE,
    }
    assert storage.records[TRANSFER].refresh_token == "opaque-refresh"


def test_the_storages_own_decoder_comes_first() -> None:
    """Where it has one."""
    storage = DictStorage()
    storage.id_token_decoder = Decoder()
    storage.store_token_response(Response(TRANSFER, claims={"sub": ALICE}))
    assert storage.records[TRANSFER].identity_id == BOB


def test_an_id_token_that_the_same_decoder_has_checked_is_not_checked_again() -> None:
    """Claims that another decoder has checked are not taken over, nor are those gone stale."""

    class Checked(Response):
        checked_by: object = None

        def verified_claims(self, decoder: object) -> dict[str, t.Any] | None:
            return self.claims if decoder is self.checked_by else None

    storage = DictStorage()
    storage.id_token_decoder = Decoder()
    response = Checked(TRANSFER, claims={"sub": ALICE})
    for checked_by, identity_id in ((storage.id_token_decoder, ALICE), (Decoder(), BOB)):
        response.checked_by = checked_by
        storage.store_token_response(response)
        assert storage.records[TRANSFER].identity_id == identity_id


def test_without_an_id_token_nobody_is_named() -> None:
    """The identity is None, and other resource servers are not touched."""
    storage = DictStorage(data(GROUPS))
    storage.store_token_response(Response(TRANSFER, refresh_token=None))
    assert storage.records[TRANSFER].identity_id is None
    assert storage.records[TRANSFER].refresh_token is None
    assert storage.records[GROUPS].identity_id == ALICE


def test_a_refreshed_token_keeps_the_identity_of_the_stored_one() -> None:
    """The response of a refresh names nobody."""
    storage = DictStorage(data(TRANSFER))
    storage.store_token_response(Response(TRANSFER, keeps_identity=True))
    assert storage.records[TRANSFER].identity_id == ALICE


def test_a_storage_closes_at_the_end_of_its_block() -> None:
    """However the block ends."""
    with pytest.raises(RuntimeError), DictStorage() as storage:
        raise RuntimeError
    assert storage.closed


def test_a_storage_says_where_tokens_are() -> None:
    """Without showing any."""
    assert repr(DictStorage(data()).describe()) == "<tokens in a dict: none>"


def test_a_subclass_that_lacks_a_method_is_named() -> None:
    """When it is called."""

    class Half(TokenStorage):
        pass

    half = Half()
    assert half.namespace == "DEFAULT"
    for call in (
        half.get_token_data_by_resource_server,
        lambda: half.store_token_data_by_resource_server({}),
        lambda: half.remove_token_data(TRANSFER),
        half.describe,
    ):
        with pytest.raises(NotImplementedError, match="Half"):
            call()


class FixedPlace(DictStorage):
    """A storage that makes its place of the namespace when it is made."""

    def __init__(self, folder: str, suffix: str = ".db", *, namespace: str = "DEFAULT") -> None:
        TokenStorage.__init__(self, namespace)
        self.place = pathlib.PurePosixPath(folder, namespace.replace("/", "-") + suffix)
        self.records = {}


SERVER = "DEFAULT@https://auth.example.org"


def test_a_place_made_of_the_namespace_follows_it() -> None:
    """Or the tokens of two servers would be in one place. The caller's decoder stays."""
    storage = FixedPlace("tokens", ".tokens")
    storage.id_token_decoder = decoder = Decoder()
    assert storage.for_server(SERVER) is storage
    place = "tokens/DEFAULT@https:--auth.example.org.tokens"
    assert (storage.namespace, str(storage.place)) == (SERVER, place)
    assert storage.id_token_decoder is decoder
    for other in (storage, copy.copy(storage), copy.deepcopy(storage)):
        assert str(other.in_namespace("mine").place) == "tokens/mine.tokens"
    assert str(storage.place) == place


def test_the_default_namespace_becomes_that_of_a_server_wherever_its_name_is_from() -> None:
    """As out of a file or a variable; one that was chosen stays."""
    storage = _WithoutSuper()
    storage.namespace = "".join("DEFAULT")
    assert storage.for_server(SERVER) is storage
    assert storage.namespace == SERVER
    assert DictStorage().for_server(SERVER).namespace == "EXAMPLE"


def test_a_namespace_has_slashes_only_where_the_storage_says_so() -> None:
    """It may become a part of a path."""

    class Keys(DictStorage):
        namespaces_have_slashes = True

    assert Keys().in_namespace("user/production").namespace == "user/production"
    with pytest.raises(GlobusSDKUsageError, match="namespace"):
        DictStorage().in_namespace("user/production")


@pytest.mark.parametrize("expected", ["", "0" * 64, "f" * 64, "~"])
def test_only_the_record_that_is_expected_is_replaced(expected: str) -> None:
    """However its revision sorts."""
    storage = DictStorage(data(TRANSFER))
    assert not storage.replace(TRANSFER, expected, None)
    assert not storage.replace(TRANSFER, expected, data(TRANSFER, access_token="another"))
    assert storage.records[TRANSFER].access_token == "opaque-access"
    assert storage.replace(TRANSFER, storage.records[TRANSFER].revision, None)
    assert storage.records == {}


def test_an_unpickled_storage_does_not_guess_what_it_was_made_with() -> None:
    """It keeps its namespace, and says so when it should change it."""
    storage = pickle.loads(pickle.dumps(FixedPlace("tokens", ".a-secret-of-the-constructor")))
    assert storage.in_namespace("DEFAULT") is storage
    with pytest.raises(GlobusSDKUsageError, match="unpickled"):
        storage.in_namespace("mine")


class _WithoutSuper(TokenStorage):
    """Its constructor does not call that of its base class, as globus-sdk does not need it."""

    def __init__(self) -> None:
        self.records: dict[str, TokenStorageData] = {}

    def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None:
        self.records.update(token_data_by_resource_server)

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        return dict(self.records)

    def remove_token_data(self, resource_server: str) -> bool:
        return self.records.pop(resource_server, None) is not None


def test_a_storage_that_does_not_call_its_base_class_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With an app, with a server of its own, for renewals, and out of a pickle."""
    from globus_core import GlobusAppConfig, UserApp

    storage = _WithoutSuper()
    assert storage.namespace == "DEFAULT"
    assert storage.id_token_decoder is None
    with (
        storage.renewal_lock("a"),
        UserApp("x", client_id="an-id", config=GlobusAppConfig(token_storage=storage)) as app,
    ):
        assert app.login_required()
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", "http://127.0.0.1:9/")
    with UserApp("x", client_id="an-id", config=GlobusAppConfig(token_storage=_WithoutSuper())):
        pass
    assert pickle.loads(pickle.dumps(storage)).namespace == storage.namespace


def test_a_file_storage_that_does_not_call_its_base_class_is_refused() -> None:
    """By an error that says what to do, when an app opens it."""
    from globus_core import GlobusAppConfig, JSONTokenStorage, UserApp
    from globus_core.exc import GlobusSDKUsageError

    class Forgetful(JSONTokenStorage):
        def __init__(self) -> None:
            self.colour = "blue"

    config = GlobusAppConfig(token_storage=Forgetful())
    with pytest.raises(GlobusSDKUsageError, match=r"Forgetful .* super\(\).__init__"):
        UserApp("x", client_id="an-id", config=config)


@pytest.mark.parametrize(("known", "claimed"), [(ALICE, BOB), (BOB, ALICE)])
def test_an_answer_for_another_person_is_refused(known: str, claimed: str) -> None:
    """Whoever of the two it is; one for the same person, or for nobody, is not."""
    answer = types.SimpleNamespace(claimed_identity=claimed)
    with pytest.raises(IdentityMismatchError, match=f"{known}.*{claimed}"):
        check_same_identity(answer, known)
    check_same_identity(answer, "".join(list(claimed)))
    check_same_identity(answer, None)
    check_same_identity(types.SimpleNamespace(claimed_identity=None), known)
    check_same_identity(types.SimpleNamespace(), known)


@pytest.mark.parametrize("namespace", [None, 3, b"DEFAULT@http://h", ["@"]])
def test_a_namespace_that_is_no_text_is_an_error_of_the_caller(namespace: t.Any) -> None:
    """And no other error from looking for a server in it."""
    with pytest.raises(GlobusSDKUsageError, match="namespace"):
        check_namespace(namespace)
