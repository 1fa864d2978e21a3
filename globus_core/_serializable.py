"""
Records that travel as JSON objects, and the checks of their fields.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import Self


class Serializable:
    """
    Base of a record whose known keys are attributes and whose unknown keys are kept in ``extra``.

    A subclass lists its keys in ``_fields``, takes each as a keyword argument beside ``extra``,
    and checks the values in its constructor.
    """

    _fields: t.ClassVar[tuple[str, ...]] = ()

    extra: dict[str, t.Any]

    if TYPE_CHECKING:

        def __init__(self, **values: t.Any) -> None: ...

    @classmethod
    def from_dict(cls, data: t.Mapping[str, t.Any]) -> Self:
        """
        Build the record from a mapping; keys that it does not know go to ``extra``.

        :param data: the mapping, usually a parsed JSON object; it is not modified
        :raises ValidationError: if it is no mapping, or a field is missing or has a wrong type
        """
        values = _as_object(cls.__name__, data)
        known: dict[str, t.Any] = {field: values.pop(field, None) for field in cls._fields}
        return cls(**known, extra=values)

    def to_dict(self, include_extra: bool = False) -> dict[str, t.Any]:
        """
        Give the record as a new dict; fields that are None are left out.

        :param include_extra: put the unknown keys back in as well, on every level
        """
        result: dict[str, t.Any] = {}
        for field in self._fields:
            value = getattr(self, field)
            if value is None:
                continue
            if isinstance(value, Serializable):
                value = value.to_dict(include_extra)
            elif isinstance(value, list):
                value = list(value)
            result[field] = value
        if include_extra:
            # what is known wins over an unknown key of the same name
            result = {**result, **{k: v for k, v in self.extra.items() if k not in result}}
        return result


# The checks name the field and the type that was found, never the value: it can be a token.


def check_str(field: str, value: object, *, optional: bool = False) -> None:
    """Refuse what is not a string."""
    if not isinstance(value, str):
        _refuse(field, value, "a string", optional)


def check_int(field: str, value: object, *, optional: bool = False) -> None:
    """Refuse what is not an integer; True and False are not."""
    if not isinstance(value, int) or isinstance(value, bool):
        _refuse(field, value, "an integer", optional)


def check_bool(field: str, value: object, *, optional: bool = False) -> None:
    """Refuse what is not True or False."""
    if not isinstance(value, bool):
        _refuse(field, value, "a boolean", optional)


def check_str_list(field: str, value: object, *, optional: bool = False) -> None:
    """Refuse what is not a list that holds strings only."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        _refuse(field, value, "a list of strings", optional)


def check_instance(field: str, value: object, kind: type, *, optional: bool = False) -> None:
    """Refuse what is not an instance of the given class."""
    if not isinstance(value, kind):
        _refuse(field, value, f"an instance of {kind.__name__}", optional)


def _refuse(field: str, value: object, wanted: str, optional: bool) -> None:
    if optional and value is None:
        return
    from globus_core.exc.base import ValidationError

    if isinstance(value, list):
        raise ValidationError(f"{field!r} must be {wanted}, but an item of it has another type")
    raise ValidationError(f"{field!r} must be {wanted}, not {type(value).__name__}")


def _as_object(name: str, data: t.Any) -> dict[str, t.Any]:
    # A mapping is told by what it can do: the abstract base classes cost an import.
    if isinstance(data, dict) or (hasattr(data, "keys") and hasattr(data, "__getitem__")):
        return dict(data)
    from globus_core.exc.base import ValidationError

    raise ValidationError(f"{name} is made from a mapping, not from {type(data).__name__}")
