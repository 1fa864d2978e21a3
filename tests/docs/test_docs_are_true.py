"""
What README and docs say of the code is so.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from xml.etree import ElementTree

import pytest

from globus_core.hookspecs import hook_names
from tests.docs.code_texts import is_in_the_code
from tests.docs.error_tree import error_tree
from tests.docs.pages import PAGES, ROOT, blocks, files, read
from tests.unit.plugins.misbehaviours import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import click

_NAMESPACES = (
    "authorizers",
    "cli",
    "config",
    "exc",
    "experimental",
    "experimental.transfer_v2",
    "experimental.transfer_v2.transport",
    "gare",
    "globus_app",
    "globus_app.authorizer_factory",
    "globus_app.config",
    "identities",
    "local_endpoint",
    "login_flows",
    "login_flows.local_server_login_flow_manager.local_server",
    "scopes",
    "scopes.consents",
    "services.auth",
    "services.compute",
    "services.flows",
    "services.groups",
    "services.search",
    "services.timers",
    "services.transfer",
    "services.transfer.transport",
    "testing",
    "token_storage",
    "token_storage.validating_token_storage",
    "transport",
)
_SHELL = "\n".join(b.text for page in PAGES for b in blocks(page) if b.language == "sh")


def test_the_tree_of_errors_is_that_of_the_classes() -> None:
    """The guide's picture of the exceptions is drawn from the classes."""
    assert f"```text\n{error_tree()}```" in read("docs/guides/errors.md")


def test_the_table_of_misbehaviours_is_that_of_the_tests() -> None:
    """Each row of the guide is a case that is tried, with the text that it gives."""
    section = read("docs/guides/plugins.md").partition("## When plugins misbehave")[2]
    rows = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("|")]

    assert rows == table().splitlines()


def test_the_table_of_hooks_names_every_hook_once() -> None:
    """The architecture page lists the hooks, all of them, in the order of the module."""
    section = read("docs/architecture.md").partition("## Hooks")[2].partition("## ")[0]

    assert re.findall(r"^\| `(globus_\w+)`", section, re.M) == list(hook_names())


def test_the_picture_shows_every_plugin() -> None:
    """It has each default plugin and no other, and only modules that the kernel has."""
    texts = ElementTree.parse(ROOT / "docs" / "architecture.svg").findall(".//{*}text")
    shown = [(element.get("class"), element.text or "") for element in texts]
    folders = {path.parent.name for path in (ROOT / "plugins").glob("*/hooks.py")}
    named = {f"globus_core_{text}" for kind, text in shown if kind == "name"}
    code = " ".join(text for kind, text in shown if kind == "code")
    modules = set(re.findall(r"(\w+/|\w+\.py)", code))

    assert named == folders
    assert {"plugins/", "transport/", "client.py"} <= modules
    assert [module for module in modules if not (ROOT / "globus_core" / module).exists()] == []


def test_the_pictures_of_journeys_can_be_drawn() -> None:
    """There are five; each is an image with a number for every step, and nothing sticks out."""
    module = _docs_module("journey_pictures")
    shown = [b for b in blocks("docs/how-it-works.md") if b.language.startswith("{journey}")]

    assert len(shown) == 5
    for block in shown:
        lanes, steps = module.read_journey(block.text.splitlines())
        picture = ElementTree.fromstring(module.drawn("A title", lanes, steps))
        elements = {name: picture.findall(f".//{{*}}{name}") for name in ("circle", "rect")}
        assert len(elements["circle"]) == len(steps)
        for box in elements["rect"]:
            left, wide = (float(box.attrib[name]) for name in ("x", "width"))
            assert left >= 0 and left + wide <= module.WIDTH, block.text


@pytest.mark.parametrize("line", ["app: it has no text", "nobody > app: a letter -- Why?"])
def test_a_journey_with_a_wrong_step_is_refused(line: str) -> None:
    """A mistake in a page is said, and no picture is drawn without that step."""
    with pytest.raises(ValueError, match="step"):
        _docs_module("journey_pictures").read_journey(["app, program", line])


@pytest.mark.parametrize("namespace", ["", *_NAMESPACES])
def test_every_public_name_is_in_the_reference(namespace: str) -> None:
    """Whatever can be imported is documented, in one place."""
    documented = _documented()
    module = import_module(f"globus_core.{namespace}".rstrip("."))
    names = _reference().public_names(module.__name__)

    missing = [n for n in names if _identity(getattr(module, n)) not in documented]
    assert missing == []


def test_no_name_is_in_the_reference_twice() -> None:
    """The reference documents an object under one name only."""
    names = [name for namespace, listed in _directives() for name in _of(namespace, listed)]
    twice = {name for name in names if names.count(name) > 1}

    assert twice == set()


def test_make_targets_in_the_docs_exist() -> None:
    """Each ``make`` command that is shown is a target of the Makefile."""
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    shown = re.findall(r"^make (\w+)", _SHELL, re.M)
    shown += [name for page in PAGES for name in re.findall(r"`make (\w+)", read(page))]

    assert {"demo", "test"} <= set(shown) <= targets


def test_commands_in_the_docs_exist() -> None:
    """Each ``globus-core`` command that is shown takes the options it is shown with."""
    shown = re.findall(r"^globus-core (.*?)\s*(?:#.*)?$", _SHELL, re.M)
    shown += [
        command for page in PAGES for command in re.findall(r"`globus-core ([^`]+)`", read(page))
    ]

    assert shown
    for command in shown:
        name, *arguments = command.partition(" -- ")[0].split()  # what follows is another program's
        known = _flags(_command(name))
        assert {word for word in arguments if word.startswith("--")} <= known, command


def _flags(command: click.Command) -> set[str]:
    """The options of a command and of those below it, and the dashes behind which names stand."""
    below: t.Iterable[click.Command] = getattr(command, "commands", {}).values()
    own = {flag for param in command.params for flag in param.opts}
    return own.union({"--"}, *map(_flags, below))


def test_variables_in_the_docs_are_read_by_the_code() -> None:
    """Each variable of ours that a page names occurs in the code."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("globus_core", "plugins")
        for path in (ROOT / folder).rglob("*.py")
    )
    # Those of globus-cli are read by that program, which is run with them there.
    code += (ROOT / "tests/foreign/test_globus_cli.py").read_text(encoding="utf-8")
    named = {n for page in PAGES for n in re.findall(r"\bGLOBUS_[A-Z_]+[A-Z]", read(page))}

    assert named
    for name in named:
        # a service's variable ends with the service's name, which may be a plugin's
        assert name in code or re.sub(r"(?<=_SERVICE_URL_)[A-Z]+", "", name) in code, name


def test_the_table_of_loggers_has_those_of_the_code() -> None:
    """Each logger is in the guide, all are below ours, and the guide names no other."""
    used = set()
    for folder in ("globus_core", "plugins"):
        for path in (ROOT / folder).rglob("*.py"):
            code = path.read_text(encoding="utf-8")
            module = ".".join(path.relative_to(ROOT / folder).with_suffix("").parts)
            for name in re.findall(r"(?:LazyLogger|getLogger)\(([^)]+)\)", code):
                used.add(f"globus_core.{module}" if name == "__name__" else name.strip('"'))
    ours = {name.removesuffix(".__init__") for name in used if name.startswith("globus_core")}
    shown = re.findall(r"^\| `(globus_core[\w.]+)`", read("docs/guides/logging.md"), re.M)

    assert [name for name in ours if not name.startswith(tuple(shown))] == []
    assert [name for name in shown if not any(f"{own}.".startswith(name) for own in ours)] == []


def test_messages_in_the_guide_to_troubles_are_those_of_the_code() -> None:
    """Whoever searches for a message finds it as the code gives it; no other is quoted."""
    section = read("docs/guides/troubleshooting.md").partition("## By message")[2]
    quoted = re.findall(r"^\| `(.+?)` \|", section.partition("## By symptom")[0], re.M)

    assert len(quoted) > 30
    assert [message for message in quoted if not is_in_the_code(message)] == []
    assert not is_in_the_code("the moon is ... full")


@pytest.mark.parametrize("page", PAGES)
def test_paths_and_links_lead_somewhere(page: str) -> None:
    """Files that a page links to, or names by a path in the project, are there."""
    text = re.sub(r"^```.*?^```$", "", read(page), flags=re.M | re.S)
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    paths = re.findall(r"`((?:tests|docs|plugins|globus_core|\.ci)/[\w./-]*)`", text)

    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []
    shown = {block.value for block in files(page)}
    assert [path for path in paths if not (path in shown or (ROOT / path).exists())] == []


@pytest.mark.parametrize("page", PAGES)
def test_pages_name_no_machine(page: str) -> None:
    """No path of somebody's computer has found its way into a page."""
    assert not re.search(r"(?<![\w.])/(work|root|home|tmp|Users)/", read(page))


def _reference() -> t.Any:
    """What the directives of the reference take for public names."""
    return _docs_module("public_names")


def _docs_module(name: str) -> t.Any:
    """A module of those that build the documentation, which needs no Sphinx."""
    folder = str(ROOT / "docs" / "_ext")
    if folder not in sys.path:
        sys.path.append(folder)
    return import_module(name)


def _directives() -> list[tuple[str, list[str]]]:
    """The namespaces and names that the reference pages document."""
    pages = [page for page in PAGES if page.startswith("docs/reference/")]
    arguments = [a for page in pages for a in re.findall(r"\{public-names\} (.+)", read(page))]
    return [_reference().selected(argument) for argument in arguments]


def _of(namespace: str, listed: list[str]) -> list[object]:
    module = import_module(namespace)
    return [_identity(getattr(module, name)) for name in listed]


def _documented() -> set[object]:
    return {value for namespace, listed in _directives() for value in _of(namespace, listed)}


def _identity(value: object) -> object:
    """What makes two names the same object; constants are told apart by their text."""
    return value if callable(value) else repr(value)


def _command(name: str) -> click.Command:
    import click

    from globus_core_cli.group import cli

    found = cli.get_command(click.Context(cli), name)
    assert found is not None, f"there is no command globus-core {name}"
    return found
