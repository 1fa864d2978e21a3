from .identity_map import IdentityMap as IdentityMap
from .mapping import MappingIdentityCache as MappingIdentityCache
from .memory import MemoryIdentityCache as MemoryIdentityCache
from .resolver import ChainResolver as ChainResolver
from .sqlite import SQLiteIdentityCache as SQLiteIdentityCache
