"""
How much of our code five journeys pass, beside what is aimed at; printed and not tested.

``python -m tests.layout.journeys`` runs each journey in a process of its own, against a sandbox in
this one, and counts the Python functions of kernel and plugins that are called. Module bodies,
sandboxes and what only tests use are left out. ``--trace "GET, 503, GET"`` prints the calls of one
journey in their order, each below its caller, and then how often each function is called.
"""

from __future__ import annotations

import argparse
import collections
import functools
import inspect
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import types
import typing as t

from globus_core import AuthClient, IdentityMap, UserApp
from globus_core.exc import GlobusAPIError
from globus_core.globus_app import GlobusAppConfig
from globus_core.login_flows import LocalServerLoginFlowManager
from globus_core.testing import HeadlessBrowser, Sandbox, SandboxControl
from globus_core.testing.clock import FakeClock
from tests.layout.house import KERNEL, PLUGINS, ROOT

AUTH = "auth.globus.org"
SECONDS = 120
TRACKED = (str(KERNEL) + os.sep, str(PLUGINS) + os.sep)
UNTRACKED = (str(KERNEL / "testing") + os.sep, str(PLUGINS / "globus_core_sandbox") + os.sep)
#: folders and modules of a plugin that belong to the sandbox or to tests
UNTRACKED_PARTS = {"sandbox", "sandbox.py", "canned"}

Work = t.Callable[[], object]


class Count(t.NamedTuple):
    """
    What a journey passes.

    :ivar files: files with a function that was called
    :ivar functions: different functions that were called, lambdas and comprehensions included
    :ivar calls: calls of them
    :ivar changes: calls whose file is not that of the call before
    """

    files: int
    functions: int
    calls: int
    changes: int


class Aim(t.NamedTuple):
    """
    What a journey should pass at the most.
    """

    files: int
    functions: int
    calls: int


class Call(t.NamedTuple):
    """
    A call of a function of ours.

    :ivar depth: how many functions of ours in the same thread wait for it
    """

    thread: str
    depth: int
    code: types.CodeType

    def __str__(self) -> str:
        return f"{'  ' * self.depth}{_name(self.code)}"


class Trace:
    """
    Notes the functions of ours that run, in this thread and in all that start meanwhile.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._depths: collections.Counter[str] = collections.Counter()

    def __enter__(self) -> Trace:
        threading.setprofile(self._note)
        sys.setprofile(self._note)
        return self

    def __exit__(self, *exc_info: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    def count(self) -> Count:
        """What was passed so far; a generator counts each time that it goes on."""
        files = [call.code.co_filename for call in self.calls]
        return Count(
            files=len(set(files)),
            functions=len({call.code for call in self.calls}),
            calls=len(self.calls),
            changes=sum(one != other for one, other in itertools.pairwise(files)),
        )

    def lines(self) -> t.Iterator[str]:
        """The calls in their order, runs of one call on one line, then the functions by calls."""
        thread = threading.current_thread().name
        for call, run in itertools.groupby(self.calls):
            if call.thread != thread:
                thread = call.thread
                yield f"--- thread {thread}"
            times = len(list(run))
            yield f"{call} x{times}" if times > 1 else str(call)
        yield ""
        functions = collections.Counter(call.code for call in self.calls)
        for code, times in functions.most_common():
            yield f"{times:5} {_name(code)}"

    def _note(self, frame: types.FrameType, event: str, argument: object) -> None:
        if event not in {"call", "return"} or not _is_ours(frame.f_code):
            return
        thread = threading.current_thread().name
        if event == "return":
            self._depths[thread] -= 1
            return
        self.calls.append(Call(thread, self._depths[thread], frame.f_code))
        self._depths[thread] += 1


def _is_ours(code: types.CodeType) -> bool:
    # Bodies of modules and classes are no functions, and have no fast locals.
    return bool(code.co_flags & inspect.CO_OPTIMIZED) and _is_tracked(code.co_filename)


@functools.cache
def _is_tracked(file: str) -> bool:
    return (
        file.startswith(TRACKED)
        and not file.startswith(UNTRACKED)
        and UNTRACKED_PARTS.isdisjoint(os.path.relpath(file, ROOT).split(os.sep))
    )


def _name(code: types.CodeType) -> str:
    name = getattr(code, "co_qualname", code.co_name)  # Python 3.10 knows no qualified name
    return f"{os.path.relpath(code.co_filename, ROOT)}:{code.co_firstlineno} {name}"


class HiddenLogin(LocalServerLoginFlowManager):
    """
    The login at a local server, with a browser that nobody sees.
    """

    @classmethod
    def for_globus_app(cls, app_name: str, login_client: t.Any, config: t.Any) -> HiddenLogin:
        """Make the manager of an app."""
        return cls(login_client, request_refresh_tokens=True, open_browser=HeadlessBrowser().open)

    def print_authorize_url(self, authorize_url: str) -> None:
        """There is nobody to show it to."""


def _app(sandbox: SandboxControl) -> UserApp:
    native = next(c for c in sandbox.state()["clients"] if c["secret"] is None)
    config = GlobusAppConfig(
        token_storage="json",
        login_flow_manager=HiddenLogin,
        request_refresh_tokens=True,
    )
    return UserApp("journeys", client_id=native["id"], config=config)


def log_in(sandbox: SandboxControl) -> t.Iterator[Work]:
    """An app is built, and a person logs in through a browser."""
    apps = []

    def work() -> None:
        apps.append(_app(sandbox))
        apps[0].login()

    yield work
    apps[0].close()


def get_with_a_retry(sandbox: SandboxControl) -> t.Iterator[Work]:
    """A client that has asked before asks again, and is answered with 503 first."""
    with _app(sandbox) as app, AuthClient(app=app) as client:
        app.login()
        client.get("/v2/oauth2/userinfo")
        sandbox.fail(path="/v2/oauth2/userinfo", status=503, times=1)
        yield lambda: client.get("/v2/oauth2/userinfo")


def renew(sandbox: SandboxControl) -> t.Iterator[Work]:
    """A token that was in use has expired."""
    clock = FakeClock()
    with _app(sandbox) as app, AuthClient(app=app) as client:
        app.login()
        client.get("/v2/oauth2/userinfo")
        authorizer = app.get_authorizer(AUTH)
        lifetime = sandbox.state()["settings"]["access_token_lifetime"]
        clock.advance(lifetime + 1)
        sandbox.advance_clock(lifetime + 1)
        time.time = clock.time
        yield authorizer.get_authorization_header


def look_up_people(sandbox: SandboxControl) -> t.Iterator[Work]:
    """250 usernames, three batches."""
    names = [f"user{number:05}@example.org" for number in range(250)]
    with _app(sandbox) as app, AuthClient(app=app) as client:
        app.login()
        client.get("/v2/oauth2/userinfo")
        people = IdentityMap(client)
        yield lambda: people.resolve_many(names)


def explain_an_error(sandbox: SandboxControl) -> t.Iterator[Work]:
    """A client that has asked before is told that there is no such thing."""
    with _app(sandbox) as app, AuthClient(app=app) as client:
        app.login()
        client.get("/v2/oauth2/userinfo")

        def work() -> None:
            try:
                client.get("/v2/api/projects/5a9db0c1-7e10-4fa3-86d9-000000000000")
            except GlobusAPIError as error:
                error.explain()

        yield work


JOURNEYS: dict[str, tuple[t.Callable[[SandboxControl], t.Iterator[Work]], Aim]] = {
    "login, app built": (log_in, Aim(77, 380, 1400)),
    "GET, 503, GET": (get_with_a_retry, Aim(24, 80, 155)),
    "renewal": (renew, Aim(37, 140, 210)),
    "250 usernames": (look_up_people, Aim(40, 155, 4700)),
    "404, explained": (explain_an_error, Aim(41, 165, 400)),
}


def walk(title: str, url: str) -> Trace:
    """
    Make a journey in this process.

    :param title: a key of ``JOURNEYS``
    :param url: the sandbox's address
    """
    prepare, _ = JOURNEYS[title]
    for work in prepare(SandboxControl(url)):
        with Trace() as trace:
            work()
    return trace


def counted(title: str) -> Count:
    """
    Make a journey in a fresh process.

    :param title: a key of ``JOURNEYS``
    """
    return Count(*json.loads(_walked_elsewhere(title, "count")))


def traced(title: str) -> str:
    """
    The calls of a journey that is made in a fresh process, as lines of text.

    :param title: a key of ``JOURNEYS``
    """
    return _walked_elsewhere(title, "lines")


def _walked_elsewhere(title: str, told: str) -> str:
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-m", __spec__.name, "--walk", title, told, sandbox.url],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "HOME": home,
                "GLOBUS_SDK_SERVICE_URL_AUTH": sandbox.url,
            },
            cwd=home,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=SECONDS,
        )
    return done.stdout


def main() -> None:
    """
    Print the figures of all journeys, or the calls of one.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.layout.journeys", description=__doc__)
    parser.add_argument("--trace", choices=JOURNEYS, help="print the calls of this journey")
    parser.add_argument("--walk", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.walk:
        title, told, url = options.walk
        trace = walk(title, url)
        sys.stdout.write(
            json.dumps(trace.count()) if told == "count" else "\n".join(trace.lines()) + "\n"
        )
    elif options.trace:
        sys.stdout.write(traced(options.trace))
    else:
        _print_figures()


def _print_figures() -> None:
    rows: list[tuple[str, ...]] = [("journey", "files", "functions", "calls", "changes of file")]
    for title, (_, aim) in JOURNEYS.items():
        count = counted(title)
        aims = itertools.chain(aim, [None])
        rows.append((title, *(_beside(*pair) for pair in zip(count, aims, strict=True))))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(" | ".join(cells).rstrip() + "\n")


def _beside(figure: int, aim: int | None) -> str:
    return f"{figure:,}" if aim is None else f"{figure:,} (aim {aim:,})"


if __name__ == "__main__":
    main()
