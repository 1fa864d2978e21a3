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
    P = t.ParamSpec("P")
    R = t.TypeVar("R")

    class MarkFor(t.Protocol[P, R]):
        """Marks a function, or a method, whose signature is that of one specification."""

        @t.overload
        def __call__(
            self, function: t.Callable[t.Concatenate[t.Any, P], R], /
        ) -> t.Callable[t.Concatenate[t.Any, P], R]: ...

        @t.overload
        def __call__(self, function: t.Callable[P, R], /) -> t.Callable[P, R]: ...


PROJECT = "globus_core"
IMPL_ATTRIBUTE = f"{PROJECT}_impl"
SPEC_ATTRIBUTE = f"{PROJECT}_spec"


if TYPE_CHECKING:

    @t.overload
    def hookimpl(function: F, /) -> F: ...

    @t.overload
    def hookimpl(
        *,
        spec: t.Callable[P, R],
        tryfirst: bool = False,
        trylast: bool = False,
        optionalhook: bool = False,
    ) -> MarkFor[P, R]: ...

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
    spec: t.Callable[..., t.Any] | None = None,
    tryfirst: bool = False,
    trylast: bool = False,
    optionalhook: bool = False,
    specname: str | None = None,
) -> t.Any:
    """
    Mark a function as the implementation of the hook that bears its name.

    ``@hookimpl(spec=hookspecs.globus_translate_error)`` names the hook by its specification.
    A type checker then compares the two: other arguments, or an answer of another type, are
    errors. Such an implementation takes all of the hook's arguments.

    :param function: the implementation, where the marker is used without brackets
    :param spec: the specification, a function of ``globus_core.hookspecs``
    :param tryfirst: ask this implementation before those without a mark
    :param trylast: ask this implementation after those without a mark
    :param optionalhook: do not fail where the hook is unknown to the running version
    :param specname: the hook's name, where the function has another
    :raises TypeError: if ``spec`` is not a specification, or is given beside ``specname``
    """
    if spec is not None:
        specname = _name_of(spec, specname)
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


def _name_of(spec: t.Callable[..., t.Any], specname: str | None) -> str:
    if specname is not None:
        raise TypeError("spec and specname say the same; give one of them")
    if not hasattr(spec, SPEC_ATTRIBUTE):
        raise TypeError(f"{spec!r} is not a hook specification; see globus_core.hookspecs")
    return spec.__name__


def hook_name(hook: str | t.Callable[..., t.Any]) -> str:
    """
    The name of a hook that is given by its name or by its specification.

    :param hook: the name, or the function of ``globus_core.hookspecs``
    :raises TypeError: if it is neither
    """
    return hook if isinstance(hook, str) else _name_of(hook, None)


if TYPE_CHECKING:

    @t.overload
    def hookspec(function: F, /) -> F: ...

    @t.overload
    def hookspec(*, deprecated: str) -> t.Callable[[F], F]: ...


def hookspec(
    function: t.Callable[..., t.Any] | None = None, /, *, deprecated: str | None = None
) -> t.Any:
    """
    Mark a function of ``hookspecs.py`` as the contract of the hook that bears its name.

    :param function: the specification; its signature and docstring are the contract
    :param deprecated: what to use instead, and in which version the hook goes; a plugin that
        implements it is still asked, and its author is warned. None for a hook that stays
    """
    options = {
        "firstresult": False,
        "historic": False,
        # not pluggy's own: that would warn at each registration, and not of which plugin
        "warn_on_impl": None,
        "warn_on_impl_args": None,
        "deprecated": deprecated,
    }

    def mark(specification: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        setattr(specification, SPEC_ATTRIBUTE, options)
        return specification

    return mark if function is None else mark(function)
