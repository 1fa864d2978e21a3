"""
A headless browser, for logins that need no user.
"""

from __future__ import annotations

import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class HeadlessBrowser:
    """
    Opens a URL and follows its redirects in the background, as a real browser does.

    :param timeout: seconds that each page may take
    :ivar visited: the URL at which the last visit ended, or None
    :ivar error: the error of the last visit, or None
    """

    def __init__(self, *, timeout: float = 30.0) -> None:
        self.timeout = timeout
        self.visited: str | None = None
        self.error: Exception | None = None
        self._thread: threading.Thread | None = None

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        """
        Start visiting a URL; returns True, as ``webbrowser`` does when a browser was started.

        :param url: the URL
        :param new: as for ``webbrowser``; makes no difference here
        :param autoraise: as for ``webbrowser``; makes no difference here
        """
        self._thread = threading.Thread(target=self._visit, args=(url,), daemon=True)
        self._thread.start()
        return True

    def wait(self) -> None:
        """
        Wait until the last visit has ended.
        """
        if self._thread is not None:
            self._thread.join(self.timeout)

    def _visit(self, url: str) -> None:
        from urllib.error import HTTPError
        from urllib.request import ProxyHandler, build_opener

        self.visited = self.error = None
        try:
            page: t.Any
            with build_opener(ProxyHandler({})).open(url, timeout=self.timeout) as page:
                page.read()
                self.visited = page.url
        except Exception as error:  # shown by the test that waits for the login
            self.error = error
            if isinstance(error, HTTPError):  # it holds the page and its connection
                error.close()
