from .identity_cache import RedisIdentityCache as RedisIdentityCache
from .leases import RedisLease as RedisLease
from .server import EvictionWarning as EvictionWarning
from .storage import RedisTokenStorage as RedisTokenStorage
