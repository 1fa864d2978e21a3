"""
What is sent to the server: single statements, each its own transaction, so that a pooler may give
each to another session. Each can be repeated after a lost answer.
"""

# ruff: noqa: S608 (the only part of a statement that is not written here is a checked identifier)
from __future__ import annotations

from .schema import prefix

_ONE = "app = %s AND namespace = %s AND resource_server = %s"
_KEY = "(app, namespace, resource_server)"
#: a lease lasts by the clock of the server, which goes on while a statement waits for a row
_END = "clock_timestamp() + %s * interval '1 second'"

_STORE = f"""
INSERT INTO {{tokens}} (
    app, namespace, resource_server, revision, record, expires_at, renewable
)
SELECT %s, %s, * FROM unnest(
    %s::text[], %s::text[], %s::text[], %s::bigint[], %s::boolean[]
)
ORDER BY 3 -- so that two programs do not wait for each other
ON CONFLICT {_KEY} DO UPDATE SET
    revision = EXCLUDED.revision, record = EXCLUDED.record,
    expires_at = EXCLUDED.expires_at, renewable = EXCLUDED.renewable
"""

_REPLACE = f"""
UPDATE {{tokens}} SET revision = %s, record = %s, expires_at = %s, renewable = %s
WHERE {_ONE} AND revision = ANY (%s::text[])
"""

_SPENT = """
DELETE FROM {tokens} WHERE ctid = ANY (ARRAY (
    SELECT ctid FROM {tokens} WHERE app = %s
    AND expires_at < %s::bigint - CASE WHEN renewable THEN %s::bigint ELSE 0 END LIMIT %s
))
"""

# -1 if it is ours now, else for how many seconds somebody has it. Who waits locks no row.
_TAKE = f"""
WITH taken AS (
    INSERT INTO {{leases}} AS held (app, namespace, resource_server, owner, ends)
    SELECT %s, %s, %s, %s, {_END} WHERE NOT EXISTS (
        SELECT FROM {{leases}} WHERE {_ONE} AND owner <> %s AND ends > clock_timestamp()
    )
    ON CONFLICT {_KEY} DO UPDATE SET owner = EXCLUDED.owner, ends = {_END}
    WHERE held.owner = EXCLUDED.owner OR held.ends <= clock_timestamp()
    RETURNING 1
)
SELECT CASE WHEN EXISTS (SELECT FROM taken) THEN -1 ELSE greatest(0, (
    SELECT extract(epoch FROM ends - clock_timestamp()) FROM {{leases}} WHERE {_ONE}
)) END
"""


class Statements:
    """
    The statements for the tables of one schema.

    :param schema: the schema; None for that of the search path
    """

    def __init__(self, schema: str | None) -> None:
        tokens = f"{prefix(schema)}globus_core_tokens"
        leases = f"{prefix(schema)}globus_core_leases"
        self.select_one = f"SELECT record, revision FROM {tokens} WHERE {_ONE}".encode()
        self.select_all = (
            f"SELECT resource_server, record, revision FROM {tokens} "
            "WHERE app = %s AND namespace = %s"
        ).encode()
        self.revision = f"SELECT revision FROM {tokens} WHERE {_ONE}".encode()
        self.store = _STORE.format(tokens=tokens).encode()
        self.replace = _REPLACE.format(tokens=tokens).encode()
        self.remove = f"DELETE FROM {tokens} WHERE {_ONE}".encode()
        self.remove_if = f"DELETE FROM {tokens} WHERE {_ONE} AND revision = %s".encode()
        self.namespaces = (
            f"SELECT DISTINCT namespace FROM {tokens} WHERE app = %s AND namespace > %s "
            "ORDER BY namespace LIMIT %s"
        ).encode()
        self.spent = _SPENT.format(tokens=tokens).encode()
        self.ended = (
            f"DELETE FROM {leases} WHERE app = %s AND ends < clock_timestamp() - interval '1 hour'"
        ).encode()
        mine = f"{_ONE} AND owner = %s"
        held = f"{mine} AND ends > clock_timestamp()"
        self.take = _TAKE.format(leases=leases).encode()
        self.mine = f"SELECT FROM {leases} WHERE {held}".encode()
        self.extend = f"UPDATE {leases} SET ends = {_END} WHERE {held}".encode()
        self.release = f"DELETE FROM {leases} WHERE {mine}".encode()
