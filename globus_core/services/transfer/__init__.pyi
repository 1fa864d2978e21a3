from globus_core_transfer import CreateTunnelData as CreateTunnelData
from globus_core_transfer import DeleteData as DeleteData
from globus_core_transfer import IterableTransferResponse as IterableTransferResponse
from globus_core_transfer import TransferAPIError as TransferAPIError
from globus_core_transfer import TransferClient as TransferClient
from globus_core_transfer import TransferData as TransferData

from . import client as client
from . import data as data
from . import errors as errors
from . import response as response
from . import transport as transport
