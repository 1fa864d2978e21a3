from . import default_retry_checks as default_retry_checks
from . import representation_providers as representation_providers
from . import retry as retry
from .caller_info import RequestCallerInfo as RequestCallerInfo
from .client_info import GlobusClientInfo as GlobusClientInfo
from .deadline import pause_deadline as pause_deadline
from .representation_providers import FormRequestEncoder as FormRequestEncoder
from .representation_providers import JSONRequestEncoder as JSONRequestEncoder
from .representation_providers import RequestEncoder as RequestEncoder
from .representation_providers import (
    RequestsRepresentationProvider as RequestsRepresentationProvider,
)
from .requests_transport import RequestsTransport as RequestsTransport
from .retry import RetryCheck as RetryCheck
from .retry import RetryCheckCollection as RetryCheckCollection
from .retry import RetryCheckFlags as RetryCheckFlags
from .retry import RetryCheckResult as RetryCheckResult
from .retry import RetryCheckRunner as RetryCheckRunner
from .retry import RetryConfig as RetryConfig
from .retry import RetryContext as RetryContext
from .retry import set_retry_check_flags as set_retry_check_flags
