"""
Answers and refusals of Globus Auth, put together to the sets of methods.
"""

from __future__ import annotations

from globus_core.testing import RegisteredResponse, ResponseSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]

SERVICE = "auth"
TOKEN_PATH = "/v2/oauth2/token"  # noqa: S105 - an address
ERROR_ID = "6f02e5b9-a1d4-4c76-90f8-3d7be82c5a41"

#: the refusals of the API: status, title, what is wrong
_API_REFUSALS = {
    "invalid_parameters": (400, "Bad Request", "a parameter is missing or wrong"),
    "unauthorized": (401, "Unauthorized", "Call must be authenticated"),
    "forbidden": (403, "Forbidden", "the access token lacks the scope needed"),
    "not_found": (404, "Not Found", "there is nothing under this id"),
    "conflict": (409, "Conflict", "something else stands in the way"),
}

#: the refusals of the token endpoint (RFC 6749 section 5.2): status, what is wrong
_TOKEN_REFUSALS = {
    "invalid_scope": (400, "the requested scope is unknown"),
    "invalid_grant": (401, "the grant is not valid, or no longer"),
    "invalid_client": (401, "the client cannot authenticate"),
}


class Endpoint:
    """
    One method and path of Globus Auth, as which answers are made.

    :param method: the HTTP method
    :param path: the path
    """

    def __init__(self, method: str, path: str) -> None:
        self.method = method
        self.path = path

    def answer(self, body: t.Any, **metadata: t.Any) -> RegisteredResponse:
        """
        An answer that all is well.

        :param body: the document
        :param metadata: what a test wants to know of it
        """
        return self._make(200, body, metadata)

    def refusal(self, name: str) -> RegisteredResponse:
        """
        A refusal by the API.

        :param name: the error code, in lower case
        """
        status, title, detail = _API_REFUSALS[name]
        code = name.upper()
        item = {
            "status": str(status),
            "id": ERROR_ID,
            "code": code,
            "title": title,
            "detail": detail,
        }
        body = {"errors": [item], "error": name, "error_description": title}
        told = {"error_id": ERROR_ID, "http_status": status, "code": code, "message": detail}
        return self._make(status, body, told)

    def refusals(self, *names: str) -> dict[str, t.Any]:
        """
        Refusals by the API, as the cases of a set.

        :param names: the error codes, in lower case
        """
        return {name: self.refusal(name) for name in names}

    def token_refusals(self, *names: str) -> dict[str, t.Any]:
        """
        Refusals by the token endpoint, as the cases of a set.

        :param names: the error codes of RFC 6749
        """
        return {name: self._token_refusal(name) for name in names}

    def _token_refusal(self, name: str) -> RegisteredResponse:
        status, description = _TOKEN_REFUSALS[name]
        body = {"error": name, "error_description": description}
        return self._make(status, body, {"http_status": status, "error": name})

    def _make(self, status: int, body: t.Any, metadata: Document) -> RegisteredResponse:
        return RegisteredResponse(
            service=SERVICE,
            path=self.path,
            method=self.method,
            status=status,
            json=body,
            metadata=metadata,
        )


def developers_set(
    method: str, path: str, body: Document, *refusals: str, **metadata: t.Any
) -> ResponseSet:
    """
    The set of a method that needs an access token.

    :param method: the HTTP method
    :param path: the path
    :param body: the document of the default case
    :param refusals: error codes beside those of every such method, in lower case
    :param metadata: what a test wants to know of the default case
    """
    endpoint = Endpoint(method, path)
    told = {"response": next(iter(body.values())), **metadata}
    return ResponseSet(
        default=endpoint.answer(body, **told),
        **endpoint.refusals("unauthorized", "forbidden", *refusals),
    )
