from globus_core_transfer import BookmarkCreateDocument as BookmarkCreateDocument
from globus_core_transfer import BookmarkUpdateDocument as BookmarkUpdateDocument
from globus_core_transfer import TransferClientV2 as TransferClientV2
from globus_core_transfer import TunnelCreateDocument as TunnelCreateDocument
from globus_core_transfer import TunnelUpdateDocument as TunnelUpdateDocument

from . import client as client
from . import data as data
from . import transport as transport
