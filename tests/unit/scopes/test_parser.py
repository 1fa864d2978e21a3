from __future__ import annotations

import pytest

from globus_core.exc import GlobusSDKUsageError
from globus_core.scopes import Scope, ScopeCycleError, ScopeParseError, ScopeParser, TransferScopes


def written(scopes: list[Scope]) -> str:
    return " ".join(map(str, scopes))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("   ", ""),
        ("a", "a"),
        ("  a   b ", "a b"),
        ("b a", "b a"),
        ("a a", "a"),
        ("*a", "*a"),
        ("a[ b  c ]  d", "a[b c] d"),
        ("a[b[c] *d] *e", "a[b[c] *d] *e"),
        ("foo*bar", "foo *bar"),
        ("a[b*c]", "a[b *c]"),
        ("a\tb\nc", "a\tb\nc"),
        ("a[b\nc]", "a[b\nc]"),
        ("\n a[b]\n", "a[b]"),
        ("a\n", "a"),
    ],
)
def test_parse_reads_the_grammar(text: str, expected: str) -> None:
    """Scopes are read in the order in which they stand."""
    assert written(ScopeParser.parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a[b] a[c]", "a[b c]"),
        ("a[b *b]", "a[b]"),
        ("a[*b b]", "a[b]"),
        ("a[*b c] a[b]", "a[b c]"),
        ("a *a", "a *a"),
        ("*a a *a", "*a a"),
        ("*a[b] a[c]", "*a[b c] a[b c]"),
        ("a[b[c]] b[d]", "a[b[c d]] b[c d]"),
        ("a[*b[c]] b", "a[*b[c]] b[c]"),
        ("b[c] a[b]", "b[c] a[b[c]]"),
        ("a[b *b[c]] b", "a[b[c]] b[c]"),
        ("x[b] y[*b[c]]", "x[b[c]] y[*b[c]]"),
        ("a[b c] d[c b]", "a[b c] d[c b]"),
    ],
)
def test_parse_merges_by_name(text: str, expected: str) -> None:
    """A name's dependencies are the same wherever it stands."""
    assert written(ScopeParser.parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "reason", "position"),
    [
        ("a*", "without a scope directly after it", 1),
        ("* a", "without a scope directly after it", 0),
        ("*[a]", "without a scope directly after it", 0),
        ("**a", "without a scope directly after it", 0),
        ("a*[b]", "without a scope directly after it", 1),
        ("a[b*]", "without a scope directly after it", 3),
        ("*", "without a scope directly after it", 0),
        ("[a]", "without a scope directly before it", 0),
        ("a [b]", "without a scope directly before it", 2),
        ("a[[b]]", "without a scope directly before it", 2),
        ("a[]", "empty brackets", 2),
        ("a[  ]", "empty brackets", 4),
        ("a[b[]]", "empty brackets", 4),
        ("a[", "without a ']' after it", 1),
        ("a[b", "without a ']' after it", 1),
        ("a[b[c]", "without a ']' after it", 1),
        ("a]", "without a '[' before it", 1),
        ("]", "without a '[' before it", 0),
        ("a[b]]", "without a '[' before it", 4),
        ("a[b] ] c", "without a '[' before it", 5),
        ("a[b]c", "must be followed by a space or ']'", 3),
        ("a[b]*c", "must be followed by a space or ']'", 3),
        ("a[b][c]", "must be followed by a space or ']'", 3),
        ("a[b]\n c", "must be followed by a space or ']'", 3),
    ],
)
def test_parse_says_what_is_wrong_and_where(text: str, reason: str, position: int) -> None:
    """Text outside the grammar is an error that names the reason and the place."""
    with pytest.raises(ScopeParseError) as caught:
        ScopeParser.parse(text)

    assert reason in str(caught.value)
    assert f"at position {position} " in str(caught.value)
    assert not isinstance(caught.value, ScopeCycleError)


def test_parse_error_shows_only_the_place() -> None:
    """A long text is not repeated in full."""
    text = "a " * 5000 + "[b] " + "c " * 5000

    with pytest.raises(ScopeParseError) as caught:
        ScopeParser.parse(text)

    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("text", "drawing"),
    [
        ("a[a]", "a -> a"),
        ("a[*a]", "a -> a"),
        ("a[b] b[a]", "b -> a -> b"),
        ("x a[b[c[*a]]]", "a -> b -> c"),
        ("a[b] b[c] c[b]", "c -> b -> c"),
    ],
)
def test_parse_refuses_cycles_across_the_text(text: str, drawing: str) -> None:
    """A scope that depends on itself is an error that shows the cycle."""
    with pytest.raises(ScopeCycleError) as caught:
        ScopeParser.parse(text)

    assert drawing in str(caught.value)
    assert isinstance(caught.value, ScopeParseError)


def test_parse_draws_a_long_cycle_short() -> None:
    """The message of a cycle through thousands of scopes stays readable."""
    text = " ".join(f"a{i}[a{(i + 1) % 3000}]" for i in range(3000))

    with pytest.raises(ScopeCycleError) as caught:
        ScopeParser.parse(text)

    assert " -> ... -> " in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("text", ["[" * 5000, "a[" * 5000, "a[b " * 5000, "a" + "]" * 5000])
def test_parse_takes_deep_nonsense(text: str) -> None:
    """Depth is no way around the errors of the grammar."""
    with pytest.raises(ScopeParseError):
        ScopeParser.parse(text)


def test_parse_takes_only_text() -> None:
    """Something else is refused by its type."""
    with pytest.raises(TypeError, match="must be a str, not list"):
        ScopeParser.parse(["a"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("", "", ""),
        ("a", "", "a"),
        ("", "a", "a"),
        ("b a", "c a", "b a c"),
        ("*a", "a", "*a a"),
        ("a", "a[b]", "a[b]"),
        ("a[b]", "a", "a[b]"),
        ("a[b]", "a[b]", "a[b]"),
        ("a[b]", "c[d]", "a[b] c[d]"),
        ("a[*b]", "a[b]", "a[b]"),
        ("*a[b]", "a", "*a[b] a[b]"),
        ("a[b[c]]", "b[d]", "a[b[c d]] b[c d]"),
        ("a[b[c]]", "b", "a[b[c]] b[c]"),
    ],
)
def test_merge_follows_the_rules_of_parse(one: str, other: str, expected: str) -> None:
    """Merging objects gives what parsing the two texts in a row would give."""
    merged = ScopeParser.merge_scopes(ScopeParser.parse(one), ScopeParser.parse(other))

    assert written(merged) == expected
    assert merged == ScopeParser.parse(f"{one} {other}")


def test_merge_mends_scopes_made_by_hand() -> None:
    """A scope that holds one dependency twice comes out with it once."""
    scope = Scope("a", dependencies=[Scope("b", optional=True), Scope("b")])

    assert written(ScopeParser.merge_scopes([scope], [])) == "a[b]"


def test_merge_refuses_cycles() -> None:
    """Scopes that are good apart can make a cycle together."""
    one, other = ScopeParser.parse("a[b]"), ScopeParser.parse("b[a]")

    with pytest.raises(ScopeCycleError):
        ScopeParser.merge_scopes(one, other)
    with pytest.raises(ScopeCycleError):
        ScopeParser.merge_scopes([Scope("a", dependencies=[Scope("a")])], [])


def test_merge_looks_at_shared_parts_once() -> None:
    """Scopes that share what is below them do not make the work explode."""
    scope = Scope("top")
    for level in range(60):
        left = Scope(f"a{level}", dependencies=[scope])
        right = Scope(f"b{level}", dependencies=[scope])
        scope = Scope(f"c{level}", dependencies=[left, right])

    merged = ScopeParser.merge_scopes([scope], [Scope("top", dependencies=[Scope("new")])])

    assert [item.scope_string for item in merged] == ["c59", "top"]
    assert merged[1].dependencies == (Scope("new"),)


def test_merge_takes_any_iterable_of_scopes_only() -> None:
    """Iterables are read once, and texts are refused by their type."""
    assert ScopeParser.merge_scopes(iter([Scope("a")]), (Scope("b"),)) == [Scope("a"), Scope("b")]
    with pytest.raises(TypeError, match="must be Scopes, not str"):
        ScopeParser.merge_scopes(["a"], [])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ("a", "a"),
        ("a  b[c]", "a  b[c]"),
        (Scope("a", optional=True), "*a"),
        (["a", Scope("b")], "a b"),
        (["a", "a"], "a a"),
        ((name for name in "ab"), "a b"),
        (["a", ["b", (Scope("c"),)]], "a b c"),
        (["a", "", " "], "a"),
        (["not [ parsed"], "not [ parsed"),
        (TransferScopes, " ".join(map(str, TransferScopes))),
    ],
)
def test_serialize_joins_without_parsing(scopes: object, expected: str) -> None:
    """Texts are taken as they are, scopes are written, nested iterables are flattened."""
    assert ScopeParser.serialize(scopes) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("scopes", ["", "  ", [], [""], [[], " "]])
def test_serialize_refuses_nothing(scopes: list[str]) -> None:
    """Nothing to write is an error, unless it is allowed."""
    with pytest.raises(GlobusSDKUsageError, match="at least one scope"):
        ScopeParser.serialize(scopes)
    assert ScopeParser.serialize(scopes, reject_empty=False) == ""


@pytest.mark.parametrize("scopes", [None, 3, b"a", ["a", 3], [None]])
def test_serialize_takes_only_scopes(scopes: object) -> None:
    """What is neither a text nor a scope is refused by its type."""
    with pytest.raises(TypeError, match="must be a str or a Scope"):
        ScopeParser.serialize(scopes)  # type: ignore[arg-type]
