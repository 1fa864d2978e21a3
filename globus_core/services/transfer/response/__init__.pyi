from globus_core_transfer import IterableTransferResponse as IterableTransferResponse

from . import iterable as iterable
