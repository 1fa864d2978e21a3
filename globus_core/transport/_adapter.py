"""
The adapter below the session: its connections keep to the deadline, its bodies to a size.

It fills in what requests leaves open to adapters; ``send`` itself stays that of requests, since
mocks replace it.
"""

from __future__ import annotations

import functools

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import extract_cookies_to_jar
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers, select_proxy
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.request import SKIP_HEADER

from ._answer import Answer
from ._headers import case_insensitive, is_plain, plain
from .limits import current_limits, read_body

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: origins whose connections are kept
ORIGINS = 32
#: connections to one origin that are kept; more threads than that open and close their own
CONNECTIONS = 64


class _PlainLines:
    """Writes a header that is plain without looking at it four times."""

    def putheader(self, header: t.Any, *values: t.Any) -> None:
        if len(values) == 1 and is_plain(header, values[0]) and values[0] != SKIP_HEADER:
            self._output(f"{header}: {values[0]}".encode())  # type: ignore[attr-defined]
        else:
            super().putheader(header, *values)  # type: ignore[misc]


class _Connection(_PlainLines, HTTPConnection):
    response_class = Answer


class _SecureConnection(_PlainLines, HTTPSConnection):
    response_class = Answer


class _PlainHeaders:
    """Gives headers as a plain dict, which is copied and walked through several times faster."""

    def urlopen(
        self,
        method: str,
        url: str,
        body: t.Any = None,
        headers: t.Any = None,
        *args: t.Any,
        **options: t.Any,
    ) -> t.Any:
        given = None if headers is None else plain(headers)
        return super().urlopen(method, url, body, given, *args, **options)  # type: ignore[misc]


class _Pool(_PlainHeaders, HTTPConnectionPool):
    ConnectionCls: t.Any = _Connection


class _SecurePool(_PlainHeaders, HTTPSConnectionPool):
    ConnectionCls: t.Any = _SecureConnection


_POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _SecurePool}


@functools.lru_cache(maxsize=64)
def _encoding(content_type: str | None) -> str | None:
    headers = CaseInsensitiveDict({} if content_type is None else {"Content-Type": content_type})
    return get_encoding_from_headers(headers)


class Adapter(HTTPAdapter):
    """
    An adapter that looks up an origin's connections once, and reads within limits.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[t.Any, ...], t.Any] = {}
        super().__init__(pool_connections=ORIGINS, pool_maxsize=CONNECTIONS)

    def init_poolmanager(self, *args: t.Any, **options: t.Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: t.Any) -> t.Any:
        manager = super().proxy_manager_for(proxy, **options)
        if not proxy.lower().startswith("socks"):  # whose connections are of another kind
            manager.pool_classes_by_scheme = _POOLS
        return manager

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: t.Any,
        proxies: t.Any = None,
        cert: t.Any = None,
    ) -> t.Any:
        url = request.url or ""
        proxy = select_proxy(url, proxies) if proxies else None
        key = (url[: url.find("/", len("https://"))], verify, proxy, cert)
        pool = self._known.get(key)
        if pool is None or pool.pool is None:  # the latter was closed to make room for others
            if len(self._known) >= ORIGINS:
                self._known.clear()
            pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
            self._known[key] = pool
        return pool

    def cert_verify(self, conn: t.Any, url: t.Any, verify: t.Any, cert: t.Any) -> None:
        # Files are looked for once, not for every request.
        if getattr(conn, "verified_as", None) != (verify, cert):
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
            conn.verified_as = (verify, cert)

    def request_url(self, request: requests.PreparedRequest, proxies: t.Any) -> str:
        url = request.url or ""
        path = url.find("/", len("https://"))
        if proxies or path < 0 or "#" in url or "//" in url[path:]:
            return super().request_url(request, proxies)
        return url[path:]

    def build_response(self, req: requests.PreparedRequest, resp: t.Any) -> requests.Response:
        response = requests.Response()
        response.status_code = resp.status
        response.headers = case_insensitive(resp.headers.itermerged())
        response.encoding = _encoding(response.headers.get("Content-Type"))
        response.raw = resp
        response.reason = resp.reason
        response.url = req.url or ""
        response.request = req
        response.connection = self
        if "Set-Cookie" in response.headers:
            extract_cookies_to_jar(response.cookies, req, resp)  # type: ignore[no-untyped-call]
        limits = current_limits.get()
        if limits is not None and not limits.stream:
            body = read_body(resp, req, limits.most_bytes)
            vars(response).update(_content=body, _content_consumed=True)
            resp._original_response = None  # else the session looks for cookies, at some cost
        return response

    def close(self) -> None:
        self._known.clear()
        super().close()
