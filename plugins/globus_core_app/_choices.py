"""
What an app's settings choose: by name, by URL, as an object, or through a provider.
"""

from __future__ import annotations

from globus_core import compose
from globus_core.exc import GlobusSDKUsageError
from globus_core.token_storage import TokenStorage

from .config import usage_error_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .config import GlobusAppConfig


def chosen_storage(
    config: GlobusAppConfig, app_name: str, *, client_id: str, namespace: str
) -> TokenStorage:
    """
    The token storage that the settings choose; an object keeps the namespace that it has.

    :param config: the settings
    :param app_name: the app's name
    :param client_id: the app's client id
    :param namespace: whose tokens to see in it
    :raises GlobusSDKUsageError: if there is no such storage
    """
    chosen: t.Any = config.token_storage
    if isinstance(chosen, TokenStorage):
        return chosen
    storage: TokenStorage
    if isinstance(chosen, str):
        name, is_url, _ = chosen.partition(":")
        provider = compose.select("globus_token_storages", name, what="token storage")
        if is_url:
            if not hasattr(provider, "from_url"):
                raise GlobusSDKUsageError(f"the token storage {name!r} cannot be chosen by a URL")
            storage = provider.from_url(chosen, namespace=namespace)
            return storage
        chosen = provider
    if not hasattr(chosen, "for_globus_app"):
        raise usage_error_for("token_storage", chosen)
    storage = chosen.for_globus_app(
        app_name=app_name, config=config, client_id=client_id, namespace=namespace
    )
    return storage


def chosen_decoder(config: GlobusAppConfig, app_name: str, *, login_client: t.Any) -> t.Any:
    """
    The ID token decoder that the settings choose.

    :param config: the settings
    :param app_name: the app's name
    :param login_client: the client whose ID tokens it decodes
    :raises GlobusSDKUsageError: if what they choose is none
    """
    from globus_core import IDTokenDecoder

    chosen = config.id_token_decoder or IDTokenDecoder
    if not isinstance(chosen, type) and hasattr(chosen, "decode"):
        return chosen
    if not hasattr(chosen, "for_globus_app"):
        raise usage_error_for("id_token_decoder", chosen)
    return chosen.for_globus_app(app_name=app_name, config=config, login_client=login_client)
