from .client import SearchClient as SearchClient
from .documents import SearchQueryV1 as SearchQueryV1
from .documents import SearchScrollQuery as SearchScrollQuery
from .errors import SearchAPIError as SearchAPIError
from .responses import IndexListResponse as IndexListResponse
