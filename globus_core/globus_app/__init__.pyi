from globus_core_app import ClientApp as ClientApp
from globus_core_app import CredentialLink as CredentialLink
from globus_core_app import CredentialSearch as CredentialSearch
from globus_core_app import CredentialsError as CredentialsError
from globus_core_app import GlobusApp as GlobusApp
from globus_core_app import GlobusAppConfig as GlobusAppConfig
from globus_core_app import IDTokenDecoderProvider as IDTokenDecoderProvider
from globus_core_app import LoginFlowManagerProvider as LoginFlowManagerProvider
from globus_core_app import TokenApp as TokenApp
from globus_core_app import TokenStorageProvider as TokenStorageProvider
from globus_core_app import TokenValidationErrorHandler as TokenValidationErrorHandler
from globus_core_app import UserApp as UserApp
from globus_core_app import default_app as default_app
from globus_core_app import find_credentials as find_credentials

from . import authorizer_factory as authorizer_factory
from . import config as config
