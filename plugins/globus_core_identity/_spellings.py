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

if t.TYPE_CHECKING:
    import uuid

    from ._institutions import Institutions

    Answer: t.TypeAlias = Identity | Unresolved

_MOST_NAMES = 100_000


class Spellings:
    """
    Finds the keys that callers mean.

    :param institutions: asked about bare names
    """

    def __init__(self, institutions: Institutions) -> None:
        self._institutions = institutions
        self._names: dict[str, str] = {}

    def by_key(self, keys: t.Iterable[str | uuid.UUID]) -> dict[str, list[str]]:
        """
        The callers' spellings, by key in normal form.

        :param keys: keys as the callers spelled them
        """
        return self.grouped([(normalize_key(key), str(key)) for key in keys])

    def grouped(self, keys: t.Collection[tuple[str, str]]) -> dict[str, list[str]]:
        """
        The same for keys that are already in normal form; bare names are translated here.

        :param keys: keys in normal form, each with the caller's spelling
        """
        self._ask_for_names([(given, key) for key, given in keys if "@" not in key])
        spellings: dict[str, list[str]] = {}
        names = self._names
        for key, given in keys:
            spellings.setdefault(names.get(key, key), []).append(given)
        return spellings

    def canonical(self, key: str | uuid.UUID) -> str:
        """
        A key in normal form; a bare name becomes the username or id from an institution.

        :param key: the key as the caller spelled it
        """
        normal = normalize_key(key)
        if "@" in normal:
            return normal
        self._ask_for_names([(str(key), normal)])
        return self._names.get(normal, normal)

    def forget_names(self) -> None:
        """
        Forget what bare names stand for.
        """
        self._names.clear()

    def _ask_for_names(self, keys: list[tuple[str, str]]) -> None:
        """Ask institutions about the bare names among some keys, each of them once."""
        bare = [
            (given.strip(), name)
            for given, name in keys
            if name and name not in self._names and is_bare_name(name)
        ]
        if not bare:
            return
        found = self._institutions.normalize([given for given, _ in bare])
        if len(self._names) >= _MOST_NAMES:
            self._names.clear()
        for given, name in bare:
            if given in found:
                self._names[name] = found[given]


def gathered(
    spellings: t.Mapping[str, t.Iterable[str]], answers: t.Mapping[str, Answer]
) -> Resolution:
    """
    The answers by the callers' spellings of the keys.

    :param spellings: the spellings of each key in normal form
    :param answers: the answer for each key in normal form
    """
    resolution = Resolution()
    for canonical, given in spellings.items():
        for key in given:
            resolution.add(key, answers[canonical])
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
