import typing as _t

from globus_core_async import AioTransport as AioTransport
from globus_core_async import call as call
from globus_core_async import unwrap as unwrap
from globus_core_async import wait_for as wait_for
from globus_core_async import wrap as wrap

def __getattr__(name: str) -> _t.Any: ...
