"""
Errors that a service answered with.
"""

from __future__ import annotations

from .base import GlobusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from ._redact import Redactor
    from ._snapshot import Snapshot
    from .facts import ErrorFacts
    from .info import ErrorInfoContainer

RETRYABLE_STATUSES = frozenset((408, 425, 429, 500, 502, 503, 504))

_LONGEST_NOTE = 20_000
_UNPARSED = object()


class ErrorSubdocument:
    """
    One of the error objects in an error body.

    :param data: the object
    :param message_fields: keys to look at for the message, in order; None for those of JSON:API
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
        """The object's code; None if it has none that is a string."""
        return _str_or_none(self.raw.get("code"))

    @property
    def message(self) -> str | None:
        """The first of the message fields that is a string; None if there is none."""
        for field in self._message_fields:
            if isinstance(value := self.raw.get(field), str):
                return value
        return None

    def __repr__(self) -> str:
        return f"ErrorSubdocument(code={self.code!r}, message={self.message!r})"

    def get(self, key: str, default: t.Any = None) -> t.Any:
        """
        Give one value of the object.

        :param key: the key to look up
        :param default: what to give if it is absent
        """
        return self.raw.get(key, default)


class GlobusAPIError(GlobusError):
    """
    A service answered with an error.

    Whatever the body is, building the error succeeds; what cannot be found in it is None or
    empty. Texts of the error carry no credentials: those that the request sent, and what looks
    like one, are replaced. ``text``, ``binary_content`` and ``raw_json`` are the body as it came;
    in a copied or unpickled error they are without credentials too.

    A subclass reads more out of bodies by extending :meth:`parse_body`.

    :param r: the response, such as a requests.Response
    :param args: ignored; for subclasses
    :param kwargs: ignored; for subclasses
    """

    MESSAGE_FIELDS: t.Sequence[str] = ["message", "detail", "title"]
    RECOGNIZED_AUTHZ_SCHEMES: t.Sequence[str] = ["bearer", "basic", "globus-goauthtoken"]

    def __init__(self, r: t.Any, *args: t.Any, **kwargs: t.Any) -> None:
        from . import _redact, _snapshot

        self._response: Snapshot = _snapshot.take(r, self.RECOGNIZED_AUTHZ_SCHEMES)
        self._json: t.Any = _UNPARSED
        self._info: ErrorInfoContainer | None = None

        self.http_status: int = self._response.status_code
        self.code: str | None = None
        self.messages: list[str] = []
        self.errors: list[ErrorSubdocument] = []
        self.request_id: str | None = None
        self.facts: ErrorFacts | None = None
        self.translated_by: str | None = None

        redactor = _redact.for_request(getattr(r, "request", None))
        self._portable: Snapshot = self._response.redacted(redactor)
        self._body: dict[str, t.Any] | None = redactor.clean_value(self._clean_body())
        if self._body is not None:
            self.parse_body(self._body)
        self._finish(redactor)

    # what came over the wire

    @property
    def http_reason(self) -> str:
        """The reason phrase of the status line, such as ``Not Found``; may be empty."""
        return self._portable.reason

    @property
    def headers(self) -> t.Mapping[str, str]:
        """The response headers; upper and lower case are the same."""
        return self._response.headers

    @property
    def content_type(self) -> str | None:
        """The Content-Type header as it came."""
        return self.headers.get("Content-Type")

    @property
    def text(self) -> str:
        """The body as text."""
        return self._response.text

    @property
    def binary_content(self) -> bytes:
        """The body as bytes."""
        return self._response.content

    @property
    def raw_json(self) -> t.Any:
        """The parsed body; None if its media type is not JSON or it cannot be parsed."""
        if self._json is _UNPARSED:
            self._json = self._load(self._response)
        return self._json

    # what it means

    @property
    def message(self) -> str | None:
        """All messages, joined with semicolons; None if there are none."""
        return "; ".join(self.messages) if self.messages else None

    @property
    def info(self) -> ErrorInfoContainer:
        """Well-known parts of the body: required consents, authorization parameters."""
        if self._info is None:
            from .info import ErrorInfoContainer

            self._info = ErrorInfoContainer(self._body)
        return self._info

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later, unchanged."""
        if self.facts is not None and self.facts.retryable is not None:
            return self.facts.retryable
        return self.http_status in RETRYABLE_STATUSES

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait before the next attempt; None if nothing is known."""
        return self.facts.retry_after if self.facts is not None else None

    def explain(self) -> str:
        """
        Say in plain words what happened, why, and what to do next; one line for each.
        """
        from ._explain import explain

        return explain(self)

    def __str__(self) -> str:
        from ._explain import shortened

        method, url, _, status, code, message, *request_id = self.args
        status_and_code = f"{status} {code}" if code else f"{status}"
        text = f"{method} {shortened(url)} answered {status_and_code}: {message}"
        return f"{text} (request id {request_id[0]})" if request_id else text

    # reading the body

    def parse_body(self, body: dict[str, t.Any]) -> None:
        """
        Read code, messages, request id and subdocuments out of a body that is a JSON object.

        :param body: the parsed body
        """
        documents = _objects(body.get("errors"))
        if self._media_type == "application/vnd.api+json":
            if documents:
                self._use_subdocuments([ErrorSubdocument(document) for document in documents])
                return
        elif _is_type_zero(body):
            self.code, self.messages = body["code"], [body["message"]]
            self.request_id = body.get("request_id")
            self.errors = self._subdocuments(body if documents is None else documents)
            return
        self._use_subdocuments(self._subdocuments(body if documents is None else documents))
        if not self.errors:
            self.messages = _messages(self._subdocuments(body))
        self.code = _str_or_none(body.get("code")) or self.code

    def _subdocuments(
        self, documents: dict[str, t.Any] | list[dict[str, t.Any]]
    ) -> list[ErrorSubdocument]:
        several = [documents] if isinstance(documents, dict) else documents
        return [ErrorSubdocument(one, message_fields=self.MESSAGE_FIELDS) for one in several]

    def _use_subdocuments(self, documents: list[ErrorSubdocument]) -> None:
        self.errors = documents
        self.messages = _messages(documents)
        codes = {document.code for document in documents if document.code is not None}
        self.code = codes.pop() if len(codes) == 1 else None

    @property
    def _media_type(self) -> str:
        return (self.content_type or "").partition(";")[0].strip().lower()

    def _load(self, response: Snapshot) -> t.Any:
        if not _is_json(self._media_type):
            return None
        import json

        try:
            return json.loads(response.content)
        except (ValueError, RecursionError):
            return None

    def _clean_body(self) -> dict[str, t.Any] | None:
        """The body without credentials, if it is a JSON object."""
        body = self.raw_json
        if self._portable.content is not self._response.content:
            clean = self._load(self._portable)
            body = body if clean is None else clean
        return body if isinstance(body, dict) else None

    # what makes it presentable

    def _finish(self, redactor: Redactor) -> None:
        """Take credentials out of all that was parsed, and set what exceptions show."""
        if self.code is not None:
            self.code = redactor.clean(self.code)
        if self.request_id is not None:
            self.request_id = redactor.clean(self.request_id)
        self.messages = [redactor.clean(message) for message in self.messages]
        self._set_args()
        self._add_body_note()
        self._own_attributes = frozenset((*vars(self), "_own_attributes"))

    def _set_args(self) -> None:
        shot = self._portable
        reason = self.message or shot.reason
        args = (shot.method, shot.url, shot.scheme, self.http_status, self.code, reason)
        self.args = args if self.request_id is None else (*args, self.request_id)

    def _add_body_note(self) -> None:
        add_note = getattr(self, "add_note", None)
        if add_note is None:  # Python 3.10
            return
        body = self._portable.text
        if len(body) > _LONGEST_NOTE:
            body = f"{body[:_LONGEST_NOTE]}\n({len(body) - _LONGEST_NOTE} more characters)"
        indented = "\n".join(f"    {line}" for line in body.splitlines())
        add_note(f"the body of the response was:\n\n{indented}")

    def _apply(self, facts: ErrorFacts, plugin: str | None) -> None:
        """Take over what a translator found; what the body itself said stays."""
        self.facts, self.translated_by = facts, plugin
        self.code = facts.code if self.code is None else self.code
        self.request_id = facts.request_id if self.request_id is None else self.request_id
        if not self.messages and facts.message is not None:
            self.messages = [facts.message]
        if facts.advice is not None:
            self.advice = facts.advice
        self._set_args()

    def __reduce__(self) -> tuple[t.Any, ...]:
        # Built anew from the response on the other side, so that only what was cleaned travels.
        own = self._own_attributes
        added = {name: value for name, value in vars(self).items() if name not in own}
        classes = getattr(type(self), "_joined_from", (type(self),))
        return _revive, (classes, self._portable, self.facts, self.translated_by, added)


def _revive(
    classes: tuple[t.Any, ...],
    response: Snapshot,
    facts: ErrorFacts | None,
    translated_by: str | None,
    added: dict[str, t.Any],
) -> GlobusAPIError:
    from .translate import joined

    error_class = joined(*classes) if len(classes) == 2 else classes[0]
    error: GlobusAPIError = error_class.__new__(error_class, response)
    GlobusAPIError.__init__(error, response)
    if facts is not None:
        error._apply(facts, translated_by)
    vars(error).update(added)
    error.translated_by = translated_by
    return error


def _is_json(media_type: str) -> bool:
    main, _, subtype = media_type.partition("/")
    return main == "application" and (subtype == "json" or subtype.endswith("+json"))


def _is_type_zero(body: dict[str, t.Any]) -> bool:
    return (
        isinstance(body.get("code"), str)
        and isinstance(body.get("message"), str)
        and isinstance(body.get("request_id", ""), str)
    )


def _objects(value: object) -> list[dict[str, t.Any]] | None:
    """The value, if it is a list that holds objects only."""
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    return None


def _messages(documents: list[ErrorSubdocument]) -> list[str]:
    return [document.message for document in documents if document.message is not None]


def _str_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None
