"""
The markers of hook specifications and implementations, readable without pluggy.

pluggy looks for an attribute named after the project; setting it here keeps a plugin's
``hooks.py`` free of any import but this one. ``pluggy.HookimplMarker("globus_core")`` marks in
the same way and works as well.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    F = t.TypeVar("F", bound=t.Callable[..., t.Any])

PROJECT = "globus_core"
IMPL_ATTRIBUTE = f"{PROJECT}_impl"
SPEC_ATTRIBUTE = f"{PROJECT}_spec"


if TYPE_CHECKING:

    @t.overload
    def hookimpl(function: F, /) -> F: ...

    @t.overload
    def hookimpl(
        *,
        tryfirst: bool = False,
        trylast: bool = False,
        optionalhook: bool = False,
        specname: str | None = None,
    ) -> t.Callable[[F], F]: ...


def hookimpl(
    function: t.Callable[..., t.Any] | None = None,
    /,
    *,
    tryfirst: bool = False,
    trylast: bool = False,
    optionalhook: bool = False,
    specname: str | None = None,
) -> t.Any:
    """
    Mark a function as the implementation of the hook that bears its name.

    :param function: the implementation, where the marker is used without brackets
    :param tryfirst: ask this implementation before those without a mark
    :param trylast: ask this implementation after those without a mark
    :param optionalhook: do not fail where the hook is unknown to the running version
    :param specname: the hook's name, where the function has another
    """
    options = {
        "wrapper": False,
        "hookwrapper": False,
        "optionalhook": optionalhook,
        "tryfirst": tryfirst,
        "trylast": trylast,
        "specname": specname,
    }

    def mark(implementation: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        setattr(implementation, IMPL_ATTRIBUTE, options)
        return implementation

    return mark if function is None else mark(function)


def hookspec(function: F) -> F:
    """
    Mark a function of ``hookspecs.py`` as the contract of the hook that bears its name.

    :param function: the specification; its signature and docstring are the contract
    """
    options = {
        "firstresult": False,
        "historic": False,
        "warn_on_impl": None,
        "warn_on_impl_args": None,
    }
    setattr(function, SPEC_ATTRIBUTE, options)
    return function
