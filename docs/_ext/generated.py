"""
Sphinx directives for what is generated from the code while the documentation is built.

``{public-names} globus_core.exc`` documents every public name of a namespace; after a colon, only
the names that are listed. ``{hooks}`` documents every hook.
"""

from __future__ import annotations

import inspect
from importlib import import_module

from docutils import nodes
from docutils.statemachine import StringList
from public_names import is_private, selected
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective


def autodoc_for(namespace: str, name: str) -> list[str]:
    """
    The autodoc directive for one name.
    """
    value = getattr(import_module(namespace), name)
    if not inspect.isclass(value):
        kind = "autofunction" if inspect.isroutine(value) else "autodata"
        return [f".. {kind}:: {namespace}.{name}", ""]
    kind = "autoexception" if issubclass(value, BaseException) else "autoclass"
    lines = [f".. {kind}:: {namespace}.{name}"]
    ancestors = value.__mro__[1:]
    others = [ancestor for ancestor in ancestors if not is_private(ancestor)]
    own = [a for a in ancestors if is_private(a) and not any(issubclass(o, a) for o in others)]
    if own:  # what comes from a class that is shown nowhere else is shown here
        lines.append(f"   :inherited-members: {', '.join(other.__name__ for other in others)}")
    return [*lines, ""]


class _Generated(SphinxDirective):
    def parsed(self, rst: list[str]) -> list[nodes.Node]:
        """Parse reStructuredText inside a Markdown page."""
        lines = ["```{eval-rst}", *rst, "```"]
        holder = nodes.Element()
        self.state.nested_parse(StringList(lines, source=""), self.content_offset, holder)
        return holder.children


class PublicNames(_Generated):
    """
    ``{public-names} namespace`` or ``{public-names} namespace: Name Name``.
    """

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        namespace, names = selected(self.arguments[0])
        return self.parsed([line for name in names for line in autodoc_for(namespace, name)])


class Hooks(_Generated):
    """
    ``{hooks}``: every hook with its contract.
    """

    def run(self) -> list[nodes.Node]:
        from globus_core.hookspecs import deprecated_hooks, hook_names

        notes = deprecated_hooks()
        lines = []
        for name in hook_names():
            lines += [f".. autofunction:: globus_core.hookspecs.{name}", ""]
            if name in notes:
                lines += [f"   Deprecated: {notes[name]}", ""]
        return self.parsed(lines)


def pages_from_code(app: Sphinx, env: BuildEnvironment, *changes: set[str]) -> list[str]:
    """
    The pages to read anew in each build, because they show the code as it is then.
    """
    return [page for page in env.found_docs if page.startswith("reference/")]


def setup(app: Sphinx) -> dict[str, bool]:
    """
    Register the directives.
    """
    app.add_directive("public-names", PublicNames)
    app.add_directive("hooks", Hooks)
    app.connect("env-get-outdated", pages_from_code)
    return {"parallel_read_safe": True}
