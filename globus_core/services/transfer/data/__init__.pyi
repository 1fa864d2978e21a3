from globus_core_transfer import CreateTunnelData as CreateTunnelData
from globus_core_transfer import DeleteData as DeleteData
from globus_core_transfer import TransferData as TransferData

from . import delete_data as delete_data
from . import transfer_data as transfer_data
from . import tunnel_data as tunnel_data
