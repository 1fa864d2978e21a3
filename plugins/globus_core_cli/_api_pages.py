"""
The pages of a response, whichever of Globus's styles it has.
"""

from __future__ import annotations

import typing as t

from globus_core.exc import ValidationError

if t.TYPE_CHECKING:
    from globus_core import GlobusHTTPResponse

    Query = dict[str, t.Any]
    Page = dict[str, t.Any]

#: field of a page, and the parameter that it is sent back in
_CURSORS = (
    ("marker", "marker"),
    ("next_marker", "marker"),
    ("next_token", "next_token"),
    ("last_key", "last_key"),
)


def pages(send: t.Callable[[Query], GlobusHTTPResponse], query: Query) -> t.Iterator[t.Any]:
    """
    Send a request, and those for the pages after it.

    :param send: sends a request with query parameters
    :param query: the parameters of the first one
    :raises ValidationError: if a page is not JSON, or leads back to itself
    """
    while True:
        page = send(query).data
        if page is None:
            raise ValidationError("the response is not JSON, so it has no pages")
        yield page
        found = next_query(page, query) if isinstance(page, dict) else None
        if found is None:
            return
        if found == query:
            raise ValidationError("a page leads back to itself")
        query = found


def next_query(page: Page, query: Query) -> Query | None:
    """
    The parameters of the next page; None after the last one.

    :param page: the page
    :param query: the parameters of its own request
    """
    links = page.get("links")
    if isinstance(links, dict) and "data" in page:
        return _linked(links.get("next"))
    if page.get("has_next_page") is False:
        return None
    for field, parameter in _CURSORS:
        if page.get(field) not in (None, ""):
            return {**query, parameter: page[field]}
    return _counted(page, query)


def _linked(link: t.Any) -> Query | None:
    """The query of a link of JSON:API."""
    from urllib.parse import parse_qs, urlsplit

    link = link.get("href") if isinstance(link, dict) else link
    if not isinstance(link, str) or not link:
        return None
    return dict(parse_qs(urlsplit(link).query, keep_blank_values=True))


def _counted(page: Page, query: Query) -> Query | None:
    """The offset behind the only list of a page."""
    lists = [value for value in page.values() if isinstance(value, list)]
    offset = page.get("offset")
    if len(lists) != 1 or not isinstance(offset, int) or not lists[0]:
        return None
    end, total = offset + len(lists[0]), page.get("total")
    if page.get("has_next_page") is None and not (isinstance(total, int) and end < total):
        return None
    return {**query, "offset": end}
