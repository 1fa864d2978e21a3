"""
Documents: the data of requests, and records that are written and read as JSON objects.

A request leaves out what is MISSING; None is JSON's ``null``, and is left out of a query.
"""

from __future__ import annotations

from globus_core.exc.base import GlobusSDKUsageError, ValidationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import enum
    import typing as t
    import uuid

    from typing_extensions import Self

    IDs = t.Iterable[uuid.UUID | str] | uuid.UUID | str
    Words = t.Iterable[enum.Enum | str] | enum.Enum | str
    Params = t.Mapping[str, t.Any] | None
    Dict = dict[str, t.Any]
else:
    Dict = dict


class MissingType:
    """
    The type of :data:`MISSING`: falsy, a singleton, unchanged by copy and pickle.
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


#: leaves a field out; None is JSON's null
MISSING = MissingType()


class Document(Dict):
    """
    Base of request documents: dicts that are filled by the arguments of their constructor.

    A subclass takes its fields as arguments, MISSING by default, and passes them on. A field
    that is MISSING is a key with that value; it is left out when the document is sent.

    :param fields: the fields by their wire names
    :param additional_fields: further fields, which win
    """

    #: fields whose values ``repr`` hides
    _secret_fields: t.ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self,
        fields: t.Mapping[str, t.Any],
        additional_fields: t.Mapping[str, t.Any] | MissingType | None = None,
    ) -> None:
        super().__init__(fields)
        if additional_fields and not isinstance(additional_fields, MissingType):
            self.update(additional_fields)

    def __repr__(self) -> str:
        hidden = dict.fromkeys(self._secret_fields & self.keys(), "***")
        return f"{type(self).__name__}({ {**self, **hidden} })"


def query(query_params: Params | MissingType = None, /, **fields: t.Any) -> dict[str, t.Any]:
    """
    Query parameters, without those that are MISSING or None.

    :param query_params: the caller's own parameters, which win; None and MISSING are empty
    :param fields: the method's parameters by their wire names
    """
    if query_params and not isinstance(query_params, MissingType):
        fields.update(query_params)
    return {
        key: value for key, value in fields.items() if value is not None and value is not MISSING
    }


class EncodedPath(str):
    """
    A path that is percent-encoded already: a client adds it to its address as it is.

    What is made of it by ``+`` or formatting is an ordinary string, which a client encodes again.
    """

    __slots__ = ()


def path(template: str, /, *ids: uuid.UUID | str | int) -> EncodedPath:
    """
    The path of a request with ids in it, each of them percent-encoded as one segment.

    :param template: the whole path, with ``{}`` for each id, such as ``"projects/{}"``
    :param ids: the ids, in order
    :raises GlobusSDKUsageError: if an id is empty, ``.`` or ``..``, or is no text, number or UUID
    """
    fixed = template.split("{}")
    if len(fixed) != len(ids) + 1:
        raise GlobusSDKUsageError(
            f"the path {template!r} takes {len(fixed) - 1} ids, but {len(ids)} were given"
        )
    parts = [percent_encoded(fixed[0])]
    for value, rest in zip(ids, fixed[1:], strict=True):
        parts += (percent_encoded(_id_text(template, value), safe=""), percent_encoded(rest))
    return EncodedPath("".join(parts))


def file_path(name: str, /) -> EncodedPath:
    """
    The path of a file: ``/`` separates folders, and all else is percent-encoded.

    :param name: the path of the file, such as ``"/reports/50% done?.txt"``
    :raises GlobusSDKUsageError: if one of its segments is ``..``
    """
    if not isinstance(name, str):
        raise GlobusSDKUsageError(f"the path of a file must be a string, not {_kind(name)}")
    if ".." in name.split("/"):
        raise GlobusSDKUsageError(f"the path of a file must not have a segment '..': {name!r}")
    return EncodedPath(percent_encoded(name))


def percent_encoded(text: str, *, safe: str = "/") -> str:
    """
    Text as it is written in the path of a URL.

    :param text: the text
    :param safe: the reserved characters that stay as they are
    :raises GlobusSDKUsageError: if it has a lone surrogate, which no encoding has
    """
    rest = text.replace("-", "").replace("_", "").replace("/", "" if "/" in safe else "/")
    if rest.isalnum() and text.isascii():  # as most are; nothing is to be encoded
        return text
    from urllib.parse import quote

    return quote(utf8(text, "a path"), safe=safe)


def utf8(text: str, what: str) -> bytes:
    """
    Text in UTF-8, as requests have it.

    :param text: the text
    :param what: what it is, for the error, which does not show it
    :raises GlobusSDKUsageError: if it has a lone surrogate, which no encoding has
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        pass  # must not become the context: it holds the text, maybe a secret
    raise GlobusSDKUsageError(f"{what} has a lone surrogate, a character that cannot be sent")


def _id_text(template: str, value: t.Any) -> str:
    """An id as text, if it is one."""
    if type(value) is not str:
        import enum
        import uuid

        value = value.value if isinstance(value, enum.Enum) else value
        if isinstance(value, bool) or not isinstance(value, (str, int, uuid.UUID)):
            raise GlobusSDKUsageError(f"an id in {template!r} must be text, not {_kind(value)}")
    text = str(value)
    if text in ("", ".", ".."):
        raise GlobusSDKUsageError(f"an id in {template!r} must not be {text!r}")
    return text


def _kind(value: object) -> str:
    return repr(value) if value is None or value is MISSING else type(value).__name__


def comma_joined(values: IDs | MissingType | None) -> str | MissingType:
    """
    One value or several as a comma-separated string; None and MISSING give MISSING.

    :param values: a value, or an iterable of them
    """
    if values is None or isinstance(values, MissingType):
        return MISSING
    return ",".join(_texts(values))


def listed(values: IDs | Words | MissingType | None) -> list[str] | MissingType | None:
    """
    One value or several as a JSON array of strings; None and MISSING are returned unchanged.

    :param values: a value, or an iterable of them
    """
    if values is None or isinstance(values, MissingType):
        return values
    return _texts(values)


def flag(value: bool | int | MissingType | None) -> int | MissingType | None:
    """
    True and False as 1 and 0, for a query; anything else is returned unchanged.

    :param value: the value
    """
    return int(value) if isinstance(value, bool) else value


def iso_time(value: datetime.datetime | str | MissingType | None) -> str | MissingType | None:
    """
    A time in ISO 8601, to the second and with its UTC offset; anything else is returned unchanged.

    :param value: a datetime, in local time unless it has a time zone; or a string
    :raises GlobusSDKUsageError: if local time is not defined for it
    """
    if value is None or isinstance(value, (str, MissingType)):
        return value
    if value.utcoffset() is None:
        import datetime

        try:
            value = value.astimezone(datetime.timezone.utc)
        except (OverflowError, OSError, ValueError):
            raise GlobusSDKUsageError(f"{value} needs a time zone") from None
    return value.isoformat(timespec="seconds")


def utc_text(seconds: float) -> str:
    """
    A time in ISO 8601 in UTC, or the number itself if it is out of range for a date.

    :param seconds: the time, in UTC epoch seconds
    """
    import time

    try:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
    except (OverflowError, ValueError, OSError):
        return str(seconds)


def _texts(values: t.Any) -> list[str]:
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        values = (values,)
    return [value if type(value) is str else _text(value) for value in values]


def _text(value: t.Any) -> str:
    import enum

    return str(value.value if isinstance(value, enum.Enum) else value)


class Serializable:
    """
    Base of a record whose known keys are attributes and whose unknown keys are kept in ``extra``.

    A subclass lists its keys in ``_fields``, takes each as a keyword argument, in addition to
    ``extra``, and checks the values in its constructor.
    """

    _fields: t.ClassVar[tuple[str, ...]] = ()

    extra: dict[str, t.Any]

    if TYPE_CHECKING:

        def __init__(self, **values: t.Any) -> None: ...

    @classmethod
    def from_dict(cls, data: t.Mapping[str, t.Any]) -> Self:
        """
        Build the record from a mapping; unknown keys go to ``extra``.

        :param data: the mapping, usually a parsed JSON object; it is not modified
        :raises ValidationError: if it is not a mapping, or a field is missing or has a wrong type
        """
        values = _as_object(cls.__name__, data)
        known: dict[str, t.Any] = {field: values.pop(field, None) for field in cls._fields}
        return cls(**known, extra=values)

    def to_dict(self, include_extra: bool = False) -> dict[str, t.Any]:
        """
        Return the record as a new dict; fields that are None are left out.

        :param include_extra: include the unknown keys, on every level
        """
        result: dict[str, t.Any] = {}
        for field in self._fields:
            value = getattr(self, field)
            if value is None:
                continue
            if type(value) is not str:
                if isinstance(value, Serializable):
                    value = value.to_dict(include_extra)
                elif isinstance(value, list):
                    value = list(value)
            result[field] = value
        if include_extra and self.extra:
            # known fields win over unknown keys of the same name
            result = {**result, **{k: v for k, v in self.extra.items() if k not in result}}
        return result


#: makes a letter of each character that a header may have, which is quicker than isprintable()
_VISIBLE = bytes(ord("a") if " " <= chr(code) <= "~" else 0 for code in range(256))


def why_not_bearer(access_token: object, token_type: str | None = None) -> str | None:
    """
    Why a token cannot be sent as a bearer token; None if it can (RFC 6749 sections 7.1 and A.12).

    :param access_token: the token, which the reason does not contain
    :param token_type: its type, ``bearer`` in any case of letters; None if it is not known
    """
    if type(access_token) is not str:
        return f"an access token is a string, not {type(access_token).__name__}"
    if not access_token or access_token != access_token.strip(" "):
        return "the access token is empty, or begins or ends with a space"
    if not (access_token.isascii() and access_token.encode().translate(_VISIBLE).isalpha()):
        return "the access token has characters that cannot be sent in a header"
    if token_type not in (None, "Bearer") and str(token_type).lower() != "bearer":
        # a longer one may be a token in the wrong place
        shown = repr(token_type) if len(str(token_type)) < 10 else "another"
        return f"a token of type {shown} is not a bearer token"
    return None


# The checks name the field and the type, never the value, which can be a token.


def check_str(field: str, value: object, *, optional: bool = False) -> None:
    """Require a string."""
    if not isinstance(value, str):
        _refuse(field, value, "a string", optional)


def check_int(field: str, value: object, *, optional: bool = False) -> None:
    """Require an integer; True and False are not accepted."""
    if not isinstance(value, int) or isinstance(value, bool):
        _refuse(field, value, "an integer", optional)


def check_bool(field: str, value: object, *, optional: bool = False) -> None:
    """Require True or False."""
    if not isinstance(value, bool):
        _refuse(field, value, "a boolean", optional)


def check_str_list(field: str, value: object, *, optional: bool = False) -> None:
    """Require a list that holds only strings."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        _refuse(field, value, "a list of strings", optional)


def check_instance(field: str, value: object, kind: type, *, optional: bool = False) -> None:
    """Require an instance of the given class."""
    if not isinstance(value, kind):
        _refuse(field, value, f"an instance of {kind.__name__}", optional)


def _refuse(field: str, value: object, wanted: str, optional: bool) -> None:
    if optional and value is None:
        return
    if isinstance(value, list):
        raise ValidationError(f"{field!r} must be {wanted}, but one of its items has another type")
    raise ValidationError(f"{field!r} must be {wanted}, not {type(value).__name__}")


def _as_object(name: str, data: t.Any) -> dict[str, t.Any]:
    # Duck typing: importing the abstract base classes would take time.
    if isinstance(data, dict) or (hasattr(data, "keys") and hasattr(data, "__getitem__")):
        return dict(data)
    raise ValidationError(f"{name} is made from a mapping, not from {type(data).__name__}")
