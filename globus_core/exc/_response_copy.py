"""
What an error keeps of a response, without the credentials of its request.
"""

from __future__ import annotations

import contextvars
from collections.abc import Mapping

from globus_core.http_bodies import content

from ._redact import HIDDEN, clean_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from ._redact import Redactor


#: reads JSON bodies where a program has a JSON provider of its own
json_reader: contextvars.ContextVar[t.Callable[[t.Any], t.Any] | None] = contextvars.ContextVar(
    "globus_core_json_reader", default=None
)


class Headers(dict[str, str]):
    """
    Response headers of a copied error; names are case-insensitive, as in the original.
    """

    def __init__(self, items: t.Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(items)
        self._folded = {name.lower(): value for name, value in self.items()}

    def __reduce__(self) -> tuple[t.Any, ...]:
        return type(self), (list(self.items()),)

    def __getitem__(self, name: str) -> str:
        return self._folded[name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._folded

    def get(self, name: str, default: t.Any = None) -> t.Any:
        return self._folded.get(name.lower(), default)


class ResponseCopy:
    """
    A copy of a response, with its attribute names, so that an error can be built from it.
    """

    __slots__ = (
        "content",
        "headers",
        "json",
        "method",
        "reason",
        "scheme",
        "status_code",
        "text",
        "url",
    )

    status_code: int
    reason: str
    headers: t.Mapping[str, str]
    content: bytes
    #: what a program's own JSON provider read, in a tuple of one; None if there was none
    json: tuple[t.Any] | None
    text: str
    method: str | None
    url: str | None
    scheme: str | None

    @property
    def request(self) -> ResponseCopy:
        """The copy itself: only method and URL of the request are kept."""
        return self

    def redacted(self, redactor: Redactor) -> ResponseCopy:
        """
        A copy that may leave the process, without credentials in its headers and body.

        :param redactor: removes the secrets
        """
        clean = redactor.clean
        copy = ResponseCopy()
        copy.status_code, copy.reason = self.status_code, clean(self.reason)
        copy.method, copy.url, copy.scheme = self.method, self.url, self.scheme
        copy.headers = Headers(
            (name, HIDDEN if "cookie" in name.lower() else clean(value))
            for name, value in self.headers.items()
        )
        copy.text = clean(self.text)
        copy.content = self.content if copy.text is self.text else copy.text.encode()
        copy.json = None if self.json is None else (redactor.clean_value(self.json[0]),)
        return copy


def copy_response(response: t.Any, schemes: t.Container[str]) -> ResponseCopy:
    """
    Copy a response; what it lacks is left empty.

    :param response: an object like requests.Response, or a copy
    :param schemes: names of authorization schemes, in lower case, that may be kept
    """
    if isinstance(response, ResponseCopy):
        return response
    request = getattr(response, "request", None)
    copy = ResponseCopy()
    copy.status_code = response.status_code
    copy.reason = _as_text(getattr(response, "reason", None))
    copy.headers = _headers(getattr(response, "headers", None))
    copy.content = _content(response)
    copy.json = _read_by_provider(response)
    copy.text = _decode(copy.content, str(copy.headers.get("Content-Type") or ""))
    copy.method = _as_text(getattr(request, "method", None)) or None
    url = _as_text(getattr(request, "url", None)) or _as_text(getattr(response, "url", None))
    copy.url = clean_url(url) if url else None
    sent = _headers(getattr(request, "headers", None)).get("Authorization")
    scheme = _as_text(sent).split(" ", 1)[0]
    copy.scheme = scheme if scheme.lower() in schemes else None
    return copy


def _read_by_provider(response: t.Any) -> tuple[t.Any] | None:
    read = json_reader.get()
    if read is None:
        return None
    try:
        return (read(response),)
    except (ValueError, RecursionError):
        return (None,)


def _headers(headers: t.Any) -> t.Mapping[str, str]:
    if isinstance(headers, Mapping):
        return headers
    try:  # other libraries have other classes, and stand-ins anything
        return Headers(headers.items())
    except (AttributeError, TypeError):
        return Headers()


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else ""


def _content(response: t.Any) -> bytes:
    # Reading the body of an unread response can still fail; the status stays valid.
    try:
        return content(response)
    except Exception:
        return b""


def _decode(content: bytes, content_type: str) -> str:
    encodings: tuple[str, ...] = ("utf-8",)
    _, found, charset = content_type.lower().partition("charset=")
    if found:
        encodings = (charset.split(";")[0].strip(" '\""), *encodings)
    if not content[:1].isascii() or 0 in content[:2]:  # maybe a byte order mark, UTF-16 or UTF-32
        from globus_core.json_text import encoding

        if (by_first_bytes := encoding(content)) != "utf-8":
            encodings = (by_first_bytes, *encodings)
    for name in encodings:
        try:
            return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")
