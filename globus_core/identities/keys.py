"""
The keys of identities: a UUID, a username, or a bare name that an institution understands.
"""

from __future__ import annotations

from globus_core.exc.base import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

#: the longest key that is looked up, in bytes of UTF-8
MAX_KEY_BYTES = 1024

_HEX = "0123456789abcdef"
_DIGITS = bytes.maketrans(_HEX.encode(), b"0" * 16)
_CANONICAL = b"00000000-0000-0000-0000-000000000000"


def normalize_key(key: str | uuid.UUID) -> str:
    """
    The normal form under which a key is compared, requested and cached.

    A UUID in any spelling that ``uuid.UUID`` accepts becomes its canonical form; anything else is
    lower-cased, since usernames of Globus Auth are case-insensitive. Surrounding whitespace is
    removed.

    :param key: an identity id, a username or a bare name
    :raises GlobusSDKUsageError: if it is neither text nor a ``uuid.UUID``
    """
    given = key if type(key) is str else _text(key)
    if len(given) == 36 and is_canonical(given):  # as nearly all ids are
        return given
    text = given.strip().lower()
    if text == given:
        text = given  # interned, because dicts find the same object more quickly
    if "@" in text:
        return text
    return canonical_uuid(text) or text


def _text(key: object) -> str:
    import uuid

    if isinstance(key, (str, uuid.UUID)):
        return str(key)
    # The text of anything else, such as "none" for None, could be a username.
    raise GlobusSDKUsageError(f"an identity id or a username was expected, not {key!r:.80}")


def is_canonical(text: str) -> bool:
    """
    Whether text is a UUID in canonical form.

    :param text: any text
    """
    return len(text) == 36 and text.isascii() and text.encode().translate(_DIGITS) == _CANONICAL


def all_canonical(keys: t.Collection[object]) -> bool:
    """
    Whether all of some keys are UUIDs in canonical form, so that none needs another look.

    :param keys: keys as callers spelled them
    """
    return set(map(type, keys)) <= {str} and all(map(is_canonical, keys))  # type: ignore[arg-type]


def is_username(val: str) -> bool:
    """
    Whether a key is not a UUID, and so has to be looked up as a username.

    :param val: the key
    """
    return not is_canonical(val) and canonical_uuid(val.strip().lower()) is None


def is_bare_name(key: str) -> bool:
    """
    Whether a key is neither a UUID nor contains ``@``: a name that only an institution knows.

    :param key: the key
    """
    return "@" not in key and is_username(key)


def split_ids_and_usernames(identity_ids: t.Iterable[str]) -> tuple[set[str], set[str]]:
    """
    Split keys into identity ids and usernames, each as it was passed.

    :param identity_ids: keys of both kinds
    """
    ids: set[str] = set()
    usernames: set[str] = set()
    for key in identity_ids:
        (usernames if is_username(key) else ids).add(key)
    return ids, usernames


def key_problem(key: str) -> str | None:
    """
    Why no identity can have this key, or None if one can.

    Keys are sent as a comma-separated list, so a key with a comma would be read as two.

    :param key: a key in normal form
    """
    if is_canonical(key):
        return None
    if not key:
        return "it is empty"
    if len(key) > MAX_KEY_BYTES // 4 and len(key.encode(errors="replace")) > MAX_KEY_BYTES:
        return f"it is longer than {MAX_KEY_BYTES} bytes"
    if "," in key:
        return "it contains a comma"
    if not key.isprintable():
        return "it contains a character that cannot be printed"
    return None


def canonical_uuid(text: str) -> str | None:
    """
    The canonical form of a UUID, or None if it is not one.

    :param text: the UUID in any spelling that ``uuid.UUID`` accepts, but in lower case
    """
    if is_canonical(text):
        return text
    digits = text.replace("urn:", "").replace("uuid:", "").strip("{}").replace("-", "")
    if len(digits) != 32 or digits.strip(_HEX):
        return None
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
