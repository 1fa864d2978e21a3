"""
Importing plugins and the objects they refer to, so that a faulty one does not affect others.

No lock is held while a plugin's module is imported: two threads that import each other's modules
would wait for each other. A thread that needs a plugin that another thread is importing waits for a
limited time, because that import may itself be waiting for this thread.

Locks come from ``_thread``: importing ``threading`` costs as much as ten modules of this package.
"""

from __future__ import annotations

import _thread
import sys
import time

from globus_core._hook_markers import IMPL_ATTRIBUTE, SPEC_ATTRIBUTE
from globus_core._lazy import import_module

from .records import describe, hide_credentials, raise_interrupt

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .records import HookFunction, PluginRecord


#: seconds to wait for another thread's import of a plugin
WAIT_SECONDS = 10.0
#: an import that takes longer is logged at level INFO
SLOW_SECONDS = 1.0
#: and one that takes longer than this, at level WARNING
VERY_SLOW_SECONDS = 5.0


#: how much a name must be like that of a hook to be a misspelling of it
_MISSPELLED = 0.9


class Loader:
    """
    Imports each plugin once.

    :param wait_seconds: how long to wait for another thread's import of a plugin; a plugin that
        takes longer is skipped in the waiting call only
    """

    def __init__(self, wait_seconds: float = WAIT_SECONDS) -> None:
        self._wait_seconds = wait_seconds
        # the importing thread, and a lock that it holds until the import ends
        self._running: dict[PluginRecord, tuple[int, _thread.LockType]] = {}
        self._lock = _thread.allocate_lock()

    def load(self, record: PluginRecord) -> bool:
        """
        Import a plugin's hooks module, unless it is imported or this thread is importing it.

        :param record: the plugin; its hooks or its failure are recorded in it
        :return: whether there was anything to do, so that its state may have changed
        """
        if record.state != "found":
            return False
        own, done = _thread.get_ident(), _thread.allocate_lock()
        done.acquire()
        with self._lock:
            busy = any(thread == own for thread, _ in self._running.values())
            running = self._running.setdefault(record, (own, done))
        if running[1] is not done:
            # otherwise two threads, each inside an import, could wait for each other
            if not busy and running[1].acquire(timeout=self._wait_seconds):
                running[1].release()
            elif not busy:
                _tell_waited(record, self._wait_seconds)
            return True
        try:
            if record.state == "found":
                _import(record)
        finally:
            with self._lock:
                del self._running[record]
            done.release()
        return True

    def start_anew(self) -> bool:
        """
        Continue in the child of a fork, and return whether another thread was importing a plugin.

        That thread does not exist here, and what it was importing can no longer be imported: Python
        would wait for it.
        """
        own = _thread.get_ident()
        self._lock = _thread.allocate_lock()
        interrupted = [r for r, (thread, _) in self._running.items() if thread != own]
        for record in interrupted:
            del self._running[record]
            record.fail("it was being imported by another thread when this process was forked")
        return bool(interrupted)


def _import(record: PluginRecord) -> None:
    started = time.perf_counter()
    try:
        plugin = _follow(record.module)
    except BaseException as error:  # a plugin can raise anything when it is imported
        raise_interrupt(error)
        record.fail(f"importing {record.module} failed: {describe(error)}", error)
        return
    finally:
        record.load_seconds = time.perf_counter() - started
        if record.load_seconds > SLOW_SECONDS:
            _tell_slow(record, record.load_seconds)
    module = sys.modules.get(record.module)
    if getattr(getattr(module, "__spec__", None), "_initializing", False):
        return  # the program is importing it, and not all of its hooks are defined yet
    examine(record, plugin)


def _tell_slow(record: PluginRecord, seconds: float) -> None:
    from globus_core._log import LazyLogger

    log = LazyLogger(__name__)
    say = log.warning if seconds > VERY_SLOW_SECONDS else log.info
    message = "importing %s took %.1f seconds: the plugin %s slows down every start"
    say(message, record.module, seconds, record.source)


def _tell_waited(record: PluginRecord, seconds: float) -> None:
    from globus_core._log import LazyLogger

    LazyLogger(__name__).warning(
        "another thread has been importing the plugin %s for more than %g seconds; going on "
        "without it until it is there",
        record.source,
        seconds,
    )


def examine(record: PluginRecord, plugin: object) -> None:
    """
    Find a plugin's hook functions; an unknown hook is a failure.

    :param record: where the functions or the failure are recorded
    :param plugin: the module or object
    """
    from globus_core.exc import PluginError

    try:
        functions = tuple(_checked_functions(plugin))
        record.requires = _requirements(plugin)
    except PluginError as error:
        record.fail(str(error))
        return
    except BaseException as error:  # an attribute of the plugin can raise anything
        raise_interrupt(error)
        record.fail(f"looking for its hooks failed: {describe(error)}", error)
        return
    record.functions = functions
    record.hooks = tuple(hook for hook, _ in functions)
    record.plugin = plugin
    if record.distribution is None:
        record.package = str(getattr(plugin, "__name__", type(plugin).__module__))
    record.change("loaded")


def resolve(record: PluginRecord, reference: str) -> t.Any:
    """
    Import the object that a plugin refers to.

    :param record: the plugin that made the reference
    :param reference: ``module:Object``
    :raises PluginUnavailableError: if it cannot be imported; names what to install
    """
    from globus_core.exc import PluginUnavailableError

    try:
        return _follow(reference)
    except PluginUnavailableError:
        raise  # a name from another plugin, whose error gives the reason
    except BaseException as error:  # the module can raise anything when it is imported
        raise_interrupt(error)
        message = (
            f"{reference!r} of the plugin {record.label} cannot be used: "
            f"{_cause(record, reference, error)}"
        )
        hide_credentials(error)
        raise PluginUnavailableError(message, name=_top(reference)) from error


def _follow(reference: str) -> t.Any:
    module, _, attribute = reference.partition(":")
    value: t.Any = import_module(module.strip())
    for part in attribute.split(".") if attribute else ():
        value = getattr(value, part.strip())
    return value


def _checked_functions(plugin: object) -> t.Iterator[HookFunction]:
    """The marked functions of a plugin, without those for hooks that need not be known here."""
    from globus_core import hookspecs
    from globus_core.exc import PluginError

    for name in dir(plugin):
        function = getattr(plugin, name, None)
        options = getattr(function, IMPL_ATTRIBUTE, None)
        if not isinstance(options, dict) or not callable(function):
            continue
        hook = options.get("specname") or name
        if options.get("wrapper") or options.get("hookwrapper"):
            raise PluginError(f"{hook!r} is a hook wrapper, and wrappers are not accepted")
        if hasattr(getattr(hookspecs, hook, None), SPEC_ATTRIBUTE):
            yield hook, function
        elif not options.get("optionalhook"):
            raise PluginError(
                f"there is no hook {hook!r}{_explained(hook, hookspecs.hook_names())}"
            )


def _requirements(plugin: object) -> tuple[str, ...]:
    from globus_core.exc import PluginError

    requires = getattr(plugin, "REQUIRES", ())
    if isinstance(requires, str):
        return (requires,)
    if not all(isinstance(name, str) for name in requires):
        raise PluginError(f"REQUIRES must be names of plugins, not {requires!r}")
    return tuple(requires)


def _cause(record: PluginRecord, reference: str, error: BaseException) -> str:
    missing = getattr(error, "name", None)
    if not isinstance(error, ModuleNotFoundError) or not missing:
        return describe(error)
    if _top(missing) == _top(reference):
        return describe(error)
    extra = getattr(record.plugin, "EXTRA", None)
    remedy = ""
    if isinstance(extra, str) and record.distribution:
        remedy = f'; install it with: pip install "{record.distribution}[{extra}]"'
    return f"it needs {missing!r}, which is not installed{remedy}"


def _explained(hook: str, known: t.Sequence[str]) -> str:
    """What an unknown hook is: a misspelling, or one of a newer version."""
    from difflib import get_close_matches

    if not hook.startswith("globus_"):
        return ""
    close = get_close_matches(hook, known, 1, _MISSPELLED)
    if close:
        return f" (did you mean {close[0]!r}?)"
    return (
        " in this version of globus-core; if the plugin is for a newer one, install that, or mark "
        "the function optionalhook"
    )


def _top(reference: str) -> str:
    return reference.partition(":")[0].partition(".")[0]
