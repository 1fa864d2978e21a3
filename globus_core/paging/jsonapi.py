"""
The paginator for pages that link to the next one.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from .base import fields_of
from .cursor import CursorPaginator

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .base import Fields

    PageT = t.TypeVar("PageT", covariant=True)


class JSONAPIPaginator(CursorPaginator["PageT"]):
    """
    Sends the query of a page's ``links.next`` to get the next (JSON:API, pagination).

    Only the query of that link is used: host and path stay those of the client. It replaces
    the caller's ``query_params``. Takes the parameters of ``Paginator``.
    """

    _argument = "query_params"

    def _next_cursor(self, fields: Fields) -> t.Any:
        links = fields.get("links")
        link = links.get("next") if isinstance(links, dict) else None
        # a link may be written as an object as well
        if isinstance(link, dict):
            link = link.get("href")
        if not link or not isinstance(link, str):
            return None
        try:
            return parse_qs(urlsplit(link).query, keep_blank_values=True)
        except ValueError:
            raise self._invalid("has a 'links.next' that is not a URL") from None

    def _content(self, page: t.Any) -> t.Any:
        return fields_of(page).get("data")
