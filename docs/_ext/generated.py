"""
Sphinx directives for what is generated from the code while the documentation is built.

``{public-names} globus_core.exc`` documents every public name of a namespace; after a colon, only
the names that are listed. ``{hooks}`` documents every hook. ``{summary}`` is a table of what its
own page documents.
"""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path

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
        from globus_core.hookspecs import deprecated_hooks

        notes = deprecated_hooks()
        lines = []
        for name in all_hooks():
            lines += [f".. autofunction:: globus_core.hookspecs.{name}", ""]
            if name in notes:
                lines += [f"   Deprecated: {notes[name]}", ""]
        return self.parsed(lines)


class Summary(_Generated):
    """
    ``{summary}``: the names that the page documents, under its own headings, each in one sentence.
    """

    def run(self) -> list[nodes.Node]:
        text = Path(self.env.doc2path(self.env.docname)).read_text(encoding="utf-8")
        lines = []
        for heading, names in named_by_section(text):
            lines += [f".. rubric:: {heading}", ""] if heading else []
            lines += [".. autosummary::", "   :nosignatures:", ""]
            lines += [*(f"   ~{name}" for name in names), ""]
        return self.parsed(lines)


def named_by_section(text: str) -> list[tuple[str, list[str]]]:
    """
    The headings of a reference page, each with the full names that the section documents.
    """
    found: list[tuple[str, list[str]]] = [("", [])]
    for heading, argument, hooks in re.findall(
        r"^##+ (.+)|^```\{public-names\} (.+)|^```\{(hooks)\}", text, re.M
    ):
        if heading:
            found.append((heading, []))
        elif argument:
            namespace, names = selected(argument)
            found[-1][1].extend(f"{namespace}.{name}" for name in names)
        elif hooks:
            found[-1][1].extend(f"globus_core.hookspecs.{name}" for name in all_hooks())
    return [(heading, names) for heading, names in found if names]


def all_hooks() -> list[str]:
    """
    The names of all hooks.
    """
    from globus_core.hookspecs import hook_names

    return list(hook_names())


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
    app.add_directive("summary", Summary)
    app.connect("env-get-outdated", pages_from_code)
    return {"parallel_read_safe": True}
