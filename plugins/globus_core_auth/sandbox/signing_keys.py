"""The RSA keys that sign ID tokens."""

from __future__ import annotations

import threading
import typing as t

from joserfc.jwk import RSAKey

ALGORITHM = "RS512"

# Generating a key takes a large part of a second, so all sandboxes of a process share one pool.
_pool: list[RSAKey] = []
_pool_lock = threading.Lock()


def _pooled_key(index: int) -> RSAKey:
    with _pool_lock:
        while len(_pool) <= index:
            key = RSAKey.generate_key(2048, {"use": "sig", "alg": ALGORITHM}, private=True)
            key.ensure_kid()
            _pool.append(key)
        return _pool[index]


class SigningKeys:
    """
    The current signing key and the previous one.
    """

    def __init__(self) -> None:
        self._index = 0
        _pooled_key(0)

    @property
    def current(self) -> RSAKey:
        """
        The key that signs.
        """
        return _pooled_key(self._index)

    def rotate(self) -> None:
        """
        Sign with a new key; the previous one stays published.
        """
        _pooled_key(self._index + 1)
        self._index += 1

    def reset(self) -> None:
        """
        Return to the first key.
        """
        self._index = 0

    def public_document(self) -> dict[str, t.Any]:
        """
        The JSON Web Key Set (RFC 7517), the signing key first.
        """
        published = range(self._index, max(self._index - 2, -1), -1)
        return {"keys": [_pooled_key(index).as_dict(private=False) for index in published]}
