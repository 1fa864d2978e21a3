from globus_core_flows import FlowsAPIError as FlowsAPIError
from globus_core_flows import FlowsClient as FlowsClient
from globus_core_flows import FlowsProblem as FlowsProblem
from globus_core_flows import IterableFlowsResponse as IterableFlowsResponse
from globus_core_flows import IterableRegisteredAPIsResponse as IterableRegisteredAPIsResponse
from globus_core_flows import IterableRunLogsResponse as IterableRunLogsResponse
from globus_core_flows import IterableRunsResponse as IterableRunsResponse
from globus_core_flows import IterableWebInputsResponse as IterableWebInputsResponse
from globus_core_flows import RunActivityNotificationPolicy as RunActivityNotificationPolicy
from globus_core_flows import SpecificFlowClient as SpecificFlowClient

from . import client as client
from . import data as data
from . import errors as errors
from . import response as response
