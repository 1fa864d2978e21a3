"""
Example distributions, which new ones are copied from.

They are in ``docs/examples`` of the project, and beside this module in the wheel.
"""

from __future__ import annotations

import keyword
import pathlib
import re

from globus_core import compose, hookspecs
from globus_core.plugins import get_plugin_manager

#: kind of plugin -> the example that is copied
KINDS = {
    "cache": "example-cache",
    "command": "example-command",
    "environment": "example-environment",
    "errors": "example-errors",
    "identity": "example-university",
    "login-flow": "example-login",
    "observer": "example-observer",
    "service": "example-service",
    "storage": "example-storage",
}

#: kind of plugin -> the hook by which it offers its name
_HOOKS = {
    "cache": hookspecs.globus_identity_caches,
    "command": hookspecs.globus_cli_commands,
    "environment": hookspecs.globus_environments,
    "login-flow": hookspecs.globus_login_flows,
    "storage": hookspecs.globus_token_storages,
}
#: names that globus-core keeps: packages of its own that are no plugin, and services of Globus
_KEPT = (
    *("compute", "contributed", "core", "flows", "gcs", "groups", "search", "timers", "transfer"),
    *("nexus", "sdk"),
)

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SUFFIXES = (".csv", ".md", ".py", ".pyi", ".toml", ".typed")


def problem_with(kind: str, name: str) -> str | None:
    """
    Why a name cannot be used for a plugin; None if it can.

    :param kind: a key of ``KINDS``
    :param name: the name
    """
    if not _NAME.fullmatch(name):
        return f"{name!r} must consist of lower-case letters and digits, in words joined by '-'"
    if keyword.iskeyword(name.replace("-", "_")):
        return f"{name!r} cannot be used as a package name"
    if _bare(name).startswith("globuscore"):
        return f"{name!r} must not begin with 'globus-core', which is put before it"
    own = {_bare(record.name) for record in get_plugin_manager().known() if record.first_party}
    if _bare(name) in own.union(map(_bare, _KEPT)):
        return (
            f"{name!r} is a name of globus-core's own: a distribution globus-core-{name} would "
            "overwrite its files, or be taken for it"
        )
    return _conflict(kind, name)


def _conflict(kind: str, name: str) -> str | None:
    """Why a name would not be that of what the plugin offers, because globus-core offers it."""
    hook = _HOOKS.get(kind)
    offered = compose.offers(hook) if hook is not None else {}
    own = {_bare(other): other for other, (record, _) in offered.items() if record.first_party}
    if kind == "environment":
        from globus_core.config import EnvConfig

        own.update({_bare(name): name} if EnvConfig.get_by_name(name) else {})
    if kind == "command":
        own["plugin"] = "plugins"  # which is there without any plugin
    taken = own.get(_bare(name))
    return taken and f"{name!r} is, or is too much like, the {kind} {taken!r} of globus-core"


def _bare(name: str) -> str:
    """A name without what is easily overlooked: its hyphens, and an ``s`` at its end."""
    return name.replace("-", "").removesuffix("s")


def copy_example(kind: str, name: str, target: pathlib.Path) -> list[pathlib.Path]:
    """
    Copy the example of a kind under a new name.

    :param kind: a key of ``KINDS``
    :param name: the new plugin's name
    :param target: the folder to create
    :return: the files written
    :raises FileExistsError: if the folder already exists
    """
    example = KINDS[kind]
    source = _folder() / f"globus-core-{example}"
    target.mkdir(parents=True)
    written = []
    for file in sorted(source.rglob("*")):
        inside = file.relative_to(source)
        if file.suffix in _SUFFIXES and not any(part.startswith(".") for part in inside.parts):
            place = target / _renamed(inside.as_posix(), example, name)
            place.parent.mkdir(parents=True, exist_ok=True)
            text = file.read_text(encoding="utf-8")
            place.write_text(_renamed(text, example, name), encoding="utf-8")
            written.append(place)
    return written


def _renamed(text: str, example: str, name: str) -> str:
    """The text with the new name in all its spellings: distribution, package, variable, class."""
    camel = "".join(word.capitalize() for word in name.split("-"))
    package, new_package = example.replace("-", "_"), name.replace("-", "_")
    spellings = {example: name, package: new_package, package.upper(): new_package.upper()}
    for old, new in spellings.items():
        text = text.replace(old, new)
    return re.sub(r"Example(?=[A-Z])", camel, text)


def _folder() -> pathlib.Path:
    here = pathlib.Path(__file__).resolve()
    installed = here.parent / "examples"
    return installed if installed.is_dir() else here.parents[2] / "docs" / "examples"
