"""
The table of translators. Each handles one kind of error response.
"""

from __future__ import annotations

from globus_core.exc import ErrorFacts

from . import body_formats, oauth2, pages, rate_limits, requirements, status

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.exc import GlobusAPIError

    Translator: t.TypeAlias = t.Callable[[GlobusAPIError], ErrorFacts | None]

#: in order of precedence: the first to state a fact wins
TRANSLATORS: tuple[Translator, ...] = (
    requirements.authorization_required,
    oauth2.from_body,
    oauth2.from_challenge,
    rate_limits.wait,
    pages.from_a_proxy,
    body_formats.error_object,
    body_formats.validation_details,
    body_formats.json_api,
    body_formats.request_id,
    body_formats.plain_text,
    status.by_status,
)


def translate(error: GlobusAPIError) -> ErrorFacts | None:
    """
    Merge the facts that the translators find about an error.

    :param error: the error as parsed from the response
    :returns: the facts; None if there are none
    """
    known: dict[str, t.Any] = {}
    for translator in TRANSLATORS:
        facts = translator(error)
        if facts is not None:
            known = {**facts.to_dict(), **known}
    return ErrorFacts(**known) if known else None
