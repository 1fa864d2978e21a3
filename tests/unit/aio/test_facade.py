"""The awaited form of clients, apps and storages, whoever made their classes."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import subprocess
import sys
import typing as t

import pytest

import globus_core
from globus_core import BaseClient, GlobusHTTPResponse, aio
from globus_core.exc import GlobusSDKUsageError, PluginUnavailableError
from globus_core.paging import MarkerPaginator, has_paginator
from globus_core.plugins import PluginManager, set_plugin_manager
from globus_core.token_storage import MemoryTokenStorage


class Example(BaseClient):
    """A client of somebody else."""

    base_url = "https://example.org"
    colour = "red"

    def __init__(self, **options: t.Any) -> None:
        super().__init__(**options)
        self.closed = 0

    def shout(self, word: str, *, times: int = 1) -> str:
        """Say it loudly."""
        return word.upper() * times

    def told(self, callback: t.Callable[[str], object]) -> object:
        """Call back."""
        return callback("told")

    def numbers(self, up_to: int) -> t.Iterator[int]:
        """Count."""
        yield from range(up_to)

    def sum_of(self, numbers: t.Iterable[int]) -> int:
        """Add up."""
        return sum(numbers)

    def other(self) -> Example:
        """Make another one."""
        return type(self)()

    def same(self, other: object) -> bool:
        """Whether it is the same one."""
        return other is self

    @contextlib.contextmanager
    def painted(self, colour: str) -> t.Iterator[str]:
        """Paint it for a while."""
        self.colour = colour
        try:
            yield colour
        finally:
            self.colour = "red"

    @has_paginator(MarkerPaginator, items_key="items")
    def pages(self, marker: str | None = None) -> dict[str, t.Any]:
        """A page."""
        if marker is None:
            return {"items": [1, 2], "has_next_page": True, "marker": "m"}
        return {"items": [3], "has_next_page": False}

    @property
    def slow(self) -> t.Any:
        """Asks the service."""
        return self.get("slow").data

    def close(self) -> None:
        """Close it."""
        self.closed += 1
        super().close()


def awaited(main: t.Callable[[t.Any], t.Awaitable[t.Any]]) -> t.Any:
    """The result of a coroutine function that gets an awaited client."""

    async def run() -> t.Any:
        return await main(aio.wrap(Example)())

    return asyncio.run(run())


def test_methods_are_awaited_and_attributes_are_not() -> None:
    """With the same names and arguments, and results that are data."""

    async def main(client: t.Any) -> None:
        assert await client.shout("a", times=2) == "AA"
        assert client.colour == "red"
        client.colour = "blue"
        assert aio.unwrap(client).colour == "blue"
        assert client.shout.__doc__ == "Say it loudly."
        assert "shout" in dir(client)
        with pytest.raises(AttributeError, match="whisper"):
            _ = client.whisper

    awaited(main)


def test_a_call_can_be_a_task() -> None:
    """As any coroutine can."""

    async def main(client: t.Any) -> list[str]:
        calls = [asyncio.create_task(client.shout(word)) for word in "ab"]
        return [*await asyncio.gather(*calls), await asyncio.wait_for(client.shout("c"), 60)]

    assert awaited(main) == ["A", "B", "C"]


def test_a_call_that_nobody_awaits_is_warned_of() -> None:
    """As a coroutine would be."""

    async def main(client: t.Any) -> None:
        with pytest.warns(RuntimeWarning, match=r"Example\.shout was called and not awaited"):
            client.shout("a")

    awaited(main)


def test_iterators_are_iterated_with_async_for() -> None:
    """The call itself, or what it returns."""

    async def main(client: t.Any) -> None:
        assert [number async for number in client.numbers(3)] == [0, 1, 2]
        assert [number async for number in await client.numbers(2)] == [0, 1]

    awaited(main)


def test_pages_and_their_items_are_iterated_with_async_for() -> None:
    """By the paginated form of a method."""

    async def main(client: t.Any) -> None:
        pages = client.paginated.pages()
        assert [page["items"] async for page in pages] == [[1, 2], [3]]
        assert [page["items"] async for page in pages.pages()] == [[1, 2], [3]]
        assert [item async for item in client.paginated.pages().items()] == [1, 2, 3]
        with pytest.raises(AttributeError, match="not paginated"):
            client.paginated.shout()

    awaited(main)


def test_context_managers_are_entered_with_async_with() -> None:
    """The client itself, which is closed, and what a method gives."""

    async def main(client: t.Any) -> int:
        async with client as entered:
            assert entered is client or entered == client
            async with client.painted("blue") as colour:
                assert (colour, client.colour) == ("blue", "blue")
            assert client.colour == "red"
        closed: int = client.closed
        return closed

    assert awaited(main) == 1


def test_looking_for_a_method_does_not_make_it_one_of_python_s_own() -> None:
    """A client is not entered with ``with`` after somebody has asked whether it could be."""
    client = aio.wrap(Example)()
    assert hasattr(client, "__enter__") and hasattr(client, "__exit__")
    with pytest.raises((AttributeError, TypeError), match=r"__enter__|context manager"), client:
        pass


def test_a_facade_can_be_copied() -> None:
    """What it stands for is copied with it."""
    client = aio.wrap(Example)()
    for copied in (copy.copy(client), copy.deepcopy(client)):
        assert type(copied) is type(client)
        assert aio.unwrap(copied) is not aio.unwrap(client)


def test_other_clients_are_awaited_too_and_arguments_are_what_they_stand_for() -> None:
    """So one facade can be passed to another."""

    async def main(client: t.Any) -> None:
        other = await client.other()
        assert await other.shout("b") == "B"
        assert not await client.same(other)
        assert await client.same(client)
        assert isinstance(other, aio.wrap(Example))
        assert isinstance(other, aio.wrap(BaseClient))
        assert client == aio.wrap(aio.unwrap(client)) and client != other

    awaited(main)


def test_asynchronous_functions_and_iterators_are_arguments() -> None:
    """Synchronous code calls and iterates them."""

    async def answer(word: str) -> str:
        await asyncio.sleep(0)
        return f"{word} later"

    async def numbers() -> t.AsyncIterator[int]:
        for number in (1, 2, 3):
            await asyncio.sleep(0)
            yield number

    async def main(client: t.Any) -> None:
        assert await client.told(answer) == "told later"
        assert await client.sum_of(numbers()) == 6
        assert await client.told(str.upper) == "TOLD"

    awaited(main)


def test_what_cannot_be_awaited_does_not_block_the_loop() -> None:
    """A property that sends a request is refused, and the error says how to read it."""

    async def main(client: t.Any) -> None:
        with pytest.raises(GlobusSDKUsageError, match=r"Example\.slow .* aio\.call\(\)"):
            _ = client.slow

    awaited(main)


def test_all_names_of_the_sdk_are_there() -> None:
    """Classes that send are facades; errors, documents and other data are the same."""
    assert aio.TransferClient is aio.wrap(globus_core.TransferClient)
    assert aio.TransferClient.scopes is globus_core.TransferClient.scopes
    for name in ("GlobusAPIError", "Scope", "TransferData", "GlobusAppConfig", "MISSING"):
        assert getattr(aio, name) is getattr(globus_core, name)
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = getattr(aio, "nothing_like_it")  # noqa: B009
    with pytest.raises(AttributeError, match="token_storage"):
        _ = getattr(aio, "token_storage")  # noqa: B009


def test_all_names_are_listed() -> None:
    """For the completion of interactive shells."""
    assert {"TransferClient", "UserApp", "call", "Scope"} <= set(dir(aio))
    assert "token_storage" not in dir(aio)


def test_mappings_that_ask_a_client_are_awaited() -> None:
    """Such as the identities that a map looks up; what would have to wait says so."""

    async def main() -> None:
        identities = aio.IdentityMap(aio.AuthClient())
        assert len(identities) == 0
        with pytest.raises(GlobusSDKUsageError, match=r"aio\.call\(\)"):
            _ = "a@example.org" in identities
        assert isinstance(await identities.to_dict(), dict)

    asyncio.run(main())
    assert aio.wrap(globus_core.POSIXStagingStoragePolicies) is (
        globus_core.POSIXStagingStoragePolicies
    )


def test_the_first_access_in_a_process_does_not_block_the_loop() -> None:
    """Before anything was awaited, as well."""
    program = (
        "import asyncio; from globus_core import aio\n"
        "async def main():\n"
        "    try: 'a@example.org' in aio.IdentityMap(aio.AuthClient())\n"
        "    except aio.GlobusSDKUsageError: print('refused')\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "refused\n", done.stderr


def test_a_facade_is_not_derived_from() -> None:
    """The error says how to have one of a class of one's own."""
    with pytest.raises(GlobusSDKUsageError, match=r"aio\.wrap\(\)"):
        type("Mine", (aio.wrap(Example),), {})


def test_wrong_arguments_are_refused_at_once() -> None:
    """By the constructor, before anything is awaited."""
    with pytest.raises(GlobusSDKUsageError):
        aio.TransferClient(base_url=5)  # type: ignore[arg-type]


def test_storages_are_awaited() -> None:
    """And contain the same as the synchronous one."""

    async def main() -> None:
        storage = aio.wrap(MemoryTokenStorage)()
        assert await storage.get_token_data("auth.globus.org") is None
        async with storage.renewal_lock("auth.globus.org"):
            assert await storage.get_token_data_by_resource_server() == {}

    asyncio.run(main())


def test_without_the_plugin_the_names_say_so() -> None:
    """As all names of plugins do."""
    before = set_plugin_manager(PluginManager(blocked=("async",)))
    try:
        with pytest.raises(PluginUnavailableError, match="async"):
            _ = aio.SearchClient
    finally:
        set_plugin_manager(before)


def test_a_response_is_plain_data() -> None:
    """Its body is in memory."""
    assert aio.wrap(GlobusHTTPResponse) is GlobusHTTPResponse
