"""
The URLs of the Globus services in each environment.
"""

from __future__ import annotations

import os

from globus_core.exc.base import GlobusSDKUsageError

from .env_vars import get_environment_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_SERVICE_URL_VAR = "GLOBUS_SDK_SERVICE_URL_"


class EnvConfig:
    """
    The services of one environment; defining a subclass registers it under its ``envname``.

    A class attribute ``<service>_url`` on the subclass is that service's URL and takes precedence
    over every rule. A subclass defined with ``register=False`` is not registered.
    """

    envname: str
    domain: str
    # services directly below the domain
    no_dotapi: list[str] = ["app", "auth"]
    # services below the automation domain, which is the same for all environments
    automate_services: list[str] = ["actions", "flows", "timer"]
    # other URLs of this environment's Globus Auth, whose tokens are good at any of them
    server_aliases: t.Sequence[str] = ()

    _registry: dict[str, type[EnvConfig]] = {}
    _builtin: frozenset[str] = frozenset()

    def __init_subclass__(cls, *, register: bool = True, **kwargs: t.Any) -> None:
        super().__init_subclass__(**kwargs)
        if not register:
            return
        for attribute in ("envname", "domain"):
            if not getattr(cls, attribute, None):
                raise GlobusSDKUsageError(f"environment class {cls.__name__} needs a {attribute!r}")
        if cls.envname in EnvConfig._builtin:
            raise GlobusSDKUsageError(
                f"environment {cls.envname!r} is built in, give {cls.__name__} another envname "
                f"or set {_SERVICE_URL_VAR}<NAME> for a service that is elsewhere"
            )
        EnvConfig._registry[cls.envname] = cls

    @classmethod
    def get_service_url(cls, service: str) -> str:
        """
        The base URL of a service in this environment.

        :param service: The service's name, such as ``"auth"``; names are not checked.
        """
        override: str | None = getattr(cls, f"{service}_url", None)
        if override is not None:
            return override
        if service in cls.no_dotapi:
            return f"https://{service}.{cls.domain}/"
        if service in cls.automate_services:
            return f"https://{cls.envname}.{service}.automate.globus.org/"
        return f"https://{service}.api.{cls.domain}/"

    @classmethod
    def get_by_name(cls, env: str) -> type[EnvConfig] | None:
        """
        Find an environment that is built in, registered, or provided by a plugin; None if there is
        none.

        :param env: The environment's name.
        :raises GlobusSDKUsageError: If a plugin's environment of that name is not usable.
        """
        return EnvConfig._registry.get(env) or _from_plugins(env)


class ProductionEnvConfig(EnvConfig):
    """
    The public production environment.
    """

    envname = "production"
    domain = "globus.org"
    nexus_url = "https://nexus.api.globusonline.org/"
    actions_url = "https://actions.automate.globus.org/"
    flows_url = "https://flows.automate.globus.org/"
    timer_url = "https://timer.automate.globus.org/"


class PreviewEnvConfig(EnvConfig):
    """
    The public environment for previews of new versions.
    """

    envname = "preview"
    domain = "preview.globus.org"


class SandboxEnvConfig(EnvConfig):
    """
    An internal environment of Globus.
    """

    envname = "sandbox"
    domain = "sandbox.globuscs.info"


class IntegrationEnvConfig(EnvConfig):
    """
    An internal environment of Globus.
    """

    envname = "integration"
    domain = "integration.globuscs.info"


class TestEnvConfig(EnvConfig):
    """
    An internal environment of Globus.
    """

    # keeps pytest from collecting the class
    __test__ = False

    envname = "test"
    domain = "test.globuscs.info"


class StagingEnvConfig(EnvConfig):
    """
    An internal environment of Globus.
    """

    envname = "staging"
    domain = "staging.globuscs.info"


EnvConfig._builtin = frozenset(EnvConfig._registry)


def get_service_url(
    service: str, environment: str | None = None, *, default: str | None = None
) -> str:
    """
    Get the base URL of a service.

    :param service: The service's name, such as ``"auth"``. If ``GLOBUS_SDK_SERVICE_URL_<NAME>`` is
        set for it, that is the URL and the environment is not used; ``-`` in the name becomes
        ``_``.
    :param environment: The environment's name; None means ``GLOBUS_SDK_ENVIRONMENT``, or else
        ``"production"``.
    :param default: The URL of a service that the environment has no URL for; None builds one from
        the name and the environment's domain.
    :raises GlobusSDKUsageError: If there is no such environment, or the variable's value has blanks
        or quotation marks around it.
    """
    variable = _SERVICE_URL_VAR + service.upper().replace("-", "_")
    override = os.environ.get(variable)
    if override:
        from globus_core.arguments import check_plain

        check_plain(override, variable)
        return override
    config = known_environment(environment)
    if default is not None and getattr(config, f"{service}_url", None) is None:
        return default
    return config.get_service_url(service)


def known_environment(environment: str | None = None) -> type[EnvConfig]:
    """
    Find an environment by its name, also if the URLs of its services are set by variables.

    :param environment: The environment's name; None means ``GLOBUS_SDK_ENVIRONMENT``, or else
        ``"production"``.
    :raises GlobusSDKUsageError: If there is no such environment; names those that there are.
    """
    name = get_environment_name(environment)
    config = EnvConfig.get_by_name(name)
    if config is None:
        known = ", ".join(known_names())
        raise GlobusSDKUsageError(f"unknown environment {name!r}; known here: {known}")
    return config


def token_namespace(namespace: str, auth_url: str, environment: str | None = None) -> str:
    """
    The namespace for tokens of a Globus Auth server, so that no other server gets them.

    That is ``<namespace>@<scheme, host and port>``, or just ``namespace`` for the server of the
    environment itself, under its own URL or one of its ``server_aliases``.

    :param namespace: the namespace for tokens of the environment's own server
    :param auth_url: the URL of the server that is used
    :param environment: the environment's name; None means ``GLOBUS_SDK_ENVIRONMENT``, or else
        ``"production"``. An unknown one has no server of its own.
    """
    from globus_core.origins import origin

    server = origin(auth_url)
    config = EnvConfig.get_by_name(get_environment_name(environment))
    if config is not None:
        own = (config.get_service_url("auth"), *config.server_aliases)
        if server in map(origin, own):
            return namespace
    return f"{namespace}@{server}"


def get_webapp_url(environment: str | None = None) -> str:
    """
    The URL of the Globus web app.

    :param environment: The environment's name; None means ``GLOBUS_SDK_ENVIRONMENT``, or else
        ``"production"``.
    :raises GlobusSDKUsageError: If there is no such environment.
    """
    return get_service_url("app", environment)


def known_names() -> list[str]:
    """
    The names of all environments, also those of plugins.
    """
    from globus_core import compose, hookspecs

    return list({**EnvConfig._registry, **compose.merged(hookspecs.globus_environments)})


def _from_plugins(name: str) -> type[EnvConfig] | None:
    """Find the environment that a plugin offers under the name."""
    from globus_core import compose, hookspecs

    if name not in compose.merged(hookspecs.globus_environments):
        return None
    value = compose.select(hookspecs.globus_environments, name, what="environment")
    if isinstance(value, type) and issubclass(value, EnvConfig):
        return value
    return _from_mapping(name, value)


def _from_mapping(name: str, value: t.Any) -> type[EnvConfig]:
    """Make an environment from a domain and the URLs of its services."""
    from globus_core import compose

    try:
        attributes = {f"{service}_url": url for service, url in value.get("services", {}).items()}
        attributes["domain"] = value["domain"]
        aliases = value.get("server_aliases", ())
    except BaseException as error:  # the mapping is the plugin's
        compose.raise_interrupt(error)
        attributes, aliases = {"domain": None}, ()
    if not isinstance(aliases, (list, tuple)) or not all(
        isinstance(text, str) for text in (*attributes.values(), *aliases)
    ):
        raise GlobusSDKUsageError(
            f"environment {name!r} of a plugin is neither an EnvConfig class nor a mapping with a "
            f"'domain' and perhaps URLs of 'services' and 'server_aliases', got {value!r}"
        )

    class PluginEnvConfig(EnvConfig, register=False):
        envname = name
        server_aliases = aliases

    for attribute, text in attributes.items():
        setattr(PluginEnvConfig, attribute, text)
    return PluginEnvConfig
