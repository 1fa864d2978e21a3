"""
Consents: what a person lets applications do, and what these let other services do for them.

Each consent is a child of the consent that it was given for, so together they form a forest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import attrs

from globus_core.exc import GlobusError
from globus_core.printable import one_line, quoted, safe_repr
from globus_core.scopes import Scope, ScopeParser

from ._tree_text import TREE_LEGEND, branches, draw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._tree_text import Branch

    ScopeRequirements = str | Scope | Sequence[str | Scope]
    Children = dict[str, list["Consent"]]

_NO_CHILDREN: Children = {}


class ConsentParseError(GlobusError, ValueError):
    """
    A consent document is malformed.

    :param message: what is wrong, in one sentence
    :param raw_consent: the document
    """

    def __init__(self, message: str, raw_consent: Any) -> None:
        super().__init__(message)
        self.message = str(self)
        self.raw_consent = raw_consent

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.raw_consent)


class ConsentTreeConstructionError(GlobusError, ValueError):
    """
    Consents do not form trees: the parent of one is missing, or is the consent itself.

    :param message: what is wrong, in one sentence
    :param consents: all the consents
    """

    def __init__(self, message: str, consents: list[Consent]) -> None:
        super().__init__(message)
        self.message = str(self)
        self.consents = consents

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.consents)


@attrs.frozen
class Consent:
    """
    A person's permission for a client to use a scope, directly or on behalf of another service.

    :param client: id of the client that may use the scope
    :param scope: id of the scope
    :param scope_name: the scope string
    :param id: the consent's own number
    :param effective_identity: id of the identity that consented
    :param dependency_path: the consents from the root to this one, by number
    :param created: when it was given
    :param updated: when it was last changed
    :param last_used: when it was last used
    :param status: such as ``approved``
    :param allows_refresh: whether it covers refresh tokens
    :param auto_approved: whether it was given without asking the person
    :param atomically_revocable: whether the person can revoke it alone, the scope being optional
    """

    client: str
    scope: str
    scope_name: str
    id: int
    effective_identity: str
    dependency_path: list[int] = attrs.field(hash=False)
    created: datetime
    updated: datetime
    last_used: datetime
    status: str
    allows_refresh: bool
    auto_approved: bool
    atomically_revocable: bool

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Consent:
        """
        Read a consent document; keys that are not known are ignored.

        :param data: the document, as the consents API gives it
        :raises ConsentParseError: if a key is missing or a value is malformed
        """
        _check_object(data)
        names = [field.name for field in attrs.fields(cls)]
        missing = [name for name in names if name not in data]
        if missing:
            raise ConsentParseError(f"a consent lacks {', '.join(missing)}", data)
        _check_place(data)
        values = {name: data[name] for name in names}
        for name in ("created", "updated", "last_used"):
            values[name] = _moment(name, data)
        return cls(**values)

    @property
    def is_root(self) -> bool:
        """Whether it was given to an application directly."""
        return len(self.dependency_path) < 2

    @property
    def parent_id(self) -> int | None:
        """The consent that this one was given for, by number; None for a root."""
        return None if self.is_root else self.dependency_path[-2]

    def __str__(self) -> str:
        return f"{one_line(str(self.scope_name))} (consent {self.id} of client {self.client})"


class ConsentForest:
    """
    The consents of a person, as trees.

    :ivar nodes: the consents, in the order in which they came
    :ivar edges: the numbers of the consents directly below each, by its number
    :ivar trees: one tree for each consent that was given to an application directly

    :param consents: consents, or their documents; of two with one number the later counts
    :raises ConsentParseError: if a document is not a consent
    :raises ConsentTreeConstructionError: if a consent hangs below one that is not there, or
        below itself
    """

    def __init__(self, consents: Iterable[Mapping[str, Any] | Consent]) -> None:
        loaded = (c if isinstance(c, Consent) else Consent.load(c) for c in consents)
        self._by_id = {consent.id: consent for consent in loaded}
        self.nodes = list(self._by_id.values())
        self.edges: dict[int, set[int]] = {consent.id: set() for consent in self.nodes}
        self._children: dict[int, Children] = {}
        for consent in self.nodes:
            if consent.parent_id is not None:
                self._hang(consent, consent.parent_id)
        self.trees = [ConsentTree(consent.id, self) for consent in self.nodes if consent.is_root]
        # each consent has one parent at most, so those that no root reaches form a cycle
        reached = {consent.id for tree in self.trees for consent in tree.nodes}
        if circling := self._by_id.keys() - reached:
            raise ConsentTreeConstructionError(
                f"consent {min(circling)} was given for itself, directly or further down",
                self.nodes,
            )

    def _hang(self, consent: Consent, parent_id: int) -> None:
        if parent_id not in self._by_id:
            raise ConsentTreeConstructionError(
                f"consent {consent.id} was given for consent {parent_id}, which is not among "
                "those given",
                self.nodes,
            )
        self.edges[parent_id].add(consent.id)
        below = self._children.setdefault(parent_id, {})
        below.setdefault(consent.scope_name, []).append(consent)

    def get_node(self, consent_id: int) -> Consent:
        """
        One consent.

        :param consent_id: its number
        :raises KeyError: if there is none
        """
        return self._by_id[consent_id]

    def meets_scope_requirements(self, scopes: ScopeRequirements) -> bool:
        """
        Whether all required scopes were consented to.

        Each required scope needs one tree that has it as root and, below, all that it depends
        on. How a consent was given, to whom and whether to an optional scope does not matter.

        :param scopes: a scope or several; strings are parsed
        :raises ScopeParseError: if a string is not a scope string
        """
        return all(
            any(tree.meets_scope_requirements(scope) for tree in self.trees)
            for scope in _required(scopes)
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ConsentForest):
            return NotImplemented
        return self._by_id == other._by_id

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return "\n".join(map(str, self.trees)) or "no consents"

    def _repr_html_(self) -> str:
        from globus_core import notebook

        title = f"{len(self.nodes)} consents in {len(self.trees)} trees"
        return notebook.page(title, notebook.text(str(self)), notebook.note(TREE_LEGEND))

    @safe_repr
    def __repr__(self) -> str:
        return f"<ConsentForest of {len(self.nodes)} consents in {len(self.trees)} trees>"


class ConsentTree:
    """
    A consent, and all that was given for it.

    :ivar root: the consent itself
    :ivar nodes: the consents of the tree, from the root downwards
    :ivar edges: the numbers of the consents directly below each, by its number
    :ivar max_depth: the number of levels; 1 for a root alone

    :param root_id: the number of the root
    :param forest: where the consents are
    :raises KeyError: if the forest has no such consent
    """

    def __init__(self, root_id: int, forest: ConsentForest) -> None:
        self.root = forest.get_node(root_id)
        self.nodes: list[Consent] = []
        self.max_depth = 0
        level = [self.root]
        while level:
            self.nodes += level
            self.max_depth += 1
            below = sorted(child for consent in level for child in forest.edges[consent.id])
            level = [forest.get_node(child) for child in below]
        self.edges = {consent.id: forest.edges[consent.id] for consent in self.nodes}
        self._by_id = {consent.id: consent for consent in self.nodes}
        self._children = forest._children

    def get_node(self, consent_id: int) -> Consent:
        """
        One consent of the tree.

        :param consent_id: its number
        :raises KeyError: if there is none
        """
        return self._by_id[consent_id]

    def meets_scope_requirements(self, scope: Scope | str) -> bool:
        """
        Whether the root has a scope and, below, all that it depends on.

        :param scope: the scope; a string is parsed and must hold exactly one
        :raises ScopeParseError: if a string is not a scope string
        """
        required = Scope.parse(scope) if isinstance(scope, str) else scope
        if required.scope_string != self.root.scope_name:
            return False
        pairs = self._pairs(required)
        met: dict[tuple[int, int], bool] = {}
        for wanted, consent in reversed(pairs):
            met[id(wanted), consent.id] = all(
                any(met[id(dependency), child.id] for child in self._below(consent, dependency))
                for dependency in wanted.dependencies
            )
        return met[id(required), self.root.id]

    def _pairs(self, required: Scope) -> list[tuple[Scope, Consent]]:
        """
        Each scope with each consent that could meet it, parents before children.

        A list and not a recursion: scopes share their dependencies, and both may be deep.
        """
        pairs = [(required, self.root)]
        seen = {(id(required), self.root.id)}
        for wanted, consent in pairs:
            for dependency in wanted.dependencies:
                for child in self._below(consent, dependency):
                    if (pair := (id(dependency), child.id)) not in seen:
                        seen.add(pair)
                        pairs.append((dependency, child))
        return pairs

    def _below(self, consent: Consent, dependency: Scope) -> list[Consent]:
        return self._children.get(consent.id, _NO_CHILDREN).get(dependency.scope_string, [])

    def __str__(self) -> str:
        return draw(self.branches())

    def _repr_html_(self) -> str:
        from globus_core import notebook

        title = f"{len(self.nodes)} consents"
        return notebook.page(title, notebook.text(str(self)), notebook.note(TREE_LEGEND))

    def branches(self) -> Branch:
        """
        The lines by which the tree is shown: the text of each consent, and a list of those below.
        """
        return branches(self.root, self._directly_below)

    def _directly_below(self, consent: Consent) -> list[Consent]:
        return [self._by_id[child] for child in sorted(self.edges[consent.id])]

    @safe_repr
    def __repr__(self) -> str:
        return f"<ConsentTree of {len(self.nodes)} consents below {self.root.scope_name!r}>"


def _required(scopes: ScopeRequirements) -> list[Scope]:
    several = [scopes] if isinstance(scopes, (str, Scope)) else scopes
    required: list[Scope] = []
    for scope in several:
        required += ScopeParser.parse(scope) if isinstance(scope, str) else [scope]
    return required


def _check_object(data: object) -> None:
    if not isinstance(data, Mapping):
        kind = type(data).__name__
        raise ConsentParseError(f"a consent must be a JSON object, not {kind}", data)


def _check_place(data: Mapping[str, Any]) -> None:
    number, path = data["id"], data["dependency_path"]
    if not _is_number(number):
        raise ConsentParseError(f"a consent's id must be an integer, not {quoted(number)}", data)
    if not isinstance(path, list) or not path or not all(map(_is_number, path)):
        raise ConsentParseError(f"consent {number} has no dependency_path of numbers", data)
    if path[-1] != number:
        raise ConsentParseError(f"the dependency_path of consent {number} ends elsewhere", data)
    if not isinstance(data["scope_name"], str):
        raise ConsentParseError(f"the scope_name of consent {number} must be a string", data)
    for field in attrs.fields(Consent):
        if field.hash is not False and isinstance(data[field.name], (list, dict)):
            raise ConsentParseError(f"the {field.name} of consent {number} must not nest", data)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _moment(name: str, data: Mapping[str, Any]) -> datetime:
    value = data[name]
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(_iso_of_python_310(value))
    except (TypeError, ValueError, AttributeError):
        what = f"the time {name!r} of a consent is not in ISO 8601: {value!r}"
        raise ConsentParseError(what, data) from None


def _iso_of_python_310(text: str) -> str:
    """Python 3.10 knows neither ``Z`` nor fractions of other lengths than three and six."""
    if text.endswith(("Z", "z")):
        text = text[:-1] + "+00:00"
    head, dot, tail = text.partition(".")
    rest = tail.lstrip("0123456789")
    digits = tail[: len(tail) - len(rest)]
    return f"{head}.{digits[:6]:0<6}{rest}" if dot else head
