"""What commands load before they do anything: counted in modules, each of which takes time."""

from __future__ import annotations

import pytest

from tests.unit.cli.commands import run

#: not needed by any command that only looks at what is stored, nor by a completion
HEAVY = {
    "attrs",
    "cryptography",
    "difflib",
    "globus_core.transport.sessions",
    "importlib.metadata",
    "jwt",
    "pluggy",
    "requests",
    "rich",
    "sqlite3",
    "urllib.parse",
    "urllib3",
}
CLIENT_ID = "5a3c0f0e-0000-4000-8000-000000000001"


def loaded(*arguments: str, **variables: str) -> set[str]:
    """What is loaded when a command ends; started so that the interpreter tells it."""
    start = (
        "import atexit, os, sys\n"
        "tell = lambda: print(*sys.modules, file=sys.stderr)\n"
        "atexit.register(tell)\n"
        "from globus_core_cli import main\n"
        "main(sys.argv[1:])"
    )
    result = run(*arguments, start=start, path=None, stdin="", **variables)
    assert result.returncode in (0, 4), result.stderr
    return set(result.stderr.splitlines()[-1].split())


def completing(words: str) -> dict[str, str]:
    """The variables by which bash asks for the last word."""
    index = str(len(words.split(" ")) - 1)
    return {"_GLOBUS_CORE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": index}


def beside_click(modules: set[str]) -> set[str]:
    """Those that neither Python nor click loads, and that plugins do not need to be found."""
    with_click = set(run(start="import __future__, click, sys; print(*sys.modules)").stdout.split())
    hooks = {name for name in modules if name.endswith(".hooks")}
    return modules - with_click - hooks - {name.removesuffix(".hooks") for name in hooks}


@pytest.mark.parametrize(
    "words", ["globus-core whoami --", "globus-core task ", "globus-core transfer --"]
)
def test_completing_an_option_loads_little_beside_click(words: str) -> None:
    """No token storage, no login flow, and nothing that the command would do."""
    modules = loaded(**completing(words))

    assert not HEAVY & modules
    assert not {"json", "logging"} & modules
    assert len(beside_click(modules)) <= 40


def test_whoami_offline_loads_no_network() -> None:
    """It looks at a file; the modules of a request are loaded by the first one."""
    modules = loaded("whoami", "--offline", GLOBUS_CLIENT_ID=CLIENT_ID)

    assert not HEAVY & modules
    assert len(beside_click(modules)) <= 163  # Python 3.13 loads three more of its own
