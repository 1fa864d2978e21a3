"""
The storage that checks, and the checks.
"""

from __future__ import annotations

import datetime
import pickle
import time
import typing as t

import pytest

from globus_core import ConsentParseError, ConsentTreeConstructionError, GlobusError, Scope
from globus_core.token_storage import (
    HasRefreshTokensValidator,
    MemoryTokenStorage,
    NotExpiredValidator,
    ScopeRequirementsValidator,
    TokenDataValidator,
    TokenValidationContext,
    UnchangingIdentityIDValidator,
    ValidatingTokenStorage,
)
from globus_core.token_storage.validating_token_storage import (
    ExpiredTokenError,
    IdentityMismatchError,
    IdentityValidationError,
    MissingIdentityError,
    MissingTokenError,
    TokenValidationError,
    UnmetScopeRequirementsError,
)
from tests.unit.token_storage.samples import (
    ALICE,
    BOB,
    GROUPS,
    TRANSFER,
    DictStorage,
    Response,
    data,
)


class Noting(TokenDataValidator):
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str], TokenValidationContext]] = []

    def before_store(
        self, token_data_by_resource_server: t.Any, context: TokenValidationContext
    ) -> None:
        self.asked.append(("store", sorted(token_data_by_resource_server), context))

    def after_retrieve(
        self, token_data_by_resource_server: t.Any, context: TokenValidationContext
    ) -> None:
        self.asked.append(("retrieve", sorted(token_data_by_resource_server), context))


class Consents:
    """The consents of an identity: whether they suffice, one answer after another."""

    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)
        self.fetched: list[str] = []

    def get_consents(self, identity_id: str) -> Consents:
        self.fetched.append(identity_id)
        return self

    def to_forest(self) -> Consents:
        return self

    def meets_scope_requirements(self, scopes: t.Sequence[Scope]) -> bool:
        return self.answers.pop(0)


def test_validators_see_what_goes_in_and_out() -> None:
    """With the identity known before and that of the data; removals are not checked."""
    noting = Noting()
    storage = ValidatingTokenStorage(DictStorage(), validators=[noting])
    storage.store_token_data_by_resource_server({TRANSFER: data()})
    storage.get_token_data(TRANSFER)
    storage.get_token_data_by_resource_server()
    storage.remove_token_data(TRANSFER)
    assert noting.asked == [
        ("store", [TRANSFER], TokenValidationContext(None, ALICE)),
        ("retrieve", [TRANSFER], TokenValidationContext(ALICE, ALICE)),
        ("retrieve", [TRANSFER], TokenValidationContext(ALICE, ALICE)),
    ]
    assert f"prior_identity_id={ALICE!r}" in repr(noting.asked[1][2])


def test_what_does_not_pass_is_not_stored() -> None:
    """The inner storage stays as it was, and so does the identity."""

    class Refusing(TokenDataValidator):
        def before_store(self, token_data_by_resource_server: t.Any, context: t.Any) -> None:
            raise TokenValidationError("no")

    inner = DictStorage()
    storage = ValidatingTokenStorage(inner, validators=[Refusing()])
    with pytest.raises(TokenValidationError):
        storage.store_token_data_by_resource_server({TRANSFER: data()})
    assert inner.records == {}
    assert storage.identity_id is None


def test_the_identity_is_that_of_the_stored_tokens() -> None:
    """Known at construction, and not forgotten with the last token."""
    inner = DictStorage(data(), data(GROUPS, identity_id=None))
    storage = ValidatingTokenStorage(inner)
    assert storage.identity_id == ALICE
    assert storage.namespace == "EXAMPLE"
    assert storage.remove_token_data(TRANSFER)
    assert storage.identity_id == ALICE


def test_the_identity_is_learned_on_first_sight() -> None:
    """When something is stored, or when another process has stored it."""
    storage = ValidatingTokenStorage(DictStorage())
    storage.store_token_response(Response(TRANSFER, claims={"sub": BOB}))
    assert storage.identity_id == BOB
    inner = DictStorage()
    other = ValidatingTokenStorage(inner)
    inner.records[TRANSFER] = data()
    other.get_token_data(TRANSFER)
    assert other.identity_id == ALICE


def test_the_identity_can_be_forgotten_after_a_logout() -> None:
    """Unlike in 4.9; not while there are tokens of it."""
    storage = ValidatingTokenStorage(DictStorage(data()))
    storage.forget_identity()
    assert storage.identity_id == ALICE
    storage.remove_token_data(TRANSFER)
    storage.forget_identity()
    assert storage.identity_id is None


def test_tokens_of_several_identities_are_an_error() -> None:
    """They are named."""
    inner = DictStorage(data(), data(GROUPS, identity_id=BOB))
    with pytest.raises(ValueError, match=f"{ALICE}, {BOB}"):
        ValidatingTokenStorage(inner)


def test_a_token_of_an_empty_identity_is_no_other_persons() -> None:
    """Else this one record would keep every app from opening the storage."""
    inner = DictStorage(data(), data(GROUPS, identity_id=""))
    assert ValidatingTokenStorage(inner).identity_id == ALICE


def test_a_missing_token_is_an_error() -> None:
    """Where a plain storage gives None."""
    with pytest.raises(MissingTokenError) as caught:
        ValidatingTokenStorage(DictStorage()).get_token_data(TRANSFER)
    assert caught.value.resource_server == TRANSFER
    assert isinstance(caught.value, LookupError)


@pytest.mark.parametrize("known", [True, False])
def test_a_refresh_keeps_the_identity(known: bool) -> None:
    """Also where it is not known yet; no ID token is decoded."""
    inner = DictStorage(data()) if known else DictStorage()
    storage = ValidatingTokenStorage(inner)
    storage.store_token_response(Response(GROUPS, keeps_identity=True))
    assert inner.records[GROUPS].identity_id == (ALICE if known else None)


def test_the_rest_is_passed_on() -> None:
    """Description, renewal lock and closing are those of the inner storage."""
    inner = DictStorage()
    storage = ValidatingTokenStorage(inner)
    assert storage.describe().location == "a dict"
    with storage.renewal_lock(TRANSFER), pytest.raises(GlobusError):
        inner.renewal_lock(TRANSFER, timeout=0.01).__enter__()
    with storage.renewal_lock(TRANSFER, timeout=1):
        pass
    storage.close()
    assert inner.closed


def after(validator: TokenDataValidator, **changes: t.Any) -> None:
    """Retrieve one token through a validator."""
    storage = ValidatingTokenStorage(DictStorage(data(**changes)), validators=[validator])
    storage.get_token_data(TRANSFER)


def test_expired_tokens_do_not_pass() -> None:
    """When they are retrieved; storing them is nobody's business."""
    now = int(time.time())
    after(NotExpiredValidator(), expires_at_seconds=now + 30)
    with pytest.raises(ExpiredTokenError, match=r"2001-09-09T01:46:40Z") as caught:
        after(NotExpiredValidator(), expires_at_seconds=1_000_000_000)
    assert caught.value.expires_at_seconds == 1_000_000_000
    assert caught.value.expiration == datetime.datetime.fromtimestamp(1_000_000_000)
    assert isinstance(caught.value, ValueError)
    storage = ValidatingTokenStorage(DictStorage(), validators=[NotExpiredValidator()])
    storage.store_token_data_by_resource_server({TRANSFER: data(expires_at_seconds=1)})


def test_refresh_tokens_must_be_there() -> None:
    """When tokens are retrieved."""
    after(HasRefreshTokensValidator())
    with pytest.raises(MissingTokenError, match="no refresh token") as caught:
        after(HasRefreshTokensValidator(), refresh_token=None)
    assert caught.value.resource_server == TRANSFER


def test_the_identity_must_not_change() -> None:
    """Without one, or with another one, nothing is stored."""
    check = [UnchangingIdentityIDValidator()]
    storage = ValidatingTokenStorage(DictStorage(data()), validators=check)
    storage.store_token_data_by_resource_server({GROUPS: data(GROUPS)})
    with pytest.raises(MissingIdentityError) as missing:
        storage.store_token_data_by_resource_server({GROUPS: data(GROUPS, identity_id=None)})
    with pytest.raises(IdentityMismatchError) as mismatch:
        storage.store_token_data_by_resource_server({GROUPS: data(GROUPS, identity_id=BOB)})
    assert (mismatch.value.stored_id, mismatch.value.new_id) == (ALICE, BOB)
    assert isinstance(missing.value, (LookupError, IdentityValidationError))
    assert isinstance(mismatch.value, ValueError)
    storage.get_token_data(GROUPS)


def test_tokens_that_are_now_of_somebody_else_are_not_returned() -> None:
    """Another program stored them; a removal is still possible."""
    inner = DictStorage(data())
    storage = ValidatingTokenStorage(inner, validators=[UnchangingIdentityIDValidator()])
    inner.store_token_data_by_resource_server({TRANSFER: data(identity_id=BOB)})
    for read in (
        storage.get_token_data_by_resource_server,
        lambda: storage.get_token_data(TRANSFER),
    ):
        with pytest.raises(IdentityMismatchError) as mismatch:
            read()
        assert (mismatch.value.stored_id, mismatch.value.new_id) == (ALICE, BOB)
    assert storage.remove_token_data(TRANSFER) is True


def test_a_replacement_is_checked_and_handed_on() -> None:
    """Nothing invalid replaces a record, and a record that has changed stays."""
    old, newer = data(), data(access_token="opaque-newer")
    inner = DictStorage(old)
    storage = ValidatingTokenStorage(inner, validators=[UnchangingIdentityIDValidator()])
    with pytest.raises(IdentityMismatchError):
        storage.replace(TRANSFER, old.revision, data(identity_id=BOB))
    assert storage.replace(TRANSFER, newer.revision, newer) is False
    assert inner.records == {TRANSFER: old}
    assert storage.replace(TRANSFER, old.revision, newer) is True
    assert inner.records == {TRANSFER: newer}
    assert storage.replace(TRANSFER, newer.revision, None) is True
    assert inner.records == {}


PLAIN = [Scope("all"), Scope("more", optional=True)]
DEEP = [Scope("all").with_dependency(Scope("deep"))]


def scopes(required: list[Scope], *consents: bool) -> tuple[ScopeRequirementsValidator, Consents]:
    """A check, and the consents that it looks at."""
    client = Consents(*consents)
    return ScopeRequirementsValidator({TRANSFER: required}, client), client


def test_the_required_scopes_must_be_in_the_token() -> None:
    """Optional or not, when it is stored and when it is retrieved."""
    check, client = scopes(PLAIN)
    after(check)
    for scope in ("all", "more", "", "allmore all-more"):
        with pytest.raises(UnmetScopeRequirementsError) as caught:
            after(check, scope=scope)
        storage = ValidatingTokenStorage(DictStorage(), validators=[check])
        with pytest.raises(UnmetScopeRequirementsError):
            storage.store_token_data_by_resource_server({TRANSFER: data(scope=scope)})
        assert caught.value.scope_requirements == {TRANSFER: PLAIN}
        assert isinstance(caught.value, ValueError)
    assert client.fetched == []


def test_a_resource_server_without_requirements_passes() -> None:
    """Whatever its token can do."""
    check, _ = scopes(DEEP)
    storage = ValidatingTokenStorage(
        DictStorage(data(GROUPS, scope="anything")), validators=[check]
    )
    storage.get_token_data(GROUPS)


def test_dependencies_are_looked_up_among_the_consents() -> None:
    """Once, when a token is retrieved; storing looks at the names only."""
    check, client = scopes(DEEP, True, True)
    inner = DictStorage()
    storage = ValidatingTokenStorage(inner, validators=[check])
    storage.store_token_data_by_resource_server({TRANSFER: data()})
    assert client.fetched == []
    storage.get_token_data(TRANSFER)
    inner.records[TRANSFER] = data(identity_id="".join(ALICE))  # equal, not the same string
    storage.get_token_data(TRANSFER)
    assert client.fetched == [ALICE]


def test_consents_are_fetched_again_where_they_do_not_suffice() -> None:
    """The person may have given more in the meantime."""
    check, client = scopes(DEEP, True, False, True)
    after(check)
    after(check)
    assert client.fetched == [ALICE, ALICE]


def test_consents_that_do_not_suffice_are_an_error() -> None:
    """With what is required."""
    check, client = scopes(DEEP, False)
    with pytest.raises(UnmetScopeRequirementsError, match="no consent for everything"):
        after(check)
    assert client.fetched == [ALICE]


def test_a_token_that_names_nobody_is_taken_for_that_of_the_known_identity() -> None:
    """As one that globus-sdk has renewed."""
    check, client = scopes(DEEP, True)
    inner = DictStorage(data(identity_id=None), data(GROUPS))
    ValidatingTokenStorage(inner, validators=[check]).get_token_data(TRANSFER)
    assert client.fetched == [ALICE]


def test_without_an_identity_or_client_dependencies_are_not_checked() -> None:
    """There is nobody whose consents could be asked for."""
    check, client = scopes(DEEP)
    after(check, identity_id=None)
    assert client.fetched == []
    after(ScopeRequirementsValidator({TRANSFER: DEEP}, None))


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(10**15, datetime.datetime.max), (-(10**15), datetime.datetime.min)],
)
def test_a_time_beyond_the_calendar_is_its_end(seconds: int, shown: datetime.datetime) -> None:
    """A stored number can be anything, and the error is about tokens, not about dates."""
    assert ExpiredTokenError(seconds).expiration == shown


@pytest.mark.parametrize(
    "error",
    [
        IdentityMismatchError("a sentence", ALICE, BOB),
        MissingTokenError("a sentence"),
        UnmetScopeRequirementsError("a sentence", {}),
        ConsentParseError("a sentence", {}),
        ConsentTreeConstructionError("a sentence", []),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_have_their_sentence_as_message(error: t.Any) -> None:
    """A copy has it too, and what a server said in it cannot control a terminal."""
    assert error.message == str(error) == "a sentence"
    assert pickle.loads(pickle.dumps(error)).message == "a sentence"
    assert ExpiredTokenError(5).message == str(ExpiredTokenError(5))
    assert "\x1b" not in MissingTokenError("a \x1b[2J").message


def test_every_error_says_what_to_do() -> None:
    """And is a TokenValidationError."""
    errors: list[TokenValidationError] = [
        MissingIdentityError("x"),
        IdentityMismatchError("x", ALICE, BOB),
        MissingTokenError("x"),
        ExpiredTokenError(5),
        UnmetScopeRequirementsError("x", {}),
    ]
    for error in errors:
        assert isinstance(error, GlobusError)
        assert "What to do" in error.explain()


def test_another_namespace_is_checked_in_the_same_way() -> None:
    """Whether it is made with open files of its own or shares them; whose tokens it has is new."""
    inner = MemoryTokenStorage()
    inner.store_token_data_by_resource_server({GROUPS: data(GROUPS, identity_id=ALICE)})
    storage = ValidatingTokenStorage(inner, validators=[UnchangingIdentityIDValidator()])
    assert storage.in_namespace("".join("DEFAULT")) is storage  # equal, not the same string
    for other in (storage.in_namespace("other"), storage.for_namespace("another")):
        assert other.identity_id is None
        assert other.validators == storage.validators
        other.store_token_data_by_resource_server({GROUPS: data(GROUPS, identity_id=BOB)})
        with pytest.raises(IdentityMismatchError):
            other.store_token_data_by_resource_server({GROUPS: data(GROUPS, identity_id=ALICE)})
    assert sorted(storage.namespaces()) == ["DEFAULT", "another", "other"]


def test_contexts_are_equal_by_both_identities() -> None:
    """And to nothing else; one that is not complete can be shown."""
    context = TokenValidationContext(ALICE, BOB)
    assert context == TokenValidationContext(ALICE, BOB)
    for other in (
        TokenValidationContext(BOB, BOB),
        TokenValidationContext(ALICE, ALICE),
        TokenValidationContext(ALICE, "~"),
        TokenValidationContext(ALICE, None),
        (ALICE, BOB),
    ):
        assert context != other
    assert "not complete" in repr(TokenValidationContext.__new__(TokenValidationContext))


def test_sweeping_is_done_by_the_storage_inside() -> None:
    """With the age that is asked for."""

    class Swept(DictStorage):
        def sweep(self, *, unused_seconds: float = 1.0) -> int:
            return int(unused_seconds)

    assert ValidatingTokenStorage(Swept()).sweep(unused_seconds=7) == 7
