"""
The tables, which are created and upgraded when they are first used, or by an administrator.

Each version only adds to the one before it, so that programs of two versions can run side by side
while one is replaced by the other. Each statement can be repeated, so that one script creates the
tables and upgrades those of any earlier version.
"""

from __future__ import annotations

import re
import typing as t

from globus_core.exc import GlobusSDKUsageError, StorageError

if t.TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[t.Any]

# PostgreSQL folds no name that is quoted, and names like these need no escapes in quotes.
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
# Transactions that create or upgrade tables take turns by this. Until a session locks a table that
# it had not locked, it may not have heard of what others created while it waited for its turn.
_TAKE_TURN = (
    f"SELECT pg_advisory_xact_lock({0x676C6F62})",
    "SELECT FROM pg_catalog.pg_namespace LIMIT 0",
)
TABLES = ("globus_core_schema", "globus_core_tokens", "globus_core_leases")

_VERSIONS = """CREATE TABLE IF NOT EXISTS {prefix}globus_core_schema (
    version integer PRIMARY KEY,
    oldest_program integer NOT NULL
)"""
_TOKENS = """CREATE TABLE IF NOT EXISTS {prefix}globus_core_tokens (
    app text NOT NULL,
    namespace text NOT NULL,
    resource_server text NOT NULL,
    revision text NOT NULL,
    record text NOT NULL,
    expires_at bigint NOT NULL,
    renewable boolean NOT NULL,
    PRIMARY KEY (app, namespace, resource_server)
)"""
_LEASES = """CREATE TABLE IF NOT EXISTS {prefix}globus_core_leases (
    app text NOT NULL,
    namespace text NOT NULL,
    resource_server text NOT NULL,
    owner text NOT NULL,
    ends timestamp with time zone NOT NULL,
    PRIMARY KEY (app, namespace, resource_server)
)"""


class Migration(t.NamedTuple):
    """
    A version of the tables.

    :ivar version: its number
    :ivar oldest_program: the version of the oldest programs that can use these tables
    :ivar statements: what makes the tables of the version before into these
    """

    version: int
    oldest_program: int
    statements: tuple[str, ...]


#: all versions; the last one is that of this program
MIGRATIONS: tuple[Migration, ...] = (Migration(1, 1, (_VERSIONS, _TOKENS, _LEASES)),)


def prepare(connection: Connection, schema: str | None, location: str) -> None:
    """
    See that the tables are there and can be used; create or upgrade them if they are older.

    :param connection: a connection that is not in a transaction
    :param schema: the schema of the tables; None for that of the search path
    :param location: where the server is, for the error
    :raises StorageError: if only a newer program can use them
    """
    newest = MIGRATIONS[-1].version
    if _version(connection, schema, location) >= newest:
        return
    with connection.transaction():
        for statement in _TAKE_TURN:
            connection.execute(statement.encode(), prepare=False)
        version = _version(connection, schema, location)
        for statement in _statements(schema, version, create_schema=version == 0):
            connection.execute(statement.encode(), prepare=False)


def schema_sql(schema: str | None = None, *, role: str | None = None) -> str:
    """
    The statements that create the tables, or upgrade them, for an administrator to run.

    :param schema: the schema of the tables, which is created; None for that of the search path
    :param role: a role that may use the tables afterwards; None gives no rights
    :raises GlobusSDKUsageError: if a name has other characters than letters, digits and underscores
    """
    check_identifier("schema", schema)
    check_identifier("role", role)
    lines = ["BEGIN", *_TAKE_TURN]
    lines += _statements(schema, 0, create_schema=True)
    if role is not None:
        if schema is not None:
            lines.append(f'GRANT USAGE ON SCHEMA "{schema}" TO "{role}"')
        versions, *tables = (f"{prefix(schema)}{table}" for table in TABLES)
        lines.append(f'GRANT SELECT ON {versions} TO "{role}"')
        lines.append(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {", ".join(tables)} TO "{role}"')
    return ";\n".join((*lines, "COMMIT")) + ";\n"


def prefix(schema: str | None) -> str:
    """
    What the names of the tables begin with in statements.

    :param schema: their schema; None for that of the search path
    """
    return "" if schema is None else f'"{schema}".'


def check_identifier(what: str, name: str | None) -> None:
    """
    Refuse a name that would need escapes in a statement.

    :param what: what is named, for the error
    :param name: the name, or None
    :raises GlobusSDKUsageError: if it has other characters than letters, digits and underscores
    """
    if name is not None and not _IDENTIFIER.fullmatch(name):
        raise GlobusSDKUsageError(
            f"{what!r} has letters, digits and underscores only, and 63 of them at the most"
        )


def _version(connection: Connection, schema: str | None, location: str) -> int:
    """The version of the tables, 0 if there are none."""
    table = f"{prefix(schema)}{TABLES[0]}"
    found = connection.execute("SELECT to_regclass(%s)", (table,), prepare=False)
    if found.fetchone() == (None,):
        return 0
    newest_first = "ORDER BY version DESC LIMIT 1"
    query = f"SELECT version, oldest_program FROM {table} {newest_first}"  # noqa: S608 (ours)
    rows = connection.execute(query.encode(), prepare=False)
    version, oldest_program = rows.fetchone() or (0, 0)
    newest = MIGRATIONS[-1].version
    if oldest_program > newest:
        error = StorageError(
            f"the tables at {location} have version {version}, but this program supports "
            f"{newest} only"
        )
        error.advice = "use the newer version of globus-core that has upgraded the tables"
        raise error
    return int(version)


def _statements(schema: str | None, version: int, *, create_schema: bool) -> t.Iterator[str]:
    """What makes the tables of a version into those of this program."""
    if create_schema and schema is not None:
        yield f'CREATE SCHEMA IF NOT EXISTS "{schema}"'
    for migration in MIGRATIONS:
        if migration.version <= version:
            continue
        for statement in migration.statements:
            yield statement.format(prefix=prefix(schema))
        yield (
            f"INSERT INTO {prefix(schema)}{TABLES[0]} (version, oldest_program) VALUES "  # noqa: S608
            f"({migration.version}, {migration.oldest_program}) ON CONFLICT DO NOTHING"
        )
