"""
Errors for error responses of a service.
"""

from __future__ import annotations

from globus_core.printable import LONGEST_VALUE, one_line, printable, sentence

from ._body_formats import ErrorSubdocument as ErrorSubdocument
from ._body_formats import Reading, format_of, media_type, parsed
from .base import GlobusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from ._body_formats import BodyFormat
    from ._redact import Redactor
    from ._response_copy import ResponseCopy
    from .error_facts import ErrorFacts
    from .error_info import ErrorInfoContainer

RETRYABLE_STATUSES = frozenset((408, 425, 429, 500, 502, 503, 504))

_LONGEST_NOTE = 20_000
_LONGEST_ADVICE = 2000
_UNPARSED = object()
_joined: dict[tuple[type, type], type] = {}


class GlobusAPIError(GlobusError):
    """
    A service responded with an error.

    Building the error succeeds for any body; what is not in it is None or empty. Texts of the error
    contain no credentials: those of the request, and anything that looks like a credential, are
    replaced. ``text``, ``binary_content`` and ``raw_json`` are the body as received; in a copied or
    unpickled error they are without credentials too.

    A subclass can read more from bodies by extending :meth:`parse_body`, and show more in ``args``
    by extending :meth:`extra_args`.
    """

    MESSAGE_FIELDS: t.Sequence[str] = ["message", "detail", "title"]
    RECOGNIZED_AUTHZ_SCHEMES: t.Sequence[str] = ["bearer", "basic", "globus-goauthtoken"]

    _redactor: Redactor | None = None
    _is_sealed = False

    def __init__(self, r: t.Any, *args: t.Any, **kwargs: t.Any) -> None:
        """
        Make the error of a response.

        :param r: the response, such as a requests.Response
        :param args: ignored; for subclasses
        :param kwargs: ignored; for subclasses
        """
        from . import _redact, _response_copy

        redactor = self.__dict__.pop("_redactor", None)  # not kept, because it knows the secrets
        if redactor is None:
            redactor = _redact.for_request(getattr(r, "request", None))
        self._response = _response_copy.copy_response(r, self.RECOGNIZED_AUTHZ_SCHEMES)
        self._json: t.Any = _UNPARSED
        self._info: ErrorInfoContainer | None = None

        self.http_status: int = self._response.status_code
        self.code: str | None = None
        self.messages: list[str] = []
        self.errors: list[ErrorSubdocument] = []
        self.request_id: str | None = None
        self.facts: ErrorFacts | None = None
        self.translated_by: str | None = None

        self._portable = self._response.redacted(redactor)
        self._body: dict[str, t.Any] | None = redactor.clean_value(self._clean_body())
        if self._body is not None:
            self.parse_body(self._body)
        self._finish(redactor)

    def __setattr__(self, name: str, value: object) -> None:
        self._refuse_change(name)
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        self._refuse_change(name)
        super().__delattr__(name)

    def _refuse_change(self, name: str) -> None:
        if self._is_sealed and not name.startswith("_"):
            raise AttributeError(
                f"{name!r} of an error cannot be changed by those who are asked what it means; "
                "return ErrorFacts"
            )

    def _seal(self) -> t.Callable[[], None]:
        """Let nobody change the error until the result is called."""
        messages, errors = list(self.messages), list(self.errors)
        self._is_sealed = True

        def unseal() -> None:
            self._is_sealed = False
            self.messages, self.errors = messages, errors
            self._json, self._info = _UNPARSED, None  # which can be changed from outside

        return unseal

    # the response as received

    @property
    def http_reason(self) -> str:
        """The reason phrase of the status line, such as ``Not Found``; may be empty."""
        return self._portable.reason

    @property
    def headers(self) -> t.Mapping[str, str]:
        """The response headers; names are case-insensitive."""
        return self._response.headers

    @property
    def content_type(self) -> str | None:
        """The Content-Type header as received."""
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
            read = self._response.json
            found = parsed(self._response.content, media_type(self.content_type))
            self._json = found if read is None else read[0]
        return self._json

    @property
    def body_format(self) -> BodyFormat | None:
        """
        The format of the body: ``jsonapi``, ``type_zero`` (``code`` and ``message`` at its root),
        or None for any other; already set in :meth:`parse_body`.
        """
        return format_of(self._body, media_type(self.content_type))

    # what it means

    @property
    def message(self) -> str | None:
        """All messages, joined with semicolons; None if there are none."""
        return "; ".join(self.messages) if self.messages else None

    @property
    def info(self) -> ErrorInfoContainer:
        """Well-known parts of the body: required consents, authorization parameters."""
        if self._info is None:
            from .error_info import ErrorInfoContainer

            self._info = ErrorInfoContainer(self._body)
        return self._info

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later."""
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
        method, url, *_ = self.args
        request = f"{method} {_shortened(url)}" if method and url else "The request"
        status = f"{self.http_status} {_value(self.http_reason)}".strip()
        known = [part for part in (_value(self.code), sentence(self.message or "")) if part]
        why = f"Why: {': '.join(known)}" if known else "Why: the response does not say."
        lines = [f"{request} was answered with {status}.", why]
        if self.advice:
            lines.append(f"What to do: {sentence(self.advice, _LONGEST_ADVICE)}.")
        if self.retryable:
            lines.append(_when(self.retry_after))
        if self.request_id:
            lines.append(f"Support can find this request by its id: {_value(self.request_id)}")
        return "\n".join(lines)

    def __str__(self) -> str:
        if len(self.args) < 6:  # as its constructor failed, or a subclass changed it
            return super().__str__()
        method, url, _, status, code, message, *more = self.args
        status_and_code = f"{status} {_value(code)}" if code else f"{status}"
        text = f"{method} {_shortened(url)} answered {status_and_code}: {sentence(str(message))}"
        return f"{text} (request id {_value(more[0])})" if more and more[0] else text

    # reading the body

    def parse_body(self, body: dict[str, t.Any]) -> None:
        """
        Read code, messages, request id and subdocuments from a body that is a JSON object.

        :param body: the parsed body
        """
        body_format = format_of(body, media_type(self.content_type))
        reading = Reading(body, body_format, self.MESSAGE_FIELDS)
        self.code, self.messages, self.errors = reading.code, reading.messages, reading.errors
        if reading.request_id is not None:
            self.request_id = reading.request_id

    def extra_args(self) -> tuple[t.Any, ...]:
        """
        Further values for ``args``, after the request id, which then may be None. If they come from
        the body passed to :meth:`parse_body`, they contain no credentials.
        """
        return ()

    def _clean_body(self) -> dict[str, t.Any] | None:
        """The body without credentials, if it is a JSON object."""
        body = self.raw_json
        if self._portable.json is not None:
            body = self._portable.json[0]
        elif self._portable.content is not self._response.content:
            clean = parsed(self._portable.content, media_type(self.content_type))
            body = body if clean is None else clean
        return body if isinstance(body, dict) else None

    # texts for people

    def _finish(self, redactor: Redactor) -> None:
        """Remove credentials from everything that was parsed, and set ``args`` and notes."""
        if self.code is not None:
            self.code = redactor.clean(self.code)
        if self.request_id is not None:
            self.request_id = redactor.clean(self.request_id)
        self.messages = [redactor.clean(message) for message in self.messages]
        self._set_args()
        self._add_body_note()
        self._own_attributes = frozenset((*vars(self), "_own_attributes"))

    def _set_args(self) -> None:
        sent, extra = self._portable, self.extra_args()
        reason = self.message or sent.reason
        self.args = (sent.method, sent.url, sent.scheme, self.http_status, self.code, reason)
        if self.request_id is not None or extra:
            self.args = (*self.args, self.request_id, *extra)

    def _add_body_note(self) -> None:
        add_note = getattr(self, "add_note", None)
        if add_note is None:  # Python 3.10
            return
        body = self._portable.text
        if len(body) > _LONGEST_NOTE:
            body = f"{body[:_LONGEST_NOTE]}\n({len(body) - _LONGEST_NOTE} more characters)"
        indented = "\n".join(f"    {printable(line)}" for line in body.splitlines())
        add_note(f"the body of the response was:\n\n{indented}")

    def _apply(self, facts: ErrorFacts, plugin: str | None) -> None:
        """Use the facts of a translator; values from the body take precedence."""
        self.facts, self.translated_by = facts, plugin
        self.code = facts.code if self.code is None else self.code
        self.request_id = facts.request_id if self.request_id is None else self.request_id
        if not self.messages and facts.message is not None:
            self.messages = [facts.message]
        if facts.advice is not None:
            self.advice = facts.advice
        self._set_args()

    def __reduce__(self) -> tuple[t.Any, ...]:
        # Rebuilt from the response on the other side, so that only cleaned data is pickled.
        own = self._own_attributes
        added = {name: value for name, value in vars(self).items() if name not in own}
        classes = getattr(type(self), "_joined_from", (type(self),))
        return _revive, (classes, self._portable, self.facts, self.translated_by, added)


def joined(error_class: type[GlobusAPIError], extra: type[Exception]) -> type[GlobusAPIError]:
    """
    The class derived from both; the same one each time for a pair.

    :param error_class: the client's error class, which builds the instances
    :param extra: a class by which they can also be caught; its constructor is not called
    :raises TypeError: if Python cannot derive a class from both
    """
    if issubclass(extra, error_class):
        return extra
    if issubclass(error_class, extra):
        return error_class
    pair = (error_class, extra)
    if pair not in _joined:
        namespace = {"__module__": extra.__module__, "__doc__": extra.__doc__, "_joined_from": pair}
        advice = getattr(extra, "advice", None)
        if isinstance(advice, str):
            namespace["advice"] = advice
        # setdefault, so that two threads get one class
        _joined.setdefault(pair, type(extra.__name__, pair, namespace))
    return _joined[pair]


def _revive(
    classes: tuple[t.Any, ...],
    response: ResponseCopy,
    facts: ErrorFacts | None,
    translated_by: str | None,
    added: dict[str, t.Any],
) -> GlobusAPIError:
    error_class = joined(*classes) if len(classes) == 2 else classes[0]
    error: GlobusAPIError = error_class.__new__(error_class, response)
    GlobusAPIError.__init__(error, response)
    if facts is not None:
        error._apply(facts, translated_by)
    vars(error).update(added)
    error.translated_by = translated_by
    return error


def _shortened(url: str | None) -> str | None:
    # A URL with a hundred names in it would hide what went wrong.
    if url and len(url) > LONGEST_VALUE:
        return f"{printable(url[:LONGEST_VALUE])}..."
    return url and printable(url)


def _value(text: object) -> str:
    return one_line(str(text), LONGEST_VALUE) if text else ""


def _when(seconds: float | None) -> str:
    if seconds is None:
        return "The same request may succeed when it is sent again later."
    unit = "second" if seconds == 1 else "seconds"
    return f"The same request may succeed when it is sent again after {seconds:g} {unit}."
