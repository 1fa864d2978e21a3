from __future__ import annotations

import copy
import pickle

import pytest

from globus_core.exc import GlobusError
from globus_core.scopes import Scope, ScopeParseError, ScopeParser


def diamond(depth: int) -> str:
    """Write scopes of which each level depends on both of the next."""
    levels = range(depth)
    return " ".join(f"a{i}[a{i + 1} b{i + 1}] b{i}[a{i + 1} b{i + 1}]" for i in levels)


def chain(depth: int) -> str:
    """Write a scope that nests to some depth."""
    return "[".join(f"a{i}" for i in range(depth)) + "]" * (depth - 1)


def test_scope_has_what_was_given() -> None:
    """The three attributes hold the arguments, dependencies as a tuple."""
    scope = Scope("a", optional=True, dependencies=[Scope("b")])

    assert scope.scope_string == "a"
    assert scope.optional is True
    assert scope.dependencies == (Scope("b"),)


def test_scope_is_required_and_alone_by_default() -> None:
    """A name alone makes a required scope without dependencies."""
    scope = Scope("a")

    assert (scope.optional, scope.dependencies) == (False, ())


@pytest.mark.parametrize("name", ["", "a b", "a[b]", "*a", "a*", "a]", "a["])
def test_scope_refuses_special_characters(name: str) -> None:
    """A name that the written form could not hold is refused."""
    with pytest.raises(ValueError, match="scope string"):
        Scope(name)


def test_scope_refuses_a_name_that_is_no_text() -> None:
    """Something that is not a str is not turned into one."""
    with pytest.raises(TypeError, match="must be a str, not int"):
        Scope(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("dependencies", [["b"], "bc", Scope("b")])
def test_scope_refuses_dependencies_that_are_no_scopes(dependencies: object) -> None:
    """Dependencies are an iterable of scopes and nothing else."""
    with pytest.raises(TypeError):
        Scope("a", dependencies=dependencies)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["scope_string", "optional", "dependencies", "other"])
def test_scope_cannot_be_changed(name: str) -> None:
    """No attribute can be set, changed or deleted."""
    scope = Scope("a")

    with pytest.raises(AttributeError, match="cannot be changed"):
        setattr(scope, name, "b")
    with pytest.raises(AttributeError, match="cannot be changed"):
        delattr(scope, name)
    assert not hasattr(scope, "__dict__")


def test_with_methods_make_new_scopes() -> None:
    """The original stays as it is, and new dependencies come last."""
    scope = Scope("a", dependencies=[Scope("b")])

    assert str(scope.with_dependency(Scope("c", optional=True))) == "a[b *c]"
    assert str(scope.with_dependencies(Scope(name) for name in "cd")) == "a[b c d]"
    assert str(scope.with_optional(True)) == "*a[b]"
    assert str(scope.with_optional(True).with_optional(False)) == "a[b]"
    assert str(scope) == "a[b]"


def test_with_methods_take_only_scopes() -> None:
    """A text is not silently taken for a scope."""
    with pytest.raises(TypeError, match="must be a Scope, not str"):
        Scope("a").with_dependency("b")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="must be a Scope, not str"):
        Scope("a").with_dependencies(["b"])  # type: ignore[list-item]


@pytest.mark.parametrize("text", ["a", "*a", "a[b]", "*a[*b c[d *e] f]", "a[b[c[d]]]"])
def test_str_is_the_written_form(text: str) -> None:
    """What is read is written the same."""
    assert str(Scope.parse(text)) == text


def test_repr_is_the_constructor_call() -> None:
    """The representation of a small scope can be evaluated."""
    scope = Scope.parse("*a[b c[*d]]")

    assert repr(scope) == (
        "Scope('a', optional=True, dependencies=(Scope('b'), "
        "Scope('c', dependencies=(Scope('d', optional=True),))))"
    )
    assert eval(repr(scope)) == scope


@pytest.mark.parametrize("text", [diamond(24), chain(200), "a[" + " ".join("bcdefg" * 99) + "]"])
def test_repr_of_a_large_scope_is_short(text: str) -> None:
    """A representation that goes into a log does not fill it."""
    described = repr(ScopeParser.parse(text)[0])

    assert len(described) < 2000
    assert described.count("(") == described.count(")")


def test_repr_of_a_wide_scope_says_that_there_is_more() -> None:
    """What was left out is shown by dots."""
    wide = Scope("a", dependencies=[Scope(f"b{i}") for i in range(100)])

    assert "..." in repr(wide)


def test_equality_is_structural() -> None:
    """Name, flag and dependencies in order decide."""
    assert Scope.parse("a[b c]") == Scope("a").with_dependency(Scope("b")).with_dependency(
        Scope("c")
    )
    assert Scope("a") != Scope("b")
    assert Scope("a") != Scope("a", optional=True)
    assert Scope.parse("a[b c]") != Scope.parse("a[c b]")
    assert Scope.parse("a[b]") != Scope.parse("a[*b]")
    assert Scope.parse("a[b[c]]") != Scope.parse("a[b[d]]")
    assert Scope("a") != "a"


def test_equal_scopes_have_equal_hashes() -> None:
    """Scopes are keys of sets and dictionaries."""
    one, other = Scope.parse("a[b[c] d]"), Scope.parse("a[b[c] d]")

    assert hash(one) == hash(other)
    assert {one: 1}[other] == 1
    assert len({one, other, Scope("a")}) == 2


def test_comparing_finds_a_difference_behind_equal_hashes() -> None:
    """Equality does not rest on hashes alone."""
    from globus_core.scopes._scope import _same_dependencies, _set_hash

    one, other = Scope.parse("a[b[c]]"), Scope.parse("a[b[d]]")
    for scope in (one, other):
        _set_hash(scope, 1)

    assert not _same_dependencies(one, other)


def test_copies_are_the_scope_itself() -> None:
    """What cannot change need not be copied."""
    scope = Scope.parse("a[b]")

    assert copy.copy(scope) is scope
    assert copy.deepcopy(scope) is scope


@pytest.mark.parametrize("text", ["a", "*a[b[c] *d]", diamond(24), chain(5000)])
def test_pickle_keeps_scopes(text: str) -> None:
    """Pickled scopes come back equal, with all that they share."""
    scope = ScopeParser.parse(text)[0]
    stored = pickle.dumps(scope)

    assert pickle.loads(stored) == scope
    assert len(stored) < 40 * len(text) + 200


def test_pickle_leaves_out_the_hash() -> None:
    """Hashes of texts differ between processes, so a stored one would be wrong elsewhere."""
    scope, hashed = Scope.parse("a[b]"), Scope.parse("a[b]")
    hash(hashed)

    assert pickle.dumps(scope) == pickle.dumps(hashed)


def test_parse_reads_exactly_one() -> None:
    """Scope.parse is for one scope, dependencies included."""
    scope = Scope.parse("*a[b]")

    assert scope == Scope("a", optional=True, dependencies=(Scope("b"),))


@pytest.mark.parametrize("text", ["", "  ", "a b", "a *a"])
def test_parse_refuses_none_or_several(text: str) -> None:
    """No scope and several are errors that point to the other parser."""
    with pytest.raises(ValueError, match="exactly one scope") as caught:
        Scope.parse(text)
    assert not isinstance(caught.value, ScopeParseError)
    assert isinstance(caught.value, GlobusError)


def test_deep_scope_needs_no_recursion() -> None:
    """Whatever is done with a scope, its depth is no limit."""
    text = chain(5000)
    scope, same = Scope.parse(text), Scope.parse(text)

    assert str(scope) == text
    assert scope == same
    assert hash(scope) == hash(same)
    assert repr(scope)
    assert ScopeParser.merge_scopes([scope], [same]) == [scope]


def test_diamond_is_compared_and_hashed_at_once() -> None:
    """Parts that are shared are looked at once, or this would not end."""
    one, other = ScopeParser.parse(diamond(24)), ScopeParser.parse(diamond(24))
    longer = ScopeParser.parse(diamond(25))

    assert one == other
    assert one[0] is not other[0]
    assert hash(one[0]) == hash(other[0])
    assert one[0] != longer[0]
    assert one[0].dependencies[0].dependencies[0] is one[1].dependencies[0].dependencies[0]


def test_text_that_would_be_endless_names_what_is_shared_once() -> None:
    """A few bytes from a server do not fill the memory when they are written out."""
    scope = ScopeParser.parse(diamond(40))[0]

    text = str(scope)

    assert len(text) < 1000
    assert Scope.parse(text) == scope
    assert ScopeParser.serialize([scope, scope]) == f"{text} {text}"


def test_a_text_of_usual_length_writes_what_is_shared_wherever_it_stands() -> None:
    """A service that does not read scopes as a graph understands it."""
    shared = Scope("c", dependencies=[Scope("d")])
    scope = Scope("a", dependencies=[Scope("b", dependencies=[shared]), shared])

    assert str(scope) == "a[b[c[d]] c[d]]"


def test_a_long_text_without_shared_parts_is_written_in_full() -> None:
    """Length alone leaves nothing out, and equal parts that are two objects are both written."""
    scope = Scope(
        "a", dependencies=[Scope(f"b{n}", dependencies=[Scope("c")]) for n in range(3000)]
    )

    text = str(scope)

    assert text.count("[c]") == 3000
    assert Scope.parse(text) == scope
