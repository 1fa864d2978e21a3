"""
Every hook of globus-core; each docstring is the hook's contract.

A plugin implements a hook by a function of the same name in its ``hooks.py``, marked with
``globus_core.hookimpl``. An implementation may leave out arguments that it does not need.
Registration hooks return references (``"package.module:Object"``), so that nothing heavy is
imported before it is used. Observer hooks take one argument, ``event``, and run in the thread that
does what they observe: it waits for them (see ``globus_core.compose.observer_hook``).
"""

from __future__ import annotations

from ._markers import SPEC_ATTRIBUTE, hookspec

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .client import BaseClient
    from .config import EnvConfig
    from .events import RequestEvent, ResponseEvent, TokenEvent
    from .exc import ErrorFacts, GlobusAPIError
    from .identities import Identity, IdentityCache
    from .login_flows import LoginFlowManager
    from .token_storage import TokenStorage
    from .transport import RetryCheck

    Reference = str
    Record = t.Mapping[str, t.Any]


@hookspec
def globus_clients() -> t.Mapping[str, Reference | type[BaseClient]]:
    """
    Offer service clients, by service name.

    Called once, when a client is first asked for by its service's name. Return a mapping of
    service name to a BaseClient subclass or a reference to one.
    """
    raise NotImplementedError


@hookspec
def globus_token_storages() -> t.Mapping[str, Reference | type[TokenStorage]]:
    """
    Offer token storages, by backend name or URL scheme.

    Called when a storage is chosen by name. The object offered is a provider: it has
    ``for_globus_app(*, client_id, app_name, config, namespace)`` and, where it can be chosen
    by a URL, ``from_url(url, *, namespace)``.
    """
    raise NotImplementedError


@hookspec
def globus_login_flows() -> t.Mapping[str, Reference | type[LoginFlowManager]]:
    """
    Offer ways to log a person in, by name.

    Called when a login flow is chosen by name. The object offered is a provider: it has
    ``for_globus_app(*, app_name, login_client, config)``.
    """
    raise NotImplementedError


@hookspec
def globus_identity_caches() -> t.Mapping[str, Reference | type[IdentityCache]]:
    """
    Offer caches of identity records, by backend name or URL scheme.

    Called when a cache is chosen by name or URL. The object offered is called without
    arguments for a name, and its ``from_url(url)`` for a URL.
    """
    raise NotImplementedError


@hookspec
def globus_normalize_identity(key: str) -> str | None:
    """
    Turn an institution's own name for a person into a username or identity id.

    Asked for keys that are neither a UUID nor contain ``@``; the first answer wins. Return
    None for a name that is not yours. Called in a thread of its own, with a deadline for each
    100 names.

    :param key: the name as the caller gave it, without surrounding blanks
    """
    raise NotImplementedError


@hookspec
def globus_resolve_identities(keys: tuple[str, ...]) -> t.Mapping[str, Record]:
    """
    Answer for identities from a directory of the institution's own.

    Implementations are called one after another, each with the keys that are still open.
    Return a record for each key that you know, as JSON data; the resolver stamps its source.
    Keys that nobody knows go to Globus Auth. Called in a thread of its own, with a deadline:
    what comes later is discarded.

    :param keys: identity ids and usernames in normal form
    """
    raise NotImplementedError


@hookspec
def globus_enrich_identity(identity: Identity) -> Record | None:
    """
    Add attributes to an identity record, under the plugin's name.

    Every implementation is asked. Return the attributes as JSON data, or None where there are
    none. Called in a thread of its own, with a deadline for each 100 identities: what comes
    later is discarded.

    :param identity: a copy of the record, with ``id`` and ``username``
    """
    raise NotImplementedError


@hookspec
def globus_translate_error(error: GlobusAPIError) -> ErrorFacts | type[Exception] | None:
    """
    Say what an error response means and what to do next.

    The first answer wins; translators of the default plugin come last. Return
    ``globus_core.exc.ErrorFacts``, an exception class, or None for an error that is not yours.

    :param error: the error as parsed from the response, before it is raised
    """
    raise NotImplementedError


@hookspec
def globus_retry_checks() -> t.Iterable[RetryCheck]:
    """
    Add retry decisions to those of the kernel.

    Called once for a client, before its first request. Return functions in the order in which
    they are to be asked, after the kernel's own; see ``globus_core.transport.RetryCheck``.
    """
    raise NotImplementedError


@hookspec
def globus_environments() -> t.Mapping[str, Reference | type[EnvConfig] | Record]:
    """
    Offer named environments.

    Called when an environment that is not built in is named. A value is an EnvConfig
    subclass, a reference to one, or a mapping with ``domain`` and ``services`` (service name
    to URL).
    """
    raise NotImplementedError


@hookspec
def globus_before_request(event: RequestEvent) -> None:
    """
    See a request just before it is sent, each attempt anew.

    A failing observer never fails the request. Headers and bodies are not handed over.

    :param event: method, URL without secrets, attempt
    """


@hookspec
def globus_after_response(event: ResponseEvent) -> None:
    """
    See how an attempt ended: with a response or with a network error.

    :param event: the request's event, status or exception's name, seconds taken
    """


@hookspec
def globus_token_event(event: TokenEvent) -> None:
    """
    Learn that a token was issued, refreshed or revoked, or that this failed.

    :param event: what happened to the token of which resource server; never its value
    """


@hookspec
def globus_cli_commands() -> t.Mapping[str, Reference]:
    """
    Add commands to ``globus-core``.

    Called when the command line starts. Return command name to a reference to a click
    command.
    """
    raise NotImplementedError


def hook_names() -> tuple[str, ...]:
    """
    The names of all hooks, in the order of this module.
    """
    return tuple(name for name, value in globals().items() if hasattr(value, SPEC_ATTRIBUTE))


def deprecated_hooks() -> dict[str, str]:
    """
    The hooks that will go, each with what to use instead and the version in which it goes.
    """
    notes = {name: getattr(globals()[name], SPEC_ATTRIBUTE)["deprecated"] for name in hook_names()}
    return {name: note for name, note in notes.items() if note is not None}
