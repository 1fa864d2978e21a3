"""Indices: what they hold, and their documents."""

from __future__ import annotations

import dataclasses
import typing as t

from . import answers

MEGABYTE = 1_000_000
MOST_ENTRIES = 10


@dataclasses.dataclass(eq=False)
class Entry:
    """
    One entry of a subject.

    :param id: its id, or None
    :param visible_to: the principals that may see it
    :param content: what it says
    :param size: the length of its content as JSON, in bytes
    """

    id: str | None
    visible_to: frozenset[str]
    content: dict[str, t.Any]
    size: int
    words: frozenset[str] | None = None


@dataclasses.dataclass(eq=False)
class Index:
    """
    An index.

    :param id: its id
    :param display_name: its name
    :param description: what it holds
    :param created: when it was created, in UTC epoch seconds
    :param max_size_in_mb: how much it holds
    :param subscription_id: its subscription; None for a trial index
    """

    id: str
    display_name: str
    description: str
    created: float
    max_size_in_mb: int = 1
    subscription_id: str | None = None
    status: str = "open"
    size: int = 0
    roles: dict[str, dict[str, t.Any]] = dataclasses.field(default_factory=dict)
    #: the entries of each subject by their ids; subjects in the order in which they came
    subjects: dict[str, dict[str | None, Entry]] = dataclasses.field(default_factory=dict)
    #: the number of each subject, which grows
    numbers: dict[str, int] = dataclasses.field(default_factory=dict)
    last_number: int = 0

    @property
    def is_trial(self) -> bool:
        """
        Whether it has no subscription.
        """
        return self.subscription_id is None

    def put(self, subject: str, entry: Entry) -> None:
        """
        Add an entry, or replace that with the same id.

        :param subject: its subject
        :param entry: the entry
        """
        if subject not in self.subjects:
            self.last_number += 1
            self.numbers[subject] = self.last_number
        entries = self.subjects.setdefault(subject, {})
        before = entries.get(entry.id)
        self.size += entry.size - (before.size if before else 0)
        entries[entry.id] = entry

    def remove(self, subject: str) -> None:
        """
        Remove a subject, if it is there.

        :param subject: the subject
        """
        self.numbers.pop(subject, None)
        self.size -= sum(entry.size for entry in self.subjects.pop(subject, {}).values())

    def remove_entry(self, subject: str, entry_id: str | None) -> None:
        """
        Remove an entry, if it is there.

        :param subject: its subject
        :param entry_id: its id, or None
        """
        entries = self.subjects.get(subject, {})
        entry = entries.pop(entry_id, None)
        if entry is not None:
            self.size -= entry.size
        if not entries:
            self.remove(subject)

    def roles_of(self, principals: t.Collection[str]) -> set[str]:
        """
        The roles that somebody has on it.

        :param principals: what they are
        """
        return {r["role_name"] for r in self.roles.values() if r["principal"] in principals}

    def add_role(self, role_id: str, now: float, name: str, principal: str) -> dict[str, t.Any]:
        """
        Give a role.

        :param role_id: its id
        :param now: the time
        :param name: its name
        :param principal: whose it is, a URN
        """
        kind = "group" if ":groups:" in principal else "identity"
        self.roles[role_id] = {
            "id": role_id,
            "index_id": self.id,
            "role_name": name,
            "principal": principal,
            "principal_type": kind,
            "creation_date": answers.iso(now),
        }
        return self.roles[role_id]

    def document(self) -> dict[str, t.Any]:
        """
        Its document.
        """
        return {
            "@datatype": "GSearchIndex",
            "@version": "2017-09-01",
            "id": self.id,
            "display_name": self.display_name,
            "description": self.description,
            "status": self.status,
            "creation_date": answers.iso(self.created),
            "is_trial": self.is_trial,
            "subscription_id": self.subscription_id,
            "max_size_in_mb": self.max_size_in_mb,
            "size_in_mb": round(self.size / MEGABYTE),
            "num_subjects": len(self.subjects),
            "num_entries": sum(map(len, self.subjects.values())),
        }
