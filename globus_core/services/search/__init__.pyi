from globus_core_search import FaultyEntry as FaultyEntry
from globus_core_search import IndexListResponse as IndexListResponse
from globus_core_search import IngestResult as IngestResult
from globus_core_search import IngestStoppedError as IngestStoppedError
from globus_core_search import ResultDocument as ResultDocument
from globus_core_search import ResultEntry as ResultEntry
from globus_core_search import SearchAPIError as SearchAPIError
from globus_core_search import SearchClient as SearchClient
from globus_core_search import SearchQueryV1 as SearchQueryV1
from globus_core_search import SearchScrollQuery as SearchScrollQuery
from globus_core_search import TaskDocument as TaskDocument

from . import client as client
from . import data as data
from . import errors as errors
from . import response as response
