from __future__ import annotations

import threading
import typing as t

import pytest

from globus_core_identity import IdentityMap

#: seconds, where nothing but a hanging plugin is waited for
SOON = 0.05
#: seconds, where something has to be ready before
LATER = 2.0


@pytest.fixture
def gate() -> t.Iterator[threading.Event]:
    """Hanging plugins hang until it is set, at the latest at the end of the test."""
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize(
    "hook", ["globus_normalize_identity", "globus_resolve_identities", "globus_enrich_identity"]
)
def test_a_plugin_that_hangs_is_passed_over(
    auth: t.Any,
    people: t.Any,
    add_plugin: t.Any,
    plugins: t.Any,
    gate: threading.Event,
    hook: str,
) -> None:
    """The rest of the answer arrives, and the record of the plugin tells of its deadline."""
    hooks: dict[str, t.Any] = {
        "globus_normalize_identity": lambda key: gate.wait(20) and None,
        "globus_resolve_identities": lambda keys: gate.wait(20) and None,
        "globus_enrich_identity": lambda identity: gate.wait(20) and None,
    }
    add_plugin("slow", **{hook: hooks[hook]})
    identities = IdentityMap(auth, extension_timeout=SOON)

    resolution = identities.resolve_many([people.username(1), "bare"])

    assert resolution.found == {people.username(1): people.document(1)}
    assert resolution.unknown == ["bare"]
    assert plugins.record("slow").reports == [f"{hook}: it took longer than 0.05 seconds"]


def test_the_other_plugins_have_their_say(
    auth: t.Any, people: t.Any, add_plugin: t.Any, gate: threading.Event
) -> None:
    """One that hangs keeps no attributes of the others away."""
    add_plugin("slow", globus_enrich_identity=lambda identity: gate.wait(20) and None)
    add_plugin("good", globus_enrich_identity=lambda identity: {"seen": True})

    record = IdentityMap(auth, extension_timeout=LATER)[people.id(1)]

    assert dict(record.extensions) == {"good": {"seen": True}}


def test_what_comes_too_late_is_discarded(
    auth: t.Any, people: t.Any, add_plugin: t.Any, gate: threading.Event
) -> None:
    """A record keeps what was there in time, whatever its plugin answers afterwards."""
    ended = threading.Event()

    def enrich(identity: t.Any) -> dict[str, t.Any]:
        if identity.id == people.id(1):
            return {"department": "Physics"}
        gate.wait(20)
        ended.set()
        return {"department": "late"}

    add_plugin("slow", globus_enrich_identity=enrich)
    identities = IdentityMap(auth, extension_timeout=LATER)

    resolution = identities.resolve_many([people.id(1), people.id(2)])
    gate.set()
    assert ended.wait(20)

    assert dict(resolution.found[people.id(1)].extensions) == {"slow": {"department": "Physics"}}
    assert dict(identities[people.id(2)].extensions) == {}


def test_a_plugin_that_still_hangs_is_not_called_again(
    auth: t.Any, people: t.Any, add_plugin: t.Any, plugins: t.Any, gate: threading.Event
) -> None:
    """One thread hangs, not one for each batch; once it is back, the plugin takes part again."""
    calls: list[str] = []

    def enrich(identity: t.Any) -> dict[str, t.Any]:
        calls.append(identity.id)
        gate.wait(20)
        return {"seen": True}

    add_plugin("slow", globus_enrich_identity=enrich)
    identities = IdentityMap(auth, extension_timeout=LATER, id_batch_size=1, max_connections=1)

    assert identities.resolve_many(map(people.id, range(5))).complete

    assert len(calls) == 1
    assert len(plugins.record("slow").reports) == 1
    gate.set()
    for thread in threading.enumerate():
        if thread.name == "globus-extension":
            thread.join(60)
    assert identities[people.id(7)].extensions["slow"] == {"seen": True}


def test_plugins_run_in_another_thread_on_copies(
    auth: t.Any, people: t.Any, add_plugin: t.Any
) -> None:
    """Neither the record nor the answer can be changed by what a plugin keeps."""
    seen: list[t.Any] = []
    mine: dict[str, t.Any] = {"groups": ["staff"]}

    def enrich(identity: t.Any) -> dict[str, t.Any]:
        seen.append((threading.current_thread(), identity))
        return mine

    add_plugin("campus", globus_enrich_identity=enrich)
    record = IdentityMap(auth)[people.id(1)]
    mine["groups"].append("admins")

    thread, copy = seen[0]
    assert thread is not threading.current_thread()
    assert copy == record
    assert copy is not record
    assert record.extensions["campus"] == {"groups": ["staff"]}


@pytest.mark.parametrize("value", [{"a": {1, 2}}, {"a": object()}, {"a": b"bytes"}])
def test_attributes_are_plain_data(
    auth: t.Any, people: t.Any, add_plugin: t.Any, plugins: t.Any, value: t.Any
) -> None:
    """What cannot be stored or sent as JSON is left out and reported."""
    add_plugin("campus", globus_enrich_identity=lambda identity: value)

    assert dict(IdentityMap(auth)[people.id(1)].extensions) == {}
    assert "must be JSON data" in plugins.record("campus").reports[0]


def test_a_plugin_that_ends_the_program_does_not(
    auth: t.Any, people: t.Any, add_plugin: t.Any, plugins: t.Any
) -> None:
    """SystemExit and its like are failures of the plugin."""

    def leave(**arguments: t.Any) -> None:
        raise SystemExit("campus is closed")

    def interrupt(**arguments: t.Any) -> None:
        raise KeyboardInterrupt

    add_plugin("campus", globus_enrich_identity=lambda identity: leave())
    add_plugin("lab", globus_resolve_identities=lambda keys: interrupt())

    assert IdentityMap(auth)[people.username(1)].id == people.id(1)
    assert "campus is closed" in plugins.record("campus").reports[0]
    assert "KeyboardInterrupt" in plugins.record("lab").reports[0]


def test_a_plugin_may_look_others_up(auth: t.Any, people: t.Any, add_plugin: t.Any) -> None:
    """A look-up of other keys from inside a hook is answered."""
    identities = IdentityMap(auth)

    def enrich(identity: t.Any) -> dict[str, t.Any] | None:
        if identity.id != people.id(1):
            return None
        return {"head": identities[people.id(2)].username}

    add_plugin("campus", globus_enrich_identity=enrich)

    record = identities[people.id(1)]

    assert record.extensions["campus"] == {"head": people.username(2)}
