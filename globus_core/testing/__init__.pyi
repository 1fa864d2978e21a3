from globus_core_sandbox import Sandbox as Sandbox
from globus_core_sandbox import SandboxControl as SandboxControl

from .browser import HeadlessBrowser as HeadlessBrowser
from .token_storage import SharedTokenStorageContract as SharedTokenStorageContract
from .token_storage import TokenStorageContract as TokenStorageContract
