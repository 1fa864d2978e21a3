"""
The keys that ID tokens are signed with: fetched once, found by ``kid``, kept while the server
is down.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from globus_core import GlobusHTTPResponse
from globus_core.exc import GlobusError, IDTokenError
from globus_core.locks import DeadlineRLock
from globus_core.printable import quoted

from ._claims import algorithm_refused
from .server_metadata import KEYS, check_configuration, check_way, unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: seconds before an unknown ``kid`` causes the key set to be fetched again
REFETCH_SECONDS = 30.0

#: the algorithms of an RSA key
RSA_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")

#: algorithms by type and curve of the key, never taken from the token (RFC 8725 section
#: 3.1, RFC 7518 section 3.4, RFC 8037 section 3.1)
_ALGORITHMS: dict[tuple[str, str | None], tuple[str, ...]] = {
    ("RSA", None): RSA_ALGORITHMS,
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("EC", "P-521"): ("ES512",),
    ("EC", "secp256k1"): ("ES256K",),
    ("OKP", "Ed25519"): ("EdDSA",),
    ("OKP", "Ed448"): ("EdDSA",),
}

#: every algorithm that some key may sign with
ALGORITHMS = frozenset(name for names in _ALGORITHMS.values() for name in names)

#: shorter RSA keys are not accepted (RFC 7518 section 3.3)
_LEAST_RSA_BITS = 2048

_LISTED = "id_token_signing_alg_values_supported"


class VerifyingKey:
    """
    One public key of a key set.

    :param kid: its id; None if it has none
    :param public: the key, as PyJWT takes it
    :param algorithms: what it may have signed with
    :param curve: its curve; None for an RSA key
    """

    __slots__ = ("algorithms", "curve", "kid", "public")

    def __init__(
        self, kid: str | None, public: t.Any, algorithms: tuple[str, ...], curve: str | None
    ) -> None:
        self.kid = kid
        self.public = public
        self.algorithms = algorithms
        self.curve = curve


class _Fetch:
    """A fetch under way, and its failure, for the threads that wait for it."""

    error: GlobusError | None = None


class KeyStore:
    """
    One server's OpenID configuration and key set; one serves a client and all its responses.

    :param client: fetches them: has ``get_openid_configuration``, and ``get_jwk`` or ``get``
    :param jwks_uri: where the key set is; None takes it from the configuration
    """

    def __init__(self, client: t.Any, *, jwks_uri: str | None = None) -> None:
        self._client = client
        self._jwks_uri = jwks_uri
        self._configuration: t.Mapping[str, t.Any] | None = None
        self._source: t.Any = None  # the configuration as it was given
        self._home: str | None = None  # the server whose own the configuration is
        self._keys: list[VerifyingKey] = []
        self._fetched = False
        self._no_fetch_before = float("-inf")
        self._exclusive = DeadlineRLock(None, TimeoutError)
        self._running: _Fetch | None = None

    def __getstate__(self) -> dict[str, t.Any]:
        return {
            "client": self._client,
            "jwks_uri": self._jwks_uri,
            "configuration": self._configuration,
            "home": self._home,
        }

    def __setstate__(self, state: dict[str, t.Any]) -> None:
        # the keys are fetched again
        KeyStore.__init__(self, state["client"], jwks_uri=state["jwks_uri"])
        self._configuration = self._source = state["configuration"]
        self._home = state["home"]

    def set_configuration(self, configuration: t.Any) -> None:
        """
        Use a known configuration.

        :param configuration: the document, or the response that brought it
        :raises ValidationError: if it is not a JSON object, or a response with the configuration
            of another server
        """
        document = _document(configuration)
        if not isinstance(document, Mapping):
            raise unusable("the OpenID configuration is not a JSON object")
        self._home = None
        if isinstance(configuration, GlobusHTTPResponse) and configuration.client is not None:
            check_configuration(configuration)
            self._home = configuration.client.base_url
        self._configuration, self._source = document, configuration

    def is_of(self, configuration: t.Any) -> bool:
        """
        Whether the store uses this configuration.

        :param configuration: the document, or the response that brought it
        """
        known = self._configuration
        return known is not None and known == _document(configuration)

    @property
    def configuration(self) -> t.Mapping[str, t.Any]:
        """The OpenID configuration, fetched when it is first needed."""
        if self._configuration is None:
            self._once(
                lambda: self._configuration is not None,
                lambda: self.set_configuration(self._client.get_openid_configuration()),
            )
        assert self._configuration is not None
        return self._configuration

    def setting(self, name: str) -> str:
        """
        One value of the OpenID configuration.

        :param name: its key
        :raises ValidationError: if the configuration lacks it
        """
        value = self.configuration.get(name)
        if isinstance(value, str) and value:
            return value
        raise unusable(f"the OpenID configuration lacks {name!r}")

    def check_algorithm(self, algorithm: str) -> None:
        """
        Check that the server signs with an algorithm (OpenID Connect Core section 3.1.3.7, step 7).

        :param algorithm: the algorithm
        :raises IDTokenError: if the server's own configuration lists others only
        """
        if self._home is None or self._configuration is None:
            return
        listed = self._configuration.get(_LISTED)
        if isinstance(listed, list) and listed and algorithm not in listed:
            raise algorithm_refused()

    def key_for(self, kid: str | None, algorithm: str | None = None) -> VerifyingKey:
        """
        Find the key that a token names.

        :param kid: the key id in the token's header; None takes the only key there is
        :param algorithm: what the key must be for; keys of different types may share an id
            (RFC 7517 section 4.5). None takes any
        :raises IDTokenError: if there is no such key
        :raises GlobusError: if the keys must be fetched and cannot be
        """
        keys = self._keys
        found = _matching(keys, kid, algorithm)
        if len(found) != 1:
            keys = self._newer_than(keys)
            found = _matching(keys, kid, algorithm)
        if len(found) == 1:
            return found[0]
        if not found and _matching(keys, kid, None):
            raise algorithm_refused()
        raise _no_key(kid, len(keys), len(found))

    def of(self, public: t.Any) -> VerifyingKey:
        """
        The entry of a public key; one that the store does not have is an RSA key.

        :param public: the key object
        """
        known = (key for key in self._keys if key.public is public)
        return next(known, None) or VerifyingKey(None, public, RSA_ALGORITHMS, None)

    def successor(self, key: VerifyingKey) -> VerifyingKey | None:
        """
        The key that replaced one that did not verify a signature, or None.

        Only a server whose keys have no ``kid`` can replace one unnoticed.

        :param key: the key that did not fit
        """
        if key.kid is not None or key not in self._keys:
            return None
        try:
            keys = self._newer_than(self._keys)
        except GlobusError:
            return None
        return keys[0] if len(keys) == 1 and keys[0] is not key else None

    def _newer_than(self, known: list[VerifyingKey]) -> list[VerifyingKey]:
        """The keys, fetched again unless that was done a moment ago."""
        self._once(lambda: self._keys is not known, self._fetch)
        return self._keys

    def _once(self, is_there: t.Callable[[], bool], fetch: t.Callable[[], None]) -> None:
        """Fetch what is not there, unless another thread does: its result or failure is shared."""
        awaited = self._running
        with self._exclusive.held():
            if is_there():
                return
            if self._running is not None:  # of this thread, which needs this one for it
                fetch()
                return
            if awaited is not None and awaited.error is not None:
                raise awaited.error  # the server would not be better for each waiting thread
            self._running = running = _Fetch()
            try:
                fetch()
            except GlobusError as error:
                running.error = error
                raise
            finally:
                self._running = None

    def _fetch(self) -> None:
        if time.monotonic() < self._no_fetch_before:
            return
        # The first fetch may have come just before a rotation, so only the next starts the wait.
        if self._fetched:
            self._no_fetch_before = time.monotonic() + REFETCH_SECONDS
        found = self._key_set_of_client()
        if self._fetched and self._home is not None:
            # new keys may be for algorithms that were not listed before
            self.set_configuration(self._client.get_openid_configuration())
        self._fetched = True
        self._keys = _usable_keys(found) or self._keys

    def _key_set_of_client(self) -> t.Any:
        """The key set, or a single key, through the client's own method, which it may override."""
        get_jwk = getattr(self._client, "get_jwk", None)
        if get_jwk is None or self._jwks_uri is not None:
            return self.fetch_key_set()
        return _document(get_jwk(openid_configuration=self._source, as_pem=False))

    def fetch_key_set(self) -> t.Any:
        """
        The server's key set as a document; it is not kept.

        :raises ValidationError: if it would come, or came, over plain http
        """
        uri = self._jwks_uri or self.setting("jwks_uri")
        named_by = [self._home] if self._home is not None and self._jwks_uri is None else []
        check_way(KEYS, [*named_by, uri])
        response = self._client.get(uri, automatic_authorization=False)
        check_way(KEYS, [*named_by, *response.urls])
        return response.data


def _matching(
    keys: list[VerifyingKey], kid: str | None, algorithm: str | None
) -> list[VerifyingKey]:
    lone = len(keys) == 1 and keys[0].kid is None
    found = (
        key
        for key in keys
        if (kid is None or lone or key.kid == kid)
        and (algorithm is None or algorithm in key.algorithms)
    )
    # A server may list a key more than once, such as once for each ``alg``.
    different: dict[object, VerifyingKey] = {}
    for key in found:
        different.setdefault(_numbers(key.public), key)
    return list(different.values())


def _numbers(public: t.Any) -> object:
    """What is the same of equal keys; older releases of cryptography do not compare them."""
    for name in ("public_numbers", "public_bytes_raw"):  # of RSA and EC, of Edwards curves
        if hasattr(public, name):
            return getattr(public, name)()
    return id(public)


def _no_key(kid: str | None, published: int, found: int) -> IDTokenError:
    if kid is None and published > 1:
        what = f"the ID token does not name its key, and the server publishes {published}"
        return IDTokenError(what, claim="kid", reason="ambiguous_key")
    if found > 1:
        what = f"the server publishes {found} keys with the kid {quoted(kid)} of the ID token"
        return IDTokenError(what, claim="kid", reason="ambiguous_key")
    return IDTokenError(
        f"the ID token is signed with a key that the server does not publish (kid {quoted(kid)})",
        claim="kid",
        reason="unknown_key",
    )


def _document(answer: t.Any) -> t.Any:
    """A document, or the one in a response."""
    return answer if isinstance(answer, Mapping) else getattr(answer, "data", answer)


def _usable_keys(document: t.Any) -> list[VerifyingKey]:
    if hasattr(document, "key_size"):  # the client's method gives a key object
        return [VerifyingKey(None, document, RSA_ALGORITHMS, None)]
    items = document.get("keys") if isinstance(document, Mapping) else None
    found = (_usable_key(item) for item in (items if isinstance(items, list) else ()))
    return [key for key in found if key is not None]


def _usable_key(item: t.Any) -> VerifyingKey | None:
    """A key that verifies ID tokens; None for any other key (RFC 7517 section 5)."""
    if not isinstance(item, dict) or not _is_for_verifying(item):
        return None
    kind, curve, kid = str(item.get("kty")), item.get("crv"), item.get("kid")
    curve = None if kind == "RSA" else str(curve)
    algorithms = _ALGORITHMS.get((kind, curve), ())
    if item.get("alg") is not None:
        algorithms = tuple(name for name in algorithms if name == item["alg"])
    if not algorithms or not (kid is None or isinstance(kid, str)):
        return None
    import jwt

    try:
        public = jwt.PyJWK(item, algorithms[0]).key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, ArithmeticError):
        return None
    if kind == "RSA" and public.key_size < _LEAST_RSA_BITS:
        return None
    return VerifyingKey(kid, public, algorithms, curve)


def _is_for_verifying(item: dict[str, t.Any]) -> bool:
    """RFC 7517 sections 4.2 and 4.3; a key whose private half is published is nobody's."""
    use, operations = item.get("use"), item.get("key_ops")
    return (
        (use is None or use == "sig")
        and (operations is None or (isinstance(operations, list) and "verify" in operations))
        and "d" not in item
    )


def first_key(document: t.Any) -> t.Any:
    """
    The first usable key of a key set, as a public key object.

    :param document: the key set
    :raises ValidationError: if it holds none
    """
    keys = _usable_keys(document)
    if not keys:
        raise unusable("the server's key set has no key that can sign ID tokens")
    return keys[0].public
