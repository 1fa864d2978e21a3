from globus_core_search import IndexListResponse as IndexListResponse
from globus_core_search import SearchAPIError as SearchAPIError
from globus_core_search import SearchClient as SearchClient
from globus_core_search import SearchQueryV1 as SearchQueryV1
from globus_core_search import SearchScrollQuery as SearchScrollQuery

from . import client as client
from . import data as data
from . import errors as errors
from . import response as response
