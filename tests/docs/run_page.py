"""
Runs the Python blocks of one page in a process of its own, with a person who logs in.

Reads the blocks as JSON from standard input; writes what each has printed, and the traceback of
the first that fails, as JSON to standard output.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import json
import re
import sys
import traceback
import webbrowser
from urllib.request import ProxyHandler, build_opener

from globus_core.testing import HeadlessBrowser

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class Person:
    """
    Somebody who opens the last address printed, and types the code that is shown there.
    """

    def __init__(self) -> None:
        self.sees = io.StringIO()

    def answer(self, prompt: object = "") -> str:
        """Stands in for ``input``."""
        url = re.findall(r"https?://\S+/authorize\S+", self.sees.getvalue())[-1]
        with build_opener(ProxyHandler({})).open(url, timeout=30) as page:
            shown = re.search(r'id="authorization-code">([^<]+)<', page.read().decode())
        if shown is None:
            raise AssertionError(f"no code is shown at {url}")
        return shown[1]


class Browser:
    """
    Stands in for the machine's browser.
    """

    name = "headless"

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        """Visits the address in the background."""
        return HeadlessBrowser().open(url)


def run(page: str, blocks: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """
    Run the blocks one after another in one namespace.

    :param page: the page's path, for tracebacks
    :param blocks: each with ``text`` and ``line``
    """
    person = Person()
    builtins.input = person.answer
    webbrowser.get = lambda using=None: Browser()  # type: ignore[assignment,return-value]
    namespace: dict[str, t.Any] = {"__name__": "__main__"}
    results = []
    for block in blocks:
        started, error = len(person.sees.getvalue()), None
        source = "\n" * (block["line"] - 1) + block["text"]
        try:
            with contextlib.redirect_stdout(person.sees):
                exec(compile(source, page, "exec"), namespace)
        except BaseException:
            error = traceback.format_exc()
        results.append({"printed": person.sees.getvalue()[started:], "error": error})
        if error is not None:
            break
    return results


if __name__ == "__main__":
    given = json.load(sys.stdin)
    json.dump(run(given["page"], given["blocks"]), sys.stdout)
