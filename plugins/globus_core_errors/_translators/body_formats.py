"""
Error bodies in further formats, beyond those that ``globus_core.exc`` parses.
"""

from __future__ import annotations

from globus_core.exc import ErrorFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.exc import GlobusAPIError

_LONGEST_TEXT = 300
_REQUEST_ID_HEADERS = ("X-Request-Id", "X-Globus-Request-Id")


def error_object(error: GlobusAPIError) -> ErrorFacts | None:
    """``{"error": {"code": "...", "detail": ...}}``, as sent by Flows and Timers."""
    inner = _object(error.raw_json).get("error")
    if not isinstance(inner, dict):
        return None
    detail = inner.get("detail")
    texts = [_text(detail), *_lines(detail), _text(inner.get("message")), _text(inner.get("title"))]
    return ErrorFacts(code=_text(inner.get("code")), message=next(filter(None, texts), None))


def validation_details(error: GlobusAPIError) -> ErrorFacts | None:
    """``{"detail": [{"loc": [...], "msg": "..."}]}``: fields that the service rejects."""
    lines = _lines(_object(error.raw_json).get("detail"))
    if not lines:
        return None
    return ErrorFacts(message="; ".join(lines), advice="correct the named fields and try again")


def json_api(error: GlobusAPIError) -> ErrorFacts | None:
    """The places in the request that a JSON:API error points to, and its id."""
    body = _object(error.raw_json)
    if "vnd.api+json" not in (error.content_type or "").lower():
        return None
    found = body.get("errors")
    documents = [_object(document) for document in found] if isinstance(found, list) else []
    places = [place for document in documents if (place := _source(document))]
    ids = {identifier for document in documents if (identifier := _text(document.get("id")))}
    return ErrorFacts(
        advice=f"correct {', '.join(places)} and try again" if places else None,
        request_id=ids.pop() if len(ids) == 1 else None,
    )


def request_id(error: GlobusAPIError) -> ErrorFacts | None:
    """A request id in the body or a header, for formats without a field for it."""
    headers = (error.headers.get(name) for name in _REQUEST_ID_HEADERS)
    candidates = (_object(error.raw_json).get("request_id"), *headers)
    found = next(filter(None, map(_text, candidates)), None)
    return ErrorFacts(request_id=found) if found else None


def plain_text(error: GlobusAPIError) -> ErrorFacts | None:
    """A short plain text instead of a JSON document."""
    media_type = (error.content_type or "").partition(";")[0].strip().lower()
    text = " ".join(error.text[: _LONGEST_TEXT + 1].split())
    if media_type != "text/plain" or not text or len(text) > _LONGEST_TEXT:
        return None
    return ErrorFacts(message=text)


def _object(value: object) -> dict[str, t.Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _lines(details: object) -> list[str]:
    """``msg: path.to.field`` for each of the details."""
    if not isinstance(details, list):
        return []
    lines = []
    for detail in map(_object, details):
        if message := _text(detail.get("msg")):
            where = detail.get("loc")
            path = ".".join(map(str, where)) if isinstance(where, list) else ""
            lines.append(f"{message}: {path}" if path else message)
    return lines


def _source(document: dict[str, t.Any]) -> str | None:
    source = _object(document.get("source"))
    if pointer := _text(source.get("pointer")):
        return f"the field {pointer}"
    if parameter := _text(source.get("parameter")):
        return f"the parameter {parameter!r}"
    if header := _text(source.get("header")):
        return f"the header {header}"
    return None
