"""Transfer, awaited: files are listed, moved and waited for while other tasks run."""

from __future__ import annotations

import asyncio
import typing as t

import pytest

from globus_core import AccessTokenAuthorizer, TransferData, aio
from globus_core.services.transfer import TaskOutcome
from tests.sandbox.transfer.conftest import Site


def awaited_client(site: Site) -> t.Any:
    """An awaited client of the site."""
    return aio.TransferClient(
        authorizer=AccessTokenAuthorizer(site.token()),
        base_url=site.sandbox.service_url("transfer"),
    )


def test_the_journey_of_transfer(site: Site) -> None:
    """A folder is moved, and the task is waited for."""
    (site.source_root / "demo").mkdir()
    for number in range(3):
        (site.source_root / "demo" / f"{number}.txt").write_text(f"measurement {number}")

    async def main() -> None:
        async with awaited_client(site) as client:
            data = TransferData(site.source, site.target, label="awaited")
            data.add_item("/demo/", "/demo/", recursive=True)
            task_id = (await client.submit_transfer(data))["task_id"]
            outcome, task = await client.wait_for_task(task_id, 60)
            assert outcome is TaskOutcome.SUCCEEDED
            assert task["files_transferred"] == 3
            tasks = [task["task_id"] async for task in client.paginated.task_list().items()]
            assert task_id in tasks

    asyncio.run(main())
    assert (site.target_root / "demo" / "2.txt").read_text() == "measurement 2"


@pytest.mark.parametrize("at_once", [1, 4])
def test_a_walk_is_iterated_with_async_for(site: Site, at_once: int) -> None:
    """Also one that is left early, whose threads end."""
    for folder in ("a", "b", "c"):
        (site.source_root / folder).mkdir()
        (site.source_root / folder / "x.txt").write_text(folder)

    async def main() -> list[str]:
        async with awaited_client(site) as client:
            async for entry in client.walk(site.source, "/", at_once=at_once):
                first = entry.path
                break
            entries = client.walk(site.source, "/", at_once=at_once)
            return [first, *[entry.path async for entry in entries]]

    first, *rest = asyncio.run(main())
    assert first == rest[0] == "/a"
    assert sorted(rest) == ["/a", "/a/x.txt", "/b", "/b/x.txt", "/c", "/c/x.txt"]
