"""
The client for the Flows API, put together from its chapters.
"""

from __future__ import annotations

from globus_core import BaseClient
from globus_core.scopes import FlowsScopes

from .errors import FlowsAPIError
from .flows import Flows
from .registered_apis import RegisteredAPIs
from .watching import Watching
from .web_inputs import WebInputs


class FlowsClient(Flows, Watching, RegisteredAPIs, WebInputs, BaseClient):
    """
    Flows, their runs, and what runs ask of people.

    It asks an app for the scope ``all``. A flow is started by its own client,
    :class:`SpecificFlowClient`, because each flow has a scope of its own.
    """

    service_name = "flows"
    error_class = FlowsAPIError
    scopes = FlowsScopes
    default_scope_requirements = [FlowsScopes.all]  # pyright: ignore  # on the class too
