"""
Programs that run at a terminal of their own, with a test as the person who sits there.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import time
import typing as t
from urllib.request import ProxyHandler, build_opener

CTRL_C = b"\x03"
CTRL_D = b"\x04"
#: seconds until a program that says nothing more is given up
PATIENCE = 60.0
#: seconds after which a person presses Ctrl-C again
_IMPATIENCE = 5.0

_OWN_TERMINAL = """
import fcntl, signal, termios
signal.signal(signal.SIGINT, signal.default_int_handler)
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
"""


class Terminal:
    """
    A Python program at a pseudo-terminal; leaving the ``with`` block ends it.

    :param code: the program
    :param arguments: its command line
    :param variables: further environment variables
    """

    def __init__(self, code: str, *arguments: str, **variables: str) -> None:
        self.seen = ""
        self._screen, line = os.openpty()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _OWN_TERMINAL + code, *arguments],
                stdin=line,
                stdout=line,
                stderr=line,
                env={**os.environ, **variables},
                start_new_session=True,
            )
        finally:
            os.close(line)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait(PATIENCE)
        os.close(self._screen)

    def type(self, keys: str | bytes) -> None:
        """
        Press keys.

        :param keys: what is typed; a line ends with a line feed
        """
        os.write(self._screen, keys.encode() if isinstance(keys, str) else keys)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """
        Wait until something is on the screen.

        :param pattern: a regular expression
        """
        while (found := re.search(pattern, self.seen)) is None:
            assert self._read(), f"{pattern!r} never came: {self.seen}"
        return found

    def interrupt_until(self, pattern: str) -> None:
        """
        Press Ctrl-C, again where it was lost, as it is just before ``input`` begins to wait.

        :param pattern: what is on the screen once it was heard
        """
        while not re.search(pattern, self.seen):
            self.type(CTRL_C)
            while select.select([self._screen], [], [], _IMPATIENCE)[0]:
                assert self._read(), f"{pattern!r} never came: {self.seen}"
                if re.search(pattern, self.seen):
                    return

    def end(self) -> int:
        """
        Wait until the program has ended, and give its exit code.
        """
        while self._read():
            pass
        return self._process.wait(PATIENCE)

    def _read(self) -> bool:
        """Take down what the program shows next; False after its end."""
        ready, _, _ = select.select([self._screen], [], [], PATIENCE)
        assert ready, f"nothing came any more: {self.seen}"
        with contextlib.suppress(OSError):  # how Linux says that the other side is gone
            shown = os.read(self._screen, 65536).decode("utf-8", "replace")
            self.seen += shown.replace("\r\n", "\n")
            return bool(shown)
        return False


def page_at(url: str) -> str:
    """
    What a browser shows at a URL, after all redirects.

    :param url: the URL
    """
    with build_opener(ProxyHandler({})).open(url, timeout=PATIENCE) as page:
        return t.cast("bytes", page.read()).decode()


def code_at(url: str) -> str:
    """
    The code that the page of a login shows.

    :param url: where to log in
    """
    shown = re.search(r'id="authorization-code">([^<]+)<', page_at(url))
    assert shown is not None, f"no code is shown at {url}"
    return shown[1]


def is_closed(address: tuple[str, int]) -> bool:
    """
    Whether nobody listens at an address any more; a socket's end may take a moment.

    :param address: host and port
    """
    import socket

    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(address) != 0:
                return True
    return False
