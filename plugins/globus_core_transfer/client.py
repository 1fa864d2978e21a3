"""
The client for the Transfer API, put together from its chapters.
"""

from __future__ import annotations

from globus_core import BaseClient
from globus_core.scopes import TransferScopes

from .bookmarks import Bookmarks
from .data_access import DataAccess
from .endpoints import Endpoints
from .errors import TransferAPIError
from .managed_endpoints import ManagedEndpoints
from .managed_tasks import ManagedTasks
from .many import Many
from .operations import Operations
from .retry_checks import TRANSFER_DEFAULT_RETRY_CHECKS
from .sharing import Sharing
from .submitting_once import SubmittingOnce
from .tunnels import Tunnels
from .walking import Walking


class TransferClient(
    Many,
    SubmittingOnce,
    Walking,
    Operations,
    Endpoints,
    Sharing,
    Bookmarks,
    ManagedEndpoints,
    ManagedTasks,
    Tunnels,
    DataAccess,
    BaseClient,
):
    """
    Files on collections, and the tasks that transfer and delete them.

    It asks an app for the scope ``all``.
    """

    service_name = "transfer"
    error_class = TransferAPIError
    scopes = TransferScopes
    default_scope_requirements = [TransferScopes.all]  # pyright: ignore  # on the class too
    retry_checks = TRANSFER_DEFAULT_RETRY_CHECKS
    logs_in_for_consents = True
