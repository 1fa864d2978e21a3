"""
When the keys of the server are fetched, and how long they are kept.
"""

from __future__ import annotations

import json
import threading
import typing as t

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from globus_core import IDTokenDecoder, waiting
from globus_core.exc import (
    GlobusAPIError,
    GlobusError,
    IDTokenError,
    NetworkError,
    ValidationError,
)
from globus_core_auth import key_store
from globus_core_auth.key_store import first_key
from tests.unit.auth import fakes

if t.TYPE_CHECKING:
    from globus_core import NativeAppAuthClient, OAuthTokenResponse


class Clock:
    """
    Stands in for the module ``time`` of the key store.
    """

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """
        The time, which stands still until it is moved.
        """
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """
    The clock that the key store looks at.
    """
    clock = Clock()
    monkeypatch.setattr(key_store, "time", clock)
    return clock


@pytest.fixture
def decoder(native: NativeAppAuthClient) -> IDTokenDecoder:
    """
    The decoder of a native client.
    """
    return IDTokenDecoder(native)


def signed_by(number: int, kid: str | None) -> str:
    """
    A good token of one of the keys.
    """
    return fakes.id_token(fakes.rsa_key(number), kid)


def publish(server: fakes.FakeAuth, **keys: int) -> None:
    """
    Publish keys by their kid.
    """
    documents = [fakes.published(fakes.rsa_key(number), kid) for kid, number in keys.items()]
    server.answer(fakes.KEYS_PATH, fakes.key_set(*documents))


def refused(decoder: IDTokenDecoder, token: str, reason: str = "unknown_key") -> None:
    """
    Decode a token that must be refused for a reason.
    """
    with pytest.raises(IDTokenError) as caught:
        decoder.decode(token)
    assert caught.value.reason == reason


def test_keys_are_fetched_once(decoder: IDTokenDecoder, server: fakes.FakeAuth) -> None:
    """
    With the configuration that says where they are.
    """
    for _ in range(10):
        decoder.decode(signed_by(1, "one"))
    assert [sent.path for sent in server.sent] == [fakes.CONFIGURATION_PATH, fakes.KEYS_PATH]


def test_decoders_of_one_client_share_its_keys(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    So two fetches do for all of them.
    """
    for _ in range(10):
        IDTokenDecoder(native).decode(signed_by(1, "one"))
    assert len(server.sent) == 2


def test_keys_that_are_rotated_twice_are_found(
    decoder: IDTokenDecoder, server: fakes.FakeAuth, clock: Clock
) -> None:
    """
    One fetch each, if there was time in between; the retired key is forgotten.
    """
    decoder.decode(signed_by(1, "one"))
    publish(server, one=1, two=2)
    assert decoder.decode(signed_by(2, "two"))
    assert decoder.decode(signed_by(1, "one"))
    clock.now += 31
    publish(server, two=2, three=3)
    assert decoder.decode(signed_by(3, "three"))
    assert decoder.decode(signed_by(2, "two"))
    assert server.count(fakes.KEYS_PATH) == 3
    refused(decoder, signed_by(1, "one"))


def test_an_unknown_kid_is_looked_for_once_and_then_every_30_seconds(
    decoder: IDTokenDecoder, server: fakes.FakeAuth, clock: Clock
) -> None:
    """
    Else anybody could make us fetch without end.
    """
    decoder.decode(signed_by(1, "one"))
    for number in range(20):
        refused(decoder, signed_by(2, f"made-up-{number}"))
        clock.now += 1
    assert server.count(fakes.KEYS_PATH) == 2
    clock.now += 10
    refused(decoder, signed_by(2, "made-up"))
    refused(decoder, signed_by(2, "made-up"))
    assert server.count(fakes.KEYS_PATH) == 3


def test_an_unknown_kid_in_the_first_token_is_looked_for_once_more(
    decoder: IDTokenDecoder, server: fakes.FakeAuth, clock: Clock
) -> None:
    """
    The first fetch may have come just before a rotation; after that the wait begins.
    """
    refused(decoder, signed_by(2, "two"))
    publish(server, one=1, two=2)
    assert decoder.decode(signed_by(2, "two"))
    for _ in range(5):
        refused(decoder, signed_by(3, "three"))
    assert server.count(fakes.KEYS_PATH) == 2


def test_a_server_without_usable_keys_is_not_asked_without_end(
    decoder: IDTokenDecoder, server: fakes.FakeAuth, clock: Clock
) -> None:
    """
    The same limit holds for it.
    """
    server.answer(fakes.KEYS_PATH, {"keys": None})
    for _ in range(10):
        refused(decoder, signed_by(1, "one"))
    assert server.count(fakes.KEYS_PATH) == 2


@pytest.mark.parametrize("trouble", ["refused", "status 500", "a web page", "an empty set"])
def test_known_keys_are_kept_while_the_server_is_in_trouble(
    decoder: IDTokenDecoder, server: fakes.FakeAuth, clock: Clock, trouble: str
) -> None:
    """
    What was good stays good, whatever a fetch for another key brings.
    """
    decoder.decode(signed_by(1, "one"))
    if trouble == "refused":
        server.go_down()
    elif trouble == "status 500":
        server.answer(fakes.KEYS_PATH, {}, status=500)
    else:
        page = "<html></html>" if trouble == "a web page" else {"keys": []}
        server.answer(fakes.KEYS_PATH, page)
    for _ in range(3):
        with pytest.raises((NetworkError, GlobusAPIError, IDTokenError)):
            decoder.decode(signed_by(2, "two"))
        assert decoder.decode(signed_by(1, "one"))
    assert server.count(fakes.KEYS_PATH) == 2


def test_a_key_that_cannot_be_looked_for_says_so(
    decoder: IDTokenDecoder, server: fakes.FakeAuth, clock: Clock
) -> None:
    """
    The network is the cause, not the token.
    """
    server.go_down()
    with pytest.raises(NetworkError):
        decoder.decode(signed_by(1, "one"))


def test_a_first_fetch_that_fails_is_tried_again_at_once(
    decoder: IDTokenDecoder, server: fakes.FakeAuth, clock: Clock
) -> None:
    """
    Nobody waits 30 seconds for a first login.
    """
    server.answer(fakes.KEYS_PATH, {}, status=500)
    with pytest.raises(GlobusAPIError):
        decoder.decode(signed_by(1, "one"))
    publish(server, one=1)
    assert decoder.decode(signed_by(1, "one"))


@pytest.mark.parametrize("document", ["<html></html>", [], {}, {"issuer": fakes.ISSUER}])
def test_a_configuration_that_is_none_is_a_typed_error(
    decoder: IDTokenDecoder, server: fakes.FakeAuth, document: t.Any
) -> None:
    """
    It names what is missing, and says what to do.
    """
    server.answer(fakes.CONFIGURATION_PATH, document)
    with pytest.raises(ValidationError, match="OpenID configuration") as caught:
        decoder.decode(signed_by(1, "one"))
    assert "check that the URL" in caught.value.explain()


def test_a_server_whose_keys_have_no_ids_may_change_them(
    decoder: IDTokenDecoder, server: fakes.FakeAuth, clock: Clock
) -> None:
    """
    A wrong signature then has the key fetched once more, with the same limit.
    """
    server.answer(fakes.KEYS_PATH, fakes.key_set(fakes.published(fakes.rsa_key(1))))
    assert decoder.decode(signed_by(1, None))
    server.answer(fakes.KEYS_PATH, fakes.key_set(fakes.published(fakes.rsa_key(2))))
    assert decoder.decode(signed_by(2, None))
    for _ in range(5):
        refused(decoder, signed_by(3, None), "mismatch")
    assert server.count(fakes.KEYS_PATH) == 2
    clock.now += 31
    server.go_down()
    refused(decoder, signed_by(3, None), "mismatch")
    assert decoder.decode(signed_by(2, None))


class _HeldBack:
    """A server that keeps its answer to a path back until threads wait for it."""

    def __init__(self, server: fakes.FakeAuth, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked, self.answer = threading.Event(), threading.Event()
        self._waiters = threading.Semaphore(0)
        real_send, real_acquire = server.send, waiting.acquire

        def send(request: t.Any, *args: t.Any, **options: t.Any) -> t.Any:
            if request.path_url == path:
                self.asked.set()
                assert self.answer.wait(60)
            return real_send(request, *args, **options)

        def acquire(lock: t.Any, seconds: float | None = None) -> bool:
            if self.asked.is_set() and not self.answer.is_set():
                self._waiters.release()
            return real_acquire(lock, seconds)

        monkeypatch.setattr(server, "send", send)
        monkeypatch.setattr(waiting, "acquire", acquire)

    def outcomes(self, work: t.Callable[[], t.Any], threads: int) -> list[t.Any]:
        """What work comes to, or its error, in threads of which all but one wait for the first."""
        found: list[t.Any] = []

        def run() -> None:
            try:
                found.append(work())
            except GlobusError as error:
                found.append(error)

        everybody = [threading.Thread(target=run) for _ in range(threads)]
        everybody[0].start()
        assert self.asked.wait(60)
        for thread in everybody[1:]:
            thread.start()
        for _ in everybody[1:]:
            assert self._waiters.acquire(timeout=60)
        self.answer.set()
        for thread in everybody:
            thread.join(60)
        return found


@pytest.mark.parametrize("path", [fakes.CONFIGURATION_PATH, fakes.KEYS_PATH])
def test_threads_that_come_at_once_fetch_once(
    native: NativeAppAuthClient,
    server: fakes.FakeAuth,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    Those that come second wait for the first, whatever it is fetching.
    """
    held = _HeldBack(server, path, monkeypatch)
    decoder = IDTokenDecoder(native)
    found = held.outcomes(lambda: decoder.decode(signed_by(1, "one"))["sub"], 8)
    assert found == [fakes.IDENTITY] * 8
    assert len(server.sent) == 2


@pytest.mark.parametrize("path", [fakes.CONFIGURATION_PATH, fakes.KEYS_PATH])
def test_threads_that_wait_for_a_fetch_share_its_failure(
    native: NativeAppAuthClient,
    server: fakes.FakeAuth,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    A server that is ill is not asked once for each of them, and the next call asks anew.
    """
    server.answer(path, "ill", 503)
    held = _HeldBack(server, path, monkeypatch)
    decoder = IDTokenDecoder(native)
    found = held.outcomes(lambda: decoder.decode(signed_by(1, "one")), 8)
    assert {id(error) for error in found} == {id(found[0])}
    assert isinstance(found[0], GlobusAPIError)
    assert server.count(path) == 1
    server.answer(fakes.CONFIGURATION_PATH, fakes.configuration())
    publish(server, one=1)
    assert decoder.decode(signed_by(1, "one"))


def test_threads_that_meet_a_new_key_fetch_it_once(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    While keys rotate, some threads come with tokens of the old key and some with the new.
    """
    decoder = IDTokenDecoder(native)
    decoder.decode(signed_by(1, "one"))
    publish(server, one=1, two=2)
    tokens = [signed_by(1, "one"), signed_by(2, "two")]
    everybody = threading.Barrier(8)
    outcomes: list[str | BaseException] = []

    def decode(token: str) -> None:
        everybody.wait(30)
        for _ in range(20):
            try:
                outcomes.append(decoder.decode(token)["sub"])
            except BaseException as error:
                outcomes.append(error)

    threads = [threading.Thread(target=decode, args=(tokens[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert outcomes == [fakes.IDENTITY] * 160
    assert server.count(fakes.KEYS_PATH) == 2


def test_threads_with_a_key_that_nobody_publishes_fetch_once_more(
    decoder: IDTokenDecoder, server: fakes.FakeAuth, clock: Clock
) -> None:
    """
    All of them are refused, and the known key serves on.
    """
    decoder.decode(signed_by(1, "one"))
    everybody = threading.Barrier(8)
    reasons: list[str | None] = []

    def decode(number: int) -> None:
        everybody.wait(30)
        try:
            decoder.decode(signed_by(2, f"made-up-{number}"))
        except IDTokenError as error:
            reasons.append(error.reason)

    threads = [threading.Thread(target=decode, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert reasons == ["unknown_key"] * 8
    assert server.count(fakes.KEYS_PATH) == 2
    assert decoder.decode(signed_by(1, "one"))


def test_known_keys_serve_while_others_wait_for_a_fetch(
    decoder: IDTokenDecoder, server: fakes.FakeAuth, clock: Clock
) -> None:
    """
    Nobody whose key is known waits for the server.
    """
    decoder.decode(signed_by(1, "one"))
    asked, answer = threading.Event(), threading.Event()
    real_send = server.send

    def held_back(*args: t.Any, **kwargs: t.Any) -> t.Any:
        asked.set()
        assert answer.wait(60)
        return real_send(*args, **kwargs)

    server.send = held_back  # type: ignore[method-assign]
    other = threading.Thread(target=refused, args=(decoder, signed_by(2, "two")))
    other.start()
    try:
        assert asked.wait(60)
        assert decoder.decode(signed_by(1, "one"))
    finally:
        answer.set()
        other.join(60)
    assert server.count(fakes.KEYS_PATH) == 2


def test_one_store_serves_the_clients_of_an_app(server: fakes.FakeAuth) -> None:
    """
    Its decoder asks the login client's store, as the responses of that client do.
    """
    from globus_core import UserApp
    from globus_core.globus_app import GlobusAppConfig

    client = fakes.native(server)
    server.answer(fakes.TOKEN_PATH, fakes.token(id_token=fakes.id_token()))
    with UserApp("reports", login_client=client, config=GlobusAppConfig(token_storage="memory")):
        decoder = IDTokenDecoder.for_globus_app(
            app_name="reports", config=GlobusAppConfig(), login_client=client
        )
        for _ in range(10):
            response: OAuthTokenResponse = client.oauth2_token({"grant_type": "whatever"})
            assert response.decode_id_token() == decoder.decode(response["id_token"])
    assert len([sent for sent in server.sent if sent.path != fakes.TOKEN_PATH]) == 2


def test_the_first_key_that_can_sign_is_the_key_of_a_key_set() -> None:
    """One that is for encryption does not count, and a key set without a key is an error."""
    encrypting = fakes.published(fakes.rsa_key(1), "one", use="enc")
    second, third = (fakes.published(fakes.rsa_key(number), "two") for number in (2, 3))
    found = first_key(fakes.key_set(encrypting, second, third))
    assert found.public_numbers() == fakes.rsa_key(2).public_key().public_numbers()
    with pytest.raises(ValidationError, match="no key that can sign ID tokens"):
        first_key(fakes.key_set(encrypting))


@pytest.mark.parametrize(("bits", "usable"), [(2047, False), (2048, True), (3072, True)])
def test_an_rsa_key_has_at_least_2048_bits(bits: int, usable: bool) -> None:
    """Longer ones are as good (RFC 7518, section 3.3)."""
    public = rsa.RSAPublicNumbers(65537, (1 << bits - 1) + 1).public_key()
    keys = fakes.key_set(json.loads(RSAAlgorithm.to_jwk(public)))
    if usable:
        assert first_key(keys).key_size == bits
        return
    with pytest.raises(ValidationError):
        first_key(keys)


def test_a_key_object_of_the_server_keeps_what_the_server_said_of_it(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """Its algorithms and its name; any other key object is taken for one of RSA."""
    elliptic = fakes.published(fakes.ec_key(1), "elliptic")
    keys = fakes.key_set(fakes.published(fakes.rsa_key(1), "rsa"), elliptic)
    server.answer(fakes.KEYS_PATH, keys)
    store = key_store.KeyStore(native)
    for kid, algorithm in (("rsa", "RS512"), ("elliptic", "ES256")):
        key = store.key_for(kid, algorithm)
        assert store.of(key.public) is key
    other = store.of(fakes.rsa_key(2).public_key())
    assert (other.kid, other.algorithms) == (None, key_store.RSA_ALGORITHMS)
