"""
Stubs for type checkers with the names that installed third-party plugins add to namespaces.

The kernel's stubs list its own names and those of the default plugins, and import all others from
the stub package ``globus_core_contributed``, which is installed empty. A package that is generated
for an environment takes precedence.
"""

from __future__ import annotations

import os

from .current_manager import get_plugin_manager

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

PACKAGE = "globus_core_contributed"
#: the namespaces whose stubs import from the package
NAMESPACES = ("", "aio", "identities", "login_flows", "services", "token_storage")


def write_stubs(folder: str) -> list[str]:
    """
    Write the stub package for the installed plugins, and return the names in it.

    :param folder: where type checkers look for stubs, such as ``typings``; it is created if it does
        not exist
    """
    package = os.path.join(folder, PACKAGE)
    os.makedirs(package, exist_ok=True)
    written = []
    for namespace in NAMESPACES:
        references = dict(_references(namespace))
        path = os.path.join(package, f"{namespace or '__init__'}.pyi")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(_line(*item) for item in references.items())
            if namespace == "aio":
                file.writelines(_awaited(references))
        written += [f"{namespace}.{name}".lstrip(".") for name in references]
    return written


def _references(namespace: str) -> t.Iterator[tuple[str, str]]:
    manager = get_plugin_manager()
    for name in sorted(manager.public_names(namespace)):
        provider = manager.provider(namespace, name)
        if provider is not None and not provider[0].first_party:
            yield name, provider[1]


def _awaited(known: t.Container[str]) -> t.Iterator[str]:
    """Lines for what ``globus_core.aio`` makes of the names at the top, whose types are unknown."""
    names = [name for name, _ in _references("") if name not in known]
    if names:
        yield "import typing as _t\n"
    for name in names:
        yield f"{name}: _t.Any\n"


def _line(name: str, reference: str) -> str:
    """A line that re-exports a name: an alias of itself, or an assignment."""
    module, _, attribute = reference.replace(" ", "").partition(":")
    if attribute == name:
        return f"from {module} import {name} as {name}\n"
    value = f"{module}.{attribute}".rstrip(".")
    return f"import {module}\n{name} = {value}\n"
