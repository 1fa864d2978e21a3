"""
The directive ``{journey} Title``: a picture of a journey, and its steps as a numbered list.
"""

from __future__ import annotations

from docutils import nodes
from docutils.statemachine import StringList
from journey_pictures import drawn, read_journey
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Journey(SphinxDirective):
    """
    ``{journey} Title``.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        try:
            lanes, steps = read_journey(list(self.content))
        except ValueError as error:
            raise self.error(str(error)) from error
        picture = nodes.raw("", drawn(self.arguments[0], lanes, steps), format="html")
        holder = nodes.Element()
        texts = [f"{number}. {step.text}" for number, step in enumerate(steps, 1)]
        self.state.nested_parse(StringList(texts, source=""), self.content_offset, holder)
        return [picture, *holder.children]


def setup(app: Sphinx) -> dict[str, bool]:
    """
    Register the directive.
    """
    app.add_directive("journey", Journey)
    return {"parallel_read_safe": True}
