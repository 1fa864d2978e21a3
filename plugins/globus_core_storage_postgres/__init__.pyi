from .leases import PostgresLease as PostgresLease
from .schema import schema_sql as schema_sql
from .storage import PostgresTokenStorage as PostgresTokenStorage
