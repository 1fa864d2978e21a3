from globus_core_app import ClientApp as ClientApp
from globus_core_app import GlobusApp as GlobusApp
from globus_core_app import GlobusAppConfig as GlobusAppConfig
from globus_core_app import UserApp as UserApp
from globus_core_auth import AuthAPIError as AuthAPIError
from globus_core_auth import AuthClient as AuthClient
from globus_core_auth import AuthLoginClient as AuthLoginClient
from globus_core_auth import ConfidentialAppAuthClient as ConfidentialAppAuthClient
from globus_core_auth import DependentScopeSpec as DependentScopeSpec
from globus_core_auth import GetClientCredentialsResponse as GetClientCredentialsResponse
from globus_core_auth import GetClientsResponse as GetClientsResponse
from globus_core_auth import GetConsentsResponse as GetConsentsResponse
from globus_core_auth import GetIdentitiesResponse as GetIdentitiesResponse
from globus_core_auth import GetIdentityProvidersResponse as GetIdentityProvidersResponse
from globus_core_auth import GetPoliciesResponse as GetPoliciesResponse
from globus_core_auth import GetProjectsResponse as GetProjectsResponse
from globus_core_auth import GetScopesResponse as GetScopesResponse
from globus_core_auth import (
    GlobusAuthorizationCodeFlowManager as GlobusAuthorizationCodeFlowManager,
)
from globus_core_auth import GlobusNativeAppFlowManager as GlobusNativeAppFlowManager
from globus_core_auth import GlobusOAuthFlowManager as GlobusOAuthFlowManager
from globus_core_auth import IDTokenDecoder as IDTokenDecoder
from globus_core_auth import NativeAppAuthClient as NativeAppAuthClient
from globus_core_auth import OAuthAuthorizationCodeResponse as OAuthAuthorizationCodeResponse
from globus_core_auth import OAuthClientCredentialsResponse as OAuthClientCredentialsResponse
from globus_core_auth import OAuthDependentTokenResponse as OAuthDependentTokenResponse
from globus_core_auth import OAuthRefreshTokenResponse as OAuthRefreshTokenResponse
from globus_core_auth import OAuthTokenResponse as OAuthTokenResponse
from globus_core_identity import IdentityMap as IdentityMap

from . import authorizers as authorizers
from . import cli as cli
from . import client as client
from . import clients as clients
from . import compose as compose
from . import config as config
from . import documents as documents
from . import events as events
from . import exc as exc
from . import gare as gare
from . import globus_app as globus_app
from . import hookspecs as hookspecs
from . import identities as identities
from . import locks as locks
from . import login_flows as login_flows
from . import paging as paging
from . import plugins as plugins
from . import response as response
from . import scopes as scopes
from . import testing as testing
from . import token_storage as token_storage
from . import translation as translation
from . import transport as transport
from . import waiting as waiting
from ._lazy import lazy_exports as lazy_exports
from ._markers import hookimpl as hookimpl
from .authorizers import AccessTokenAuthorizer as AccessTokenAuthorizer
from .authorizers import BasicAuthorizer as BasicAuthorizer
from .authorizers import ClientCredentialsAuthorizer as ClientCredentialsAuthorizer
from .authorizers import GlobusAuthorizer as GlobusAuthorizer
from .authorizers import NullAuthorizer as NullAuthorizer
from .authorizers import RefreshTokenAuthorizer as RefreshTokenAuthorizer
from .authorizers import RenewingAuthorizer as RenewingAuthorizer
from .authorizers import StaticGlobusAuthorizer as StaticGlobusAuthorizer
from .client import BaseClient as BaseClient
from .clients import client_class as client_class
from .clients import service_names as service_names
from .config import EnvConfig as EnvConfig
from .config import get_environment_name as get_environment_name
from .config import get_http_timeout as get_http_timeout
from .config import get_service_url as get_service_url
from .config import get_ssl_verify as get_ssl_verify
from .config import get_webapp_url as get_webapp_url
from .config.environments import PreviewEnvConfig as PreviewEnvConfig
from .config.environments import ProductionEnvConfig as ProductionEnvConfig
from .documents import MISSING as MISSING
from .documents import MissingType as MissingType
from .exc import AuthorizationParameterInfo as AuthorizationParameterInfo
from .exc import ConsentRequiredInfo as ConsentRequiredInfo
from .exc import ErrorInfo as ErrorInfo
from .exc import ErrorInfoContainer as ErrorInfoContainer
from .exc import ErrorSubdocument as ErrorSubdocument
from .exc import GlobusAPIError as GlobusAPIError
from .exc import GlobusConnectionError as GlobusConnectionError
from .exc import GlobusConnectionTimeoutError as GlobusConnectionTimeoutError
from .exc import GlobusError as GlobusError
from .exc import GlobusSDKUsageError as GlobusSDKUsageError
from .exc import GlobusTimeoutError as GlobusTimeoutError
from .exc import NetworkError as NetworkError
from .exc import RemovedInV5Warning as RemovedInV5Warning
from .exc import ValidationError as ValidationError
from .exc import convert_request_exception as convert_request_exception
from .exc import warn_deprecated as warn_deprecated
from .gare import GARE as GARE
from .gare import GlobusAuthorizationParameters as GlobusAuthorizationParameters
from .gare import has_gares as has_gares
from .gare import is_gare as is_gare
from .gare import to_gare as to_gare
from .gare import to_gares as to_gares
from .globus_app import IDTokenDecoderProvider as IDTokenDecoderProvider
from .globus_app import LoginFlowManagerProvider as LoginFlowManagerProvider
from .globus_app import TokenStorageProvider as TokenStorageProvider
from .globus_app import TokenValidationErrorHandler as TokenValidationErrorHandler
from .globus_app.authorizer_factory import (
    AccessTokenAuthorizerFactory as AccessTokenAuthorizerFactory,
)
from .globus_app.authorizer_factory import AuthorizerFactory as AuthorizerFactory
from .globus_app.authorizer_factory import (
    ClientCredentialsAuthorizerFactory as ClientCredentialsAuthorizerFactory,
)
from .globus_app.authorizer_factory import (
    RefreshTokenAuthorizerFactory as RefreshTokenAuthorizerFactory,
)
from .globus_app.config import DEFAULT_CONFIG as DEFAULT_CONFIG
from .globus_app.config import resolve_by_login_flow as resolve_by_login_flow
from .identities import is_username as is_username
from .identities import split_ids_and_usernames as split_ids_and_usernames
from .login_flows import CommandLineLoginFlowEOFError as CommandLineLoginFlowEOFError
from .login_flows import CommandLineLoginFlowManager as CommandLineLoginFlowManager
from .login_flows import LocalServerEnvironmentalLoginError as LocalServerEnvironmentalLoginError
from .login_flows import LocalServerLoginError as LocalServerLoginError
from .login_flows import LocalServerLoginFlowManager as LocalServerLoginFlowManager
from .login_flows import LoginFlowManager as LoginFlowManager
from .login_flows.local_server_login_flow_manager.local_server import (
    RedirectHandler as RedirectHandler,
)
from .login_flows.local_server_login_flow_manager.local_server import (
    RedirectHTTPServer as RedirectHTTPServer,
)
from .paging import HasNextPaginator as HasNextPaginator
from .paging import JSONAPIPaginator as JSONAPIPaginator
from .paging import LastKeyPaginator as LastKeyPaginator
from .paging import LimitOffsetTotalPaginator as LimitOffsetTotalPaginator
from .paging import MarkerPaginator as MarkerPaginator
from .paging import NextTokenPaginator as NextTokenPaginator
from .paging import NullableMarkerPaginator as NullableMarkerPaginator
from .paging import Paginator as Paginator
from .paging import PaginatorTable as PaginatorTable
from .paging import has_paginator as has_paginator
from .response import ArrayResponse as ArrayResponse
from .response import GlobusHTTPResponse as GlobusHTTPResponse
from .response import IterableJSONAPIResponse as IterableJSONAPIResponse
from .response import IterableResponse as IterableResponse
from .scopes import AuthScopes as AuthScopes
from .scopes import ComputeScopes as ComputeScopes
from .scopes import DynamicScopeCollection as DynamicScopeCollection
from .scopes import FlowsScopes as FlowsScopes
from .scopes import GCSCollectionScopes as GCSCollectionScopes
from .scopes import GCSEndpointScopes as GCSEndpointScopes
from .scopes import GroupsScopes as GroupsScopes
from .scopes import NexusScopes as NexusScopes
from .scopes import Scope as Scope
from .scopes import ScopeCollection as ScopeCollection
from .scopes import ScopeCycleError as ScopeCycleError
from .scopes import ScopeParseError as ScopeParseError
from .scopes import ScopeParser as ScopeParser
from .scopes import SearchScopes as SearchScopes
from .scopes import SpecificFlowScopes as SpecificFlowScopes
from .scopes import StaticScopeCollection as StaticScopeCollection
from .scopes import TimersScopes as TimersScopes
from .scopes import TransferScopes as TransferScopes
from .scopes.consents import Consent as Consent
from .scopes.consents import ConsentForest as ConsentForest
from .scopes.consents import ConsentParseError as ConsentParseError
from .scopes.consents import ConsentTree as ConsentTree
from .scopes.consents import ConsentTreeConstructionError as ConsentTreeConstructionError
from .token_storage import FileTokenStorage as FileTokenStorage
from .token_storage import HasRefreshTokensValidator as HasRefreshTokensValidator
from .token_storage import JSONTokenStorage as JSONTokenStorage
from .token_storage import MemoryTokenStorage as MemoryTokenStorage
from .token_storage import NotExpiredValidator as NotExpiredValidator
from .token_storage import ScopeRequirementsValidator as ScopeRequirementsValidator
from .token_storage import SQLiteTokenStorage as SQLiteTokenStorage
from .token_storage import TokenDataValidator as TokenDataValidator
from .token_storage import TokenStorage as TokenStorage
from .token_storage import TokenStorageData as TokenStorageData
from .token_storage import TokenValidationContext as TokenValidationContext
from .token_storage import TokenValidationError as TokenValidationError
from .token_storage import UnchangingIdentityIDValidator as UnchangingIdentityIDValidator
from .token_storage import ValidatingTokenStorage as ValidatingTokenStorage
from .token_storage.legacy import FileAdapter as FileAdapter
from .token_storage.legacy import MemoryAdapter as MemoryAdapter
from .token_storage.legacy import SimpleJSONFileAdapter as SimpleJSONFileAdapter
from .token_storage.legacy import SQLiteAdapter as SQLiteAdapter
from .token_storage.legacy import StorageAdapter as StorageAdapter
from .token_storage.validating_token_storage import ExpiredTokenError as ExpiredTokenError
from .token_storage.validating_token_storage import IdentityMismatchError as IdentityMismatchError
from .token_storage.validating_token_storage import (
    IdentityValidationError as IdentityValidationError,
)
from .token_storage.validating_token_storage import MissingIdentityError as MissingIdentityError
from .token_storage.validating_token_storage import MissingTokenError as MissingTokenError
from .token_storage.validating_token_storage import (
    UnmetScopeRequirementsError as UnmetScopeRequirementsError,
)
from .transport import FormRequestEncoder as FormRequestEncoder
from .transport import GlobusClientInfo as GlobusClientInfo
from .transport import JSONRequestEncoder as JSONRequestEncoder
from .transport import RequestCallerInfo as RequestCallerInfo
from .transport import RequestEncoder as RequestEncoder
from .transport import RequestsTransport as RequestsTransport
from .transport import RetryCheck as RetryCheck
from .transport import RetryCheckCollection as RetryCheckCollection
from .transport import RetryCheckFlags as RetryCheckFlags
from .transport import RetryCheckResult as RetryCheckResult
from .transport import RetryCheckRunner as RetryCheckRunner
from .transport import RetryConfig as RetryConfig
from .transport import RetryContext as RetryContext
from .transport import set_retry_check_flags as set_retry_check_flags
from .transport.default_retry_checks import (
    check_expired_authorization as check_expired_authorization,
)
from .transport.default_retry_checks import check_request_exception as check_request_exception
from .transport.default_retry_checks import check_retry_after_header as check_retry_after_header
from .transport.default_retry_checks import check_transient_error as check_transient_error
from .transport.representation_providers import (
    RequestsRepresentationProvider as RequestsRepresentationProvider,
)

__version__: str
