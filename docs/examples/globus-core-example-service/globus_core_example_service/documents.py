"""The documents that requests send."""

from __future__ import annotations

import typing as t

from globus_core import MISSING, MissingType
from globus_core.documents import Document, listed


class ExampleThing(Document):
    """
    A thing to make; what is MISSING is not sent.

    :param name: its name
    :param tags: one tag or several
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        name: str,
        *,
        tags: str | t.Iterable[str] | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__({"name": name, "tags": listed(tags)}, additional_fields)
