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
    The signing keys so far, of which the last two are published.
    """

    def __init__(self) -> None:
        self._keys = [_pooled_key(0)]

    @property
    def current(self) -> RSAKey:
        """
        The key that signs.
        """
        return self._keys[-1]

    def rotate(self) -> None:
        """
        Sign with a new key; the previous one stays published.
        """
        self._keys.append(_pooled_key(len(self._keys)))

    def reset(self) -> None:
        """
        Return to the first key.
        """
        self._keys = [_pooled_key(0)]

    def dump(self) -> list[dict[str, t.Any]]:
        """
        All keys as private JSON Web Keys, oldest first.
        """
        return [key.as_dict(private=True) for key in self._keys]

    def load(self, saved: list[dict[str, t.Any]]) -> None:
        """
        Use keys that were saved.

        :param saved: what :py:meth:`dump` returned
        :raises ValueError: if there is none
        """
        if not saved:
            raise ValueError("there is no signing key")
        self._keys = [RSAKey.import_key(key) for key in saved]

    def public_document(self) -> dict[str, t.Any]:
        """
        The JSON Web Key Set (RFC 7517), the signing key first.
        """
        published = self._keys[:-3:-1]
        return {"keys": [key.as_dict(private=False) for key in published]}
