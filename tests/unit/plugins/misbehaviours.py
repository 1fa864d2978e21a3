"""
What plugins do wrong, and what becomes of it: the cases of a test, and a table of the docs.

In each case the distribution ``fake-odd`` misbehaves beside ``fake-good``, which does not.
"""

from __future__ import annotations

import re
import typing as t

GOOD = """
from globus_core import hookimpl

@hookimpl
def globus_clients():
    return {"good": "fake_good:Client"}

class Client:
    pass
"""
_HOOK = "from globus_core import hookimpl\n@hookimpl\ndef globus_clients():\n    "
_OBJECT = """
from globus_core import hookimpl

class Plugin:
    @hookimpl
    def globus_clients(self):
        return {"odd": "fake_odd:Client"}

    @property
    def anything(self):
        %s

plugin = Plugin()
"""
_PANIC = """
class Panic(BaseException):
    pass

class Mute(BaseException):
    def __str__(self):
        raise Panic("no text")
"""
_ODD = GOOD.replace("good", "odd")
_ABSENT = "ModuleNotFoundError: No module named 'fake_ldap'"
_NOT_USED = "plugin odd@fake-odd (1.0) is not used: "
_PASSED_OVER = "plugin 'odd@fake-odd' failed in globus_clients and is skipped: "
_OTHERS = "all other plugins"
_ALSO_ITS_REST = "all other plugins, and its own other hooks"


class Misbehaviour(t.NamedTuple):
    """
    One thing that a plugin does wrong.

    :param does: what it does, for the table
    :param shown: how it is seen: a warning, a line of the log, the error of a choice by name, or
        the error of the call that registers
    :param sees: the text, word for word; ``...`` stands for anything
    :param works: what still does, for the table
    :param source: the plugin's module
    :param points: its entry points
    :param modules: its further modules
    """

    does: str
    shown: t.Literal["warning", "log", "choice", "call"]
    sees: str
    works: str = _OTHERS
    source: str = _ODD
    points: t.Mapping[str, str] = {"odd": "fake_odd"}
    modules: t.Mapping[str, str] = {}

    @property
    def reason(self) -> str:
        """What is wrong, without who and what follows."""
        return re.split("is not used: |is skipped: ", self.sees)[-1]


CASES = {
    "raises-at-import": Misbehaviour(
        "raises when it is imported",
        "warning",
        _NOT_USED + "importing fake_odd failed: RuntimeError: no such campus",
        source="raise RuntimeError('no such campus')",
    ),
    "exits-at-import": Misbehaviour(
        "calls `sys.exit` when it is imported",
        "warning",
        _NOT_USED + "importing fake_odd failed: SystemExit: 3",
        source="import sys; sys.exit(3)",
    ),
    "panics-at-import": Misbehaviour(
        "raises what is no `Exception` when it is imported, as a panic in Rust does",
        "warning",
        _NOT_USED + "importing fake_odd failed: Panic: called unwrap() on None",
        source=_PANIC + "raise Panic('called unwrap() on None')",
    ),
    "lacks-a-dependency": Misbehaviour(
        "imports what is not installed",
        "warning",
        _NOT_USED + "importing fake_odd failed: " + _ABSENT,
        source="import fake_ldap",
    ),
    "lacks-an-extra": Misbehaviour(
        "offers what needs an extra that is not installed",
        "choice",
        "'fake_odd_redis:Client' of the plugin odd@fake-odd cannot be used: it needs 'fake_redis', "
        'which is not installed; install it with: pip install "fake-odd[redis]"',
        _ALSO_ITS_REST,
        source="EXTRA = 'redis'\n" + _ODD.replace("fake_odd:", "fake_odd_redis:"),
        modules={"fake_odd_redis": "import fake_redis"},
    ),
    "is-slow-to-import": Misbehaviour(
        "takes seconds to import",
        "log",
        "importing fake_odd took ... seconds: the plugin odd@fake-odd 1.0 slows down every start",
        "everything; another thread waits for it 10 seconds at the most",
        source="import time\ntime.sleep(1.2)\n" + _ODD,
    ),
    "raises-at-registration": Misbehaviour(
        "raises when its hooks are looked for",
        "warning",
        _NOT_USED + "looking for its hooks failed: RuntimeError: do not look",
        source=_OBJECT % "raise RuntimeError('do not look')",
        points={"odd": "fake_odd:plugin"},
    ),
    "exits-at-registration": Misbehaviour(
        "calls `sys.exit` when its hooks are looked for",
        "warning",
        _NOT_USED + "looking for its hooks failed: SystemExit: 3",
        source=_OBJECT % "raise SystemExit(3)",
        points={"odd": "fake_odd:plugin"},
    ),
    "panics-at-registration": Misbehaviour(
        "raises what is no `Exception` when its hooks are looked for",
        "warning",
        _NOT_USED + "looking for its hooks failed: Panic: do not look",
        source=_PANIC + _OBJECT % "raise Panic('do not look')",
        points={"odd": "fake_odd:plugin"},
    ),
    "takes-a-wrong-argument": Misbehaviour(
        "has a hook with an argument that the hook does not hand over",
        "warning",
        _NOT_USED + "a hook implementation does not match its specification: PluginError: "
        "globus_translate_error has no argument 'err'; its arguments: 'error'",
        source=_ODD + "\n@hookimpl\ndef globus_translate_error(err): ...\n",
    ),
    "misspells-a-hook": Misbehaviour(
        "has a hook that does not exist",
        "warning",
        _NOT_USED + "there is no hook 'globus_client' (did you mean 'globus_clients'?)",
        source=_HOOK.replace("_clients", "_client") + "return {}",
    ),
    "has-a-newer-hook": Misbehaviour(
        "has a hook of a newer version",
        "warning",
        _NOT_USED + "there is no hook 'globus_flow_events' in this version of globus-core; "
        "if the plugin is for a newer one, install that, or mark the function optionalhook",
        source=_HOOK.replace("_clients", "_flow_events") + "return {}",
    ),
    "has-a-broken-entry-point": Misbehaviour(
        "has an entry point that cannot be read",
        "warning",
        _NOT_USED + "'odd =' in its entry_points.txt is not 'name = module'",
        source=_ODD,
        points={"odd": ""},
    ),
    "raises-at-call": Misbehaviour(
        "raises when a hook is called",
        "log",
        _PASSED_OVER + "RuntimeError: no such campus",
        _ALSO_ITS_REST,
        source=_HOOK + "raise RuntimeError('no such campus')",
    ),
    "exits-at-call": Misbehaviour(
        "calls `sys.exit` when a hook is called",
        "log",
        _PASSED_OVER + "SystemExit: 3",
        _ALSO_ITS_REST,
        source=_HOOK + "raise SystemExit(3)",
    ),
    "panics-at-call": Misbehaviour(
        "raises what is no `Exception` when a hook is called",
        "log",
        _PASSED_OVER + "Panic: no such campus",
        _ALSO_ITS_REST,
        source=_PANIC + _HOOK + "raise Panic('no such campus')",
    ),
    "raises-what-cannot-be-shown": Misbehaviour(
        "raises an exception whose text cannot be made",
        "log",
        _PASSED_OVER + "Mute",
        _ALSO_ITS_REST,
        source=_PANIC + _HOOK + "raise Mute",
    ),
    "answers-nonsense": Misbehaviour(
        "answers with something else than the hook asks for",
        "log",
        _PASSED_OVER + "a mapping was expected, not int",
        _ALSO_ITS_REST,
        source=_HOOK + "return 3",
    ),
    "takes-a-plugins-name": Misbehaviour(
        "has the name of another plugin",
        "warning",
        "plugin good@fake-odd (1.0) is not used: its name is held by good@fake-good; to use this "
        "one instead, set GLOBUS_CORE_PLUGINS_BLOCKED=good@fake-good",
        "the plugin that has the name: the first-party one, else the first by distribution",
        points={"good": "fake_odd"},
    ),
    "takes-a-backends-name": Misbehaviour(
        "offers a name that another plugin offers",
        "log",
        _PASSED_OVER + "'good' is held by 'good'; ask for 'good@odd'",
        "both: the name means what it did, and `name@plugin` is the newcomer's",
        source=_HOOK + "return {'good': 'fake_odd:Client'}\nclass Client: ...",
    ),
    "is-installed-twice": Misbehaviour(
        "has two entry points for one module",
        "warning",
        "plugin two@fake-odd (1.0) is not used: its hooks are already registered, as odd@fake-odd",
        "all other plugins, and the first of the two",
        points={"odd": "fake_odd", "two": "fake_odd"},
    ),
    "registers-a-name-twice": Misbehaviour(
        "is registered by code under a name that is taken",
        "call",
        "the plugin name 'good' is taken by good@fake-good",
        "everything; the call has changed nothing",
    ),
    "registers-an-object-twice": Misbehaviour(
        "is registered by code a second time, under another name",
        "call",
        "the same object is registered already, as first@code",
        "everything; the call has changed nothing",
    ),
    "registers-from-two-threads": Misbehaviour(
        "is registered from two threads at once under one name",
        "call",
        "the plugin name 'twice' is taken by twice@code",
        "everything; one of the two threads has registered it",
    ),
    "registers-while-a-hook-runs": Misbehaviour(
        "registers another plugin, under a name that is taken, while a hook runs",
        "log",
        _PASSED_OVER + "PluginError: the plugin name 'good' is taken by good@fake-good",
        "all other plugins; one with a name of its own is asked from the next call on",
        source=_HOOK + "from globus_core.plugins import get_plugin_manager\n"
        "    get_plugin_manager().register(object(), 'good')",
    ),
}

_SHOWN = {
    "warning": "a warning",
    "log": "in the log",
    "choice": "when it is chosen, an error",
    "call": "from the call, an error",
}


def table() -> str:
    """
    The cases as a table for the documentation.
    """
    rows = [
        f"| {case.does} | {_SHOWN[case.shown]}: `{case.sees}` | {case.works} | `{key}` |"
        for key, case in CASES.items()
    ]
    head = "| what the plugin does | what you see | what still works | test |"
    return "\n".join([head, "| --- | --- | --- | --- |", *rows]) + "\n"
