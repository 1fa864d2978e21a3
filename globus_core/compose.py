"""
How the answers of several plugins are combined: the first, each, or merged; and how observers
are notified.

Every answer comes with the name of its plugin; an implementation that raises is reported and
skipped. A name that is selected (:func:`select`) never falls back to another offer silently.

A hook is passed as its specification (``compose.first(hookspecs.globus_translate_error,
error=error)``), which lets a type checker find wrong arguments, or as its name.
"""

from __future__ import annotations

from ._hook_markers import hook_name
from ._log import LazyLogger
from .plugins.current_manager import get_plugin_manager
from .plugins.fingerprints import fingerprint_of
from .plugins.hooks import answers, report_failure
from .plugins.observers import ObserverHook, observer_hook
from .plugins.records import raise_interrupt

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .plugins.contracts import called, expect, made
    from .plugins.hooks import Answer, Implementation

    Hook = str | t.Callable[..., t.Any]
    P = t.ParamSpec("P")
    R = t.TypeVar("R")

_log = LazyLogger(__name__)
_CONTRACTS = ("called", "expect", "made")

__all__ = (
    "ObserverHook",
    "called",
    "each",
    "expect",
    "fingerprint",
    "first",
    "implementations",
    "made",
    "merged",
    "notify",
    "observer_hook",
    "offers",
    "raise_interrupt",
    "report",
    "select",
    "select_by_url",
)


if TYPE_CHECKING:

    @t.overload
    def first(
        hook: t.Callable[P, R | None], /, *args: P.args, **arguments: P.kwargs
    ) -> tuple[str, R] | None: ...

    @t.overload
    def first(hook: str, /, **arguments: t.Any) -> tuple[str, t.Any] | None: ...


def first(hook: Hook, /, **arguments: t.Any) -> tuple[str, t.Any] | None:  # type: ignore[misc]
    """
    The first answer that is not None, with the name of the plugin that gave it.

    :param hook: the hook
    :param arguments: all of the hook's arguments
    """
    for record, value in answers(get_plugin_manager(), hook_name(hook), arguments):
        return record.name, value
    return None


if TYPE_CHECKING:

    @t.overload
    def each(
        hook: t.Callable[P, R | None], /, *args: P.args, **arguments: P.kwargs
    ) -> list[tuple[str, R]]: ...

    @t.overload
    def each(hook: str, /, **arguments: t.Any) -> list[tuple[str, t.Any]]: ...


def each(hook: Hook, /, **arguments: t.Any) -> list[tuple[str, t.Any]]:  # type: ignore[misc]
    """
    Every answer that is not None, in order, with the plugins' names.

    :param hook: the hook
    :param arguments: all of the hook's arguments
    """
    return [
        (record.name, value)
        for record, value in answers(get_plugin_manager(), hook_name(hook), arguments)
    ]


if TYPE_CHECKING:

    @t.overload
    def merged(hook: t.Callable[[], t.Mapping[str, R]], /) -> dict[str, R]: ...

    @t.overload
    def merged(hook: str, /) -> dict[str, t.Any]: ...


def merged(hook: Hook, /) -> dict[str, t.Any]:
    """
    Merge the mappings that a registration hook returns.

    If two plugins offer the same name, the first-party one wins it, else the one that comes first;
    the other offer is available as ``name@plugin``, and the conflict is reported.

    :param hook: the hook
    """
    return {name: value for name, (_, value) in offers(hook).items()}


def offers(hook: Hook, /) -> dict[str, Answer]:
    """
    The offers of a registration hook by name, as in :func:`merged`, each with the plugin's record
    and the object or the reference to it.

    :param hook: the hook
    """
    hook = hook_name(hook)
    manager = get_plugin_manager()
    offered: dict[str, Answer] = {}
    # first-party offers come first
    for record, answer in sorted(
        answers(manager, hook, {}), key=lambda pair: not pair[0].first_party
    ):
        try:
            mapping = dict(answer.items())
        except BaseException as error:  # the mapping is the plugin's
            raise_interrupt(error)
            wanted = f"a mapping was expected, not {type(answer).__name__}"
            report_failure(manager, record, hook, error if hasattr(answer, "items") else wanted)
            continue
        for name, value in mapping.items():
            if not isinstance(name, str) or value is None:
                report_failure(manager, record, hook, f"{name!r}: {value!r} offers nothing")
            elif name not in offered:
                offered[name] = (record, value)
            else:
                offered[f"{name}@{record.name}"] = (record, value)
                holder, other = offered[name][0].name, f"{name}@{record.name}"
                report_failure(
                    manager, record, hook, f"{name!r} is held by {holder!r}; ask for {other!r}"
                )
    return offered


if TYPE_CHECKING:

    @t.overload
    def notify(hook: t.Callable[P, None], /, *args: P.args, **arguments: P.kwargs) -> None: ...

    @t.overload
    def notify(hook: str, /, event: t.Any) -> None: ...


def notify(hook: Hook, /, event: t.Any) -> None:  # type: ignore[misc]
    """
    Notify all observers; what they return is ignored, what they raise is reported.

    Code that runs often keeps the hook (:func:`observer_hook`) and calls its ``tell``.

    :param hook: the hook
    :param event: what happened
    """
    observer_hook(hook_name(hook)).tell(event)


def implementations(hook: Hook, /) -> tuple[Implementation, ...]:
    """
    The implementations of a hook, for code that combines their answers in its own way.

    :param hook: the hook
    """
    return get_plugin_manager().implementations(hook_name(hook))


#: the old name of :func:`implementations`
observers = implementations


def fingerprint(*hooks: Hook, stated: Hook) -> str:
    """
    A text that changes when hooks are implemented by other plugins, or by other versions of them;
    part of the key under which answers to these hooks are cached. Empty if no plugin implements
    one of the hooks.

    :param hooks: the hooks whose answers are cached
    :param stated: the hook by which a plugin states what else its answers depend on
    """
    return fingerprint_of(tuple(map(hook_name, hooks)), hook_name(stated))


def select(hook: Hook, name: str, /, *, what: str) -> t.Any:
    """
    The object that a plugin offers under a name, imported.

    :param hook: a registration hook
    :param name: the selected name, or ``name@plugin``
    :param what: what is being chosen, for the error: ``token storage``
    :raises GlobusSDKUsageError: if no plugin offers the name; lists the offered names
    :raises PluginUnavailableError: if what is offered cannot be imported; says what to install
    """
    return _selected(hook_name(hook), name, what)[1]


def _selected(hook: str, name: str, what: str) -> Answer:
    """The selected object, with the record of its plugin."""
    offered = offers(hook)
    offer = offered.get(name) or _offer_of_plugin(offered, name)
    if offer is None:
        from .exc import GlobusSDKUsageError

        known = ", ".join(sorted(offered)) or "none"
        hint = _not_in_use(hook)
        raise GlobusSDKUsageError(f"unknown {what} {name!r}; known here: {known}{hint}")
    record, value = offer
    _log.debug("%s %r comes from the plugin %s", what, name, record.source)
    if isinstance(value, str):
        value = get_plugin_manager().resolve(record, value)
    return record, value


def select_by_url(
    hook: Hook,
    choice: str,
    /,
    *,
    what: str,
    by_name: t.Callable[[t.Any], t.Any] | None = None,
    methods: t.Iterable[str] = (),
    **options: t.Any,
) -> t.Any:
    """
    The object that a name (``json``) or a URL (``json:/path/to/tokens.json``) selects.

    The plugin's offer under the name, or under the URL's scheme, creates the object: for a URL by
    ``from_url(url, **options)``, for a name by ``by_name``.

    :param hook: a registration hook
    :param choice: the name or the URL
    :param what: what is being chosen, for the error: ``token storage``
    :param by_name: creates the object from the offer, for a name; None calls the offer without
        arguments
    :param methods: the methods that the object must have
    :param options: further arguments of ``from_url``
    :raises GlobusSDKUsageError: if no plugin offers the name or the scheme, or the offer cannot be
        selected by a URL
    :raises PluginUnavailableError: if what is offered cannot be imported; says what to install
    :raises PluginError: if the plugin cannot create it, or creates something else
    """
    name, is_url, _ = choice.partition(":")
    record, offered = _selected(hook_name(hook), name, what)
    if is_url and not hasattr(offered, "from_url"):
        from .exc import GlobusSDKUsageError

        raise GlobusSDKUsageError(f"the {what} {name!r} cannot be selected by a URL")

    def make() -> t.Any:
        if is_url:
            with hiding(choice):
                return offered.from_url(choice, **options)
        return offered() if by_name is None else by_name(offered)

    from .plugins.contracts import hiding, made

    return made(f"{what} {name!r}", record, make, methods)


def report(plugin: str, hook: Hook, error: BaseException | str) -> None:
    """
    Report that a plugin failed or returned something invalid.

    :param plugin: the plugin's name
    :param hook: the hook
    :param error: the exception, or what was wrong
    """
    get_plugin_manager().report(plugin, hook_name(hook), error)


def __getattr__(name: str) -> t.Any:
    if name not in _CONTRACTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .plugins import contracts

    return getattr(contracts, name)


def _offer_of_plugin(offers: dict[str, Answer], name: str) -> Answer | None:
    """The offer for ``name@plugin`` if that plugin also wins the plain name."""
    plain, _, plugin = name.rpartition("@")
    offer = offers.get(plain)
    return offer if offer is not None and offer[0].name == plugin else None


def _not_in_use(hook: str) -> str:
    """Name the plugins that are not in use, because one of them may offer the name."""
    reasons: dict[str, list[str]] = {}
    for record in get_plugin_manager().records():
        trouble = [text for text in record.reports if text.startswith(f"{hook}: ")]
        if not record.usable and record.reason is not None:
            reasons.setdefault(record.reason, []).append(record.label)
        elif trouble:
            reasons.setdefault(trouble[-1], []).append(record.label)
    told = "; ".join(f"{', '.join(labels)}: {reason}" for reason, labels in reasons.items())
    return f" (plugins not in use: {told})" if told else ""
