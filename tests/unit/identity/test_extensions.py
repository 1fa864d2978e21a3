from __future__ import annotations

import typing as t

import pytest

from globus_core_identity import IdentityMap


def test_a_bare_name_goes_to_the_institution(auth: t.Any, people: t.Any, add_plugin: t.Any) -> None:
    """A campus name becomes the identity that it stands for; keys with @ are not asked about."""
    asked: list[str] = []

    def normalize(key: str) -> str | None:
        asked.append(key)
        return people.username(int(key[1:])).upper() if key.startswith("N") else None

    add_plugin("campus", globus_normalize_identity=normalize)
    identities = IdentityMap(auth, ["N1", "N2", people.username(3)])

    assert identities[" N1 "].id == people.id(1)
    assert identities["n2"].id == people.id(2)
    assert identities[people.username(1)].source == "globus"
    assert identities.resolve_many(["N2"]).found["N2"].id == people.id(2)
    assert asked == ["N1", "N2"]
    assert auth.count == 1


def test_bare_names_nobody_knows_share_a_request(auth: t.Any) -> None:
    """Without an institution they are asked for as usernames, in batches."""
    identities = IdentityMap(auth, [f"n{number}" for number in range(30)])

    assert identities.get("n0") is None
    assert identities.get("n29") is None

    assert [len(keys) for keys in auth.requests] == [30]


def test_a_bare_name_may_stand_for_an_id(auth: t.Any, people: t.Any, add_plugin: t.Any) -> None:
    """The institution's answer can be an id."""
    add_plugin("campus", globus_normalize_identity=lambda key: people.id(4))

    assert IdentityMap(auth)["whoever"].username == people.username(4)


@pytest.mark.parametrize("nonsense", [7, "still-bare", "", "a,b@example.org"])
def test_a_nonsense_name_is_reported_and_the_next_is_asked(
    auth: t.Any, people: t.Any, add_plugin: t.Any, plugins: t.Any, nonsense: t.Any
) -> None:
    """An answer that is neither username nor id does not count."""
    add_plugin("odd", first=True, globus_normalize_identity=lambda key: nonsense)
    add_plugin("good", globus_normalize_identity=lambda key: people.username(1))

    assert IdentityMap(auth)["somebody"].id == people.id(1)
    assert "expected a username or an id" in plugins.record("odd").reports[0]


def test_a_directory_is_asked_before_globus(auth: t.Any, people: t.Any, add_plugin: t.Any) -> None:
    """What it answers is marked as its word; the rest goes to Globus Auth."""
    asked: list[tuple[str, ...]] = []

    def resolve(keys: tuple[str, ...]) -> dict[str, t.Any]:
        asked.append(keys)
        return {people.username(1): people.document(1, name="Campus Ada")}

    add_plugin("campus", globus_resolve_identities=resolve)
    identities = IdentityMap(auth, [people.username(1), people.username(2)])

    record = identities[people.username(1)]

    assert (record.source, record.asserted) == ("plugin:campus", True)
    assert record["name"] == "Campus Ada"
    assert identities[people.username(2)].source == "globus"
    assert asked == [(people.username(1), people.username(2))]
    assert auth.requests == [[people.username(2)]]


def test_an_assertion_does_not_answer_for_the_id(
    auth: t.Any, people: t.Any, add_plugin: t.Any
) -> None:
    """A directory that claims somebody's id for a username does not get at that id."""

    def resolve(keys: tuple[str, ...]) -> dict[str, t.Any]:
        return {"mallory@example.org": people.document(1, username="mallory@example.org")}

    add_plugin("campus", globus_resolve_identities=resolve)
    identities = IdentityMap(auth)

    assert identities["mallory@example.org"].asserted
    assert identities[people.id(1)] == people.document(1)
    assert not identities[people.id(1)].asserted


def test_a_plugin_cannot_pose_as_globus(auth: t.Any, people: t.Any, add_plugin: t.Any) -> None:
    """A record that says it is from Globus is marked with the plugin all the same."""
    from globus_core.identities import Identity

    forged = Identity(people.document(1), source="globus", extensions={"other": {"x": 1}})
    add_plugin("globus", globus_resolve_identities=lambda keys: {people.username(1): forged})

    record = IdentityMap(auth)[people.username(1)]

    assert record.source == "plugin:globus"
    assert dict(record.extensions) == {}


@pytest.mark.parametrize(
    "answer",
    [
        ["no mapping"],
        {"user00001@example.org": "no document"},
        {"user00001@example.org": {"id": "no id", "username": "user00001@example.org"}},
        {
            "user00001@example.org": {
                "id": "5a9db0c1-0000-4000-8000-000000000009",
                "username": "somebody.else@example.org",
            }
        },
    ],
)
def test_a_nonsense_directory_is_reported_and_passed_over(
    auth: t.Any, people: t.Any, add_plugin: t.Any, plugins: t.Any, answer: t.Any
) -> None:
    """The look-up goes on with Globus Auth."""
    add_plugin("campus", globus_resolve_identities=lambda keys: answer)

    assert IdentityMap(auth)[people.username(1)].source == "globus"
    assert len(plugins.record("campus").reports) == 1


def test_answers_for_other_keys_are_not_taken(
    auth: t.Any, people: t.Any, add_plugin: t.Any
) -> None:
    """A directory answers only for what it was asked."""
    add_plugin(
        "campus",
        globus_resolve_identities=lambda keys: {people.username(2): people.document(2)},
    )
    identities = IdentityMap(auth)

    assert identities[people.username(1)].source == "globus"
    assert identities[people.id(2)].source == "globus"


def test_directories_get_what_those_before_left_open(
    auth: t.Any, people: t.Any, add_plugin: t.Any
) -> None:
    """Each is asked only for keys without an answer."""
    asked: dict[str, tuple[str, ...]] = {}

    def directory(name: str, number: int) -> t.Callable[[tuple[str, ...]], dict[str, t.Any]]:
        def resolve(keys: tuple[str, ...]) -> dict[str, t.Any]:
            asked[name] = keys
            return {people.username(number): people.document(number)}

        return resolve

    add_plugin("a", globus_resolve_identities=directory("a", 1))
    add_plugin("b", globus_resolve_identities=directory("b", 2))

    IdentityMap(auth).resolve_many([people.username(1), people.username(2)])

    assert sorted([1, 2]) == sorted(len(keys) for keys in asked.values())
    assert auth.count == 0


def test_attributes_come_under_their_plugins_name(
    auth: t.Any, people: t.Any, add_plugin: t.Any
) -> None:
    """Every plugin is asked; the fields of Globus stay as they are."""
    add_plugin("campus", globus_enrich_identity=lambda identity: {"name": identity.username})
    add_plugin("orcid", globus_enrich_identity=lambda identity: {"orcid": "0000"})
    add_plugin("silent", globus_enrich_identity=lambda identity: None)

    record = IdentityMap(auth)[people.id(1)]

    assert people.document(1) == record
    assert {"campus": {"name": people.username(1)}, "orcid": {"orcid": "0000"}} == dict(
        record.extensions
    )


def test_enrichment_is_asked_once_for_an_identity(
    auth: t.Any, people: t.Any, add_plugin: t.Any
) -> None:
    """Both keys and later look-ups give the record that is there."""
    seen: list[str] = []
    add_plugin("campus", globus_enrich_identity=lambda identity: seen.append(identity.id))
    identities = IdentityMap(auth)

    for key in (people.id(1), people.username(1), people.id(1)):
        assert identities[key]

    assert seen == [people.id(1)]


def test_a_plugin_gets_a_copy(auth: t.Any, people: t.Any, add_plugin: t.Any) -> None:
    """What a plugin does to lists inside the record, or later to its answer, is not seen."""
    mine = {"groups": ["a"]}

    def enrich(identity: t.Any) -> dict[str, t.Any]:
        identity["tags"].append("forged")
        return mine

    auth.by_id[people.id(1)]["tags"] = []
    add_plugin("campus", globus_enrich_identity=enrich)

    record = IdentityMap(auth)[people.id(1)]
    mine["groups"].append("b")

    assert record["tags"] == []
    assert record.extensions["campus"] == {"groups": ["a"]}


@pytest.mark.parametrize("answer", [7, ["a"], {1: 2}, {"load": float("nan")}, {"at": object()}])
def test_nonsense_attributes_are_reported(
    auth: t.Any, people: t.Any, add_plugin: t.Any, plugins: t.Any, answer: t.Any
) -> None:
    """What is no mapping of names, or no JSON data, is left out."""
    add_plugin("campus", globus_enrich_identity=lambda identity: answer)

    assert dict(IdentityMap(auth)[people.id(1)].extensions) == {}
    assert len(plugins.record("campus").reports) == 1


@pytest.mark.parametrize(
    "hook", ["globus_normalize_identity", "globus_resolve_identities", "globus_enrich_identity"]
)
def test_a_plugin_that_raises_fails_nothing(
    auth: t.Any, people: t.Any, add_plugin: t.Any, plugins: t.Any, hook: str
) -> None:
    """The look-up goes on, and the failure is on the plugin's record."""

    def broken(**arguments: t.Any) -> None:
        raise RuntimeError("directory down")

    hooks: dict[str, t.Any] = {
        "globus_normalize_identity": lambda key: broken(),
        "globus_resolve_identities": lambda keys: broken(),
        "globus_enrich_identity": lambda identity: broken(),
    }
    add_plugin("campus", **{hook: hooks[hook]})
    identities = IdentityMap(auth)

    assert identities[people.username(1)].id == people.id(1)
    assert identities.get("bare") is None
    assert any("directory down" in report for report in plugins.record("campus").reports)


def test_a_plugin_that_asks_for_the_same_key_does_not_hang(
    auth: t.Any, people: t.Any, add_plugin: t.Any, plugins: t.Any
) -> None:
    """A look-up from inside a look-up of the same key is an error for the plugin alone."""
    identities = IdentityMap(auth)
    add_plugin("campus", globus_resolve_identities=lambda keys: identities[keys[0]])

    assert identities[people.username(1)].id == people.id(1)
    assert "inside a look-up of the same key" in plugins.record("campus").reports[0]


def test_an_assertion_is_listed_under_its_key(
    auth: t.Any, people: t.Any, add_plugin: t.Any
) -> None:
    """Iteration gives what the institution said, and asks nobody about the id that it named."""
    stranger = people.document(50_000)
    add_plugin("campus", globus_resolve_identities=lambda keys: {stranger["username"]: stranger})
    identities = IdentityMap(auth, [stranger["username"], people.username(1)])

    expected = {stranger["username"]: stranger, people.id(1): people.document(1)}

    assert expected == dict(identities.items())
    assert set(expected) == set(identities.to_dict())
    assert auth.count == 1


def test_two_names_of_one_person_are_asked_for_once(
    auth: t.Any, people: t.Any, add_plugin: t.Any
) -> None:
    """Several bare names may stand for one username."""
    add_plugin("campus", globus_normalize_identity=lambda key: people.username(1))
    identities = IdentityMap(auth, ["ada", "countess"])

    assert identities["ada"] is identities["countess"]
    assert auth.requests == [[people.username(1)]]
