"""
Which plugins may be used: which are selected, which one wins a name, which lack a requirement.

The states of all plugins are determined together, and again whenever one is added, loaded,
blocked or removed, so the order of these events does not matter.

This is about the names of plugins. Which plugin a public name comes from is decided in
:mod:`.names`, and whose offer a name such as ``json`` selects in :mod:`globus_core.compose`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .records import PluginRecord, State

    Outcome = tuple[State, str | None]

#: ``all``, ``first-party``, ``none``, or a comma-separated list of the plugins to use
SELECT_VARIABLE = "GLOBUS_CORE_PLUGINS"
#: a comma-separated list of plugins not to use, ``name`` or ``name@distribution``
BLOCK_VARIABLE = "GLOBUS_CORE_PLUGINS_BLOCKED"

_USABLE = ("found", "loaded")


def check_arguments(find: object, select: object, blocked: object, wait_seconds: object) -> None:
    """
    Refuse what a plugin manager cannot use.

    :param find: a function, or None
    :param select: text
    :param blocked: text, or several
    :param wait_seconds: a number
    :raises GlobusSDKUsageError: if one is something else
    """
    usual = isinstance(select, str) and isinstance(blocked, (str, tuple, frozenset))
    if usual and callable(find) and isinstance(wait_seconds, (int, float)):
        return  # at each start of a program, without an import

    from globus_core.arguments import check_functions, check_iterables, check_numbers, check_text

    check_functions(find=find)
    check_text(select, "select")
    check_iterables(blocked=blocked)
    check_numbers(wait_seconds=wait_seconds)


class Selection:
    """
    Which plugins the user has selected and blocked.

    :param select: ``all``, ``first-party``, ``none``, or names separated by commas
    :param blocked: plugins not to use, each ``name`` or ``name@distribution``; separated by
        commas, or one by one
    :param by_environment: whether both come from environment variables, not from the program
    :ivar chosen: the selection as the user wrote it
    :ivar blocked: the blocked names, each with the variable or the call that blocked it
    """

    def __init__(
        self,
        select: str = "all",
        blocked: str | t.Iterable[str] = (),
        *,
        by_environment: bool = False,
    ) -> None:
        self.select = select.strip() or "all"
        named = self.select not in ("all", "first-party", "none")
        self.wanted = _names(self.select) if named else frozenset()
        self.chosen = (
            f"{SELECT_VARIABLE}={self.select}"
            if by_environment
            else f"PluginManager(select={self.select!r})"
        )
        names = sorted(_names(blocked))
        given = (
            f"{BLOCK_VARIABLE}={','.join(names)}"
            if by_environment
            else f"PluginManager(blocked={', '.join(names)!r})"
        )
        self.blocked = dict.fromkeys(names, given)

    def block(self, name: str) -> None:
        """
        Block a plugin.

        :param name: ``name`` or ``name@distribution``
        """
        name = name.strip()
        self.blocked.setdefault(name, f"set_blocked({name!r})")

    def asks_for(self, record: PluginRecord) -> bool:
        """
        Whether the plugin was selected by its name.

        :param record: the plugin
        """
        return record.name in self.wanted or record.label in self.wanted

    def refusal(self, record: PluginRecord) -> str | None:
        """
        Why a plugin is not selected, naming the variable or the call; None if it is selected.

        :param record: the plugin
        """
        blocked_by = self.blocked.get(record.name) or self.blocked.get(record.label)
        if blocked_by is not None:
            return f"it is blocked ({blocked_by})"
        if self.select == "all" or record.distribution is None:
            return None  # registered by code, which selects it
        if self.select == "none":
            return f"plugin discovery is switched off ({self.chosen})"
        if self.select == "first-party":
            remark = f"only first-party plugins are used ({self.chosen})"
            return None if record.first_party else remark
        if self.asks_for(record):
            return None
        return f"it is not in the list of plugins to use ({self.chosen})"

    def unmet(self, records: t.Iterable[PluginRecord]) -> list[str]:
        """
        The selected names that no plugin has.

        :param records: all plugins
        """
        known = {name for record in records for name in (record.name, record.label)}
        return sorted(self.wanted - known)


def select_plugins(records: t.Sequence[PluginRecord], selection: Selection) -> bool:
    """
    Determine the states of all plugins, and return whether any changed.

    :param records: all plugins, sorted by :func:`by_precedence`
    :param selection: what the user has selected and blocked
    """
    holders: dict[str, PluginRecord] = {}
    outcomes: dict[PluginRecord, Outcome] = {}
    for record in records:
        outcomes[record] = outcome = _own_outcome(record, selection, holders.get(record.name))
        if outcome[0] not in ("blocked", "shadowed"):
            holders.setdefault(record.name, record)
    _follow_requirements(outcomes, holders, selection)
    changed = False
    for record, (state, reason) in outcomes.items():
        if (state, reason) != (record.state, record.reason):
            record.change(state, reason)
            changed = True
    return changed


def by_precedence(records: t.Iterable[PluginRecord]) -> list[PluginRecord]:
    """
    All plugins, those first that win a name: registered by code, then first-party, then others.

    :param records: all plugins
    """
    return sorted(records, key=lambda r: 0 if r.distribution is None else 1 if r.first_party else 2)


def holder_of(name: str, records: t.Iterable[PluginRecord]) -> PluginRecord | None:
    """
    The plugin with a name: the usable one if there is one, else the first that is not.

    :param name: ``name``, or ``name@distribution`` for exactly that one
    :param records: all plugins
    """
    candidates = [record for record in records if name in (record.name, record.label)]
    ranks = {"found": 0, "loaded": 0, "failed": 1, "blocked": 2, "shadowed": 3}
    return min(candidates, key=lambda record: ranks[record.state], default=None)


def _own_outcome(
    record: PluginRecord, selection: Selection, holder: PluginRecord | None
) -> Outcome:
    refusal = selection.refusal(record)
    if refusal is not None:
        return "blocked", refusal
    if record.failure is not None:
        return "failed", record.failure
    if holder is not None:
        choose = f"to use this one instead, set {BLOCK_VARIABLE}={holder.label}"
        return "shadowed", f"its name is held by {holder.label}; {choose}"
    return ("found" if record.plugin is None else "loaded"), None


def _follow_requirements(
    outcomes: dict[PluginRecord, Outcome],
    holders: dict[str, PluginRecord],
    selection: Selection,
) -> None:
    """Exclude plugins that require one which cannot be used, until nothing changes."""
    changed = True
    while changed:
        changed = False
        for record, (state, _) in outcomes.items():
            loss = _loss(record, outcomes, holders) if state in _USABLE else None
            if loss is not None:
                on_purpose = loss[0] == "blocked" and not selection.asks_for(record)
                outcomes[record] = ("blocked" if on_purpose else "failed"), loss[1]
                changed = True


def _loss(
    record: PluginRecord,
    outcomes: dict[PluginRecord, Outcome],
    holders: dict[str, PluginRecord],
) -> Outcome | None:
    for name in record.requires:
        required = holders.get(name) or next((r for r in outcomes if r.name == name), None)
        if required is None:
            return "failed", f"it needs the plugin {name!r}, which is not installed"
        state, reason = outcomes[required]
        if state not in _USABLE:
            return state, f"it needs the plugin {name!r}, which cannot be used: {reason}"
    return None


def _names(given: str | t.Iterable[str]) -> frozenset[str]:
    names = given.split(",") if isinstance(given, str) else given
    return frozenset(name.strip() for name in names if name.strip())
