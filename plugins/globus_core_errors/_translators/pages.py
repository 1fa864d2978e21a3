"""
Web pages in place of JSON responses of a service.
"""

from __future__ import annotations

from globus_core.exc import ErrorFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.exc import GlobusAPIError

_LOOKED_AT = 20_000
_LONGEST_TITLE = 200


def from_a_proxy(error: GlobusAPIError) -> ErrorFacts | None:
    """An HTML page of a proxy, gateway or network login; only its title is shown."""
    page = error.text[:_LOOKED_AT]
    if not _is_html(error.content_type or "", page):
        return None
    title = _title(page)
    what = f"the response is a web page titled {title!r}" if title else "the response is a web page"
    return ErrorFacts(
        message=f"{what}: it did not come from Globus but from something in between",
        advice=(
            "check the proxy settings (HTTPS_PROXY, NO_PROXY) and the URL of the service, and "
            "whether this network has its own login page; otherwise try again later"
        ),
    )


def _is_html(content_type: str, page: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in ("text/html", "application/xhtml+xml"):
        return True
    # some gateways declare another content type, but JSON never begins like this
    return page.lstrip("\ufeff \t\r\n")[:14].lower().startswith(("<!doctype html", "<html"))


def _title(page: str) -> str:
    import html

    _, found, rest = page.lower().partition("<title")
    if not found:
        return ""
    begin = page.find(">", len(page) - len(rest)) + 1
    end = page.lower().find("</title", begin)
    if not begin or end < 0:
        return ""
    return " ".join(html.unescape(page[begin:end]).split())[:_LONGEST_TITLE]
