"""
Keys in normal form, and the callers' spellings of them.

Institutions are asked once what a bare name stands for.
"""

from __future__ import annotations

import typing as t

from globus_core.identities import (
    Identity,
    Resolution,
    Unresolved,
    is_bare_name,
    normalize_key,
)
from globus_core.identities.keys import all_canonical

if t.TYPE_CHECKING:
    import uuid

    from ._institutions import Institutions

    Answer: t.TypeAlias = Identity | Unresolved
    # keys in normal form, each with a caller's spelling
    Spelled: t.TypeAlias = list[tuple[str, str]]

_MOST_NAMES = 100_000


class Spellings:
    """
    Finds the keys that callers mean.

    :param institutions: asked about bare names
    """

    def __init__(self, institutions: Institutions) -> None:
        self._institutions = institutions
        self._names: dict[str, str] = {}

    def meant(self, keys: t.Iterable[str | uuid.UUID]) -> Spelled:
        """
        The keys that are meant, in normal form, each with the caller's spelling.

        :param keys: keys as the callers spelled them
        """
        return self.translated(spelled(keys))

    def translated(self, keys: Spelled) -> Spelled:
        """
        The same for keys that are already in normal form; bare names are translated here.

        :param keys: keys in normal form, each with the caller's spelling
        """
        if all_canonical([key for key, _ in keys]):
            return keys
        bare = [pair for pair in keys if is_bare_name(pair[0])]
        if not bare:
            return keys
        self._ask_for_names(bare)
        return [(self._names.get(key, key), given) for key, given in keys]

    def canonical(self, key: str | uuid.UUID) -> str:
        """
        A key in normal form; a bare name becomes the username or id from an institution.

        :param key: the key as the caller spelled it
        """
        normal = normalize_key(key)
        if not is_bare_name(normal):
            return normal
        self._ask_for_names([(normal, str(key))])
        return self._names.get(normal, normal)

    def forget_names(self) -> None:
        """
        Forget what bare names stand for.
        """
        self._names.clear()

    def _ask_for_names(self, bare: Spelled) -> None:
        """Ask institutions about bare names, each of them once."""
        new = [(name, given.strip()) for name, given in bare if name and name not in self._names]
        if not new:
            return
        found = self._institutions.normalize([given for _, given in new])
        if len(self._names) >= _MOST_NAMES:
            self._names.clear()
        for name, given in new:
            if given in found:
                self._names[name] = found[given]


def spelled(keys: t.Iterable[str | uuid.UUID]) -> Spelled:
    """
    Keys in normal form, each with the caller's spelling.

    :param keys: keys as the callers spelled them
    :raises GlobusSDKUsageError: if one of them is neither text nor a ``uuid.UUID``
    """
    given = list(keys)
    if all_canonical(given):
        same = t.cast("list[str]", given)
        return list(zip(same, same, strict=True))
    return [(normalize_key(key), str(key)) for key in given]


def gathered(keys: Spelled, answers: t.Mapping[str, Answer]) -> Resolution:
    """
    The answers by the callers' spellings of the keys.

    :param keys: keys in normal form, each with the caller's spelling
    :param answers: the answer for each key in normal form
    """
    resolution = Resolution()
    for key, given in keys:
        answer = answers[key]
        if isinstance(answer, Identity):
            resolution.found[given] = answer
        else:
            resolution.add(given, answer)
    return resolution


def respelled(key: str, answer: Answer) -> Answer:
    """
    An answer with the key as the caller spelled it.

    :param key: the caller's spelling
    :param answer: the answer for the key in normal form
    """
    if isinstance(answer, Identity) or answer.key == key:
        return answer
    return Unresolved(key, answer.reason, detail=answer.detail, error=answer.error)
