"""
What is raised for a request that is not allowed, and the HTTP response to it.
"""

from __future__ import annotations

import json
import re
import typing as t

from globus_core.exc import GlobusError

if t.TYPE_CHECKING:
    from globus_core.gare import GARE

#: names the protection space in ``WWW-Authenticate`` (RFC 7235)
REALM = "Globus"
#: what the values in ``WWW-Authenticate`` must not have (RFC 6750 section 3)
_NOT_QUOTABLE = re.compile(r"[^\x20\x21\x23-\x5b\x5d-\x7e]")


class RefusedError(GlobusError):
    """
    A request that is not allowed, and the response to send.

    Nothing of the request is in the response, so it can be sent to anyone.
    """

    status: int = 403

    def __init__(
        self,
        message: str,
        *,
        code: str,
        status: int | None = None,
        error: str | None = None,
        scopes: t.Iterable[str] = (),
        gare: GARE | None = None,
    ) -> None:
        """
        Refuse a request.

        :param message: why, in one sentence for the caller; the header gets its ASCII characters
        :param code: the reason in one word, for programs
        :param status: the status of the response; None takes that of the class
        :param error: the error code of RFC 6750 for ``WWW-Authenticate``; None states none
        :param scopes: scopes that the request needs
        :param gare: what a login has to meet, so that the caller can repeat the request
        """
        super().__init__(message)
        self.code = code
        self.status = type(self).status if status is None else status
        self.gare = gare
        self._message = message
        self._error = error
        self._scopes = " ".join(scopes)

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the response."""
        return {
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
            "WWW-Authenticate": self._challenge(),
        }

    @property
    def document(self) -> dict[str, t.Any]:
        """The body of the response, a JSON object; with what a login has to meet, if there is."""
        document: dict[str, t.Any] = {"code": self.code, "message": self._message}
        if self.gare is not None:
            document.update(_wanted(self.gare))
        return document

    @property
    def body(self) -> bytes:
        """The body of the response, encoded."""
        return json.dumps(self.document).encode()

    def _challenge(self) -> str:
        parameters = {"realm": REALM}
        if self._error is not None:
            parameters.update(error=self._error, error_description=self._message)
        if self._scopes:
            parameters["scope"] = self._scopes
        quoted = (f'{name}="{_quotable(value)}"' for name, value in parameters.items())
        return "Bearer " + ", ".join(quoted)


class UnauthenticatedError(RefusedError):
    """
    There is no token, or it is not valid for this service: 401.
    """

    status = 401


class ForbiddenError(RefusedError):
    """
    The caller is known, and may not do this, or not without another login: 403.

    If a login helps, ``gare`` says which; globus-core, globus-sdk and globus-cli can read it from
    the response.
    """

    status = 403


class CheckFailedError(RefusedError):
    """
    The token could not be checked: 503 if Globus Auth cannot be reached, 500 if it refuses to
    answer this service.
    """

    status = 503

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the response."""
        headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        if self.status == 503:
            headers["Retry-After"] = "5"
        return headers


def _wanted(gare: GARE) -> dict[str, t.Any]:
    """
    What a login has to meet, as all clients read it.

    Consents alone are in the form of Globus Transfer: globus-cli, and programs that look at
    ``GlobusAPIError.info``, find scopes only there, and SDKs read both forms.
    """
    document = gare.to_dict()
    parameters = document["authorization_parameters"]
    others = parameters.keys() - {"required_scopes", "session_message"}
    if gare.code == "ConsentRequired" and "required_scopes" in parameters and not others:
        return {"code": gare.code, "required_scopes": parameters["required_scopes"]}
    return document


def _quotable(value: str) -> str:
    """The value without what would end the quoted string, or the header."""
    return _NOT_QUOTABLE.sub("?", value.replace('"', "'"))
