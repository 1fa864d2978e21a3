from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core.scopes import Scope, ScopeCycleError, ScopeParseError, ScopeParser
from globus_core.scopes._grammar import read_graph
from globus_core.scopes._graph import build

names = st.text(alphabet="abcde/:.", min_size=1, max_size=3)
leaves = st.builds(Scope, names, st.booleans())
# the level stands in the name, so that no scope depends on itself
trees = st.recursive(
    leaves.map(lambda scope: (0, scope)),
    lambda below: st.builds(
        lambda scope, dependencies: (
            1 + max(level for level, _ in dependencies),
            Scope(
                f"{scope.scope_string}{1 + max(level for level, _ in dependencies)}",
                scope.optional,
                [dependency for _, dependency in dependencies],
            ),
        ),
        leaves,
        st.lists(below, min_size=1, max_size=3),
    ),
    max_leaves=8,
).map(lambda leveled: leveled[1])
scope_lists = st.lists(trees, max_size=5)
nonsense = st.text(alphabet="ab[]* \n\t", max_size=30) | st.text(max_size=30)


def as_sets(scope: Scope) -> object:
    below = frozenset(as_sets(dependency) for dependency in scope.dependencies)
    return (scope.scope_string, scope.optional, below)


def written(scopes: list[Scope]) -> str:
    return ScopeParser.serialize(scopes, reject_empty=False)


@settings(max_examples=100)
@given(scope_lists)
def test_parsing_is_a_fixed_point_after_once(scopes: list[Scope]) -> None:
    """What parse gives is written and read again without change."""
    parsed = ScopeParser.parse(written(scopes))

    assert ScopeParser.parse(written(parsed)) == parsed


@settings(max_examples=100)
@given(scope_lists, scope_lists)
def test_merging_objects_is_parsing_both_texts(one: list[Scope], other: list[Scope]) -> None:
    """The objects need not be written to be merged."""
    together = ScopeParser.parse(f"{written(one)} {written(other)}")

    assert ScopeParser.merge_scopes(one, other) == together


@settings(max_examples=100)
@given(scope_lists)
def test_merging_with_itself_changes_nothing(scopes: list[Scope]) -> None:
    """Merging is idempotent."""
    merged = ScopeParser.merge_scopes(scopes, [])

    assert ScopeParser.merge_scopes(merged, merged) == merged
    assert ScopeParser.merge_scopes(merged, []) == merged


@settings(max_examples=100)
@given(scope_lists, scope_lists)
def test_order_of_merging_changes_only_the_order(one: list[Scope], other: list[Scope]) -> None:
    """As sets, the two ways of merging are the same."""
    forth = ScopeParser.merge_scopes(one, other)
    back = ScopeParser.merge_scopes(other, one)

    assert {as_sets(scope) for scope in forth} == {as_sets(scope) for scope in back}
    assert len(forth) == len(back)


@settings(max_examples=100)
@given(scope_lists, scope_lists, scope_lists)
def test_merging_is_associative(one: list[Scope], other: list[Scope], third: list[Scope]) -> None:
    """It does not matter which two of three lists are merged first."""
    merge = ScopeParser.merge_scopes

    assert merge(merge(one, other), third) == merge(one, merge(other, third))


@settings(max_examples=200)
@given(nonsense)
def test_any_text_is_scopes_or_a_parse_error(text: str) -> None:
    """No text gets another exception out of the parser."""
    try:
        scopes = ScopeParser.parse(text)
    except ScopeCycleError as error:
        assert "depends on itself" in str(error)
    except ScopeParseError as error:
        assert "at position" in str(error)
    else:
        assert ScopeParser.parse(written(scopes)) == scopes


@settings(max_examples=100)
@given(st.text(min_size=1, max_size=20))
def test_any_good_name_survives(name: str) -> None:
    """A name that a scope takes is read back from its written form, but for blank edges."""
    try:
        scope = Scope(name, optional=True)
    except ValueError:
        assert set(name) & set("[]* ")
    else:
        if name == name.strip():
            assert Scope.parse(str(scope)) == scope


shallow = st.lists(st.sampled_from(["a", "*a", "b", "a[c]", "*a[c]", "b[*c d]", "d[e *e]", "e[a]"]))


@settings(max_examples=200)
@given(shallow.map(" ".join) | nonsense)
def test_the_short_way_and_the_graph_read_the_same(text: str) -> None:
    """Texts that nest one level are read without a graph, and no reader can tell."""
    try:
        expected: object = build(*read_graph(text.strip()), Scope)
    except ScopeParseError as error:
        expected = (type(error), str(error))
    try:
        found: object = ScopeParser.parse(text)
    except ScopeParseError as error:
        found = (type(error), str(error))

    assert found == expected
