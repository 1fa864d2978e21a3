from .errors import EvictionWarning as EvictionWarning
from .identity_cache import RedisIdentityCache as RedisIdentityCache
from .leases import RedisLease as RedisLease
from .storage import RedisTokenStorage as RedisTokenStorage
