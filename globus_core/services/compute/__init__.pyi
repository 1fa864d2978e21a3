from globus_core_compute import ComputeAPIError as ComputeAPIError
from globus_core_compute import ComputeClientV2 as ComputeClientV2
from globus_core_compute import ComputeClientV3 as ComputeClientV3

from . import client as client
from . import errors as errors
