from globus_core_contributed.identities import *
from globus_core_identity import MemoryIdentityCache as MemoryIdentityCache
from globus_core_identity import SQLiteIdentityCache as SQLiteIdentityCache
from globus_core_storage_redis import RedisIdentityCache as RedisIdentityCache

from .cache import IdentityCache as IdentityCache
from .cache import IdentityCacheDescription as IdentityCacheDescription
from .identity import CALLER as CALLER
from .identity import GLOBUS as GLOBUS
from .identity import Identity as Identity
from .keys import is_bare_name as is_bare_name
from .keys import is_username as is_username
from .keys import key_problem as key_problem
from .keys import normalize_key as normalize_key
from .keys import split_ids_and_usernames as split_ids_and_usernames
from .resolution import FAILED as FAILED
from .resolution import INVALID as INVALID
from .resolution import NOT_VISIBLE as NOT_VISIBLE
from .resolution import UNKNOWN as UNKNOWN
from .resolution import Resolution as Resolution
from .resolution import Unresolved as Unresolved
from .resolver import IdentityResolver as IdentityResolver
