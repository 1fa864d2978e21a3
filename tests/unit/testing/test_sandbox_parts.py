"""What a service needs to bring a sandbox: fields, routes, errors, registries."""

from __future__ import annotations

import subprocess
import sys
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core.testing.sandbox import (
    ApiError,
    Collection,
    Registry,
    error_document,
    fields,
    is_loopback,
    routes,
)

AN_ID = "48e2f7b1-d03a-4956-9cb8-3e1a7d5f0624"
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
_CHECKS: dict[str, fields.Check] = {
    "name": fields.text,
    "public": fields.flag,
    "wait": fields.seconds,
    "id": fields.identifier,
    "kind": fields.one_of("big", "small"),
    "suffix": fields.matching("[a-z]+", "lower-case letters"),
    "names": fields.list_of(fields.text),
    "owner": fields.nullable(fields.object_of({"id": fields.identifier})),
}
GOOD: dict[str, t.Any] = {
    "name": "a name",
    "public": False,
    "wait": 0,
    "id": AN_ID,
    "kind": "big",
    "suffix": "abc",
    "names": ["a", "b"],
    "owner": None,
}
WRONG: dict[str, tuple[t.Any, ...]] = {
    "name": ("", "a\nb", 1),
    "public": (0, "true", None),
    "wait": (-1, True, 1.5),
    "id": ("x", None, 5),
    "kind": ("BIG", None, []),
    "suffix": ("a1", "", 5),
    "names": ("a", [""], {}),
    "owner": ({}, {"id": "x"}, {"id": AN_ID, "more": 1}),
}


@pytest.mark.parametrize("wrapper", [None, "station"])
def test_good_fields_are_returned_checked(wrapper: str | None) -> None:
    """Lists become tuples and ids are spelled as usual, with and without a wrapper."""
    given = {**GOOD, "id": AN_ID.upper()}
    body = given if wrapper is None else {wrapper: given}

    assert fields.read(body, _CHECKS, ("name",), wrapper=wrapper) == {**GOOD, "names": ("a", "b")}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_field_is_named(name: str, value: t.Any) -> None:
    """The error is a 400 and says what the field must be."""
    with pytest.raises(ApiError, match=f"{name} must be ") as caught:
        fields.read({**GOOD, name: value}, _CHECKS)

    assert (caught.value.status, caught.value.code) == (400, "INVALID_PARAMETERS")


def test_unknown_and_missing_fields_are_named() -> None:
    """Both with the object that they belong to."""
    with pytest.raises(ApiError, match="station has no field 'size'"):
        fields.read({"station": {"size": 1}}, _CHECKS, wrapper="station")
    with pytest.raises(ApiError, match="the body needs name, id"):
        fields.read({}, _CHECKS, ("name", "id"))


@given(body=_JSON)
def test_any_document_is_read_or_refused_with_400(body: t.Any) -> None:
    """Whatever a client sends, a wrapper there or not."""
    for wrapper in (None, "station"):
        try:
            fields.read(body, _CHECKS, ("name",), wrapper=wrapper)
        except ApiError as error:
            assert error.status == 400


def test_routes_are_made_from_a_table() -> None:
    """With what all paths begin with, and a decorator around all views."""
    calls: list[str] = []

    def around(view: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        def run() -> t.Any:
            calls.append("before")
            return view()

        return run

    (plain,) = routes(("GET", "/stations", lambda: "all"))
    (changed,) = routes(("PUT", "/stations", lambda: "all"), prefix="/v1", around=around)

    assert (plain.method, plain.path, plain.view()) == ("GET", "/stations", "all")
    assert (changed.method, changed.path, changed.view()) == ("PUT", "/v1/stations", "all")
    assert calls == ["before"]


def test_an_error_can_say_more_than_its_code() -> None:
    """Further members stand beside code and detail."""
    error = ApiError(403, "consent is needed", code="ConsentRequired", extra={"scopes": ["x"]})

    document = error_document(error.status, error.detail, code=error.code, extra=error.extra)

    (item,) = document["errors"]
    assert (item["status"], item["code"], item["scopes"]) == ("403", "ConsentRequired", ["x"])
    assert document["error"] == "consentrequired"


def test_a_registry_adds_finds_and_removes() -> None:
    """By the key of each thing; going through it is safe while it changes."""
    registry: Registry[Collection] = Registry(lambda collection: collection.id)
    first, second = (
        Collection(id=key, root="/data", kind="gcp", owner=AN_ID) for key in ("one", "two")
    )
    registry.add(first, second)

    for collection in registry:
        registry.remove(collection.id)
        assert registry.find(collection.id) is None
    registry.add(first)

    assert registry.find("one") is first
    registry.clear()
    assert list(registry) == []


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        *((host, True) for host in ("localhost", "127.0.0.1", "::1")),
        *(
            (host, False)
            for host in ("", None, "example.org", "192.0.2.1", "127.0.0.1.example.org")
        ),
    ],
)
def test_a_loopback_host_is_told_from_others(host: str | None, expected: bool) -> None:
    """By name or address."""
    assert is_loopback(host) is expected


def test_neither_pytest_nor_the_web_framework_is_needed() -> None:
    """A service's sandbox runs where only the extra of the sandbox is installed."""
    code = (
        "import sys\n"
        "for name in ('pytest', 'responses', 'flask', 'requests'): sys.modules[name] = None\n"
        "from globus_core.testing.sandbox import *\n"
        "print(ServiceSandbox.__name__, World.__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.split() == ["ServiceSandbox", "World"]
