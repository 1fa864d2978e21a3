"""
What a plugin's ``hooks.py`` needs: the markers of hooks, usable without pluggy, and references to
commands.

pluggy looks for an attribute named after the project; it is set here, so that a plugin's
``hooks.py`` needs no other import. ``pluggy.HookimplMarker("globus_core")`` sets the same attribute
and works as well.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    F = t.TypeVar("F", bound=t.Callable[..., t.Any])
    P = t.ParamSpec("P")
    R = t.TypeVar("R")

    class MarkFor(t.Protocol[P, R]):
        """Marks a function or method with the signature of one specification."""

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
    Mark a function as the implementation of the hook of the same name.

    ``@hookimpl(spec=hookspecs.globus_translate_error)`` names the hook by its specification. A type
    checker then compares the two: other arguments, or a return value of another type, are errors.
    Such an implementation takes all of the hook's arguments.

    :param function: the implementation, if the marker is used without parentheses
    :param spec: the specification, a function of ``globus_core.hookspecs``
    :param tryfirst: call this implementation before those without this option
    :param trylast: call this implementation after those without this option
    :param optionalhook: do not fail if the running version does not have the hook
    :param specname: the hook's name, if the function has another name
    :raises TypeError: if ``spec`` is not a specification, or is given together with ``specname``
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
        raise TypeError("pass either spec or specname, not both")
    if not hasattr(spec, SPEC_ATTRIBUTE):
        raise TypeError(f"{spec!r} is not a hook specification; see globus_core.hookspecs")
    return spec.__name__


def hook_name(hook: str | t.Callable[..., t.Any]) -> str:
    """
    The name of a hook that is passed by name or as its specification.

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
    Mark a function of ``hookspecs.py`` as the specification of the hook of the same name.

    :param function: the specification; its signature and docstring are the contract
    :param deprecated: what to use instead, and the version that removes the hook; a plugin that
        implements it is still called, and its author is warned. None for a hook that is not
        deprecated
    """
    options = {
        "firstresult": False,
        "historic": False,
        # not pluggy's warning, which comes at each registration and does not name the plugin
        "warn_on_impl": None,
        "warn_on_impl_args": None,
        "deprecated": deprecated,
    }

    def mark(specification: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        setattr(specification, SPEC_ATTRIBUTE, options)
        return specification

    return mark if function is None else mark(function)


class CommandReference(str):
    """
    A reference to a click command, with its line in ``globus-core --help``.

    The overview is then shown without importing the command. A plain reference works too: its
    command is imported for the overview, and is listed below "More".

    :param reference: ``package.module:command``
    :param group: below which heading it is listed: ``login``, ``jobs``, ``files``, ``services``,
        ``setup`` or ``develop``; any other is "More"
    :param summary: what it does, in a few words without a full stop
    :raises TypeError: if one of them is not a string
    """

    __slots__ = ("group", "summary")

    group: str
    summary: str

    def __new__(cls, reference: str, *, group: str, summary: str) -> CommandReference:
        for value in (reference, group, summary):
            if not isinstance(value, str):
                raise TypeError(f"a command is described by strings, not by {value!r}")
        self = super().__new__(cls, reference)
        self.group = group
        self.summary = summary
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, str]]:
        return (str(self),), {"group": self.group, "summary": self.summary}
