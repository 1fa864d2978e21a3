"""
What a third party's storage was made with, to make it again for another namespace.
"""

from __future__ import annotations

from functools import wraps
from inspect import signature

from globus_core.exc.base import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .base import TokenStorage


class Arguments:
    """
    What a storage was made with. It may hold a password, so it stays out of pickles.

    :param args: by position and by keyword; None if the storage came out of a pickle
    """

    def __init__(self, args: tuple[tuple[t.Any, ...], dict[str, t.Any]] | None) -> None:
        self.args = args

    def __reduce__(self) -> t.Any:
        return Arguments, (None,)

    def __deepcopy__(self, memo: t.Any) -> Arguments:
        return self

    def make_again(self, storage: TokenStorage, namespace: str) -> None:
        """Run the storage's constructor again for another namespace, if it takes one."""
        constructor = type(storage).__init__
        parameters = signature(constructor)
        if "namespace" not in parameters.parameters:
            return
        if self.args is None:
            raise GlobusSDKUsageError(
                f"this {type(storage).__name__} was unpickled and cannot change its namespace; "
                "make it with the namespace that it is to have"
            )
        args, kwargs = self.args
        made = parameters.bind(storage, *args, **kwargs)
        made.arguments["namespace"] = namespace
        constructor(*made.args, **made.kwargs)


def remembering(constructor: t.Callable[..., None]) -> t.Callable[..., None]:
    """A constructor that remembers what the outermost one was called with."""

    @wraps(constructor)
    def remembering(self: t.Any, *args: t.Any, **kwargs: t.Any) -> None:
        vars(self).setdefault("_made_with", Arguments((args, kwargs)))
        constructor(self, *args, **kwargs)

    return remembering
