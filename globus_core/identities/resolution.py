"""
The results of looking up identities.
"""

from __future__ import annotations

from globus_core.printable import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.exc import GlobusError

    from .identity import Identity

    Reason = t.Literal["unknown", "not_visible", "failed", "invalid"]

#: all sources were asked, and none knows the key
UNKNOWN: t.Literal["unknown"] = "unknown"
#: Globus Auth does not show the identity to this client: it refused the look-up for lack of
#: permission, or returned a record without a username
NOT_VISIBLE: t.Literal["not_visible"] = "not_visible"
#: the look-up failed, so nothing is known about the key
FAILED: t.Literal["failed"] = "failed"
#: no identity can have this key, so no source was asked
INVALID: t.Literal["invalid"] = "invalid"


class Unresolved:
    """
    A key without an identity, and why.

    :param key: the key
    :param reason: ``unknown``, ``not_visible``, ``failed`` or ``invalid``
    :param detail: what happened, in words; None if the reason is enough
    :param error: the error of the look-up; None if there was none
    """

    __slots__ = ("detail", "error", "key", "reason")

    def __init__(
        self,
        key: str,
        reason: Reason,
        *,
        detail: str | None = None,
        error: GlobusError | None = None,
    ) -> None:
        self.key = key
        self.reason: Reason = reason
        self.detail = str(error) if detail is None and error is not None else detail
        self.error = error

    @safe_repr
    def __repr__(self) -> str:
        return f"<{self.key!r:.80} {self.reason}{f': {self.detail}' if self.detail else ''}>"


class Resolution:
    """
    The identities found for some keys, and why the other keys have none.

    :ivar found: identities by the key, as the caller spelled it
    :ivar unresolved: the keys without an identity, as the caller spelled them
    """

    __slots__ = ("found", "unresolved")

    def __init__(self) -> None:
        self.found: dict[str, Identity] = {}
        self.unresolved: dict[str, Unresolved] = {}

    def add(self, key: str, answer: Identity | Unresolved) -> None:
        """
        Add the result for one key.

        :param key: the key as the caller spelled it
        :param answer: the identity, or the reason why there is none
        """
        if isinstance(answer, Unresolved):
            self.unresolved[key] = Unresolved(
                key, answer.reason, detail=answer.detail, error=answer.error
            )
        else:
            self.found[key] = answer

    @property
    def unknown(self) -> list[str]:
        """The keys that are unknown or invalid."""
        return self._because(UNKNOWN, INVALID)

    @property
    def not_visible(self) -> list[str]:
        """The keys whose identities Globus Auth does not show to this client."""
        return self._because(NOT_VISIBLE)

    @property
    def failed(self) -> list[str]:
        """The keys whose look-up failed; another try may succeed."""
        return self._because(FAILED)

    @property
    def complete(self) -> bool:
        """Whether there is a result for every key, even if it is "unknown"."""
        return not self._because(FAILED, NOT_VISIBLE)

    def _because(self, *reasons: Reason) -> list[str]:
        return [key for key, why in self.unresolved.items() if why.reason in reasons]

    def raise_for_failure(self) -> None:
        """
        Raise the error of the first look-up that was refused or failed, if there is one.

        :raises GlobusError: that error
        """
        for why in self.unresolved.values():
            if why.error is not None:
                raise why.error

    @safe_repr
    def __repr__(self) -> str:
        unknown, failed = len(self.unknown), len(self.failed)
        hidden = f", {len(self.not_visible)} not visible" if self.not_visible else ""
        return (
            f"<{len(self.found)} identities found, {unknown} keys unknown{hidden}, {failed} failed>"
        )
