from globus_core_sandbox import Sandbox as Sandbox
from globus_core_sandbox import SandboxControl as SandboxControl

from .browser import HeadlessBrowser as HeadlessBrowser
from .canary import CanarySecrets as CanarySecrets
from .clock import FakeClock as FakeClock
from .error_translator import ErrorTranslatorContract as ErrorTranslatorContract
from .error_translator import make_error as make_error
from .identity_cache import IdentityCacheContract as IdentityCacheContract
from .identity_cache import SharedIdentityCacheContract as SharedIdentityCacheContract
from .shared_token_storage import FileTokenStorageContract as FileTokenStorageContract
from .shared_token_storage import SharedTokenStorageContract as SharedTokenStorageContract
from .token_storage import TokenStorageContract as TokenStorageContract
