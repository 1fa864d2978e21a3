"""
The modules of globus-sdk that have no module of their own here, with the names in each.

``python -m tests.layout.sdk_paths`` writes them anew: small files, so that type checkers and
packers see them, whose names are loaded when used.
"""

from __future__ import annotations

import pathlib
import subprocess
import sys

from tests.layout.house import KERNEL

AUTH = "services.auth"
APP = "globus_app"
FLOWS = "login_flows"
SEARCH = "services.search"
LOCAL = "login_flows.local_server_login_flow_manager"
LEGACY = "token_storage.legacy"
GROUPS = "services.groups"
GCS = "services.gcs"

#: the module, without ``globus_core``; where its names are from; and the names
PATHS: dict[str, tuple[str, str]] = {
    "exc.err_info": (
        "exc",
        "AuthorizationParameterInfo ConsentRequiredInfo ErrorInfo ErrorInfoContainer",
    ),
    "exc.warnings": ("exc", "RemovedInV5Warning warn_deprecated"),
    "globus_app.app": (APP, "GlobusApp"),
    "globus_app.client_app": (APP, "ClientApp"),
    "globus_app.protocols": (
        APP,
        "IDTokenDecoderProvider LoginFlowManagerProvider TokenStorageProvider"
        " TokenValidationErrorHandler",
    ),
    "globus_app.user_app": (APP, "UserApp"),
    "local_endpoint.personal": (
        "local_endpoint",
        "GlobusConnectPersonalOwnerInfo LocalGlobusConnectPersonal",
    ),
    "local_endpoint.personal.endpoint": ("local_endpoint", "LocalGlobusConnectPersonal"),
    "local_endpoint.personal.owner_info": ("local_endpoint", "GlobusConnectPersonalOwnerInfo"),
    "local_endpoint.server": ("local_endpoint", "LocalGlobusConnectServer"),
    "local_endpoint.server.endpoint": ("local_endpoint", "LocalGlobusConnectServer"),
    "login_flows.command_line_login_flow_manager": (
        FLOWS,
        "CommandLineLoginFlowEOFError CommandLineLoginFlowManager",
    ),
    f"{LOCAL}.errors": (FLOWS, "LocalServerEnvironmentalLoginError LocalServerLoginError"),
    f"{LOCAL}.html_files": (FLOWS, ""),
    f"{LOCAL}.local_server_login_flow_manager": (
        LOCAL,
        "BROWSER_DENY_LIST LocalServerLoginFlowManager",
    ),
    "login_flows.login_flow_manager": (FLOWS, "LoginFlowManager"),
    "paging.last_key": ("paging", "LastKeyPaginator"),
    "paging.limit_offset": ("paging", "HasNextPaginator LimitOffsetTotalPaginator"),
    "paging.marker": ("paging", "MarkerPaginator NullableMarkerPaginator"),
    "paging.next_token": ("paging", "NextTokenPaginator"),
    "scopes.data.auth": ("scopes", "AuthScopes"),
    "scopes.data.compute": ("scopes", "ComputeScopes"),
    "scopes.data.flows": ("scopes", "FlowsScopes SpecificFlowScopes"),
    "scopes.data.gcs": ("scopes", "GCSCollectionScopes GCSEndpointScopes"),
    "scopes.data.groups": ("scopes", "GroupsScopes NexusScopes"),
    "scopes.data.search": ("scopes", "SearchScopes"),
    "scopes.data.timers": ("scopes", "TimersScopes"),
    "scopes.data.transfer": ("scopes", "TransferScopes"),
    "scopes.errors": ("scopes", "ScopeCycleError ScopeParseError"),
    "scopes.parser": ("scopes", "ScopeParser"),
    "scopes.representation": ("scopes", "Scope"),
    f"{AUTH}.client": (
        AUTH,
        "AuthClient AuthLoginClient ConfidentialAppAuthClient NativeAppAuthClient",
    ),
    f"{AUTH}.client.base_login_client": (AUTH, "AuthLoginClient"),
    f"{AUTH}.client.confidential_client": (AUTH, "ConfidentialAppAuthClient"),
    f"{AUTH}.client.native_client": (AUTH, "NativeAppAuthClient"),
    f"{AUTH}.client.service_client": (AUTH, "AuthClient"),
    f"{AUTH}.data": (AUTH, "DependentScopeSpec"),
    f"{AUTH}.errors": (AUTH, "AuthAPIError"),
    f"{AUTH}.flow_managers": (
        AUTH,
        "GlobusAuthorizationCodeFlowManager GlobusNativeAppFlowManager GlobusOAuthFlowManager",
    ),
    f"{AUTH}.flow_managers.authorization_code": (AUTH, "GlobusAuthorizationCodeFlowManager"),
    f"{AUTH}.flow_managers.base": (AUTH, "GlobusOAuthFlowManager"),
    f"{AUTH}.flow_managers.native_app": (AUTH, "GlobusNativeAppFlowManager"),
    f"{AUTH}.id_token_decoder": (AUTH, "IDTokenDecoder"),
    f"{AUTH}.identity_map": ("", "IdentityMap is_username split_ids_and_usernames"),
    f"{AUTH}.response": (
        AUTH,
        "GetClientCredentialsResponse GetClientsResponse GetConsentsResponse"
        " GetIdentitiesResponse GetIdentityProvidersResponse GetPoliciesResponse"
        " GetProjectsResponse GetScopesResponse OAuthAuthorizationCodeResponse"
        " OAuthClientCredentialsResponse OAuthDependentTokenResponse OAuthRefreshTokenResponse"
        " OAuthTokenResponse",
    ),
    f"{AUTH}.response.clients": (AUTH, "GetClientsResponse"),
    f"{AUTH}.response.consents": (AUTH, "GetConsentsResponse"),
    f"{AUTH}.response.credentials": (AUTH, "GetClientCredentialsResponse"),
    f"{AUTH}.response.identities": (AUTH, "GetIdentitiesResponse GetIdentityProvidersResponse"),
    f"{AUTH}.response.oauth": (
        AUTH,
        "OAuthAuthorizationCodeResponse OAuthClientCredentialsResponse"
        " OAuthDependentTokenResponse OAuthRefreshTokenResponse OAuthTokenResponse",
    ),
    f"{AUTH}.response.policies": (AUTH, "GetPoliciesResponse"),
    f"{AUTH}.response.projects": (AUTH, "GetProjectsResponse"),
    f"{AUTH}.response.scopes": (AUTH, "GetScopesResponse"),
    "services.compute.client": ("services.compute", "ComputeClientV2 ComputeClientV3"),
    "services.compute.errors": ("services.compute", "ComputeAPIError"),
    "services.flows.client": ("services.flows", "FlowsClient SpecificFlowClient"),
    "services.flows.data": ("services.flows", "RunActivityNotificationPolicy"),
    "services.flows.errors": ("services.flows", "FlowsAPIError"),
    "services.flows.response": (
        "services.flows",
        "IterableFlowsResponse IterableRegisteredAPIsResponse IterableRunLogsResponse"
        " IterableRunsResponse IterableWebInputsResponse",
    ),
    "experimental.gcs_collection_client": (GCS, "GCSCollectionClient"),
    "experimental.gcs_downloader": (GCS, "GCSDownloader"),
    f"{GCS}.client": (GCS, "GCSClient"),
    f"{GCS}.connector_table": (GCS, "ConnectorTable GlobusConnectServerConnector"),
    f"{GCS}.data": (
        GCS,
        "ActiveScaleStoragePolicies AzureBlobStoragePolicies BlackPearlStoragePolicies"
        " BoxStoragePolicies CephStoragePolicies CollectionDocument CollectionPolicies"
        " EndpointDocument GCSRoleDocument GoogleCloudStorageCollectionPolicies"
        " GoogleCloudStoragePolicies GoogleDriveStoragePolicies GuestCollectionDocument"
        " HPSSStoragePolicies IrodsStoragePolicies MappedCollectionDocument"
        " OneDriveStoragePolicies POSIXCollectionPolicies POSIXStagingCollectionPolicies"
        " POSIXStagingStoragePolicies POSIXStoragePolicies S3StoragePolicies"
        " StorageGatewayDocument StorageGatewayPolicies UserCredentialDocument",
    ),
    f"{GCS}.data.collection": (
        GCS,
        "CollectionDocument CollectionPolicies GoogleCloudStorageCollectionPolicies"
        " GuestCollectionDocument MappedCollectionDocument POSIXCollectionPolicies"
        " POSIXStagingCollectionPolicies",
    ),
    f"{GCS}.data.endpoint": (GCS, "EndpointDocument"),
    f"{GCS}.data.role": (GCS, "GCSRoleDocument"),
    f"{GCS}.data.storage_gateway": (
        GCS,
        "ActiveScaleStoragePolicies AzureBlobStoragePolicies BlackPearlStoragePolicies"
        " BoxStoragePolicies CephStoragePolicies GoogleCloudStoragePolicies"
        " GoogleDriveStoragePolicies HPSSStoragePolicies IrodsStoragePolicies"
        " OneDriveStoragePolicies POSIXStagingStoragePolicies POSIXStoragePolicies"
        " S3StoragePolicies StorageGatewayDocument StorageGatewayPolicies",
    ),
    f"{GCS}.data.user_credential": (GCS, "UserCredentialDocument"),
    f"{GCS}.errors": (GCS, "GCSAPIError"),
    f"{GCS}.response": (GCS, "IterableGCSResponse UnpackingGCSResponse"),
    f"{GROUPS}.client": (GROUPS, "GroupsClient"),
    f"{GROUPS}.data": (
        GROUPS,
        "BatchMembershipActions GroupMemberVisibility GroupPolicies GroupRequiredSignupFields"
        " GroupRole GroupVisibility",
    ),
    f"{GROUPS}.errors": (GROUPS, "GroupsAPIError"),
    f"{GROUPS}.manager": (GROUPS, "GroupsManager"),
    f"{SEARCH}.client": (SEARCH, "SearchClient"),
    f"{SEARCH}.data": (SEARCH, "SearchQueryV1 SearchScrollQuery"),
    f"{SEARCH}.errors": (SEARCH, "SearchAPIError"),
    f"{SEARCH}.response": (SEARCH, "IndexListResponse"),
    "services.timers.client": ("services.timers", "TimersClient"),
    "services.timers.data": (
        "services.timers",
        "FlowTimer OnceTimerSchedule RecurringTimerSchedule TimerJob TransferTimer",
    ),
    "services.timers.errors": ("services.timers", "TimersAPIError"),
    "testing.helpers": ("testing", "construct_error get_last_request"),
    "testing.models": ("testing", "RegisteredResponse ResponseList ResponseSet"),
    "testing.registry": (
        "testing",
        "get_response_set load_response load_response_set register_response_set",
    ),
    "token_storage.json": ("token_storage", "JSONTokenStorage"),
    f"{LEGACY}.base": (LEGACY, "FileAdapter StorageAdapter"),
    f"{LEGACY}.file_adapters": (LEGACY, "SimpleJSONFileAdapter"),
    f"{LEGACY}.memory_adapter": (LEGACY, "MemoryAdapter"),
    f"{LEGACY}.sqlite_adapter": (LEGACY, "SQLiteAdapter"),
    "token_storage.memory": ("token_storage", "MemoryTokenStorage"),
    "token_storage.sqlite": ("token_storage", "SQLiteTokenStorage"),
    "token_storage.token_data": ("token_storage", "TokenStorageData"),
    "transport.encoders": (
        "transport",
        "FormRequestEncoder JSONRequestEncoder RequestEncoder",
    ),
    "transport.requests": ("transport", "RequestsTransport"),
    "transport.retry_check_runner": ("transport", "RetryCheckRunner"),
    "transport.retry_config": ("transport", "RetryConfig"),
}

_FILE = '''\
"""
The names of globus-sdk's module of this path, loaded when used.
"""

# Written by tests/layout/sdk_paths.py, from its table.

from __future__ import annotations

from globus_core._lazy import forward as _forward

TYPE_CHECKING = False
if TYPE_CHECKING:
{imports}
else:
    __getattr__, __dir__ = _forward(__name__, {{"{origin}": {names}}})

__all__ = {names}
'''
_EMPTY = '''\
"""
Here for programs that import globus-sdk's module of this path, which has no public names.
"""

# Written by tests/layout/sdk_paths.py, from its table.
'''


def files() -> dict[pathlib.Path, str]:
    """The file of each module of the table, and what it has to say."""
    return {_file(path): _text(*PATHS[path]) for path in PATHS}


def _file(path: str) -> pathlib.Path:
    place = KERNEL.joinpath(*path.split("."))
    package = any(other.startswith(f"{path}.") for other in PATHS)
    return place / "__init__.py" if package else place.with_suffix(".py")


def _text(origin: str, names: str) -> str:
    if not names:
        return _EMPTY
    origin = f"globus_core.{origin}".rstrip(".")
    found = tuple(names.split())
    imports = "\n".join(f"    from {origin} import {name} as {name}" for name in found)
    return _formatted(_FILE.format(origin=origin, names=found, imports=imports))


def _formatted(text: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", "a.py", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return done.stdout


def main() -> None:
    """Write every file of the table."""
    for path, text in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
