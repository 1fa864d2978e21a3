from .client_v2 import ComputeClientV2 as ComputeClientV2
from .client_v3 import ComputeClientV3 as ComputeClientV3
from .errors import ComputeAPIError as ComputeAPIError
