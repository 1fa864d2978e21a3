"""
Responses of Globus Connect Server: lists, and documents in their envelope.
"""

from __future__ import annotations

from globus_core.response import GlobusHTTPResponse, IterableResponse

from .hidden_secrets import hidden

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Match: t.TypeAlias = t.Callable[[dict[str, t.Any]], bool]

_NOT_LOOKED_FOR = object()


class _SecretsHidden(GlobusHTTPResponse):
    """A response whose text hides what is secret in its documents."""

    def __str__(self) -> str:
        if self.data is None:
            return super().__str__()
        import json

        return json.dumps(hidden(self.data), indent=2)


class IterableGCSResponse(_SecretsHidden, IterableResponse):
    """
    A list, which is iterated over ``data``. Its text hides secrets.
    """

    default_iter_key = "data"


class UnpackingGCSResponse(_SecretsHidden):
    """
    A response whose document is in an envelope, together with the result of the request.

    ``data``, and so indexing, ``get``, ``in`` and ``bool``, is the first document of the kind in
    the envelope's ``data``; or the whole body if there is none. The text hides secrets.

    :param response: the response to unpack
    :param match: the kind of document, such as ``collection``; or a function that says whether an
        object is the document
    :raises ValueError: if a kind has other characters than letters, digits and ``_``
    """

    def __init__(self, response: GlobusHTTPResponse, match: str | Match) -> None:
        super().__init__(response)
        self._match = _of_kind(match) if isinstance(match, str) else match
        self._document: t.Any = _NOT_LOOKED_FOR

    @property
    def full_data(self) -> t.Any:
        """The whole body, with the envelope; None if it is not JSON."""
        return super().data

    @property
    def data(self) -> t.Any:
        """The document, or the whole body if the envelope holds none of the kind."""
        if self._document is _NOT_LOOKED_FOR:
            self._document = self._unpacked()
        return self._document

    def _unpacked(self) -> t.Any:
        body = self.full_data
        inside = body.get("data") if isinstance(body, dict) else None
        for each in inside if isinstance(inside, list) else ():
            if isinstance(each, dict) and self._match(each):
                return each
        return body

    def __getstate__(self) -> dict[str, t.Any]:
        # what was found is kept, as a function may not be picklable
        return {**super().__getstate__(), "_document": self.data, "_match": None}


def _of_kind(name: str) -> Match:
    import re

    if not re.fullmatch(r"\w+", name):
        raise ValueError(f"the kind of a document must be a word, not {name!r}")
    prefix = f"{name}#"

    def matches(document: dict[str, t.Any]) -> bool:
        data_type = document.get("DATA_TYPE")
        return isinstance(data_type, str) and data_type.startswith(prefix)

    return matches
