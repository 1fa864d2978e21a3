"""
Whether a browser and a terminal can be used for a login where the program runs.
"""

from __future__ import annotations

import builtins
import os
import sys
import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import webbrowser

#: browsers in a terminal, which a login cannot use; a program may add to them
BROWSER_DENY_LIST = ["lynx", "www-browser", "links", "elinks", "w3m"]

_CONTAINER_FILES = ("/.dockerenv", "/run/.containerenv")
_CONTAINER_VARS = ("container", "KUBERNETES_SERVICE_HOST")
_DISPLAY_VARS = ("DISPLAY", "WAYLAND_DISPLAY")
_SSH_VARS = ("SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT")
_WSL_VARS = ("WSL_DISTRO_NAME", "WSL_INTEROP")


def why_no_browser() -> str | None:
    """
    Why a browser cannot be sent back to a server on this machine's loopback; None if it can.
    """
    checks = (
        _remote_session,
        _notebook,
        _own_prompt,
        _subsystem,
        _container,
        _no_display,
        _no_usable_browser,
    )
    return next((reason for check in checks if (reason := check())), None)


def why_no_terminal() -> str | None:
    """
    Why no one can be prompted for a code here; None if someone can.
    """
    if _is_input_replaced() or os.environ.get("PYCHARM_HOSTED"):
        return None  # a notebook or the console of an IDE
    try:
        is_terminal = sys.stdin.isatty()
    except (AttributeError, ValueError):
        return "there is no standard input"
    return None if is_terminal else "standard input is not a terminal"


def terminal_to_wait_at() -> int | None:
    """
    The file descriptor of a terminal that works with ``select``, or None.

    Windows consoles and the consoles of IDEs do not.
    """
    if os.name != "posix" or _is_input_replaced():
        return None
    try:
        return sys.stdin.fileno() if sys.stdin.isatty() else None
    except (AttributeError, OSError, ValueError):
        return None


def is_remote_session() -> bool:
    """
    Whether the user is on another machine (SSH).
    """
    return any(os.environ.get(name) for name in _SSH_VARS)


def usable_browser() -> tuple[webbrowser.BaseBrowser | None, str]:
    """
    The default browser if it can be used for a login; otherwise None and the reason.
    """
    import webbrowser

    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return None, "there is no browser on this machine"
    name = os.path.basename(getattr(browser, "name", ""))
    if name in BROWSER_DENY_LIST:
        return None, f"{name!r} is a text browser, which cannot be used to log in"
    return browser, ""


def _remote_session() -> str | None:
    if is_remote_session():
        return "this is a remote session (SSH), so a browser would not open on your machine"
    return None


def _notebook() -> str | None:
    kernel: t.Any = sys.modules.get("ipykernel.kernelapp")
    if "google.colab" in sys.modules or (kernel is not None and kernel.IPKernelApp.initialized()):
        return "this is a notebook, whose kernel may not run on the machine of your browser"
    return None


def _own_prompt() -> str | None:
    return "the program replaces input() with its own prompt" if _is_input_replaced() else None


def _subsystem() -> str | None:
    if any(os.environ.get(name) for name in _WSL_VARS):
        return "this is WSL, whose loopback address a Windows browser cannot always reach"
    return None


def _container() -> str | None:
    if any(os.environ.get(name) for name in _CONTAINER_VARS) or any(
        os.path.exists(path) for path in _CONTAINER_FILES
    ):
        return "this is a container, whose loopback address your browser cannot reach"
    return None


def _no_display() -> str | None:
    if os.name != "posix" or sys.platform == "darwin":
        return None
    if any(os.environ.get(name) for name in _DISPLAY_VARS):
        return None
    return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"


def _no_usable_browser() -> str | None:
    return usable_browser()[1] or None


def _is_input_replaced() -> bool:
    """Whether ``input`` was replaced, as in a notebook."""
    return not isinstance(builtins.input, types.BuiltinFunctionType)
