from .bridge import wait_for as wait_for
from .facade import call as call
from .facade import unwrap as unwrap
from .facade import wrap as wrap
from .transport import AioTransport as AioTransport
