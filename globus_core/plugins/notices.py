"""
Warnings and log lines about plugins that cannot be used, or that fail when they are called.
"""

from __future__ import annotations

from .records import describe, readable_traceback

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .records import PluginRecord
    from .selection import Selection

    Notice = tuple[str, str]

#: for programs whose packer left the metadata out, or which copied only the packages
NO_METADATA = (
    "{} cannot be found: the metadata of the distribution globus-core is missing here, and with it "
    "the list of its plugins; install globus-core with pip, or configure the packer to include its "
    "metadata (PyInstaller: --copy-metadata globus-core)"
)


class PluginWarning(UserWarning):
    """
    A plugin cannot be used, or two plugins claim one name.
    """


def of_records(records: t.Iterable[PluginRecord]) -> t.Iterator[Notice]:
    """
    The warnings about plugins that failed or are shadowed: a key and the message for each.

    :param records: all plugins
    """
    for record in records:
        if record.state in ("failed", "shadowed"):
            version = f" ({record.version})" if record.version else ""
            yield record.label, f"plugin {record.label}{version} is not used: {record.reason}"


def of_selection(selection: Selection, records: t.Iterable[PluginRecord]) -> t.Iterator[Notice]:
    """
    The warnings about plugins that were requested but are not installed.

    :param selection: what the user has selected and blocked
    :param records: all plugins
    """
    for name in selection.unmet(records):
        yield name, f"plugin {name!r} was requested ({selection.chosen}) but is not installed"


def warn(message: str) -> None:
    """
    Warn the user about a plugin.

    :param message: the warning
    """
    import warnings

    warnings.warn(message, PluginWarning, stacklevel=3)


def warn_of_deprecated_hooks(records: t.Iterable[PluginRecord], warned: set[str]) -> None:
    """
    Warn the authors of plugins about deprecated hooks, once for each.

    :param records: all plugins
    :param warned: the warnings given already; new ones are added
    """
    from globus_core.hookspecs import deprecated_hooks

    notes = deprecated_hooks()
    for record in records if notes else ():
        for hook in record.hooks if record.state == "loaded" else ():
            key = f"{record.label} {hook}"
            if hook in notes and key not in warned:
                warned.add(key)
                _warn_author(record, hook, notes[hook])


def _warn_author(record: PluginRecord, hook: str, note: str) -> None:
    """Warn with the line of the plugin's function."""
    import warnings

    message = (
        f"the hook {hook!r}, which the plugin {record.label} implements, is deprecated: {note}"
    )
    for name, function in record.functions:
        code = getattr(function, "__code__", None)
        if name == hook:
            file = getattr(code, "co_filename", record.module)
            line = getattr(code, "co_firstlineno", 1)
            warnings.warn_explicit(
                message, DeprecationWarning, file, line, getattr(function, "__module__", None)
            )
            return


def log_failure(
    record: PluginRecord | None, plugin: str, hook: str, error: BaseException | str
) -> None:
    """
    Record that a plugin's hook failed, and log it the first time.

    :param record: the plugin, or None if it is no longer known
    :param plugin: the plugin's name
    :param hook: the hook's name
    :param error: the exception, or what was wrong
    """
    from globus_core._log import LazyLogger
    from globus_core.exc._redact import clean_text

    described = clean_text(error) if isinstance(error, str) else describe(error)
    kind = error if isinstance(error, str) else type(error).__name__
    log = LazyLogger(__name__)
    if record is None or record.note(f"{hook}: {kind}", f"{hook}: {described}"):
        # as text: a handler that formats the exception itself would show everything in it
        trace = "" if isinstance(error, str) else f"\n{readable_traceback(error).rstrip()}"
        message = "plugin %r failed in %s and is skipped: %s%s"
        log.warning(message, plugin, hook, described, trace)
    else:
        log.debug("plugin %r failed again in %s: %s", plugin, hook, described)
