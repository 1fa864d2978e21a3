"""Errors of the service, and which of them are not worth another attempt."""

from __future__ import annotations

import typing as t

from globus_core.exc import GlobusAPIError
from globus_core.transport import RetryCheckResult, RetryContext


class ExampleAPIError(GlobusAPIError):
    """An error response of the service, which says in ``hint`` what could help."""

    hint: str | None = None

    def parse_body(self, body: dict[str, t.Any]) -> None:
        """
        Read the body.

        :param body: the response's JSON object
        """
        super().parse_body(body)
        if self.body_format == "type_zero":
            hint = body.get("hint")
            self.hint = hint if isinstance(hint, str) else None


def check_broken(context: RetryContext) -> RetryCheckResult:
    """
    Do not ask again for a thing that is broken; any other 502 may pass.

    :param context: the attempt that ended
    """
    if context.response is None or context.response.status_code != 502:
        return RetryCheckResult.no_decision
    broken = ExampleAPIError(context.response).code == "Broken"
    return RetryCheckResult.do_not_retry if broken else RetryCheckResult.no_decision
