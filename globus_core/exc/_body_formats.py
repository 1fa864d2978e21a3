"""
The formats of error bodies, and what is read from each.
"""

from __future__ import annotations

from globus_core.printable import quoted, safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    BodyFormat = t.Literal["jsonapi", "type_zero"]
    Fields = t.Sequence[str]


class ErrorSubdocument:
    """
    One of the error objects in an error body.

    :param data: the object
    :param message_fields: keys to read the message from, in order; None for those of JSON:API
    """

    DEFAULT_MESSAGE_FIELDS: tuple[str, ...] = ("detail", "title")

    def __init__(
        self, data: dict[str, t.Any], *, message_fields: t.Sequence[str] | None = None
    ) -> None:
        self.raw = data
        self._message_fields = (
            self.DEFAULT_MESSAGE_FIELDS if message_fields is None else message_fields
        )

    @property
    def code(self) -> str | None:
        """The object's code; None if it has none or it is not a string."""
        return _str_or_none(self.raw.get("code"))

    @property
    def message(self) -> str | None:
        """The first of the message fields that is a string; None if there is none."""
        for field in self._message_fields:
            if isinstance(value := self.raw.get(field), str):
                return value
        return None

    @safe_repr
    def __repr__(self) -> str:
        return f"ErrorSubdocument(code={quoted(self.code)}, message={quoted(self.message)})"

    def get(self, key: str, default: t.Any = None) -> t.Any:
        """
        One value of the object.

        :param key: the key to look up
        :param default: what to return if it is absent
        """
        return self.raw.get(key, default)


class Reading:
    """
    What is read from a body.

    :param body: the body, a JSON object
    :param body_format: its format, see :func:`format_of`
    :param message_fields: the keys of messages in formats other than JSON:API
    """

    __slots__ = ("code", "errors", "messages", "request_id")

    code: str | None
    errors: list[ErrorSubdocument]
    messages: list[str]
    request_id: str | None

    def __init__(
        self, body: dict[str, t.Any], body_format: BodyFormat | None, message_fields: Fields
    ) -> None:
        listed = _objects(body.get("errors"))
        fields = None if body_format == "jsonapi" else message_fields
        documents = [body] if listed is None else listed
        self.errors = [ErrorSubdocument(one, message_fields=fields) for one in documents]
        self.messages = [error.message for error in self.errors if error.message is not None]
        self.code = _common_code(self.errors)
        self.request_id = None
        if body_format == "jsonapi":
            return
        if body_format == "type_zero":
            self.code, self.messages = body["code"], [body["message"]]
            self.request_id = body.get("request_id")
            return
        root = ErrorSubdocument(body, message_fields=fields)
        self.code = root.code or self.code
        if not self.errors and root.message is not None:
            self.messages = [root.message]


def media_type(content_type: str | None) -> str:
    """
    The media type in a Content-Type header, in lower case and without parameters.

    :param content_type: the header's value, or None
    """
    return (content_type or "").partition(";")[0].strip().lower()


def parsed(content: bytes, media_type: str) -> t.Any:
    """
    A body as JSON; None if its media type is not JSON or it cannot be parsed.

    :param content: the body
    :param media_type: its media type
    """
    main, _, subtype = media_type.partition("/")
    if main != "application" or not (subtype == "json" or subtype.endswith("+json")):
        return None
    from globus_core import json_text

    try:
        return json_text.loads(content)
    except (ValueError, RecursionError):
        return None


def format_of(body: dict[str, t.Any] | None, media_type: str) -> BodyFormat | None:
    """
    The format of a body: JSON:API, Globus's "type zero", or None for any other.

    :param body: the body, if it is a JSON object
    :param media_type: its media type
    """
    if body is None:
        return None
    if media_type == "application/vnd.api+json":
        return "jsonapi" if _objects(body.get("errors")) else None
    return "type_zero" if _is_type_zero(body) else None


def _is_type_zero(body: dict[str, t.Any]) -> bool:
    return (
        isinstance(body.get("code"), str)
        and isinstance(body.get("message"), str)
        and isinstance(body.get("request_id", ""), str)
    )


def _objects(value: object) -> list[dict[str, t.Any]] | None:
    """The value, if it is a list that holds only objects."""
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    return None


def _common_code(errors: list[ErrorSubdocument]) -> str | None:
    """The code of all subdocuments that have one, if they agree."""
    codes = {error.code for error in errors if error.code is not None}
    return codes.pop() if len(codes) == 1 else None


def _str_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None
