from ._callback_page import DEFAULT_HTML_TEMPLATE as DEFAULT_HTML_TEMPLATE
from ._code_prompt import CommandLineLoginFlowEOFError as CommandLineLoginFlowEOFError
from ._environment_detection import BROWSER_DENY_LIST as BROWSER_DENY_LIST
from .app import GlobusApp as GlobusApp
from .authorizer_factory import AccessTokenAuthorizerFactory as AccessTokenAuthorizerFactory
from .authorizer_factory import AuthorizerFactory as AuthorizerFactory
from .authorizer_factory import (
    ClientCredentialsAuthorizerFactory as ClientCredentialsAuthorizerFactory,
)
from .authorizer_factory import RefreshTokenAuthorizerFactory as RefreshTokenAuthorizerFactory
from .auto_login_flow import AutoLoginFlowManager as AutoLoginFlowManager
from .client_app import ClientApp as ClientApp
from .command_line_login_flow import CommandLineLoginFlowManager as CommandLineLoginFlowManager
from .config import DEFAULT_CONFIG as DEFAULT_CONFIG
from .config import GlobusAppConfig as GlobusAppConfig
from .config import resolve_by_login_flow as resolve_by_login_flow
from .credentials import CredentialLink as CredentialLink
from .credentials import CredentialSearch as CredentialSearch
from .credentials import CredentialsError as CredentialsError
from .credentials import find_credentials as find_credentials
from .default_app import default_app as default_app
from .local_server_login_flow import (
    LocalServerEnvironmentalLoginError as LocalServerEnvironmentalLoginError,
)
from .local_server_login_flow import LocalServerLoginError as LocalServerLoginError
from .local_server_login_flow import LocalServerLoginFlowManager as LocalServerLoginFlowManager
from .providers import IDTokenDecoderProvider as IDTokenDecoderProvider
from .providers import LoginFlowManagerProvider as LoginFlowManagerProvider
from .providers import TokenStorageProvider as TokenStorageProvider
from .providers import TokenValidationErrorHandler as TokenValidationErrorHandler
from .revocation import RevocationFailure as RevocationFailure
from .standalone_redirect_server import RedirectHandler as RedirectHandler
from .standalone_redirect_server import RedirectHTTPServer as RedirectHTTPServer
from .token_app import TokenApp as TokenApp
from .token_outlook import Outlook as Outlook
from .token_outlook import TokenOutlook as TokenOutlook
from .user_app import UserApp as UserApp
