"""
The methods of clients that are named after HTTP methods.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .response import GlobusHTTPResponse

    Params = t.Mapping[str, t.Any] | None
    Headers = t.Mapping[str, str] | None


class HTTPMethods:
    """
    Methods that call ``request`` with the HTTP method that they are named after.
    """

    if TYPE_CHECKING:
        request: t.Callable[..., GlobusHTTPResponse]

    def get(
        self,
        path: str,
        *,
        query_params: Params = None,
        headers: Headers = None,
        automatic_authorization: bool = True,
    ) -> GlobusHTTPResponse:
        """
        Send a GET request; parameters as for :meth:`BaseClient.request`.
        """
        return self.request(
            "GET",
            path,
            query_params=query_params,
            headers=headers,
            automatic_authorization=automatic_authorization,
        )

    def head(
        self,
        path: str,
        *,
        query_params: Params = None,
        headers: Headers = None,
        automatic_authorization: bool = True,
    ) -> GlobusHTTPResponse:
        """
        Send a HEAD request; parameters as for :meth:`BaseClient.request`.
        """
        return self.request(
            "HEAD",
            path,
            query_params=query_params,
            headers=headers,
            automatic_authorization=automatic_authorization,
        )

    def delete(
        self,
        path: str,
        *,
        query_params: Params = None,
        headers: Headers = None,
        automatic_authorization: bool = True,
    ) -> GlobusHTTPResponse:
        """
        Send a DELETE request; parameters as for :meth:`BaseClient.request`.
        """
        return self.request(
            "DELETE",
            path,
            query_params=query_params,
            headers=headers,
            automatic_authorization=automatic_authorization,
        )

    def post(
        self,
        path: str,
        *,
        query_params: Params = None,
        data: t.Any = None,
        headers: Headers = None,
        encoding: str | None = None,
        automatic_authorization: bool = True,
    ) -> GlobusHTTPResponse:
        """
        Send a POST request; parameters as for :meth:`BaseClient.request`.
        """
        return self.request(
            "POST",
            path,
            query_params=query_params,
            data=data,
            headers=headers,
            encoding=encoding,
            automatic_authorization=automatic_authorization,
        )

    def put(
        self,
        path: str,
        *,
        query_params: Params = None,
        data: t.Any = None,
        headers: Headers = None,
        encoding: str | None = None,
        automatic_authorization: bool = True,
    ) -> GlobusHTTPResponse:
        """
        Send a PUT request; parameters as for :meth:`BaseClient.request`.
        """
        return self.request(
            "PUT",
            path,
            query_params=query_params,
            data=data,
            headers=headers,
            encoding=encoding,
            automatic_authorization=automatic_authorization,
        )

    def patch(
        self,
        path: str,
        *,
        query_params: Params = None,
        data: t.Any = None,
        headers: Headers = None,
        encoding: str | None = None,
        automatic_authorization: bool = True,
    ) -> GlobusHTTPResponse:
        """
        Send a PATCH request; parameters as for :meth:`BaseClient.request`.
        """
        return self.request(
            "PATCH",
            path,
            query_params=query_params,
            data=data,
            headers=headers,
            encoding=encoding,
            automatic_authorization=automatic_authorization,
        )
