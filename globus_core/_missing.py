"""
The sentinel for "leave this field out", which is not the same as None (JSON null).
"""

from __future__ import annotations


class MissingType:
    """
    The type of :data:`MISSING`: falsy, one of a kind, unchanged by copy and pickle.
    """

    __slots__ = ()
    _instance: MissingType | None = None

    def __new__(cls) -> MissingType:
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "<globus_core.MISSING>"

    def __copy__(self) -> MissingType:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> MissingType:
        return self

    def __reduce__(self) -> str:
        return "MISSING"


MISSING = MissingType()


def drop_missing(values: dict[str, object]) -> dict[str, object]:
    """
    The same mapping without the keys whose value is MISSING.

    :param values: any mapping, not changed
    """
    return {key: value for key, value in values.items() if value is not MISSING}
