"""
No secret shows: not in a log, an error, a warning, an event, a ``repr``, an output.
"""

from __future__ import annotations

import functools
import html
import json
import logging
import sys
import typing as t
import warnings
from base64 import b64encode, urlsafe_b64encode
from fnmatch import fnmatchcase
from urllib.parse import quote, quote_plus

import pytest

from globus_core import compose
from globus_core.exc import GlobusError
from globus_core.plugins import PluginManager, set_plugin_manager
from tests.canary import (
    awaited,
    developers,
    encrypted_tokens,
    flows,
    gcs,
    groups,
    logins_and_tokens,
    older_names,
    plugins_and_tools,
    requests_told,
    search,
    services,
    small_services,
    stored_tokens,
    transfer,
    unattended,
)
from tests.canary.exempt import EXEMPT, is_exempt
from tests.canary.surface import noting, unused
from tests.canary.watch import Observer, Watch, watching

SCENARIOS: tuple[t.Callable[[Watch], None], ...] = (
    *requests_told.SCENARIOS,
    *logins_and_tokens.SCENARIOS,
    *older_names.SCENARIOS,
    *developers.SCENARIOS,
    *stored_tokens.SCENARIOS,
    *encrypted_tokens.SCENARIOS,
    *plugins_and_tools.SCENARIOS,
    *small_services.SCENARIOS,
    *flows.SCENARIOS,
    *gcs.SCENARIOS,
    *groups.SCENARIOS,
    *services.SCENARIOS,
    *search.SCENARIOS,
    *transfer.SCENARIOS,
    *unattended.SCENARIOS,
    *awaited.SCENARIOS,
)


def _raise_with_context(text: str) -> None:
    try:
        raise KeyError(text)
    except KeyError:
        raise GlobusError("nothing to see") from None


def _raise_with_attribute(text: str) -> None:
    error = GlobusError("nothing to see")
    vars(error)["detail"] = [text]
    raise error


SINKS: dict[str, t.Callable[[Watch, str], object]] = {
    "a debug log": lambda watch, text: logging.getLogger("globus_core.x").debug("it is %s", text),
    "urllib3's log": lambda watch, text: logging.getLogger("urllib3.x").debug(text),
    "a warning": lambda watch, text: warnings.warn(text, stacklevel=1),
    "standard output": lambda watch, text: sys.stdout.write(text),
    "standard error": lambda watch, text: sys.stderr.write(text),
    "an object": lambda watch, text: watch.show({"a": [text]}),
    "a suppressed context": lambda watch, text: watch.failing(_raise_with_context, text),
    "an attribute": lambda watch, text: watch.failing(_raise_with_attribute, text),
}


class Run(t.NamedTuple):
    """What was seen, and what of the public surface was not used."""

    watch: Watch
    unused: list[str]


@functools.cache
def the_run() -> Run:
    """Every scenario once; the tests of this module look at what came of it."""
    with watching() as watch, noting() as called:
        for scenario in SCENARIOS:
            manager = PluginManager()
            manager.register(Observer(watch), "observer")
            before = set_plugin_manager(manager)
            watch.scenario = scenario.__name__
            try:
                scenario(watch)
            finally:
                set_plugin_manager(before)
    return Run(watch, unused(called, watch.kinds))


def test_no_secret_shows_anywhere() -> None:
    """Whatever was logged, raised, warned of, told, printed or pickled holds none of them."""
    watch = the_run().watch
    leaks = watch.leaks()
    assert not leaks, "\n".join([f"{len(leaks)} leaks", *leaks[:200]])


def test_every_error_can_travel() -> None:
    """An error that cannot be unpickled would hang a pool of processes."""
    assert not the_run().watch.stuck


def test_every_public_name_is_used_or_exempt() -> None:
    """A new public name is driven with secrets, or the list says why that need not be."""
    assert [name for name in the_run().unused if not is_exempt(name)] == []


def test_no_exemption_is_left_over() -> None:
    """A name that is gone, or driven by now, needs none."""
    for pattern in EXEMPT:
        assert any(fnmatchcase(name, pattern) for name in the_run().unused), pattern


def test_both_sides_were_watched() -> None:
    """The run had secrets of every kind, and logs, events and outputs to look through."""
    watch = the_run().watch
    assert len(watch.secrets) > 20
    assert len(watch.events) > 500
    seen = " ".join(set(watch.lines.values()))
    for where in ("log of globus_core", "log of urllib3", "warning", "pickle of", "the demo"):
        assert where in seen


@pytest.mark.parametrize(
    "part",
    [
        "attempt 1 of 2",
        "trying again in 0.0 s (attempt 2 of 2)",
        "?token=***",
        "X-Api-Key",
        "authorizer: AccessTokenAuthorizer",
        "; request id: ",
    ],
)
def test_the_debug_lines_of_requests_were_watched(part: str) -> None:
    """All of what they tell, and with secrets in all of what they leave out."""
    lines = the_run().watch.lines
    assert any(part in line and "log of globus_core" in where for line, where in lines.items())


@pytest.mark.parametrize("difficult", [False, True])
@pytest.mark.parametrize(
    "spelling",
    [
        str,
        repr,
        json.dumps,
        html.escape,
        quote,
        quote_plus,
        lambda secret: b64encode(secret.encode()).decode(),
        lambda secret: urlsafe_b64encode(f"client:{secret}".encode()).decode(),
        lambda secret: urlsafe_b64encode(f"a-client:{secret}".encode()).decode(),
        lambda secret: secret.encode().hex(),
        lambda secret: f"http://{secret}.example.org/".lower(),
        lambda secret: secret[: len(secret) // 2],
        lambda secret: secret[len(secret) // 2 :],
    ],
)
@pytest.mark.parametrize("sink", list(SINKS))
def test_a_planted_leak_is_found(
    sink: str, spelling: t.Callable[[str], str], difficult: bool
) -> None:
    """In whatever spelling, by whatever way it got out."""
    with watching() as watch:
        secret = watch.secrets.make("a planted secret", difficult=difficult)
        watch.text("harmless", "nothing to see")
        SINKS[sink](watch, spelling(secret))
    assert watch.leaks()


def test_a_secret_that_somebody_else_made_is_found() -> None:
    """A token of the sandbox, and each part of an ID token."""
    with watching() as watch:
        watch.secrets.add("a token", "Ag1qNrO8YRp")
        watch.secrets.add("an ID token", "eyJhbGciOiJ.eyJpc3MiOiJodHRw.c2lnbmF0dXJl")
        watch.text("harmless", "eyJhbGciOiJ")
        assert not watch.leaks()
        watch.text("here", "%41 or Ag1qNrO8YRp")
        watch.text("there", "c2lnbmF0dXJl")
    assert len(watch.leaks()) == 2


def test_a_new_public_name_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that nothing drives is among those that were not used."""

    def brand_new() -> None:
        """Nothing."""

    brand_new.__module__ = "globus_core.compose"
    monkeypatch.setattr(compose, "brand_new", brand_new, raising=False)
    assert "globus_core.compose.brand_new" in unused(set(), set())
    assert not is_exempt("globus_core.compose.brand_new")
