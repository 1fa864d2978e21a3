"""
The objects that an app's settings select by name, by URL, as an object, or by a provider.

A name such as ``token_storage="json"`` is looked up by :mod:`globus_core.compose`, among what
plugins offer through the hooks ``globus_token_storages`` and ``globus_login_flows``.
"""

from __future__ import annotations

from globus_core import compose, hookspecs
from globus_core.arguments import check_functions, check_has, check_id, check_scopes, check_texts
from globus_core.exc import GlobusSDKUsageError
from globus_core.scopes import Scope, ScopeParser
from globus_core.token_storage import TokenStorage

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.login_flows import LoginFlowManager

    from .config import GlobusAppConfig

    Scopes = str | Scope | t.Iterable[str | Scope]

#: what a token storage must have
STORAGE_METHODS = (
    "store_token_data_by_resource_server",
    "get_token_data_by_resource_server",
    "get_token_data",
    "remove_token_data",
)
#: the namespace of user tokens from the environment's own server
NAMESPACE = "DEFAULT"


def make_login_client(
    client_id: str, client_secret: str | None, *, environment: str, app_name: str
) -> t.Any:
    """
    Make an app's login client.

    :param client_id: the client's id
    :param client_secret: the client's secret; None makes a native client
    :param environment: the app's Globus environment
    :param app_name: the app's name
    """
    shared: dict[str, t.Any] = {"environment": environment, "app_name": app_name}
    if client_secret is None:
        from globus_core import NativeAppAuthClient

        return NativeAppAuthClient(client_id, **shared)
    from globus_core import ConfidentialAppAuthClient

    return ConfidentialAppAuthClient(client_id, client_secret, **shared)


def checked_config(config: t.Any) -> GlobusAppConfig:
    """
    An app's settings; the defaults for None.

    :param config: the argument of the app
    :raises GlobusSDKUsageError: if these are not settings
    """
    from .config import GlobusAppConfig

    if config is None:
        return GlobusAppConfig()
    check_has(config, "config", ("environment", "token_storage"), "a GlobusAppConfig")
    check_functions(token_validation_error_handler=config.token_validation_error_handler)
    settings: GlobusAppConfig = config
    return settings


def check_scope_requirements(given: t.Any) -> None:
    """
    Refuse what is not one or more scopes by resource server.

    :param given: the argument of the app
    :raises GlobusSDKUsageError: if it is something else
    """
    wanted = 'scopes by resource server, such as {"auth.globus.org": "openid"}'
    check_has(given, "scope_requirements", ("items",), wanted)
    for server, scopes in given.items():
        check_scopes(scopes, f"scope_requirements[{server!r}]")


def check_one_client(login_client: t.Any, client_id: t.Any, client_secret: str | None) -> None:
    """
    Refuse an app without a client, or with two; warn of a secret that has no effect.

    :param login_client: the client to log in with, or None
    :param client_id: the id of a client, or None
    :param client_secret: the client's secret, or None
    :raises GlobusSDKUsageError: if there is not exactly one; says how to get one
    """
    if login_client is None and client_id is None:
        raise GlobusSDKUsageError(
            "an app needs either 'client_id' or 'login_client', and no client id is built in. "
            'Register an app at https://app.globus.org/settings/developers ("thick client" for '
            "a UserApp), and pass its id; 'globus-core sandbox' prints one to try things out"
        )
    if client_id is not None:
        check_id(client_id, "client_id")
    check_texts(client_secret=client_secret)
    if login_client is not None and client_id is not None:
        raise GlobusSDKUsageError("an app needs either 'client_id' or 'login_client', not both")
    if login_client is not None and client_secret is not None:
        import warnings

        message = "'client_secret' has no effect together with 'login_client'"
        warnings.warn(message, stacklevel=4)


def check_login_client(login_client: t.Any, environment: str) -> None:
    """
    Refuse a login client that an app cannot use.

    :param login_client: the client that the app is given
    :param environment: the app's Globus environment
    :raises GlobusSDKUsageError: if it has no id, or is for another environment
    """
    check_has(
        login_client,
        "login_client",
        ("client_id", "environment"),
        "a client to log in with, such as NativeAppAuthClient",
    )
    if login_client.client_id is None:
        raise GlobusSDKUsageError("the login client has no client id")
    if login_client.environment != environment:
        raise GlobusSDKUsageError(
            f"the login client is for the environment {login_client.environment!r}, "
            f"but the app is for {environment!r}"
        )


def server_url(login_client: t.Any) -> str | None:
    """
    The URL of a login client's server; None for a stand-in, in a test, that has none.

    :param login_client: the client
    """
    url = getattr(login_client, "base_url", None)
    return url if isinstance(url, str) else None


def configured_storage(
    config: GlobusAppConfig, app_name: str, *, login_client: t.Any, namespace: str
) -> TokenStorage:
    """
    The configured token storage, in the namespace for the login client's server.

    A storage object keeps its own namespace; if that is the default one, it is the one for that
    server (:meth:`globus_core.token_storage.TokenStorage.for_server`).

    :param config: the settings
    :param app_name: the app's name
    :param login_client: the client that logs in
    :param namespace: the namespace of the app's tokens from the environment's own server
    :raises GlobusSDKUsageError: if there is no such storage
    """
    chosen: t.Any = config.token_storage
    if isinstance(chosen, TokenStorage):
        return chosen.for_server(_of_server(NAMESPACE, login_client, config))
    namespace = _of_server(namespace, login_client, config)

    def provided(provider: t.Any) -> t.Any:
        return _provided(
            "token_storage",
            provider,
            app_name=app_name,
            config=config,
            client_id=login_client.client_id,
            namespace=namespace,
            methods=STORAGE_METHODS,
        )

    storage: TokenStorage
    if isinstance(chosen, str):
        storage = compose.select_by_url(
            hookspecs.globus_token_storages,
            chosen,
            what="token storage",
            by_name=provided,
            methods=STORAGE_METHODS,
            namespace=namespace,
        )
    else:
        storage = provided(chosen)
    return storage


def _of_server(namespace: str, login_client: t.Any, config: GlobusAppConfig) -> str:
    from globus_core.config import token_namespace

    url = server_url(login_client)
    return namespace if url is None else token_namespace(namespace, url, config.environment)


def configured_login_flow(
    config: GlobusAppConfig, app_name: str, *, login_client: t.Any
) -> LoginFlowManager:
    """
    The configured login flow manager.

    :param config: the settings
    :param app_name: the app's name
    :param login_client: the client that logs in
    :raises GlobusSDKUsageError: if there is no such login flow
    """
    chosen: t.Any = config.login_flow_manager or "command-line"
    if isinstance(chosen, str):
        chosen = compose.select(hookspecs.globus_login_flows, chosen, what="login flow")
    manager: LoginFlowManager = chosen
    if isinstance(chosen, type) or not hasattr(chosen, "run_login_flow"):
        manager = _provided(
            "login_flow_manager",
            chosen,
            app_name=app_name,
            config=config,
            login_client=login_client,
            methods=("run_login_flow",),
        )
    return manager


def configured_decoder(
    config: GlobusAppConfig, app_name: str, login_client: t.Any, storage: t.Any
) -> t.Any:
    """
    The configured ID token decoder.

    :param config: the settings
    :param app_name: the app's name
    :param login_client: the client whose ID tokens it decodes
    :param storage: the token storage, whose own decoder is taken if none was configured
    :raises GlobusSDKUsageError: if the setting is not a decoder
    """
    from globus_core import IDTokenDecoder

    chosen = config.id_token_decoder
    if chosen is IDTokenDecoder and storage.id_token_decoder is not None:
        return storage.id_token_decoder
    if not isinstance(chosen, type) and hasattr(chosen, "decode"):
        return chosen
    return _provided(
        "id_token_decoder",
        chosen,
        app_name=app_name,
        config=config,
        login_client=login_client,
        methods=("decode",),
    )


def _provided(setting: str, provider: t.Any, *, methods: t.Sequence[str], **given: t.Any) -> t.Any:
    """Call a provider for an app, and check what it makes."""
    if not hasattr(provider, "for_globus_app"):
        kind = type(provider).__name__
        raise GlobusSDKUsageError(f"unsupported {setting}: an object of type {kind}")
    what = setting.replace("_", " ")
    return compose.made(what, provider, lambda: provider.for_globus_app(**given), methods)


def as_scopes(scopes: Scopes) -> t.Iterable[Scope]:
    """
    Scopes as objects; strings are parsed here, where they enter, and nowhere else.

    :param scopes: one or more scopes
    """
    given = (scopes,) if isinstance(scopes, (str, Scope)) else tuple(scopes)
    ready = [scope for scope in given if isinstance(scope, Scope)]
    if len(ready) == len(given):
        return ready
    return ScopeParser.parse(ScopeParser.serialize(given, reject_empty=False))
