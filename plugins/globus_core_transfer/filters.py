"""
Filters of lists, as Transfer reads them from a query: ``type:dir/name:~*.txt``.
"""

from __future__ import annotations

from globus_core import MISSING
from globus_core.documents import comma_joined
from globus_core.exc import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import MissingType

    Filter: t.TypeAlias = str | t.Mapping[str, str | list[str]]

#: values by field, for the filters of ``operation_ls`` and ``task_list``
TransferFilterDict = dict[str, str | list[str]]


def filter_text(clauses: Filter | MissingType | None) -> str | MissingType:
    """
    One filter as text; None and MISSING give MISSING.

    :param clauses: the filter as text, which is returned unchanged; or a value or several for each
        field, and an element has to match all fields
    :raises GlobusSDKUsageError: if a value has a ``/``, which would begin another clause
    """
    if clauses is None or clauses is MISSING:
        return MISSING
    if isinstance(clauses, str):
        return clauses
    if not isinstance(clauses, dict):
        kind = type(clauses).__name__
        raise GlobusSDKUsageError(f"a filter must be a string or a dict, not {kind}")
    return "/".join([_clause(field, values) for field, values in clauses.items()])


def filter_texts(
    filters: Filter | t.Iterable[Filter] | MissingType | None,
) -> str | list[str | MissingType] | MissingType:
    """
    One filter or several as text; None and MISSING give MISSING.

    :param filters: see :func:`filter_text`; of several, an element has to match each
    :raises GlobusSDKUsageError: see :func:`filter_text`
    """
    if isinstance(filters, (list, tuple)):
        return [filter_text(each) for each in filters]
    return filter_text(filters)  # type: ignore[arg-type]  # it refuses anything else


def _clause(field: str, values: str | list[str]) -> str:
    text = f"{field}:{comma_joined(values)}"
    if "/" in text:
        raise GlobusSDKUsageError(
            f"the filter for {field!r} has a '/', which Transfer would read as the end of it"
        )
    return text
