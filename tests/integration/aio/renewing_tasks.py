"""
A program whose tasks need a token which has expired, in a process of its own.

Its arguments: the client's id, the address of Globus Auth, a token storage, and how many tasks want
the header at once. It prints ``ready``, waits for a line, and prints the hash of each header.
"""

from __future__ import annotations

import asyncio
import sys

from globus_core import aio
from globus_core.globus_app import GlobusAppConfig
from tests.integration.app.renewing_child import AUTH, digest, say


async def main(client_id: str, base_url: str, storage: str, tasks: int) -> None:
    """
    Get the header in all tasks at once.
    """
    config = GlobusAppConfig(
        token_storage=storage, request_refresh_tokens=True, token_validation_error_handler=None
    )
    client = aio.NativeAppAuthClient(client_id, base_url=base_url)
    async with client, aio.UserApp("tests", login_client=client, config=config) as app:

        async def header() -> str:
            authorizer = await app.get_authorizer(AUTH)
            return digest(await authorizer.get_authorization_header())

        say("ready")
        await asyncio.to_thread(sys.stdin.readline)
        say(*await asyncio.gather(*[header() for _ in range(tasks)]))


if __name__ == "__main__":
    _, its_client_id, its_base_url, its_storage, its_tasks, _ = sys.argv
    asyncio.run(main(its_client_id, its_base_url, its_storage, int(its_tasks)))
