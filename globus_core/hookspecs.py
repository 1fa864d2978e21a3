"""
Every hook of globus-core; each docstring is the hook's contract: when it is called, what to return,
what None means, and an example, which the tests run.

A plugin implements a hook with a function of the same name in its ``hooks.py``, marked with
``globus_core.hookimpl``. An implementation may omit arguments that it does not need. Registration
hooks return references (``"package.module:Object"``), so that nothing heavy is imported before it
is used. Observer hooks take one argument, ``event``, and run in the thread that they observe, which
waits for them (see ``globus_core.compose.observer_hook``).
"""

from __future__ import annotations

from ._hook_markers import SPEC_ATTRIBUTE, hookspec

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .cli import DoctorReport
    from .client import BaseClient
    from .config import EnvConfig
    from .events import RequestEvent, ResponseEvent, StepEndEvent, StepEvent, TokenEvent
    from .exc import ErrorFacts, GlobusAPIError
    from .gare import GARE
    from .identities import Identity, IdentityCache
    from .login_flows import LoginFlowManager
    from .resource_server import Caller
    from .testing.sandbox import ServiceSandbox
    from .token_storage import TokenStorage
    from .transport import RetryCheck

    Reference = str
    Record = t.Mapping[str, t.Any]


@hookspec
def globus_clients() -> t.Mapping[str, Reference | type[BaseClient]]:
    """
    Offer service clients, by service name.

    Called whenever a client is selected by its service's name.

    Example::

        @hookimpl
        def globus_clients():
            return {"weather": "example_weather.client:WeatherClient"}

    :return: service name to a BaseClient subclass or a reference to one; None offers nothing
    """
    raise NotImplementedError


@hookspec
def globus_token_storages() -> t.Mapping[str, Reference | type[TokenStorage]]:
    """
    Offer token storages, by backend name or URL scheme.

    Called when a storage is selected by name or URL.

    The offered object is a provider: it has ``for_globus_app(*, client_id, app_name, config,
    namespace)`` and, if it can be selected by a URL, ``from_url(url, *, namespace)``.

    Example::

        @hookimpl
        def globus_token_storages():
            return {"vault": "example_vault.storage:VaultTokenStorage"}

    :return: name or scheme to a TokenStorage subclass or a reference to one; None offers nothing
    """
    raise NotImplementedError


@hookspec
def globus_login_flows() -> t.Mapping[str, Reference | type[LoginFlowManager]]:
    """
    Offer login flows, by name.

    Called when a login flow is selected by name.

    The offered object is a provider: it has ``for_globus_app(*, app_name, login_client, config)``.

    Example::

        @hookimpl
        def globus_login_flows():
            return {"kiosk": "example_kiosk.login:KioskLoginFlowManager"}

    :return: name to a LoginFlowManager subclass or a reference to one; None offers nothing
    """
    raise NotImplementedError


@hookspec
def globus_credential_sources() -> t.Mapping[str, Reference | t.Callable[..., t.Any]]:
    """
    Offer places in which programs without a person find credentials, by name.

    Called by ``find_credentials``, which asks these places after all variables and files; again
    before tokens expire, and when a service refuses them.

    The offered function is called with ``client_id``, the id that is known without it, or None. It
    returns None if it has nothing; ``{"tokens": ...}`` with an access token or a record for each
    resource server; or ``{"client_id": ..., "client_secret": ...}``. An exception ends the search
    with an error, so that a job never runs with other credentials than intended.

    Example::

        @hookimpl
        def globus_credential_sources():
            return {"campus vault": "example_vault.credentials:find"}

    :return: name to a function or a reference to one; None offers nothing
    """
    raise NotImplementedError


@hookspec
def globus_identity_caches() -> t.Mapping[str, Reference | type[IdentityCache]]:
    """
    Offer caches of identity records, by backend name or URL scheme.

    Called when a cache is selected by name or URL.

    For a name, the offered object is called without arguments; for a URL, its ``from_url(url)`` is
    called.

    Example::

        @hookimpl
        def globus_identity_caches():
            return {"redis": "example_redis.cache:RedisIdentityCache"}

    :return: name or scheme to an IdentityCache subclass or a reference to one; None offers nothing
    """
    raise NotImplementedError


@hookspec
def globus_normalize_identity(key: str) -> str | None:
    """
    Turn an institution's local name for a person into a username or identity id.

    Called for keys that are neither a UUID nor contain ``@``; the first answer wins. Runs in a
    separate thread, with a deadline for each 100 names.

    Example::

        @hookimpl
        def globus_normalize_identity(key):
            return f"{key}@example.edu" if key.isalpha() else None

    :param key: the name as the caller passed it, without surrounding whitespace
    :return: a username or an identity id; None for a name that is not yours
    """
    raise NotImplementedError


@hookspec
def globus_resolve_identities(keys: tuple[str, ...]) -> t.Mapping[str, Record]:
    """
    Answer for identities from an institution's directory.

    Called for each batch of keys, one implementation after another, with the keys that are still
    unresolved. The resolver sets the source of each record: the identity is ``asserted`` by the
    plugin, not by Globus Auth. Remaining keys go to Globus Auth. Runs in a separate thread, with a
    deadline; later results are discarded.

    Example::

        STAFF = {
            "dana@example.edu": {
                "id": "48e2f7b1-d03a-4956-9cb8-3e1a7d5f0624",
                "username": "dana@example.edu",
            }
        }

        @hookimpl
        def globus_resolve_identities(keys):
            return {key: STAFF[key] for key in keys if key in STAFF}

    :param keys: identity ids and usernames in normal form
    :return: a record of JSON data, with ``id`` and ``username``, for each key that you know; omit
        unknown keys or set them to None
    """
    raise NotImplementedError


@hookspec
def globus_enrich_identity(identity: Identity) -> Record | None:
    """
    Add attributes to an identity record, under the plugin's name.

    Called for each record that was looked up, before it is cached; every implementation is called.
    Runs in a separate thread, with a deadline for each 100 identities; later results are discarded.

    Example::

        @hookimpl
        def globus_enrich_identity(identity):
            if identity.username.endswith("@example.edu"):
                return {"campus": "North"}

    :param identity: a copy of the record, with ``id`` and ``username``
    :return: attributes that can be serialised as JSON; None if there are none
    """
    raise NotImplementedError


@hookspec
def globus_identity_fingerprint() -> str | None:
    """
    State which settings or files your answers about identities depend on.

    Called before a cache of identities is read, once until plugins change. What was cached under
    another fingerprint, or with another version of your distribution, is not used any more. Do not
    ask a server here. A plugin registered by code has no version: if it states nothing, what it
    answered is not used after it is registered again.

    Example::

        import os

        @hookimpl
        def globus_identity_fingerprint():
            return os.environ.get("CAMPUS_DIRECTORY", "built in")

    :return: any text that differs if the answers can; None if only the version counts
    """
    raise NotImplementedError


@hookspec
def globus_translate_error(error: GlobusAPIError) -> ErrorFacts | type[Exception] | None:
    """
    Say what an error response means and what to do next.

    Called for each error response; the first answer wins, and the default plugin is called last.
    The error cannot be changed while it is passed around.

    Example::

        from globus_core.exc import ErrorFacts

        @hookimpl
        def globus_translate_error(error):
            if "campus firewall" in error.text:
                return ErrorFacts(advice="start the VPN")

    :param error: the error as parsed from the response, before it is raised
    :return: ``globus_core.exc.ErrorFacts``, or an exception class, which the error then also is an
        instance of; None for an error that is not yours
    """
    raise NotImplementedError


@hookspec
def globus_retry_checks() -> t.Iterable[RetryCheck]:
    """
    Add retry decisions to those of the kernel.

    Called once for a client, before its first request, and again after plugins change.

    Example::

        from globus_core.transport import RetryCheckResult

        def locked(context):
            if context.response is not None and context.response.status_code == 423:
                return RetryCheckResult.do_retry
            return RetryCheckResult.no_decision

        @hookimpl
        def globus_retry_checks():
            return [locked]

    :return: functions in the order in which they are called, after the kernel's checks; see
        ``globus_core.transport.RetryCheck``. Each returns a RetryCheckResult, and may set
        ``context.backoff`` and nothing else of the context. None adds nothing
    """
    raise NotImplementedError


@hookspec
def globus_environments() -> t.Mapping[str, Reference | type[EnvConfig] | Record]:
    """
    Offer named environments.

    Called when an environment that is not built in is selected.

    Example::

        @hookimpl
        def globus_environments():
            return {"staging": {"domain": "staging.example.org"}}

    :return: name to an EnvConfig subclass, a reference to one, or a mapping with ``domain``,
        ``services`` (service name to URL) and ``server_aliases`` (further URLs of its Globus Auth);
        None offers nothing
    """
    raise NotImplementedError


@hookspec
def globus_before_request(event: RequestEvent) -> None:
    """
    See a request just before it is sent.

    Called for each attempt. A failing observer never fails the request. Headers and bodies are not
    passed.

    Example::

        @hookimpl
        def globus_before_request(event):
            print("asking", event.url)

    :param event: method, URL without secrets, attempt
    :return: None; the return value is ignored
    """


@hookspec
def globus_after_response(event: ResponseEvent) -> None:
    """
    See how an attempt ended: with a response or with a network error.

    Called when the response has arrived, or the attempt has failed.

    Example::

        @hookimpl
        def globus_after_response(event):
            print(event.request.method, event.status or event.error)

    :param event: the request's event, status or exception's name, seconds taken
    :return: None; the return value is ignored
    """


@hookspec
def globus_token_event(event: TokenEvent) -> None:
    """
    Learn that a token was issued, refreshed or revoked, or that this failed.

    Called when the server has answered a token request, or could not be reached. Where it has
    granted other scopes than requested, or than before, a ScopesEvent follows.

    Example::

        @hookimpl
        def globus_token_event(event):
            print("a token for", event.resource_server, "was", event.kind)

    :param event: what happened to the token of which resource server; never its value
    :return: None; the return value is ignored
    """


@hookspec
def globus_before_step(event: StepEvent) -> None:
    """
    See longer work begin: a login, a renewal, the wait for its lock, a look-up of identities.

    Called before the work begins, and always followed by ``globus_after_step`` in the same thread;
    steps and requests that are told in between are part of it.

    Example::

        @hookimpl
        def globus_before_step(event):
            print("begun:", event.kind)

    :param event: the kind of work and what it is for; see StepEvent
    :return: None; the return value is ignored
    """


@hookspec
def globus_after_step(event: StepEndEvent) -> None:
    """
    See longer work end, well or with an exception.

    Called when the work has ended.

    Example::

        @hookimpl
        def globus_after_step(event):
            print(event.step.kind, "took", event.seconds, "s", event.error or "")

    :param event: the event of its beginning, the exception's name, seconds taken
    :return: None; the return value is ignored
    """


@hookspec
def globus_check_caller(caller: Caller, service: str) -> str | GARE | None:
    """
    Object to a caller of a service, such as somebody without a role on campus.

    Called by a TokenChecker for each token, after everything else is as required; again when the
    answer is as old as the checker's ``ttl``, or its ``refusal_ttl`` if it is an objection. One
    objection is enough. The request waits for the answer, in its thread: have a deadline of your
    own. If an implementation raises, nobody gets in: the response is a 500, or that of a
    RefusedError, which a 503 is while your directory is away. Your checks are missing without an
    error if your plugin is; a service that depends on them names it in ``checked_by``.

    Example::

        STAFF = {"dana@example.edu"}

        @hookimpl
        def globus_check_caller(caller, service):
            if not any(identity.username in STAFF for identity in caller.identities):
                return "only staff of Example University may use this service"

    :param caller: the caller; it can act for the person, as in a request
    :param service: the client id of the service
    :return: why not, in one sentence for the caller; or a GARE that says which login would help;
        None for no objection
    """
    raise NotImplementedError


@hookspec
def globus_cli_commands() -> t.Mapping[str, Reference]:
    """
    Add commands to ``globus-core``.

    Called when the command line starts.

    A ``CommandReference`` says under which heading of the help the command is listed, and with
    which words. With a plain reference, the command is imported for the help.

    Example::

        @hookimpl
        def globus_cli_commands():
            return {
                "weather": CommandReference(
                    "example_weather.commands:weather",
                    group="services",
                    summary="Show the weather at a telescope",
                ),
                "tides": "example_weather.commands:tides",
            }

    :return: command name to a reference to a click command, which is imported when it runs; None
        offers nothing
    """
    raise NotImplementedError


@hookspec
def globus_doctor_checks() -> t.Mapping[str, Reference | t.Callable[[DoctorReport], object]]:
    """
    Add checks to ``globus-core doctor``.

    Called when the command runs.

    A check is called with a ``globus_core.cli.DoctorReport``, whose ``ok``, ``note``, ``skip`` and
    ``problem`` each add a line. It runs in a separate thread, with a deadline; later lines are
    discarded. If it raises a GlobusError, the error and its advice are a problem; any other
    exception is one too. It must not use the network if ``report.offline``.

    Example::

        import os

        def check_vpn(report):
            if os.path.exists("/run/campus-vpn"):
                report.ok("the campus VPN is up")
            else:
                report.problem("the campus VPN is down", "run 'campus-vpn start'")

        @hookimpl
        def globus_doctor_checks():
            return {"campus VPN": check_vpn}

    :return: the name of the check to a function, or a reference to one, which is imported when
        it runs; None adds nothing
    """
    raise NotImplementedError


@hookspec
def globus_sandbox_services() -> t.Mapping[str, Reference | type[ServiceSandbox]]:
    """
    Add services to the sandbox, by service name.

    Called whenever a sandbox is created.

    The class is called with the sandbox's world; see ``globus_core.testing.sandbox``. The service
    is available below ``/<name>/`` at the sandbox's address.

    Example::

        @hookimpl
        def globus_sandbox_services():
            return {"weather": "example_weather.sandbox:WeatherSandbox"}

    :return: service name to a ServiceSandbox subclass or a reference to one; None offers nothing
    """
    raise NotImplementedError


def hook_names() -> tuple[str, ...]:
    """
    The names of all hooks, in the order of this module.
    """
    return tuple(name for name, value in globals().items() if hasattr(value, SPEC_ATTRIBUTE))


def deprecated_hooks() -> dict[str, str]:
    """
    The deprecated hooks, each with what to use instead and the version that removes it.
    """
    notes = {name: getattr(globals()[name], SPEC_ATTRIBUTE)["deprecated"] for name in hook_names()}
    return {name: note for name, note in notes.items() if note is not None}
