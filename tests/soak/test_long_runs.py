"""
What a service that runs for days would meet, in minutes: ``make soak`` prints what it has seen.
"""

from __future__ import annotations

import gc
import os
import pathlib
import sys
import threading
import time
import typing as t

import pytest

from globus_core import AuthClient, ClientApp
from globus_core.globus_app import GlobusAppConfig
from globus_core.testing import Sandbox

SECONDS = float(os.environ.get("GLOBUS_CORE_SOAK_SECONDS", "300"))
THREADS = 8

pytestmark = [pytest.mark.soak, pytest.mark.timeout(SECONDS + 120)]


class Held(t.NamedTuple):
    """
    What a process holds that may grow: objects of the SDK's classes, threads, open files.
    """

    objects: int
    threads: int
    files: int


def held() -> Held:
    """What this process holds now."""
    gc.collect()
    descriptors = pathlib.Path("/proc/self/fd")
    files = len(list(descriptors.iterdir())) if descriptors.is_dir() else 0
    objects = sum(_is_sdk(type(thing).__module__) for thing in gc.get_objects())
    return Held(objects, threading.active_count(), files)


def _is_sdk(module: object) -> bool:
    # the sandbox, which keeps a record of each request, is in this process as well
    return isinstance(module, str) and module.startswith("globus_core") and "sandbox" not in module


@pytest.mark.parametrize("scheme", ["json", "sqlite"])
def test_threads_that_ask_and_renew_for_long_hold_no_more_in_the_end(
    scheme: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tokens that live for two seconds, one request in fifty refused."""
    with Sandbox(access_token_lifetime=2) as sandbox:
        monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", sandbox.url)
        config = GlobusAppConfig(token_storage=f"{scheme}://{tmp_path}/tokens")
        with ClientApp(
            "soak",
            client_id=sandbox.confidential_client_id,
            client_secret=sandbox.confidential_client_secret,
            config=config,
        ) as app:
            _ask_in_threads(sandbox, app, SECONDS / 10)
            before = held()
            asked = _ask_in_threads(sandbox, app, SECONDS / 2)
            after = held()
    sys.stdout.write(f"\n{scheme}: {asked} requests; before {before}, after {after}\n")
    assert after.threads <= before.threads
    assert after.files <= before.files + THREADS
    assert after.objects <= before.objects + THREADS


def _ask_in_threads(sandbox: Sandbox, app: ClientApp, seconds: float) -> int:
    """Ask for as long as that, and give how often it was answered."""
    end = time.monotonic() + seconds
    answered = [0] * THREADS
    failures: list[BaseException] = []

    def ask(number: int) -> None:
        try:
            with AuthClient(app=app) as client:
                while time.monotonic() < end and not failures:
                    if number == 0 and answered[0] % 50 == 49:
                        sandbox.fail(path="/v2/oauth2/userinfo", status=401, times=1)
                    client.userinfo()
                    answered[number] += 1
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(answered)
