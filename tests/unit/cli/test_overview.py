"""The overview of all commands, by task, and the completion of their names: without click."""

from __future__ import annotations

import copy
import pickle
import re
import typing as t

import click
import pytest
from click.testing import CliRunner

from globus_core import CommandReference, hookimpl
from globus_core.plugins import PluginManager, get_plugin_manager, set_plugin_manager
from globus_core_cli.group import cli
from globus_core_cli.overview import HEADINGS, MORE, overview, references
from tests.unit.cli.commands import START, run

if t.TYPE_CHECKING:
    from collections.abc import Iterator

COMMANDS = {
    "login": ["consents", "login", "logins", "logout", "session", "tokens", "whoami"],
    "jobs": ["outlook", "run", "token"],
    "files": [
        "cat",
        "collection",
        "get",
        "ls",
        "put",
        "stat",
        "task",
        "timers",
        "transfer",
    ],
    "services": ["api", "flows", "groups", "identities", "search"],
    "setup": ["completion", "doctor", "explain", "plugins"],
    "develop": ["demo", "sandbox"],
}
#: what the overview and the completion of a name must not load
BY_CLICK = "from globus_core_cli.group import cli; cli(prog_name='globus-core')"
HEAVY = {"click", "inspect", "json", "logging", "pluggy", "re", "requests", "rich", "typing"}


@pytest.fixture
def manager() -> Iterator[PluginManager]:
    """A plugin manager that this test may change."""
    previous = set_plugin_manager(PluginManager())
    yield get_plugin_manager()
    set_plugin_manager(previous)


def shown(*arguments: str) -> str:
    """The output of click's way to the same."""
    result = CliRunner().invoke(cli, list(arguments), prog_name="globus-core")
    assert result.exit_code == 0
    return result.output


def listed(text: str, heading: str) -> list[str]:
    """The commands below a heading."""
    section = text.partition(f"\n{heading}:\n")[2].partition("\n\n")[0]
    return re.findall(r"^  ([\w-]+) ", section, re.MULTILINE)


def test_help_lists_all_commands_by_task() -> None:
    """Each below the heading of its group, in alphabetical order."""
    text = shown("--help")

    assert {
        group: listed(text, heading) for group, heading in HEADINGS.items() if listed(text, heading)
    } == COMMANDS
    assert not listed(text, MORE)
    assert "cannot be used" not in text
    assert shown("-h") == text


def test_each_command_has_a_group_and_few_words() -> None:
    """Which fit beside its name in 80 columns; plugins of others need not say any."""
    for name, reference in references().items():
        assert isinstance(reference, CommandReference), name
        assert reference.group in HEADINGS
        assert 10 < len(reference.summary) <= 60
        assert reference.summary[0].isupper()
        assert not reference.summary.endswith(".")


def test_the_options_in_the_overview_are_those_of_the_command() -> None:
    """All of them, and no others."""
    options = shown("--help").partition("\nOptions:\n")[2]
    named = {
        name for line in options.splitlines() for name in re.findall(r"(?<!\w)--?[\w-]+", line)
    }
    context = click.Context(cli)

    assert named - {"-h", "--help"} == {
        name
        for parameter in cli.get_params(context)
        for name in (*parameter.opts, *parameter.secondary_opts)
    } - {"-h", "--help"}


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_is_the_same_without_click(option: str) -> None:
    """The quick way prints what the complete way prints."""
    assert run(option, COLUMNS="70").stdout == run(option, start=BY_CLICK, COLUMNS="70").stdout


@pytest.mark.parametrize("width", [30, 45, 60, 80, 118, 200])
def test_the_overview_fits_the_width(width: int) -> None:
    """Nothing is cut off: long lines go on in the next."""
    commands = {"transfer": ("files", "Transfer files between " + "many " * 20 + "collections")}
    text = overview(commands, width)

    assert max(map(len, text.splitlines())) <= width
    assert " ".join(text.split()).count("many") == 20


def loaded(*arguments: str, **variables: str) -> set[str]:
    """The heavy modules that are loaded when the script ends."""
    tell = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
    start = f"{tell}; from globus_core_cli import main; main(sys.argv[1:])"
    result = run(*arguments, start=start, path=None, stdin="", **variables)
    assert result.returncode == 0
    assert "login" in result.stdout
    return set(result.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (["--help"], {}),
        ([], {"COMP_WORDS": "globus-core lo", "COMP_CWORD": "1", "shell": "bash"}),
        ([], {"COMP_WORDS": "globus-core lo", "COMP_CWORD": "1", "shell": "zsh"}),
        ([], {"COMP_WORDS": "globus-core lo", "COMP_CWORD": "lo", "shell": "fish"}),
    ],
)
def test_what_is_asked_often_loads_little(arguments: list[str], variables: dict[str, str]) -> None:
    """Python, the plugins' hooks modules, and no library: so it takes next to no time."""
    if variables:
        variables["_GLOBUS_CORE_COMPLETE"] = variables.pop("shell") + "_complete"
    modules = loaded(*arguments, **variables)

    assert not HEAVY & modules
    hooks = {name for name in modules if name.endswith(".hooks")}
    packages = {name.removesuffix(".hooks") for name in hooks}
    assert len(modules - hooks - packages) <= 75


class Campus:
    """A plugin with a command that says nothing of itself, and one in a group of its own."""

    @hookimpl
    def globus_cli_commands(self) -> dict[str, t.Any]:
        """Offer them."""

        @click.command()
        def hello() -> None:
            """Greet."""

        return {
            "hello": hello,
            "bell": CommandReference("campus:bell", group="campus", summary="Ring the bell"),
            "pier": CommandReference("campus:pier", group="files", summary="Show the pier"),
        }


def test_commands_of_other_plugins_are_listed_too(manager: PluginManager) -> None:
    """Below the heading that they name; without one, or with one that nobody knows, below More."""
    manager.register(Campus(), "campus")
    text = shown("--help")

    assert listed(text, MORE) == ["bell", "hello"]
    assert "pier" in listed(text, HEADINGS["files"])
    assert re.search(r"^  hello +Greet", text, re.MULTILINE)


def test_a_reference_keeps_what_it_says_when_it_is_copied() -> None:
    """By pickle too."""
    reference = CommandReference("campus:bell", group="campus", summary="Ring the bell")
    for same in (copy.copy(reference), pickle.loads(pickle.dumps(reference))):
        assert (same, same.group, same.summary) == ("campus:bell", "campus", "Ring the bell")


# completion


def completed(shell: str, words: str, index: str, *, quick: bool) -> str:
    """What the script answers to the shell."""
    result = run(
        start=START if quick else BY_CLICK,
        _GLOBUS_CORE_COMPLETE=f"{shell}_complete",
        COMP_WORDS=words,
        COMP_CWORD=index,
    )
    assert result.stderr == ""
    return result.stdout


@pytest.mark.parametrize("begun", ["", "lo", "t", "zzz", "--", "'lo", "task "])
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_quick_completion_is_that_of_click(shell: str, begun: str) -> None:
    """Names, the words that describe them, options, and what is typed in odd ways."""
    words = f"globus-core {begun}"
    index = begun.rpartition(" ")[2] if shell == "fish" else str(1 + begun.count(" "))

    quick = completed(shell, words, index, quick=True)
    assert quick == completed(shell, words, index, quick=False)
    if "'" not in begun:  # which versions of click read in different ways
        assert ("login" in quick) is (begun in ("", "lo"))
