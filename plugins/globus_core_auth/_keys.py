"""
The keys that ID tokens are signed with: fetched once, found by ``kid``, kept when the server
is down.
"""

from __future__ import annotations

import _thread
import time

from globus_core.exc import GlobusError, IDTokenError, ValidationError
from globus_core.locks import PerProcess

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import jwt

#: seconds that must pass before an unknown ``kid`` has the key set fetched once more
REFETCH_SECONDS = 30.0

#: what a key may sign with, by its type; never taken from the token (RFC 8725 section 3.1)
ALGORITHMS = {
    "RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "EC": ("ES256", "ES384", "ES512", "ES256K"),
    "OKP": ("EdDSA",),
}

_WRONG_SERVER = "check that the URL is that of Globus Auth, and that no proxy answers in its place"


class KeyStore:
    """
    One server's OpenID configuration and key set; one serves a client and all its responses.

    :param client: fetches them: has ``get_openid_configuration`` and ``get``
    :param jwks_uri: where the key set is; None takes it from the configuration
    """

    def __init__(self, client: t.Any, *, jwks_uri: str | None = None) -> None:
        self._client = client
        self._jwks_uri = jwks_uri
        self._configuration: t.Mapping[str, t.Any] | None = None
        self._keys: list[jwt.PyJWK] = []
        self._fetched = False
        self._no_fetch_before = float("-inf")
        self._exclusive = PerProcess(_thread.RLock)

    def set_configuration(self, configuration: t.Any) -> None:
        """
        Use a configuration that is known already.

        :param configuration: the document, or the response that brought it
        :raises ValidationError: if it is no JSON object
        """
        from collections.abc import Mapping

        document = getattr(configuration, "data", configuration)
        if not isinstance(document, Mapping):
            raise _unusable("the OpenID configuration is no JSON object")
        self._configuration = document

    @property
    def configuration(self) -> t.Mapping[str, t.Any]:
        """The OpenID configuration, fetched when it is first needed."""
        if self._configuration is None:
            with self._exclusive.get():
                if self._configuration is None:
                    self.set_configuration(self._client.get_openid_configuration())
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
        raise _unusable(f"the OpenID configuration lacks {name!r}")

    def key_for(self, kid: str | None) -> jwt.PyJWK:
        """
        The key that a token names.

        :param kid: the key id in the token's header; None takes the only key there is
        :raises IDTokenError: if there is no such key
        :raises GlobusError: if the keys must be fetched and cannot be
        """
        keys = self._keys
        found = _matching(keys, kid)
        if len(found) != 1:
            keys = self._newer_than(keys)
            found = _matching(keys, kid)
        if len(found) == 1:
            return found[0]
        raise _no_key(kid, len(keys), len(found))

    def successor(self, key: jwt.PyJWK) -> jwt.PyJWK | None:
        """
        The key that has taken the place of one whose signature was wrong, or None.

        Only a server whose keys have no ids can change them without a token telling.

        :param key: the key that did not fit
        """
        if key.key_id is not None or key not in self._keys:
            return None
        try:
            keys = self._newer_than(self._keys)
        except GlobusError:
            return None
        return keys[0] if len(keys) == 1 and keys[0] is not key else None

    def _newer_than(self, known: list[jwt.PyJWK]) -> list[jwt.PyJWK]:
        """The keys, fetched anew unless that was done a moment ago."""
        with self._exclusive.get():
            if self._keys is known and time.monotonic() >= self._no_fetch_before:
                self._fetch()
            return self._keys

    def _fetch(self) -> None:
        # The first fetch may have come just before a rotation, so only the next starts the wait.
        if self._fetched:
            self._no_fetch_before = time.monotonic() + REFETCH_SECONDS
        uri = self._jwks_uri or self.setting("jwks_uri")
        document = self._client.get(uri, automatic_authorization=False).data
        self._fetched = True
        self._keys = _usable_keys(document) or self._keys


def _matching(keys: list[jwt.PyJWK], kid: str | None) -> list[jwt.PyJWK]:
    if kid is None:
        return keys
    named = [key for key in keys if key.key_id == kid]
    lone = len(keys) == 1 and keys[0].key_id is None
    return keys if lone else named


def _no_key(kid: str | None, published: int, found: int) -> IDTokenError:
    if kid is None and published > 1:
        what = f"the ID token does not name its key, and the server publishes {published}"
        return IDTokenError(what, claim="kid", reason="ambiguous_key")
    if found > 1:
        what = f"the server publishes {found} keys with the kid {kid!r} of the ID token"
        return IDTokenError(what, claim="kid", reason="ambiguous_key")
    return IDTokenError(
        f"the ID token is signed with a key that the server does not publish (kid {kid!r})",
        claim="kid",
        reason="unknown_key",
    )


def _usable_keys(document: t.Any) -> list[jwt.PyJWK]:
    import jwt

    items = document.get("keys") if isinstance(document, dict) else None
    keys = []
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, dict) or item.get("use", "sig") != "sig":
            continue
        if str(item.get("kty")) not in ALGORITHMS:
            continue
        try:
            keys.append(jwt.PyJWK(item))
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):  # a key for something else
            continue
    return keys


def first_key(document: t.Any) -> t.Any:
    """
    The first usable key of a key set, as a public key object.

    :param document: the key set
    :raises ValidationError: if it holds none
    """
    keys = _usable_keys(document)
    if not keys:
        raise _unusable("the server's key set holds no key that ID tokens can be signed with")
    return keys[0].key


def _unusable(message: str) -> ValidationError:
    error = ValidationError(message)
    error.advice = _WRONG_SERVER
    return error
