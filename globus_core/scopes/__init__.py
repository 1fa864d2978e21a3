from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {
        "_errors": ("ScopeCycleError", "ScopeParseError"),
        "_sdk_parser": ("ScopeParser",),
        "_scope": ("Scope",),
        "collection": ("DynamicScopeCollection", "ScopeCollection", "StaticScopeCollection"),
        "data": (
            "AuthScopes",
            "ComputeScopes",
            "FlowsScopes",
            "GCSCollectionScopes",
            "GCSEndpointScopes",
            "GroupsScopes",
            "NexusScopes",
            "SearchScopes",
            "SpecificFlowScopes",
            "TimersScopes",
            "TransferScopes",
        ),
    },
    submodules=("collection", "consents", "data"),
    unlisted={"_sdk_parser": ("ScopeCollectionType",)},
)
