"""
Reading files by their address, whichever collections they are on.
"""

from __future__ import annotations

import typing as t

from globus_core import BaseClient, GlobusHTTPResponse
from globus_core.arguments import check_has, check_sending, check_text
from globus_core.origins import origin
from globus_core.service_clients import client_class

from .addresses import secure_url
from .collection_client import GCSCollectionClient, file_scopes
from .errors import UnknownCollectionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Self

    from globus_core import GlobusApp
    from globus_core.transport import RequestsTransport


class GCSDownloader:
    """
    Reads files by their address, and finds out which collection each host serves.

    A collection is looked up at its first file, and its token goes to its own host only. A file
    that everybody may read is read without a token. Close it, or use it as a context manager.

    :param app: the app whose tokens authorize the requests
    :param gcs_client: a client for one of the collections, which then is not looked up; it is not
        closed. None looks up all
    :param transfer_client: tells which collections need ``data_access``; it is not closed. None
        makes one
    :param transport: sends the requests; it is not closed. None makes one for each client
    :raises GlobusSDKUsageError: if an argument is of the wrong kind
    """

    def __init__(
        self,
        app: GlobusApp,
        *,
        gcs_client: GCSCollectionClient | None = None,
        transfer_client: t.Any = None,
        transport: RequestsTransport | None = None,
    ) -> None:
        wanted = "a GlobusApp, such as UserApp"
        check_has(app, "app", ("get_authorizer", "add_scope_requirements"), wanted)
        check_sending(transport, None, None)
        if gcs_client is not None:
            check_has(gcs_client, "gcs_client", ("base_url", "get"), "a GCSCollectionClient")
        if transfer_client is not None:
            wanted = "a TransferClient"
            check_has(transfer_client, "transfer_client", ("get_endpoint",), wanted)
        self.app = app
        self.transport = transport
        self._transfer_client = transfer_client
        self._own: list[BaseClient] = []
        #: the client for each origin whose collection is known
        self._clients: dict[str, BaseClient] = {}
        if gcs_client is not None:
            self._clients[origin(gcs_client.base_url)] = gcs_client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, exc_type: object, exc_val: object, exc_tb: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that were opened here."""
        for client in self._own:
            client.close()

    @t.overload
    def read_file(self, file_uri: str, *, as_text: t.Literal[True] = True) -> str: ...

    @t.overload
    def read_file(self, file_uri: str, *, as_text: t.Literal[False]) -> bytes: ...

    @t.overload
    def read_file(self, file_uri: str, *, as_text: bool) -> str | bytes: ...

    def read_file(self, file_uri: str, *, as_text: bool = True) -> str | bytes:
        """
        Read a whole file into memory.

        :param file_uri: its URL, percent-encoded, as the web app shows it
        :param as_text: decode it, as the response says or else as UTF-8; False gives bytes
        :raises GlobusSDKUsageError: if it is no ``https`` URL
        :raises UnknownCollectionError: if the host does not tell which collection it serves
        :raises GlobusAPIError: if there is no such file, or the caller may not read it
        """
        check_text(file_uri, "file_uri", "a URL")
        url = secure_url(file_uri, "file_uri").partition("#")[0]
        client = self._clients.get(origin(url))
        response = self._first_read(url) if client is None else client.get(url)
        return response.text if as_text else response.binary_content

    def _first_read(self, url: str) -> GlobusHTTPResponse:
        """Read without a token, or by the collection to whose login the host sends browsers."""
        with BaseClient(base_url=origin(url), transport=self.transport) as nobody:
            response = nobody.request(
                "GET", url, automatic_authorization=False, allow_redirects=False
            )
            if response.http_status < 300:
                response.binary_content  # noqa: B018 (before the connection is closed)
                return response
        client = self._client_for(_collection_of(response, url), origin(url))
        return client.get(url)

    def _client_for(self, collection_id: str, home: str) -> BaseClient:
        document = self._transfer().get_endpoint(collection_id)
        client = GCSCollectionClient(
            collection_id,
            home,
            app=self.app,
            app_scopes=file_scopes(collection_id, document),
            transport=self.transport,
        )
        self._own.append(client)
        self._clients[home] = client
        return client

    def _transfer(self) -> t.Any:
        if self._transfer_client is None:
            self._transfer_client = client_class("transfer")(app=self.app, transport=self.transport)
            self._own.append(self._transfer_client)
        return self._transfer_client


def _collection_of(response: GlobusHTTPResponse, url: str) -> str:
    """The collection's id, from the address of the login."""
    import uuid
    from urllib.parse import parse_qs, urlsplit

    location = response.headers.get("Location", "")
    found = parse_qs(urlsplit(location).query).get("client_id", [])
    try:
        (collection_id,) = found
        return str(uuid.UUID(collection_id))
    except ValueError:
        host = origin(url)
        raise UnknownCollectionError(f"{host} does not tell which collection it serves") from None
