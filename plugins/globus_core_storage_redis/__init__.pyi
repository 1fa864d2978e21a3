from .identity_cache import RedisIdentityCache as RedisIdentityCache
from .leases import RedisLease as RedisLease
from .leases import RenewalLockTimeoutError as RenewalLockTimeoutError
from .records import DamagedRecordWarning as DamagedRecordWarning
from .server import EvictionWarning as EvictionWarning
from .storage import RedisTokenStorage as RedisTokenStorage
