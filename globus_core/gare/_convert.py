"""
Finding authorization requirements in errors.
"""

from __future__ import annotations

from globus_core.exc.api import ErrorSubdocument, GlobusAPIError

from ._variants import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from ._documents import GARE

    ErrorDocument: t.TypeAlias = GlobusAPIError | ErrorSubdocument | dict[str, t.Any]


def to_gare(error: ErrorDocument) -> GARE | None:
    """
    The authorization requirement that an error states, in canonical form.

    An API error can state several: its whole body is tried first, then each of its subdocuments,
    and the first requirement is returned.

    :param error: an API error, one of its subdocuments, or a parsed error body
    :returns: the requirement; None if the error states none
    """
    if not isinstance(error, GlobusAPIError):
        return read(error.raw if isinstance(error, ErrorSubdocument) else error)
    documents = (error._body, *(subdocument.raw for subdocument in error.errors))
    return next(filter(None, map(read, documents)), None)


def to_gares(errors: t.Iterable[ErrorDocument]) -> list[GARE]:
    """
    All authorization requirements that errors state, in canonical form.

    :param errors: API errors, subdocuments and parsed error bodies
    """
    found = (read(document) for error in errors for document in _documents(error))
    return [gare for gare in found if gare is not None]


def is_gare(error: ErrorDocument) -> bool:
    """
    Whether an error states an authorization requirement.

    :param error: an API error, one of its subdocuments, or a parsed error body
    """
    return to_gare(error) is not None


def has_gares(errors: t.Iterable[ErrorDocument]) -> bool:
    """
    Whether any of several errors states an authorization requirement.

    :param errors: API errors, subdocuments and parsed error bodies
    """
    return any(is_gare(error) for error in errors)


def _documents(error: ErrorDocument) -> t.Iterator[t.Any]:
    if isinstance(error, ErrorSubdocument):
        yield error.raw
    elif isinstance(error, GlobusAPIError):
        yield from (subdocument.raw for subdocument in error.errors)
        # without such a list, the one subdocument is the body itself
        if error._body is not None and "errors" in error._body:
            yield error._body
    else:
        yield error
