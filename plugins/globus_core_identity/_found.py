"""
An identity map as a mapping of ids to the identities that it has found.
"""

from __future__ import annotations

import typing as t
from collections.abc import ItemsView, KeysView, ValuesView

from globus_core.identities import Identity

if t.TYPE_CHECKING:
    from globus_core.identities import Resolution

    _Found = dict[str, "Identity"]
else:
    _Found = dict


def _refuse(self: t.Any, *args: t.Any, **kwargs: t.Any) -> t.NoReturn:
    raise TypeError("use add(document) to put an identity into an IdentityMap")


def _row(identity: Identity) -> dict[str, t.Any]:
    return {
        "username": identity.username,
        "name": identity.get("name"),
        "organization": identity.get("organization"),
        "id": identity.id,
        "source": identity.source,
        **identity.extensions,
    }


class FoundIdentities(_Found):
    """
    A mapping that lists what was found, after it has looked up what is still open.

    Without methods that would change it.
    """

    _listed: dict[str, None]

    def prefetch(self) -> Resolution:
        """
        Look up what is still open.
        """
        raise NotImplementedError

    def to_dict(self) -> dict[str, dict[str, t.Any]]:
        """
        All identities found, as plain data (``Identity.to_dict``) by the keys of iteration.

        Use it to write JSON: encoders bypass the methods of the map that look up identities.
        """
        return {key: identity.to_dict() for key, identity in self.items()}

    def _repr_html_(self) -> str:
        """What was found until now; nothing is looked up to show it."""
        from globus_core import notebook

        by_id = {each.id: each for each in list(dict.values(self)) if isinstance(each, Identity)}
        rows = [_row(each) for each in by_id.values()]
        rows = rows or [{"found": key} for key in list(self._listed)]  # those in another cache
        return notebook.page(repr(self).strip("<>"), notebook.table(rows))

    def __iter__(self) -> t.Iterator[str]:
        self.prefetch().raise_for_failure()
        return iter(list(self._listed))

    def __len__(self) -> int:
        self.prefetch().raise_for_failure()
        return len(self._listed)

    def __contains__(self, key: object) -> bool:
        try:
            self[key]  # type: ignore[index]
        except KeyError:
            return False
        return True

    def __bool__(self) -> bool:
        return True  # testing whether there is a map must not look up anything

    def keys(self) -> KeysView[str]:  # type: ignore[override]
        """
        The ids of all identities found.
        """
        return KeysView(self)

    def values(self) -> ValuesView[Identity]:  # type: ignore[override]
        """
        All identities found, each once.
        """
        return ValuesView(self)

    def items(self) -> ItemsView[str, Identity]:  # type: ignore[override]
        """
        All identities found, each once, with their ids.
        """
        return ItemsView(self)

    def copy(self) -> dict[str, Identity]:
        """
        All identities found, as a plain dict by id.
        """
        return dict(self.items())

    def __reduce_ex__(self, protocol: t.SupportsIndex) -> t.NoReturn:
        raise TypeError(
            "an IdentityMap belongs to its client and cannot be copied or pickled; use "
            "to_dict() or copy(), or create another map with the same cache"
        )

    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__  # type: ignore[assignment]

    __setitem__ = _refuse
    __ior__ = _refuse
    __or__ = _refuse
    __ror__ = _refuse
    __reversed__ = None  # type: ignore[assignment]
    pop = _refuse
    popitem = _refuse
    setdefault = _refuse
    update = _refuse
