from globus_core_app import ClientApp as ClientApp
from globus_core_app import GlobusApp as GlobusApp
from globus_core_app import GlobusAppConfig as GlobusAppConfig
from globus_core_app import IDTokenDecoderProvider as IDTokenDecoderProvider
from globus_core_app import LoginFlowManagerProvider as LoginFlowManagerProvider
from globus_core_app import TokenStorageProvider as TokenStorageProvider
from globus_core_app import TokenValidationErrorHandler as TokenValidationErrorHandler
from globus_core_app import UserApp as UserApp

from . import authorizer_factory as authorizer_factory
from . import config as config
