"""
Consents: reading them, the trees they form, and what these suffice for.
"""

from __future__ import annotations

import copy
import datetime
import html
import pickle
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core import AccessTokenAuthorizer, AuthClient
from globus_core.exc import GlobusError
from globus_core.scopes import Scope, ScopeParseError, ScopeParser
from globus_core.scopes.consents import (
    Consent,
    ConsentForest,
    ConsentParseError,
    ConsentTree,
    ConsentTreeConstructionError,
)
from tests.unit.auth import fakes

CLIENT = "5d0c7f1e-2a64-4b0e-9d3a-1f6c8e70b255"
SCOPE = "89ec2b7d-5e10-4fa3-86d9-0b4c7a61e2f8"
UTC = datetime.timezone.utc


def document(path: list[int], scope_name: str = "a", **changes: t.Any) -> fakes.Document:
    """
    A consent document, as the consents API gives it.
    """
    return {
        "id": path[-1],
        "client": CLIENT,
        "scope": SCOPE,
        "scope_name": scope_name,
        "effective_identity": fakes.IDENTITY,
        "dependency_path": path,
        "status": "approved",
        "allows_refresh": True,
        "auto_approved": False,
        "atomically_revocable": False,
        "created": "2026-01-02T03:04:05.678901+00:00",
        "updated": "2026-01-02T03:04:05.678901+00:00",
        "last_used": "2026-02-02T03:04:05.678901+00:00",
        **changes,
    }


def forest(*rows: tuple[list[int], str]) -> ConsentForest:
    """
    A forest of paths and scope names.
    """
    return ConsentForest([document(path, name) for path, name in rows])


# a[b[c d] b[e]]  a[f]  g
GROVE = (
    ([1], "a"),
    ([1, 2], "b"),
    ([1, 2, 3], "c"),
    ([1, 2, 4], "d"),
    ([1, 5], "b"),
    ([1, 5, 6], "e"),
    ([7], "a"),
    ([7, 8], "f"),
    ([9], "g"),
)


# one consent


def test_a_consent_is_read_whole() -> None:
    """
    All 13 keys; those that are not known are ignored.
    """
    consent = Consent.load(document([4101], "openid", something_new=1))
    assert consent.id == 4101
    assert (consent.client, consent.scope, consent.scope_name) == (CLIENT, SCOPE, "openid")
    assert consent.effective_identity == fakes.IDENTITY
    assert consent.dependency_path == [4101]
    assert consent.created == datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)
    assert consent.last_used.month == 2
    assert (consent.status, consent.allows_refresh) == ("approved", True)
    assert (consent.auto_approved, consent.atomically_revocable) == (False, False)


@pytest.mark.parametrize("key", sorted(document([1])))
def test_a_missing_key_is_named(key: str) -> None:
    """
    In an error that keeps the document.
    """
    raw = document([1])
    del raw[key]
    with pytest.raises(ConsentParseError, match=rf"lacks {key}$") as caught:
        Consent.load(raw)
    assert caught.value.raw_consent is raw
    assert isinstance(caught.value, GlobusError)


@pytest.mark.parametrize(
    "changes",
    [
        {"created": None},
        {"updated": "yesterday"},
        {"last_used": 1790000000},
        {"last_used": ""},
        {"id": "1"},
        {"id": True},
        {"dependency_path": []},
        {"dependency_path": "1"},
        {"dependency_path": [1, "2"]},
        {"dependency_path": [2]},
        {"scope_name": None},
        {"client": [CLIENT]},
        {"scope": {"id": SCOPE}},
        {"effective_identity": []},
        {"status": ["approved"]},
        {"allows_refresh": {}},
    ],
)
def test_a_value_of_another_kind_is_a_parse_error(changes: fakes.Document) -> None:
    """
    Nothing foreign leaks.
    """
    with pytest.raises(ConsentParseError):
        Consent.load(document([1]) | changes)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    ),
    st.sampled_from(sorted(document([1]))),
)
def test_any_value_of_any_key_is_read_or_a_parse_error(value: t.Any, key: str) -> None:
    """
    So is anything instead of a document.
    """
    documents: list[t.Any] = [document([1]) | {key: value}, value]
    for one in documents:
        try:
            str(ConsentForest([one]))
        except ConsentParseError as error:
            pickle.loads(pickle.dumps(error))
        except ConsentTreeConstructionError:
            assert key == "dependency_path"


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2026-01-02T03:04:05Z", 0),
        ("2026-01-02T03:04:05+00:00", 0),
        ("2026-01-02T03:04:05.5Z", 500000),
        ("2026-01-02T03:04:05.123456789+00:00", 123456),
    ],
)
def test_times_may_be_written_in_the_usual_ways(text: str, microsecond: int) -> None:
    """
    On every Python, also where the standard library knows fewer.
    """
    consent = Consent.load(document([1], created=text))
    assert consent.created == datetime.datetime(2026, 1, 2, 3, 4, 5, microsecond, UTC)


def test_consents_are_values() -> None:
    """
    Equal by all they hold, usable in sets, not to be changed.
    """
    one, same = Consent.load(document([1])), Consent.load(document([1]))
    assert one == same
    assert len({one, same}) == 1
    assert one != Consent.load(document([1], status="revoked"))
    assert one != t.cast("t.Any", document([1]))
    with pytest.raises(AttributeError):
        one.status = "revoked"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one


def test_a_consent_says_who_may_do_what() -> None:
    """
    Scope, number and client.
    """
    assert str(Consent.load(document([7], "openid"))) == f"openid (consent 7 of client {CLIENT})"


# the forest


def test_a_forest_has_a_tree_for_each_root() -> None:
    """
    With nodes, edges and depth.
    """
    grove = forest(*GROVE)
    assert [node.id for node in grove.nodes] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert grove.edges == {
        1: {2, 5}, 2: {3, 4}, 3: set(), 4: set(), 5: {6}, 6: set(), 7: {8}, 8: set(), 9: set()
    }  # fmt: skip
    assert [tree.root.id for tree in grove.trees] == [1, 7, 9]
    assert [tree.max_depth for tree in grove.trees] == [3, 2, 1]
    first = grove.trees[0]
    assert [node.id for node in first.nodes] == [1, 2, 5, 3, 4, 6]
    assert first.edges == {1: {2, 5}, 2: {3, 4}, 3: set(), 4: set(), 5: {6}, 6: set()}
    assert first.get_node(6) is grove.get_node(6)
    assert ConsentTree(2, grove).max_depth == 2


def test_numbers_that_are_not_there_are_key_errors() -> None:
    """
    In forest and tree.
    """
    grove = forest(*GROVE)
    for get_node in (grove.get_node, grove.trees[0].get_node):
        with pytest.raises(KeyError):
            get_node(99)
    with pytest.raises(KeyError):
        grove.trees[0].get_node(9)


def test_documents_and_objects_may_be_mixed_and_come_in_any_order() -> None:
    """
    Children may stand before their parents.
    """
    rows: list[t.Any] = [document(path, name) for path, name in reversed(GROVE)]
    rows[0] = Consent.load(rows[0])
    assert ConsentForest(iter(rows)) == forest(*GROVE)
    assert forest(([1], "a")) != forest(([1], "b"))


def test_a_consent_below_one_that_is_not_there_is_an_error() -> None:
    """
    Which keeps all consents.
    """
    with pytest.raises(ConsentTreeConstructionError, match=r"consent 3 .* consent 2\b") as caught:
        forest(([1], "a"), ([1, 2, 3], "c"))
    assert [consent.id for consent in caught.value.consents] == [1, 3]
    assert isinstance(caught.value, GlobusError)
    copied = pickle.loads(pickle.dumps(caught.value))
    assert copied.consents == caught.value.consents


# what it suffices for


@pytest.mark.parametrize(
    ("required", "met"),
    [
        ("a", True),
        ("g", True),
        ("a g", True),
        ("z", False),
        ("a z", False),
        ("b", False),
        ("a[b]", True),
        ("a[*b]", True),
        ("*a[b]", True),
        ("a[b[c d]]", True),
        ("a[b[e]]", True),
        ("a[b[c e]]", False),
        ("a[f]", True),
        ("a[b f]", False),
        ("a[c]", False),
        ("g[a]", False),
        ("", True),
        ([], True),
        (Scope("a"), True),
        (Scope("a").with_dependency(Scope("z", optional=True)), False),
        ([Scope("a").with_dependency(Scope("f")), "a[b] g"], True),
        (("a[f]", "a[b[e]]"), True),
        (["a[f]", "a[z]"], False),
    ],
    ids=str,
)
def test_requirements_are_met_by_single_trees(required: t.Any, met: bool) -> None:
    """
    Each by one tree as a whole; stars do not matter.
    """
    assert forest(*GROVE).meets_scope_requirements(required) is met


def test_an_empty_forest_meets_only_what_requires_nothing() -> None:
    """
    Nothing was consented to.
    """
    nothing = ConsentForest([])
    assert nothing.meets_scope_requirements([])
    assert not nothing.meets_scope_requirements("openid")


def test_how_a_consent_was_given_does_not_matter() -> None:
    """
    Neither status, nor client, nor whether it can be revoked alone.
    """
    changes = {"status": "denied", "client": SCOPE, "atomically_revocable": True}
    grove = ConsentForest([document([1]), document([1, 2], "b", **changes)])
    assert grove.meets_scope_requirements("a[b]")


def test_a_tree_takes_one_requirement() -> None:
    """
    As an object or as text; text that is no scope is an error.
    """
    tree = forest(*GROVE).trees[0]
    assert tree.meets_scope_requirements(Scope("a"))
    assert tree.meets_scope_requirements("a[b[e]]")
    assert not tree.meets_scope_requirements("a[f]")
    with pytest.raises(ScopeParseError):
        tree.meets_scope_requirements("a[")


def plain_answer(grove: ConsentForest, required: list[Scope]) -> bool:
    """
    The specification's sentence, word for word and without regard to cost.
    """

    def meets(consent: Consent, scope: Scope) -> bool:
        below = [grove.get_node(child) for child in grove.edges[consent.id]]
        return consent.scope_name == scope.scope_string and all(
            any(meets(child, dependency) for child in below) for dependency in scope.dependencies
        )

    return all(any(meets(tree.root, scope) for tree in grove.trees) for scope in required)


@st.composite
def forests(draw: st.DrawFn) -> ConsentForest:
    """
    Forests of up to 12 consents with few names.
    """
    paths: list[list[int]] = []
    for number in range(draw(st.integers(0, 12))):
        parent = draw(st.sampled_from([[], *paths]))
        paths.append([*parent, number])
    return forest(*[(path, draw(st.sampled_from("abcd"))) for path in paths])


SCOPES = st.recursive(
    st.builds(Scope, st.sampled_from("abcd"), st.booleans()),
    lambda inner: st.builds(
        Scope, st.sampled_from("abcd"), st.booleans(), st.lists(inner, max_size=3)
    ),
    max_leaves=6,
)


@given(forests(), st.lists(SCOPES, max_size=3))
def test_the_answer_is_that_of_the_specification(
    grove: ConsentForest, required: list[Scope]
) -> None:
    """
    The quick way agrees with the plain one.
    """
    assert grove.meets_scope_requirements(required) is plain_answer(grove, required)


def test_shared_dependencies_cost_no_more_than_their_number() -> None:
    """
    A diamond 24 deep has 16 million ways through it.
    """
    depth = 24
    text = " ".join(f"a{i}[a{i + 1} b{i + 1}] b{i}[a{i + 1} b{i + 1}]" for i in range(depth))
    diamond = ScopeParser.parse(text)[0]
    path = [0]
    rows = [(path, "a0")]
    for level in range(1, depth + 1):
        rows += [([*path, 2 * level + 1], f"b{level}"), ([*path, 2 * level], f"a{level}")]
        path = [*path, 2 * level]
    grove = forest(*rows)
    assert not grove.meets_scope_requirements(diamond)
    # the same requirement again and again below one consent, met each time by twenty others
    same = Scope("x")
    for _ in range(depth):
        same = Scope("x", dependencies=[same, same])
    towers = [([*range(level + 1)], "x") for level in range(depth + 1)]
    assert forest(*towers).meets_scope_requirements(same)


def test_very_deep_consents_and_requirements_do_not_recurse() -> None:
    """
    A chain far beyond Python's stack is built, asked and drawn.
    """
    deep = 1500
    grove = forest(*[([*range(level + 1)], "x") for level in range(deep)])
    chain = Scope("x")
    for _ in range(deep - 1):
        chain = Scope("x", dependencies=[chain])
    assert grove.trees[0].max_depth == deep
    assert grove.meets_scope_requirements(chain)
    assert not grove.meets_scope_requirements(Scope("x", dependencies=[chain]))
    drawn = str(grove)
    assert drawn.endswith("└── ...")
    assert len(drawn) < 10_000


# the drawing


def test_a_forest_draws_itself() -> None:
    """
    One consent a line, children below their parents, stars at what can be revoked alone.
    """
    rows = [document(path, name) for path, name in GROVE]
    rows[4]["atomically_revocable"] = True
    rows[8]["status"] = "revoked"
    assert str(ConsentForest(rows)).splitlines() == [
        f"a (consent 1), client {CLIENT}",
        "├── b (consent 2)",
        "│   ├── c (consent 3)",
        "│   └── d (consent 4)",
        "└── *b (consent 5)",
        "    └── e (consent 6)",
        f"a (consent 7), client {CLIENT}",
        "└── f (consent 8)",
        f"g (consent 9, revoked), client {CLIENT}",
    ]
    assert repr(forest(*GROVE)) == "<ConsentForest of 9 consents in 3 trees>"
    assert repr(forest(*GROVE).trees[0]) == "<ConsentTree of 6 consents below 'a'>"


def test_a_drawing_cannot_steer_the_terminal() -> None:
    """
    Names come from a server.
    """
    drawn = str(forest(([1], "a\x1b[2J\nb (consent 2)")))
    assert drawn == f"a\\x1b[2J\\nb (consent 2) (consent 1), client {CLIENT}"


# the response


def test_a_response_gives_its_forest(server: fakes.FakeAuth) -> None:
    """
    From the documents under ``consents``.
    """
    authorizer = AccessTokenAuthorizer("a-token")
    auth = fakes.joined(AuthClient(base_url=fakes.BASE_URL, authorizer=authorizer), server)
    path = f"/v2/api/identities/{fakes.IDENTITY}/consents"
    server.answer(path, {"consents": [document(path, name) for path, name in GROVE]})
    assert auth.get_consents(fakes.IDENTITY).to_forest() == forest(*GROVE)
    bodies: list[t.Any] = [{}, {"consents": None}, [], "no JSON"]
    for body in bodies:
        server.answer(path, body)
        with pytest.raises(ConsentParseError, match="no list of consents"):
            auth.get_consents(fakes.IDENTITY).to_forest()


@pytest.mark.parametrize("paths", [[[1, 1]], [[2, 1], [1, 2]], [[1], [3, 2], [2, 3]]])
def test_consents_that_go_round_in_a_circle_are_no_trees(paths: list[list[int]]) -> None:
    """
    A consent below itself would be lost, and whoever walked down would not come to an end.
    """
    with pytest.raises(ConsentTreeConstructionError, match="given for itself"):
        ConsentForest([document(path) for path in paths])


values = st.none() | st.booleans() | st.integers(-3, 5) | st.text(max_size=3)
odd_paths = st.lists(st.integers(1, 5) | st.none(), max_size=4) | values
odd_consents = st.builds(
    lambda path, name, changes, lost: {
        key: value
        for key, value in {**document(path or [1], name), **changes}.items()
        if key != lost
    },
    st.lists(st.integers(1, 5), min_size=1, max_size=3),
    st.sampled_from("abc"),
    st.fixed_dictionaries(
        {},
        optional={
            "id": values,
            "dependency_path": odd_paths,
            "scope_name": values,
            "created": values | st.just("2026-01-02T03:04:05.5Z"),
            "status": values | st.just([1]),
            "client": values | st.just({}),
        },
    ),
    st.none() | st.sampled_from(["id", "client", "created"]),
)


@settings(max_examples=200)
@given(st.lists(odd_consents | values, max_size=6))
def test_any_documents_are_a_forest_or_one_of_two_errors(documents: list[t.Any]) -> None:
    """
    And a forest holds each consent in one tree, answers and draws itself.
    """
    try:
        grown = ConsentForest(documents)
    except (ConsentParseError, ConsentTreeConstructionError) as error:
        assert isinstance(error, GlobusError)
        return
    in_trees = [consent.id for tree in grown.trees for consent in tree.nodes]
    assert sorted(in_trees) == sorted(consent.id for consent in grown.nodes)
    assert len(str(grown).splitlines()) == max(1, len(grown.nodes))
    for consent in grown.nodes:
        assert grown.get_node(consent.id) is consent
        if consent.is_root and consent.scope_name and not set(consent.scope_name) & set("[]* "):
            assert grown.meets_scope_requirements([Scope(consent.scope_name)])
    assert ConsentForest(grown.nodes) == grown


def test_a_notebook_shows_the_trees_of_consents() -> None:
    """With what the marks beside them mean."""
    found = forest(*GROVE)
    for shown in (found._repr_html_(), found.trees[0]._repr_html_()):
        assert "consents" in shown
        assert str(found.trees[0]).splitlines()[0] in html.unescape(shown)
