"""
Public names that need not be driven with secrets, and why.

Patterns stand only where a whole namespace is of one kind: a new name elsewhere is noticed.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

_GROUPS = {
    "a contract without code": (
        "authorizers.GlobusAuthorizer.get_authorization_header",
        "hookspecs.*",
        "identities.IdentityCache.*",
        "identities.IdentityResolver*",
        "login_flows.LoginFlowManager.run_login_flow",
        "paging.Paginator.pages",
        "token_storage.DamagedDocumentError",
        "token_storage.DocumentTokenStorage.*",
        "token_storage.TokenDataValidator.after_retrieve",
        "token_storage.TokenStorage.*",
        "transport.RequestEncoder",
    ),
    "which tokens an object sees; none passes here": (
        "*.for_namespace",
        "*.in_namespace",
        "*.namespaces",
    ),
    "stores by the same steps as the method that stores, which is used": (
        "token_storage.ValidatingTokenStorage.replace",
    ),
    "passes a header on to a checker, whose refusals are driven": (
        "resource_server.ASGIProtection",
        "resource_server.FastAPIProtection",
        "resource_server.MCPTokenVerifier*",
        "resource_server.WSGIProtection",
        "resource_server.flask_protection",
    ),
    "needs a server: the tests of its contract look for secrets in logs and texts": (
        "token_storage.EvictionWarning",
        "token_storage.PostgresTokenStorage.*",
        "token_storage.RedisTokenStorage.*",
    ),
    "for tests; what it handles are made-up tokens": (
        "testing.*Contract*",
        "testing.RegisteredResponse*",
        "testing.ResponseList*",
        "testing.ResponseSet*",
        "testing.get_last_request",
        "testing.get_response_set",
        "testing.load_response*",
        "testing.register_response_set",
        "testing.CanarySecrets.*",
        "testing.FakeClock*",
        "testing.construct_error",
        "testing.make_error",
        "testing.make_identity",
        "testing.make_token",
        "testing.HeadlessBrowser.wait",
        "testing.Sandbox.*",
        "testing.SandboxControl.*",
        "testing.sandbox.*",
    ),
    "scope strings, environments and their addresses, which are public": (
        "AuthLoginClient.default_scope_requirements",
        "BaseClient.add_app_scope",
        "BaseClient.default_scope_requirements",
        "Scope.*",
        "ScopeCycleError",
        "ScopeParseError",
        "config.*",
        "scopes.*ScopeCollection*",
        "ConsentForest.meets_scope_requirements",
        "ConsentParseError",
        "ConsentTree.get_node",
        "ConsentTree.meets_scope_requirements",
        "ConsentTreeConstructionError",
    ),
    "which plugins there are; no data of a request passes here": (
        "as_globus_sdk",
        "plugins.PluginManager.from_environment",
        "plugins.PluginManager.public_names",
        "plugins.PluginManager.set_blocked",
        "plugins.PluginRecord.fail",
        "plugins.PluginWarning",
        "plugins.write_stubs",
    ),
    "identities that were found, and where they are kept; nothing is asked for here": (
        "IdentityMap.cache",
        "IdentityMap.clear",
        "IdentityMap.copy",
        "IdentityMap.items",
        "IdentityMap.keys",
        "IdentityMap.pop",
        "IdentityMap.popitem",
        "IdentityMap.setdefault",
        "IdentityMap.to_dict",
        "IdentityMap.update",
        "IdentityMap.values",
        "identities.Identity.*",
        "identities.IdentityCacheDescription.to_dict",
        "identities.MemoryIdentityCache.*",
        "identities.RedisIdentityCache.*",
        "identities.SQLiteIdentityCache.*",
        "split_ids_and_usernames",
    ),
    "one more style of paging, which reads another key; four styles are driven": (
        "paging.LimitOffsetTotalPaginator",
        "paging.NullableMarkerPaginator",
        "paging.Paginator.wrap",
        "paging.has_paginator",
    ),
    "numbers, paths, fixed texts and versions of programs": (
        "cli.PlaceType*",
        "cli.as_seconds",
        "GlobusApp.renews_by",
        "RemovedInV5Warning",
        "*.joined",
        "exc.warn_deprecated",
        "LocalServerLoginFlowManager.for_globus_app",
        "FileTokenStorage.file_exists",
        "FileTokenStorage.user_only_umask",
        "SQLiteTokenStorage.iter_namespaces",
        "token_storage.ValidatingTokenStorage.renewal_lock",
        "FileAdapter.user_only_umask",
        "transport.GlobusClientInfo.clear",
        "transport.RequestsTransport.tune",
        "transport.RetryConfig.tune",
        "transport.RetryConfig.backoff",
        "transport.retry.Tuned",
        "transport.retry.exponential_backoff",
        "waiting.*",
    ),
    "the fields of a request, as a program writes them": ("documents.EncodedPath",),
    "the shape of a document that Transfer sends, for type checkers": (
        "services.flows.RunDocument",
        "services.flows.RunLogEntry",
        "services.transfer.FileDocument",
        "services.transfer.TaskDocument",
        "services.transfer.TaskEvent",
    ),
    "the shape of a document that Search sends, for type checkers": (
        "services.search.ResultDocument",
        "services.search.ResultEntry",
        "services.search.TaskDocument",
    ),
    "the shape of a document that Groups sends, for type checkers": ("services.groups.Membership",),
    "shown as its base is, which is driven": (
        "GetIdentitiesResponse",
        "GetIdentityProvidersResponse",
        "GlobusConnectionTimeoutError",
        "exc.PluginUnavailableError",
    ),
    "gives what it is asked for as it came over the wire": ("GlobusAPIError.binary_content",),
}

EXEMPT = {f"globus_core.{name}": why for why, names in _GROUPS.items() for name in names}


def is_exempt(name: str) -> bool:
    """
    Whether a public name need not be driven.

    :param name: its dotted name
    """
    return any(fnmatchcase(name, pattern) for pattern in EXEMPT)
