"""
Print the statements that create or upgrade the tables, for an administrator.
"""

from __future__ import annotations

import argparse
import sys

from globus_core.exc import GlobusSDKUsageError
from globus_core_storage_postgres.schema import schema_sql


def main(arguments: list[str] | None = None) -> int:
    """
    The command.

    :param arguments: its arguments; None takes those of the process
    """
    parser = argparse.ArgumentParser(
        prog="python -m globus_core_storage_postgres",
        description="Print the SQL that creates the tables for tokens, or upgrades them.",
    )
    parser.add_argument("--schema", help="the schema of the tables; else the first in the path")
    parser.add_argument("--role", help="a role that may use the tables afterwards")
    options = parser.parse_args(arguments)
    try:
        sys.stdout.write(schema_sql(options.schema, role=options.role))
    except GlobusSDKUsageError as error:
        parser.error(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
