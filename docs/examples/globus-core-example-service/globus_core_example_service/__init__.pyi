from .client import ExampleClient as ExampleClient
from .documents import ExampleThing as ExampleThing
from .errors import ExampleAPIError as ExampleAPIError
from .responses import ExampleThingList as ExampleThingList
from .scopes import ExampleScopes as ExampleScopes
