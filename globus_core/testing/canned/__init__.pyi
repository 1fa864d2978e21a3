from collections.abc import Mapping

from .errors import construct_error as construct_error
from .lookup import get_last_request as get_last_request
from .lookup import get_response_set as get_response_set
from .lookup import load_response as load_response
from .lookup import load_response_set as load_response_set
from .lookup import register_response_set as register_response_set
from .models import RegisteredResponse as RegisteredResponse
from .models import ResponseList as ResponseList
from .models import ResponseSet as ResponseSet

auth: Mapping[str, ResponseSet]
compute: Mapping[str, ResponseSet]
flows: Mapping[str, ResponseSet]
globus_connect_server: Mapping[str, ResponseSet]
groups: Mapping[str, ResponseSet]
search: Mapping[str, ResponseSet]
timer: Mapping[str, ResponseSet]
transfer: Mapping[str, ResponseSet]
