"""
ErrorFacts: what a plugin's translator can say about an error.
"""

from __future__ import annotations

from globus_core.printable import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class ErrorFacts:
    """
    What an error response means, as stated by a translator (hook ``globus_translate_error``).

    Every fact is optional; None means unknown. Code, message and request id are used only if the
    body does not contain them.

    :param code: a short code, such as ``invalid_grant``
    :param message: what went wrong, in one sentence
    :param advice: what a person can do next, in plain words
    :param retry_after: seconds to wait before the next attempt
    :param retryable: whether the same request may succeed later
    :param required_scopes: scopes that a person must consent to
    :param authorization_parameters: what a new login must satisfy, with the keys of
        ``globus_core.gare.GlobusAuthorizationParameters``
    :param request_id: the id by which the service knows the request
    """

    __slots__ = (
        "advice",
        "authorization_parameters",
        "code",
        "message",
        "request_id",
        "required_scopes",
        "retry_after",
        "retryable",
    )

    def __init__(
        self,
        *,
        code: str | None = None,
        message: str | None = None,
        advice: str | None = None,
        retry_after: float | None = None,
        retryable: bool | None = None,
        required_scopes: t.Iterable[str] | None = None,
        authorization_parameters: t.Mapping[str, t.Any] | None = None,
        request_id: str | None = None,
    ) -> None:
        self.code = code
        self.message = message
        self.advice = advice
        self.retry_after = retry_after
        self.retryable = retryable
        self.required_scopes = None if required_scopes is None else tuple(required_scopes)
        self.authorization_parameters = authorization_parameters
        self.request_id = request_id

    def to_dict(self) -> dict[str, t.Any]:
        """
        The known facts by name.
        """
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in values.items() if value is not None}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ErrorFacts):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    @safe_repr
    def __repr__(self) -> str:
        from globus_core.printable import quoted

        return f"ErrorFacts({', '.join(f'{k}={quoted(v)}' for k, v in self.to_dict().items())})"
