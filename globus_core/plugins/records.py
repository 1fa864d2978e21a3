"""
One plugin and what became of it, and one of its hook functions.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    State = t.Literal["found", "loaded", "blocked", "shadowed", "failed"]

FIRST_PARTY = "globus-core"
_REPORTS_KEPT = 20


class PluginRecord:
    """
    One plugin and what became of it.

    :ivar name: the name of its entry point
    :ivar module: the dotted name of its hooks module; ``<object>`` for one given by code
    :ivar distribution: the distribution that brought it, or None for one given by code
    :ivar version: that distribution's version
    :ivar plugin: its hooks module, or the object given by code; None until it is loaded
    :ivar standing: its state and, where it cannot be used, why, in one sentence
    :ivar failure: what it did wrong itself, in one sentence, or None
    :ivar traceback: the traceback of its failure, or None
    :ivar hooks: the hooks it implements
    :ivar requires: the names of the plugins it needs
    :ivar load_seconds: how long its module took to import, or None
    """

    __slots__ = (
        "_reports",
        "distribution",
        "failure",
        "hooks",
        "load_seconds",
        "module",
        "name",
        "plugin",
        "requires",
        "standing",
        "traceback",
        "version",
    )

    def __init__(
        self,
        name: str,
        module: str,
        *,
        distribution: str | None = None,
        version: str | None = None,
        plugin: object = None,
    ) -> None:
        self.name = name
        self.module = module
        self.distribution = distribution
        self.version = version
        self.plugin = plugin
        self.standing: tuple[State, str | None] = ("found", None)
        self.failure: str | None = None
        self.traceback: str | None = None
        self.hooks: tuple[str, ...] = ()
        self.requires: tuple[str, ...] = ()
        self.load_seconds: float | None = None
        self._reports: dict[str, str] = {}

    @property
    def state(self) -> State:
        """
        ``found`` (not loaded yet), ``loaded`` (in use), ``blocked`` (out on purpose),
        ``shadowed`` (another plugin has its name) or ``failed``.
        """
        return self.standing[0]

    @property
    def reason(self) -> str | None:
        """Why it cannot be used, in one sentence, or None."""
        return self.standing[1]

    @property
    def usable(self) -> bool:
        """Whether nothing is known that stands against using it."""
        return self.standing[0] in ("found", "loaded")

    @property
    def first_party(self) -> bool:
        """Whether the plugin comes with globus-core itself."""
        return self.distribution == FIRST_PARTY

    @property
    def label(self) -> str:
        """``name@distribution``, which tells two plugins of one name apart."""
        return f"{self.name}@{self.distribution or 'code'}"

    @property
    def source(self) -> str:
        """``name@distribution version``, for people."""
        return self.label if self.version is None else f"{self.label} {self.version}"

    @property
    def package(self) -> str:
        """The dotted name of the package, or the module, that the plugin's code stands in."""
        if self.distribution is None:
            return str(getattr(self.plugin, "__name__", type(self.plugin).__module__))
        module = self.module.partition(":")[0]
        return module.rpartition(".")[0] or module

    @property
    def reports(self) -> list[str]:
        """What its hooks did wrong when they were called, each kind once, newest last."""
        return list(self._reports.values())

    def fail(self, reason: str, error: BaseException | None = None) -> None:
        """
        Note that the plugin itself is at fault and cannot be used.

        :param reason: why, in one sentence
        :param error: the exception, whose traceback is kept as text
        """
        self.failure = reason
        self.standing = ("failed", reason)
        if error is not None:
            self.traceback = readable_traceback(error)

    def note(self, kind: str, text: str) -> bool:
        """
        Keep what a hook did wrong, and say whether it is the first time.

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
        return f"<plugin {self.label} {self.state}>"


def readable_traceback(error: BaseException) -> str:
    """
    An exception's traceback as text; what looks like a credential is taken out.

    :param error: the exception, usually a plugin's, in which anything may stand
    """
    import traceback

    from globus_core.exc._redact import clean_text

    return clean_text("".join(traceback.format_exception(error)))


class Implementation:
    """
    One plugin's function for one hook, to be called with all of the hook's arguments.

    :ivar record: the plugin
    :ivar call: the function, fitted to the hook's arguments, which are given by name
    """

    __slots__ = ("call", "record")

    def __init__(
        self,
        record: PluginRecord,
        function: t.Callable[..., t.Any],
        accepted: tuple[str, ...],
        offered: tuple[str, ...],
    ) -> None:
        self.record = record
        self.call = function if accepted == offered else _fitted(function, accepted)

    @property
    def plugin(self) -> str:
        """The plugin's name."""
        return self.record.name

    def __call__(self, **arguments: t.Any) -> t.Any:
        return self.call(**arguments)

    def __repr__(self) -> str:
        name = getattr(self.call, "__name__", "?")
        return f"<{name} of the plugin {self.record.label}>"


def _fitted(function: t.Callable[..., t.Any], accepted: tuple[str, ...]) -> t.Callable[..., t.Any]:
    def call(**arguments: t.Any) -> t.Any:
        return function(**{name: arguments[name] for name in accepted})

    call.__name__ = getattr(function, "__name__", "?")
    return call
