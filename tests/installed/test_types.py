"""
What type checkers say of programs that use the installed package.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import sys

import pytest

from tests.installed.programs import ROOT, completed, environment, run

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]

_SAMPLES = pathlib.Path(__file__).parent / "samples"
_ERROR = re.compile(r"^\s*(?:\S*[/\\])?(\w+)\.py:(\d+)(?::\d+)?(?::| -) error", re.MULTILINE)


def _command(checker: str, python: pathlib.Path) -> tuple[str | pathlib.Path, ...]:
    """How a checker is called for an environment."""
    if checker == "pyright":
        return ("pyright", "--pythonpath", python)
    return ("mypy", "--strict", f"--cache-dir={os.devnull}", f"--python-executable={python}")


@pytest.fixture(params=["mypy", "pyright"])
def errors(
    request: pytest.FixtureRequest, installed: pathlib.Path, tmp_path: pathlib.Path
) -> list[tuple[str, int]]:
    """Where a checker finds errors in the samples: module and line."""
    samples = tmp_path / "samples"
    shutil.copytree(_SAMPLES, samples, ignore=shutil.ignore_patterns("__pycache__"))
    command = _command(request.param, installed / "python")
    done = completed(sys.executable, "-m", *command, samples, folder=tmp_path)
    assert done.returncode == 1, done.stdout  # 0: the mistakes were not seen; 2: it did not run
    return sorted({(module, int(line)) for module, line in _ERROR.findall(done.stdout)})


_PROGRAM = """
import globus_core
from globus_core import AuthClient, ExampleClient
from globus_core.services import example_service
from globus_core.services.auth import AuthAPIError
from globus_core_example_service import ExampleClient as Direct


def thing(client: ExampleClient) -> Direct:
    client.get_thing(3)  # wrong
    example_service.ExampleClient().nonsense()  # wrong
    globus_core.services.example_service.ExampleScopes.all.nonsense  # wrong
    globus_core.ExampleClint  # wrong
    globus_core.services.exampel_service  # wrong
    AuthClient().nonsense()  # wrong
    print(AuthAPIError.nonsense)  # wrong
    return client
"""


@pytest.fixture
def typed(wheel: pathlib.Path, shared: pathlib.Path) -> pathlib.Path:
    """The folder with the programs of an environment that a third-party plugin is installed in."""
    example = "globus-core-example-service"
    return environment(shared / "typed", f"{wheel}[cli]", str(ROOT / "docs" / "examples" / example))


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_checkers_know_the_names_of_an_installed_plugin(
    checker: str, typed: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    """After one command; before it the same names are refused, as every misspelled one is."""
    program = tmp_path / "program.py"
    program.write_text(_PROGRAM, encoding="utf-8")
    wrong = [number for number, line in enumerate(_PROGRAM.splitlines(), 1) if "# wrong" in line]
    python = typed / "python"
    command = _command(checker, python)

    def errors() -> set[int]:
        done = completed(
            sys.executable, "-m", *command, program, folder=tmp_path, MYPYPATH="typings"
        )
        return {int(line) for _, line in _ERROR.findall(done.stdout)}

    assert {3, 4} <= errors()
    shown = run(typed / "globus-core", "plugins", "stubs", "typings", folder=tmp_path)
    assert "ExampleClient" in shown and "services.example_service" in shown
    assert errors() == set(wrong)
    run(python, "-c", _PROGRAM.partition("def ")[0], folder=tmp_path)


_AWAITED = """
import asyncio

from globus_core import GlobusHTTPResponse, MemoryTokenStorage, aio


async def ask(text: str) -> int:
    return len(text)


async def main() -> None:
    async with aio.UserApp("an app", client_id="an id") as app:
        async with aio.TransferClient(app=app) as transfer:
            task = await transfer.get_task("an id")
            name: str = task["status"]
            name = task["statuss"]  # wrong
            answer: GlobusHTTPResponse = transfer.get_task("an id")  # wrong
            asyncio.create_task(transfer.get_task("an id"))
            await transfer.get_taks("an id")  # wrong
            await transfer.get_task(task="an id")  # wrong
            async for page in transfer.paginated.task_list(limit=3):
                print(page["DATA"])
            async for item in transfer.paginated.task_list(limit=3).items():
                print(item)
            transfer.paginated.task_list(limits=3)  # wrong
            transfer.paginated.get_task("an id")  # wrong
            async for path, entry in transfer.walk("an id", "/"):
                print(path, entry)
            async for found in transfer.walk("an id", "/"):
                print(found.path.upper(), found.nonsense)  # wrong
            for found in transfer.walk("an id", "/"):  # wrong
                print(found)
        await app.login()
        await app.logn()  # wrong
        authorizer = await app.get_authorizer("auth.globus.org")
        await authorizer.get_authorization_header()
    aio.TransferClient(ap=app)  # wrong
    aio.AuthClient(app=3)  # wrong
    async with aio.MemoryTokenStorage() as storage:
        async with storage.renewal_lock("auth.globus.org"):
            await storage.remove_token_data(3)  # wrong
        await aio.ValidatingTokenStorage(MemoryTokenStorage()).close()
        await aio.ValidatingTokenStorage(storage).close()
    print(aio.TransferClient.scopes.all, aio.Scope("a"), aio.TransferClent)  # wrong
    identities = aio.IdentityMap(aio.AuthClient())
    async for key, identity in identities.resolve_iter(["a@example.org"]):
        print(key.upper(), identity)
    await identities.resolve_many(["a@example.org"], progress=lambda done, all: None)
    await aio.call(ask, "a")
"""


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_checkers_know_what_is_awaited(
    checker: str, installed: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    """Methods, arguments, pages, results and names of ``globus_core.aio``; misspelt ones too."""
    program = tmp_path / "program.py"
    program.write_text(_AWAITED, encoding="utf-8")
    wrong = [number for number, line in enumerate(_AWAITED.splitlines(), 1) if "# wrong" in line]
    done = completed(
        sys.executable, "-m", *_command(checker, installed / "python"), program, folder=tmp_path
    )

    assert sorted({int(line) for _, line in _ERROR.findall(done.stdout)}) == wrong, done.stdout


def test_checkers_find_exactly_the_mistakes(errors: list[tuple[str, int]]) -> None:
    """A wrong implementation and a wrong call are errors; the right ones are not."""
    lines = (_SAMPLES / "mistakes.py").read_text(encoding="utf-8").splitlines()
    wrong = [number for number, line in enumerate(lines, 1) if "# wrong" in line]
    assert [(module, line) for module, line in errors if module != "mistakes"] == []
    assert sorted({line for _, line in errors}) == wrong
