"""
Answers and refusals of a manager, put together to the sets of methods.
"""

from __future__ import annotations

from globus_core.testing import RegisteredResponse, ResponseList, ResponseSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]


def envelope(*data: Document, code: str = "success", status: int = 200, **more: t.Any) -> Document:
    """
    The body of every response.

    :param data: the documents in it
    :param code: what has come of the request
    :param status: the HTTP status
    :param more: further fields, which win
    """
    return {
        "DATA_TYPE": "result#1.0.0",
        "code": code,
        "http_response_code": status,
        "detail": None,
        "message": "",
        "data": list(data),
        "has_next_page": False,
        "marker": "",
        **more,
    }


def answer(method: str, path: str, body: Document, /, **told: t.Any) -> RegisteredResponse:
    """
    One response, at the status that its body names.

    :param method: the HTTP method
    :param path: the path
    :param body: the body
    :param told: the metadata
    """
    return RegisteredResponse(
        service="gcs",
        path=path,
        method=method,
        status=body["http_response_code"],
        json=body,
        metadata=told,
    )


def refusal(
    method: str, path: str, status: int, code: str, message: str, detail: t.Any, /, **told: t.Any
) -> RegisteredResponse:
    """
    A refusal, which the metadata describe.

    :param method: the HTTP method
    :param path: the path
    :param status: the status
    :param code: the code
    :param message: what people are told
    :param detail: what programs are told
    :param told: further metadata
    """
    body = envelope(code=code, status=status, message=message, detail=detail)
    described = {"http_status": status, "code": code, "message": message, "detail": detail}
    return answer(method, path, body, **described, **told)


def canned(
    method: str,
    path: str,
    *data: Document,
    args: Document,
    cases: t.Mapping[str, RegisteredResponse | ResponseList] | None = None,
    **told: t.Any,
) -> ResponseSet:
    """
    The set of a method.

    :param method: the HTTP method
    :param path: the path
    :param data: the documents in the default case
    :param args: the arguments of the client's method
    :param cases: further cases by name; None if there are none
    :param told: what the metadata of the default case tell
    """
    default = answer(method, path, envelope(*data), args=args, **told)
    others: dict[str, t.Any] = {**(cases or {})}
    return ResponseSet(default=default, **others)


def listing(
    path: str,
    *data: Document,
    cases: t.Mapping[str, RegisteredResponse] | None = None,
    **told: t.Any,
) -> ResponseSet:
    """
    The set of a method that lists: all at once, in pages of one document each, and nothing.

    :param path: the path
    :param data: the documents
    :param cases: further cases by name; None if there are none
    :param told: what the metadata tell
    """
    told = {"args": {}, **told}
    pages = []
    for at, document in enumerate(data, 1):
        more = at < len(data)
        body = envelope(document, has_next_page=more, marker=f"marker-{at}" if more else "")
        pages.append(answer("GET", path, body, **told))
    others: dict[str, t.Any] = {
        "paginated": ResponseList(*pages, metadata={**told, "num_pages": len(pages)}),
        "empty": answer("GET", path, envelope(), **told),
        **(cases or {}),
    }
    return ResponseSet(default=answer("GET", path, envelope(*data), **told), **others)
