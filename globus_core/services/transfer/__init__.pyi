from globus_core_transfer import CreateTunnelData as CreateTunnelData
from globus_core_transfer import DeleteData as DeleteData
from globus_core_transfer import IterableTransferResponse as IterableTransferResponse
from globus_core_transfer import TaskDocument as TaskDocument
from globus_core_transfer import TaskEvent as TaskEvent
from globus_core_transfer import TaskFaultError as TaskFaultError
from globus_core_transfer import TaskOutcome as TaskOutcome
from globus_core_transfer import TaskResult as TaskResult
from globus_core_transfer import TaskState as TaskState
from globus_core_transfer import TransferAPIError as TransferAPIError
from globus_core_transfer import TransferClient as TransferClient
from globus_core_transfer import TransferData as TransferData

from . import client as client
from . import data as data
from . import errors as errors
from . import response as response
from . import transport as transport
