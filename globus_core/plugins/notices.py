"""
What users and authors are told of plugins that cannot be used, or that fail when they are called.
"""

from __future__ import annotations

from .loading import describe
from .records import readable_traceback

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .records import PluginRecord
    from .selection import Selection

    Notice = tuple[str, str]

#: what is missing where a packer has left it out, or where a program has copied the packages alone
NO_METADATA = (
    "{} cannot be found: the metadata of the distribution globus-core is missing here, and with it "
    "the list of its plugins; install globus-core with pip, or have the packer include its "
    "metadata (PyInstaller: --copy-metadata globus-core)"
)


class PluginWarning(UserWarning):
    """
    A plugin cannot be used, or two plugins claim one name.
    """


def of_records(records: t.Iterable[PluginRecord]) -> t.Iterator[Notice]:
    """
    What there is to say of plugins that failed or are shadowed: a key and the message.

    :param records: all plugins
    """
    for record in records:
        if record.state in ("failed", "shadowed"):
            version = f" ({record.version})" if record.version else ""
            yield record.label, f"plugin {record.label}{version} is not used: {record.reason}"


def of_selection(selection: Selection, records: t.Iterable[PluginRecord]) -> t.Iterator[Notice]:
    """
    What there is to say of plugins that were requested and that nobody has installed.

    :param selection: what the user wants
    :param records: all plugins
    """
    for name in selection.unmet(records):
        yield name, f"plugin {name!r} was asked for ({selection.chosen}) but is not there"


def warn(message: str) -> None:
    """
    Warn the user of a plugin.

    :param message: the warning
    """
    import warnings

    warnings.warn(message, PluginWarning, stacklevel=3)


def warn_of_deprecated_hooks(records: t.Iterable[PluginRecord], warned: set[str]) -> None:
    """
    Warn the authors of plugins, once each, of the hooks that will go.

    :param records: all plugins
    :param warned: what was warned of already, which is added to
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
    """At the plugin's own line."""
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
    Note in a plugin's record that its hook failed, and log it the first time.

    :param record: the plugin, or None if it is not known any more
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
        # as text: a handler that formats the exception itself would show all that is in it
        trace = "" if isinstance(error, str) else f"\n{readable_traceback(error).rstrip()}"
        message = "plugin %r failed in %s and is passed over: %s%s"
        log.warning(message, plugin, hook, described, trace)
    else:
        log.debug("plugin %r failed again in %s: %s", plugin, hook, described)
