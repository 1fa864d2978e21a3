"""
The base of all service clients.
"""

from __future__ import annotations

import contextvars

from . import documents
from ._http_methods import HTTPMethods
from .arguments import check_authorization, check_sending, check_texts
from .exc.api import GlobusAPIError
from .exc.base import GlobusSDKUsageError
from .transport.caller_info import RequestCallerInfo

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import Self

    from .authorizers import GlobusAuthorizer
    from .globus_app import GlobusApp
    from .paging import PaginatorTable
    from .response import GlobusHTTPResponse
    from .scopes import Scope, ScopeCollection
    from .transport import RequestsTransport, RetryCheck, RetryConfig
    from .transport.plugin_checks import PluginChecks

    Params = t.Mapping[str, t.Any] | None
    Headers = t.Mapping[str, str] | None
    AppScopes = t.Sequence[str | Scope] | None

_reading_servers: contextvars.ContextVar[tuple[object, ...]] = contextvars.ContextVar(
    "globus_core_reading_servers", default=()
)


class _ClassProperty:
    """A read-only property of instances and of the class; subclasses may override it."""

    def __init__(self, read: t.Callable[[t.Any], str | None]) -> None:
        self._read = read

    def __get__(self, client: t.Any, owner: t.Any) -> str | None:
        return self._read(owner if client is None else client)


class BaseClient(HTTPMethods):
    """
    A client for one service: knows its address, authorizes and sends requests, wraps responses.

    A subclass sets ``service_name`` (or ``base_url``), ``error_class``, ``scopes``,
    ``default_scope_requirements`` and perhaps ``retry_checks``; it needs no ``__init__``.
    """

    service_name: str = ""
    base_url: str = ""
    #: the service's address where neither a variable nor the environment has one
    service_url: str | None = None
    scopes: ScopeCollection | None = None
    error_class: type[GlobusAPIError] = GlobusAPIError
    #: retry checks in place of ``DEFAULT_RETRY_CHECKS``; None keeps those
    retry_checks: t.Sequence[RetryCheck] | None = None
    #: whether to log in by the app where the service requires a consent, and repeat the request
    logs_in_for_consents: bool = False
    #: the prefix of its canned responses, if the service's name is that of another client's
    canned_responses: str = ""

    #: attributes that belong to one process and are not pickled; a subclass adds its own
    _not_pickled: frozenset[str] = frozenset(("_plugin_checks",))
    _plugin_checks: PluginChecks | None = None

    def __init__(
        self,
        environment: str | None = None,
        base_url: str | None = None,
        app: GlobusApp | None = None,
        app_scopes: AppScopes = None,
        authorizer: GlobusAuthorizer | None = None,
        app_name: str | None = None,
        transport: RequestsTransport | None = None,
        retry_config: RetryConfig | None = None,
        *,
        transport_params: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        """
        Make a client; nothing is sent.

        :param environment: None takes the app's, ``GLOBUS_SDK_ENVIRONMENT`` or ``production``
        :param base_url: the service's address; None takes the class's, the app's, or looks it up
        :param app: the app whose tokens authorize the requests
        :param app_scopes: the scopes to ask the app for; None takes the class's defaults
        :param authorizer: provides the Authorization header; None sends none
        :param app_name: name for the User-Agent header; None takes the app's
        :param transport: sends the requests; None makes one that is closed with the client
        :param retry_config: when to retry; None takes the defaults
        :param transport_params: settings of both as in globus-sdk 3.x; not with ``transport``
        :raises GlobusSDKUsageError: if settings contradict each other
        """
        from .transport.default_retry_checks import DEFAULT_RETRY_CHECKS
        from .transport.settings import transport_and_retries

        check_texts(environment=environment, base_url=base_url, app_name=app_name)
        check_authorization(authorizer, app, app_scopes)
        check_sending(transport, retry_config, transport_params)
        self.environment = _environment(environment, app)
        self.base_url = self._address(base_url, app)
        self._own_transport = transport is None
        self.transport, self.retry_config = transport_and_retries(
            transport, retry_config, transport_params
        )
        if self.retry_checks is None:
            self.retry_config.checks.register_many_checks(DEFAULT_RETRY_CHECKS)
        self.authorizer = authorizer
        self._app: GlobusApp | None = None
        self.app_scopes: AppScopes = None
        self._app_name: str | None = None
        self._trusted_origins: frozenset[str] = frozenset()
        if app_name is not None:
            self.app_name = app_name
        if app is not None:
            self.attach_globus_app(app, app_scopes=app_scopes)

    def _address(self, base_url: str | None, app: GlobusApp | None) -> str:
        if base_url or type(self).base_url:
            return base_url or type(self).base_url
        if not self.service_name:
            raise GlobusSDKUsageError(f"{type(self).__name__} has no base_url and no service_name")
        of_app = getattr(app, "service_url", None)
        if of_app is not None and isinstance(url := of_app(self.service_name), str):
            return url
        from . import config

        return config.get_service_url(self.service_name, self.environment, default=self.service_url)

    # what a subclass states

    #: the resource server whose tokens this client uses, or None; also on the class
    resource_server: str | None = _ClassProperty(  # type: ignore[assignment]
        lambda client: None if client.scopes is None else client.scopes.resource_server
    )

    @property
    def default_scope_requirements(self) -> list[Scope]:
        """The scopes that the client asks an app for."""
        raise GlobusSDKUsageError(
            f"{type(self).__name__} has no default scopes; pass 'app_scopes' with 'app'"
        )

    # app

    @property
    def app_name(self) -> str | None:
        """The name in the User-Agent header, or None."""
        return self._app_name

    @app_name.setter
    def app_name(self, value: str) -> None:
        self._app_name = value
        self.transport.user_agent = value

    def attach_globus_app(self, app: GlobusApp, app_scopes: AppScopes = None) -> None:
        """
        Take tokens from an app from now on, and tell it which scopes are needed.

        :param app: the app
        :param app_scopes: the scopes; None takes the class's defaults
        :raises GlobusSDKUsageError: if the client has an app, an authorizer or no resource
            server, or is for another environment
        """
        if self._app is not None:
            raise GlobusSDKUsageError("the client has an app already")
        if self.app_scopes is not None:
            raise GlobusSDKUsageError("the client has app scopes already")
        if self.authorizer is not None:
            raise GlobusSDKUsageError("the client has an authorizer, and so cannot take an app")
        resource_server = self.resource_server
        if resource_server is None:
            raise GlobusSDKUsageError("a client without a resource server cannot take an app")
        if app.config.environment != self.environment:
            raise GlobusSDKUsageError(
                f"the app is for the environment {app.config.environment!r}, "
                f"the client for {self.environment!r}"
            )
        scopes = list(self.default_scope_requirements) if app_scopes is None else app_scopes
        self.app_scopes, self._app = scopes, app
        if self.app_name is None:
            self.app_name = app.app_name
        app.add_scope_requirements({resource_server: scopes})

    def add_app_scope(self, scope_collection: str | Scope | t.Iterable[str | Scope]) -> Self:
        """
        Ask the app for more scopes of this client's resource server.

        :param scope_collection: a scope, or several
        :raises GlobusSDKUsageError: if the client has no app
        """
        resource_server = None if self._app is None else self.resource_server
        if self._app is None or resource_server is None:
            raise GlobusSDKUsageError("the client has no app to add scopes to")
        self._app.add_scope_requirements({resource_server: scope_collection})
        return self

    def allow_credentials_to(self, url: str) -> None:
        """
        Send this client's Authorization header to another origin as well, from now on.

        It then goes to absolute URLs of that origin, and stays with a redirect to it.

        :param url: a URL of that origin, such as ``https://data.example.org``
        :raises GlobusSDKUsageError: if it is no absolute URL, or over plain http to another machine
        """
        from .origins import is_loopback, origin

        secure = url.startswith("https://") or (url.startswith("http://") and is_loopback(url))
        other = origin(url)
        if not secure or other.endswith("://"):
            raise GlobusSDKUsageError(f"credentials are only sent to https URLs, not to {other!r}")
        self._trusted_origins |= {other}

    # life

    def close(self) -> None:
        """Close the connections that the client has opened; a transport passed in stays open."""
        if self._own_transport:
            self.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    # copies and pickles

    def _settings(self) -> dict[str, t.Any]:
        return {name: value for name, value in vars(self).items() if name not in self._not_pickled}

    def __getstate__(self) -> dict[str, t.Any]:
        return self._settings()

    def __copy__(self) -> Self:
        copied = type(self).__new__(type(self))
        vars(copied).update(vars(self))
        return copied

    def __deepcopy__(self, memo: dict[int, t.Any]) -> Self:
        import copy

        copied = memo[id(self)] = type(self).__new__(type(self))
        memo[id(self._app)] = self._app  # shared, as authorizers are
        vars(copied).update(copy.deepcopy(self._settings(), memo))
        return copied

    def __repr__(self) -> str:
        from .origins import bare
        from .provenance import suffix

        return f"<{type(self).__name__} {bare(self.base_url)}{suffix(self)}>"

    # requests

    @property
    def paginated(self) -> PaginatorTable:
        """The client's methods that have pages, each giving a paginator."""
        from .paging import PaginatorTable

        return PaginatorTable(self)

    def request(
        self,
        method: str,
        path: str,
        *,
        query_params: Params = None,
        data: t.Any = None,
        headers: Headers = None,
        encoding: str | None = None,
        allow_redirects: bool = True,
        stream: bool = False,
        automatic_authorization: bool = True,
        single_use: bool = False,
    ) -> GlobusHTTPResponse:
        """
        Send a request and wrap the response.

        :param method: the HTTP method
        :param path: the path below ``base_url``, percent-encoded here unless it was made by
            :func:`globus_core.documents.path`; or an absolute URL
        :param query_params: the query; MISSING and None are left out
        :param data: the body; None sends none. A file in binary mode or an iterator of bytes is
            sent piece by piece, and again only if it can be rewound
        :param headers: further headers
        :param encoding: ``json``, ``form`` or ``text``; None takes text for str, bytes, files
            and iterators, else JSON
        :param allow_redirects: follow redirects; credentials stay with the first origin
        :param stream: do not read the body of a successful response yet; see
            :meth:`GlobusHTTPResponse.iter_bytes`
        :param automatic_authorization: send the client's Authorization header
        :param single_use: the request uses something that works only once; it is not sent again
            if it may have arrived
        :raises GlobusAPIError: for an error response; an instance of ``error_class``
        :raises NetworkError: if no response came
        :raises GlobusSDKUsageError: if credentials would go to another origin unallowed
        """
        from globus_core.response import GlobusHTTPResponse  # a relative import takes longer

        url = self._url(path)
        caller = RequestCallerInfo(
            retry_config=self.retry_config,
            resource_server=self._read_resource_server,
            standard_checks=self.retry_checks,
            extra_checks=self._extra_retry_checks(),
            single_use=single_use,
            trusted_origins=self._trusted_origins,
            client=self,
        )
        if automatic_authorization:
            caller.authorizer = self._request_authorizer(caller)
        if caller.authorizer is not None and url is path:
            self._keep_credentials_home(caller.authorizer, url)
        response = self.transport.request(
            method,
            url,
            caller_info=caller,
            query_params=query_params,
            data=data,
            headers=headers,
            encoding=encoding,
            allow_redirects=allow_redirects,
            stream=stream,
        )
        if 200 <= response.status_code < 400:
            return GlobusHTTPResponse(response, self)
        from .transport.representation_providers import read_api_error

        raise read_api_error(self.transport, self.error_class, response)

    def _url(self, path: str) -> str:
        if path.startswith(("http://", "https://")):
            return path
        if not path:
            return self.base_url
        below = path.lstrip("/")
        if not isinstance(path, documents.EncodedPath):
            below = documents.percent_encoded(below)
        return f"{self.base_url.rstrip('/')}/{below}"

    def _read_resource_server(self) -> str | None:
        """The resource server; None during a request that determines it."""
        reading = _reading_servers.get()
        if self in reading:
            return None
        token = _reading_servers.set((*reading, self))
        try:
            return self.resource_server
        finally:
            _reading_servers.reset(token)

    def _request_authorizer(self, caller: RequestCallerInfo) -> GlobusAuthorizer | None:
        if self._app is not None and (resource_server := caller.resource_server) is not None:
            return self._app.get_authorizer(resource_server)
        return self.authorizer

    def _keep_credentials_home(self, authorizer: GlobusAuthorizer, url: str) -> None:
        from .origins import origin

        home, there = origin(self.base_url), origin(url)
        if there == home or there in self._trusted_origins:
            return
        if authorizer.get_authorization_header() is None:
            return
        raise GlobusSDKUsageError(
            f"the request would carry this client's credentials to {there!r}, which is not "
            f"{home!r}; pass automatic_authorization=False to send none, or call "
            "allow_credentials_to() if they are meant for it"
        )

    def _extra_retry_checks(self) -> list[RetryCheck]:
        if self._plugin_checks is None:
            from .transport.plugin_checks import PluginChecks

            self._plugin_checks = PluginChecks()
        own = [] if self._app is None else self._app.get_client_retry_checks()
        if self.logs_in_for_consents:  # an app may be a stand-in without that method
            own = [*getattr(self._app, "get_consent_retry_checks", list)(), *own]
        return [*own, *self._plugin_checks.get()]


def _environment(given: str | None, app: GlobusApp | None) -> str:
    if given is not None:
        return given
    if app is not None:
        return app.config.environment
    from . import config

    return config.get_environment_name()
