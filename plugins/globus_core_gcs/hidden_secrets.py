"""
Which values of documents are secret, and documents without them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: parts of the names of keys whose values are secret
_SECRET = ("secret", "password", "passphrase", "token", "private_key", "privatekey", "access_key")
#: keys of which the name alone does not say it: objects that hold keys
_SECRET_OBJECTS = frozenset(("boxappsettings", "service_account_key"))
_FLAGS = (bool, type(None))


def hidden(value: t.Any) -> t.Any:
    """
    A JSON value with ``***`` in the place of what is secret, to be shown.

    :param value: an object, an array or anything else
    """
    if isinstance(value, dict):
        return {key: _shown(key, item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [hidden(item) for item in value]
    return value


def _shown(key: object, value: t.Any) -> t.Any:
    from globus_core.documents import MISSING

    if value is MISSING or isinstance(value, _FLAGS) or not _is_secret(str(key).lower()):
        return hidden(value)
    return "***"


def _is_secret(key: str) -> bool:
    return key in _SECRET_OBJECTS or any(part in key for part in _SECRET)
