"""
The record of a plugin: where it comes from, its state, and why it failed.

A plugin can raise any exception, also one that is not an ``Exception``: ``sys.exit`` raises
SystemExit, an extension module in Rust panics with a BaseException. All are contained, except those
that end the caller's own work (:func:`raise_interrupt`).
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .discovery import EntryPoint

    State = t.Literal["found", "loaded", "blocked", "shadowed", "failed"]
    HookFunction = tuple[str, t.Callable[..., t.Any]]

FIRST_PARTY = "globus-core"
_REPORTS_KEPT = 20
_LONGEST_TEXT = 2000
_LONGEST_TRACEBACK = 20_000


class PluginRecord:
    """
    One plugin: where it comes from, its state, and the reason for it.

    :ivar name: the name of its entry point
    :ivar module: the dotted name of its hooks module; ``<object>`` for one registered by code
    :ivar distribution: the distribution that provides it, or None for one registered by code
    :ivar version: that distribution's version
    :ivar revision: the version, or a text that is different at each registration by code
    :ivar label: ``name@distribution``, which distinguishes two plugins of one name
    :ivar source: ``name@distribution version``, for people
    :ivar first_party: whether it comes with globus-core itself
    :ivar package: the dotted name of the package, or the module, that its code is in
    :ivar plugin: its hooks module, or the object registered by code; None until it is loaded
    :ivar state: ``found`` (not loaded yet), ``loaded`` (in use), ``blocked`` (excluded on purpose),
        ``shadowed`` (another plugin has its name) or ``failed``
    :ivar reason: why it cannot be used, in one sentence, or None
    :ivar usable: whether it can be used as far as is known
    :ivar failure: its own failure, in one sentence, or None
    :ivar traceback: the traceback of its failure, or None
    :ivar hooks: the hooks it implements
    :ivar functions: the functions by which it does so, each with its hook
    :ivar requires: the names of the plugins it needs
    :ivar load_seconds: how long its module took to import, or None
    """

    __slots__ = (
        "_reports",
        "distribution",
        "failure",
        "first_party",
        "functions",
        "hooks",
        "label",
        "load_seconds",
        "module",
        "name",
        "package",
        "plugin",
        "reason",
        "requires",
        "revision",
        "source",
        "state",
        "traceback",
        "usable",
        "version",
    )

    def __init__(
        self,
        name: str,
        module: str,
        *,
        distribution: str | None = None,
        version: str | None = None,
    ) -> None:
        self.name = name
        self.module = module
        self.distribution = distribution
        self.version = version
        self.revision = version or os.urandom(8).hex()
        self.label = f"{name}@{distribution or 'code'}"
        self.source = self.label if version is None else f"{self.label} {version}"
        self.first_party = distribution == FIRST_PARTY
        hooks_module = module.partition(":")[0]
        self.package = hooks_module.rpartition(".")[0] or hooks_module
        self.plugin: object = None
        self.state: State = "found"
        self.reason: str | None = None
        self.usable = True
        self.failure: str | None = None
        self.traceback: str | None = None
        self.hooks: tuple[str, ...] = ()
        self.functions: tuple[HookFunction, ...] = ()
        self.requires: tuple[str, ...] = ()
        self.load_seconds: float | None = None
        self._reports: dict[str, str] = {}

    @property
    def reports(self) -> list[str]:
        """The failures of its hooks when they were called, each kind once, newest last."""
        return list(self._reports.values())

    def change(self, state: State, reason: str | None = None) -> None:
        """
        Set the state of the plugin.

        :param state: its state
        :param reason: why it cannot be used, in one sentence; None if it can
        """
        self.state = state
        self.reason = reason
        self.usable = state in ("found", "loaded")

    def fail(self, reason: str, error: BaseException | None = None) -> None:
        """
        Record that the plugin itself is faulty and cannot be used.

        :param reason: why, in one sentence
        :param error: the exception, whose traceback is kept as text
        """
        self.failure = reason
        self.change("failed", reason)
        if error is not None:
            self.traceback = readable_traceback(error)

    def note(self, kind: str, text: str) -> bool:
        """
        Keep a report about a hook, and return whether it is the first of its kind.

        :param kind: what makes two reports the same
        :param text: the report
        """
        new = kind not in self._reports
        kept = {key: value for key, value in self._reports.items() if key != kind}
        for oldest in list(kept)[: max(0, len(kept) - _REPORTS_KEPT + 1)]:
            del kept[oldest]
        self._reports = {**kept, kind: text}
        return new

    def __repr__(self) -> str:
        if not hasattr(self, "label"):  # the constructor failed
            return "<plugin, not complete>"
        return f"<plugin {self.label} {self.state}>"


def record_of(point: EntryPoint) -> PluginRecord:
    """
    The record of a plugin that is not loaded yet; failed if its entry point cannot be read.

    :param point: its entry point
    """
    record = PluginRecord(
        point.name, point.value, distribution=point.distribution, version=point.version or None
    )
    if point.problem is not None:
        record.fail(point.problem)
    return record


def raise_interrupt(error: BaseException) -> None:
    """
    Raise an exception again if it was not the plugin that failed: Ctrl-C, and the cancellation of
    the task or greenlet in which the plugin was called.

    :param error: what was caught at the boundary to a plugin
    """
    if isinstance(error, KeyboardInterrupt) or _is_cancellation(error):
        raise error


def describe(error: BaseException) -> str:
    """
    An exception in a few words, without anything that looks like a credential.

    :param error: the exception
    """
    from globus_core.exc._redact import clean_text

    kind = type(error).__name__
    try:
        text = clean_text(str(error))
    except BaseException as second:  # the exception's class is a plugin's
        raise_interrupt(second)
        return kind
    return f"{kind}: {_shortened(text, _LONGEST_TEXT)}" if text else kind


def readable_traceback(error: BaseException) -> str:
    """
    An exception's traceback as text, without anything that looks like a credential.

    :param error: the exception, usually raised by a plugin; its text can contain anything
    """
    import traceback

    from globus_core.exc._redact import clean_text

    try:
        text = clean_text("".join(traceback.format_exception(error)))
    except BaseException as second:  # as above
        raise_interrupt(second)
        frames = "".join(traceback.format_tb(error.__traceback__))
        text = f"{frames}{describe(error)}\n"
    return _shortened(text, _LONGEST_TRACEBACK)


def hide_credentials(error: BaseException) -> None:
    """
    Remove what looks like a credential from an exception that will be shown as a cause.

    :param error: the exception, which is changed
    """
    from globus_core.exc import _redact

    try:
        _redact.hide_credentials(error)
    except BaseException as second:  # as above
        raise_interrupt(second)


def _is_cancellation(error: BaseException) -> bool:
    """Whether an event loop or a greenlet hub ends the caller; neither is imported for this."""
    if isinstance(error, Exception):
        return False
    ended = getattr(sys.modules.get("greenlet"), "GreenletExit", None)
    if ended is not None and isinstance(error, ended):
        return True
    asyncio = sys.modules.get("asyncio")
    cancelled = getattr(asyncio, "CancelledError", None)
    if asyncio is None or cancelled is None or not isinstance(error, cancelled):
        return False
    running: object = asyncio._get_running_loop()
    return running is not None


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]} ... ({len(text) - most} more characters) ... {text[-half:]}"
