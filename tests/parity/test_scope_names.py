"""
The known scopes, reading, writing and merging of scopes, beside globus-sdk's own.
"""

from __future__ import annotations

import typing as t

import globus_sdk.scopes as theirs
import pytest

import globus_core.scopes as ours

IDENTIFIER = "9a2e5c10-47fb-4d83-b6c1-0e72f85d3a94"
STATIC = (
    "AuthScopes",
    "ComputeScopes",
    "FlowsScopes",
    "GroupsScopes",
    "NexusScopes",
    "SearchScopes",
    "TimersScopes",
    "TransferScopes",
)
DYNAMIC = ("GCSCollectionScopes", "GCSEndpointScopes", "SpecificFlowScopes")


def known(collection: t.Any) -> dict[str, str]:
    """The scopes of a collection by attribute, as text."""
    texts = {str(scope) for scope in collection}
    names = [name for name in dir(collection) if not name.startswith("_")]
    found = {name: str(getattr(collection, name)) for name in names}
    return {name: text for name, text in found.items() if text in texts}


@pytest.mark.parametrize("name", [*STATIC, *DYNAMIC])
def test_a_collection_has_the_scopes_that_it_has_there(name: str) -> None:
    """Under the same attributes, with the same texts and resource server."""
    ourselves, other = getattr(ours, name), getattr(theirs, name)
    if name in DYNAMIC:
        ourselves, other = ourselves(IDENTIFIER), other(IDENTIFIER)

    assert known(ourselves) == known(other) != {}
    assert ourselves.resource_server == other.resource_server
    assert getattr(ourselves, "client_id", None) == getattr(other, "client_id", None)
    assert getattr(ours.data, name) is getattr(ours, name)


def test_no_collection_is_left_out() -> None:
    """Whatever is a collection there is one of those above."""
    collections = {name for name in dir(theirs) if name.endswith("Scopes")}

    assert collections == {*STATIC, *DYNAMIC}


def as_sets(scopes: t.Iterable[t.Any]) -> object:
    return frozenset((s.scope_string, s.optional, as_sets(s.dependencies)) for s in scopes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a b *c",
        "a a",
        "a[b] a[c]",
        "a[b *b]",
        "a *a",
        "*a[b] a[c]",
        "a[b[c]] b[d]",
        "foo*bar",
        "a[ b  c ]",
        "a\tb",
        "*a[*b[c *d] e] f",
    ],
)
def test_good_texts_mean_the_same(text: str) -> None:
    """As sets, since the order there differs from run to run."""
    assert as_sets(ours.ScopeParser.parse(text)) == as_sets(theirs.ScopeParser.parse(text))


@pytest.mark.parametrize(
    "text",
    [
        *("a*", "* a", "*[a]", "**a", "*]", "[a]", "a [b]", "a[]", "a[[b]]", "a[", "a]"),
        *("a[b]c", "a[*a]", "a[b] b[a]", "a[b[c]", "a[b]]", "a[ ]", "]", "[", "*", "a[b c[d] b[c]"),
    ],
)
def test_bad_texts_are_bad_in_the_same_way(text: str) -> None:
    """The class has the same name."""
    with pytest.raises(theirs.ScopeParseError) as expected:
        theirs.ScopeParser.parse(text)
    with pytest.raises(ours.ScopeParseError) as found:
        ours.ScopeParser.parse(text)

    assert type(found.value).__name__ == type(expected.value).__name__


@pytest.mark.parametrize(("one", "other"), [("a[b]", "a[c] d"), ("*a", "a[b[c]]"), ("", "a")])
def test_merging_gives_the_same(one: str, other: str) -> None:
    """As sets."""
    parsers: list[t.Any] = [ours.ScopeParser, theirs.ScopeParser]
    merged = [parser.merge_scopes(parser.parse(one), parser.parse(other)) for parser in parsers]

    assert as_sets(merged[0]) == as_sets(merged[1])
