"""Queries of the sandbox's Search."""

from __future__ import annotations

import typing as t

import pytest

from .conftest import Document, Library, entry

BOOKS: dict[str, Document] = {
    "emma": {
        "title": "Emma",
        "year": 1815,
        "tags": ["novel", "love"],
        "author": {"name": "Austen"},
    },
    "dune": {"title": "Dune", "year": 1965, "tags": ["novel", "sand"], "date": "1965-08-01"},
    "sky": {"title": "The sky and the sand", "year": 1965, "date": "1965-03-09"},
    "none": {"title": "Nothing", "tags": []},
}


@pytest.fixture
def books(library: Library) -> Library:
    """Four books."""
    library.add(*(entry(subject, content) for subject, content in BOOKS.items()))
    return library


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("*", ["emma", "dune", "sky", "none"]),
        ("austen", ["emma"]),
        ("AUSTEN love", ["emma"]),
        ("sand", ["dune", "sky"]),
        ("sand sky", ["sky", "dune"]),
        ("1965", ["dune", "sky"]),
        ("san", []),
        ("title", []),
    ],
)
def test_words_are_looked_for_in_contents(books: Library, words: str, found: list[str]) -> None:
    """Any of them, in whatever case; what has more of them comes first."""
    assert books.subjects({"q": words}) == found
    assert [each["subject"] for each in books.client.search(books.index, words)["gmeta"]] == found


def test_advanced_words_may_name_a_field(books: Library) -> None:
    """What else the syntax has, the sandbox has not."""
    assert books.subjects({"q": "author.name:austen", "advanced": True}) == ["emma"]
    assert books.subjects({"q": "tags:sand", "advanced": True}) == ["dune"]
    for words in ("sand AND sky", "year:[1900 TO 2000]", "du*e", '"the sky"'):
        query = {"q": words, "advanced": True}
        assert books.refused(books.subjects, query) == "501 NotImplemented.Generic"


def field(kind: str, name: str, *values: t.Any) -> Document:
    """A filter."""
    return {"type": kind, "field_name": name, "values": [*values]}


FILTERS: list[tuple[Document, list[str]]] = [
    (field("match_all", "tags", "novel", "sand"), ["dune"]),
    (field("match_any", "tags", "love", "sand"), ["emma", "dune"]),
    (field("match_any", "title", "emma"), []),
    (field("match_all", "author.name", "Austen"), ["emma"]),
    (field("range", "year", {"from": 1900, "to": "*"}), ["dune", "sky"]),
    (field("range", "year", {"gt": 1815, "lt": 1965}), []),
    (field("range", "year", {"gte": 1815, "lte": 1815}, {"gte": 1965}), ["emma", "dune", "sky"]),
    (field("range", "date", {"from": "1965-04-01", "to": "*"}), ["dune"]),
    (field("range", "title", {"from": 5}), []),
    ({"type": "exists", "field_name": "tags"}, ["emma", "dune"]),
    ({"type": "not", "filter": {"type": "exists", "field_name": "year"}}, ["none"]),
    (
        {
            "type": "or",
            "filters": [field("match_any", "year", 1815), field("match_any", "tags", "sand")],
        },
        ["emma", "dune"],
    ),
    (
        {
            "type": "and",
            "filters": [field("match_any", "year", 1965), field("match_any", "tags", "sand")],
        },
        ["dune"],
    ),
]


@pytest.mark.parametrize(("filter_", "found"), FILTERS)
def test_filters_leave_out_what_does_not_fit(
    books: Library, filter_: Document, found: list[str]
) -> None:
    """With words or without."""
    assert books.subjects({"filters": [filter_]}) == found
    assert books.subjects({"q": "*", "filters": [filter_]}) == found
    assert books.subjects({"q": "*", "post_facet_filters": [filter_]}) == found


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ([("year", "asc"), ("title", "asc")], ["emma", "dune", "sky", "none"]),
        ([("year", "desc"), ("title", "desc")], ["sky", "dune", "emma", "none"]),
        ([("date", "asc")], ["sky", "dune", "emma", "none"]),
    ],
)
def test_results_are_sorted(books: Library, sort: list[tuple[str, str]], found: list[str]) -> None:
    """By several fields; what does not have them is last in either order."""
    fields = [{"field_name": name, "order": order} for name, order in sort]
    assert books.subjects({"q": "*", "sort": fields}) == found


def buckets(result: Document) -> list[tuple[t.Any, int]]:
    """What a facet has counted."""
    return [(bucket["value"], bucket["count"]) for bucket in result["buckets"]]


def test_facets_are_counted(books: Library) -> None:
    """All that the words and filters find, without what is filtered later."""
    facets = [
        {"name": "tags", "type": "terms", "field_name": "tags", "size": 2},
        {"name": "when", "type": "date_histogram", "field_name": "date", "date_interval": "month"},
        {
            "name": "years",
            "type": "numeric_histogram",
            "field_name": "year",
            "size": 2,
            "histogram_range": {"low": 1800, "high": 2000},
        },
        {"name": "sum", "type": "sum", "field_name": "year"},
        {"name": "avg", "type": "avg", "field_name": "year"},
    ]
    later = [field("match_any", "title", "Emma")]
    query = {"q": "*", "facets": facets, "post_facet_filters": later}
    found = books.client.post_search(books.index, query)
    assert found["total"] == 1
    tags, when, years, total, mean = found["facet_results"]
    assert (tags["name"], buckets(tags)) == ("tags", [("novel", 2), ("love", 1)])
    assert buckets(when) == [("1965-03", 1), ("1965-08", 1)]
    assert buckets(years) == [({"from": 1800, "to": 1900}, 1), ({"from": 1900, "to": 2000}, 2)]
    assert (total["value"], mean["value"]) == (5745, 1915)


WRONG: list[Document] = [
    {},
    {"q": ""},
    {"q": 7},
    {"q": "x" * 257},
    {"q": "a", "advanced": "yes"},
    {"q": "a", "color": "red"},
    {"q": "a", "marker": "m"},
    {"q": "a", "limit": 10_001},
    {"q": "a", "limit": "ten"},
    {"q": "a", "offset": 10_000},
    {"q": "a", "offset": -1},
    {"filters": [{"type": "like", "field_name": "a", "values": []}]},
    {"filters": [{"type": "match_any", "values": []}]},
    {"filters": [{"type": "match_any", "field_name": "a"}]},
    {"filters": [field("range", "a", {"about": 3})]},
    {"filters": [{"type": "not"}]},
    {"filters": ["a"]},
    {"q": "a", "facets": [{"type": "median", "field_name": "a"}]},
    {"q": "a", "facets": [{"type": "terms"}]},
    {"q": "a", "facets": [{"type": "terms", "field_name": "a", "size": 0}]},
    {"q": "a", "facets": [{"type": "numeric_histogram", "field_name": "a"}]},
    {"q": "a", "sort": [{"field_name": "a", "order": "up"}]},
    {"q": "a", "sort": "a"},
]


@pytest.mark.parametrize("query", WRONG)
def test_wrong_queries_are_refused(books: Library, query: Document) -> None:
    """With the part that is wrong."""
    refused = books.refused(books.client.post_search, books.index, query)
    assert refused == "400 BadRequest.ValidationError"


@pytest.mark.parametrize(
    "query",
    [
        {"filters": [{"type": "geo_shape"}]},
        {"q": "a", "boosts": [{"field_name": "a", "factor": 2}]},
        {"q": "a", "filter_principal_sets": ["a"]},
        {
            "q": "a",
            "facets": [{"type": "date_histogram", "field_name": "a", "date_interval": "week"}],
        },
    ],
)
def test_what_the_sandbox_does_not_have_is_a_501(books: Library, query: Document) -> None:
    """It does not pretend."""
    refused = books.refused(books.client.post_search, books.index, query)
    assert refused == "501 NotImplemented.Generic"


def test_pages_follow_each_other(books: Library) -> None:
    """By limit and offset; the answer says whether there are more."""
    first = books.client.search(books.index, "*", limit=3)
    assert (first["count"], first["total"], first["has_next_page"]) == (3, 4, True)
    last = books.client.search(books.index, "*", limit=3, offset=3)
    assert (last["count"], last["offset"], last["has_next_page"]) == (1, 3, False)


def test_scrolling_goes_on_where_it_was(books: Library) -> None:
    """Also if there are new subjects; a marker is of one query."""
    query = {"q": "*", "limit": 3}
    first = books.client.scroll(books.index, query)
    assert (first["count"], first["has_next_page"]) == (3, True)
    books.add(entry("new"))
    marker = first["marker"]
    last = books.client.scroll(books.index, query, marker=marker)
    assert [each["subject"] for each in last["gmeta"]] == ["none", "new"]
    assert (last["has_next_page"], last["marker"]) == (False, None)
    for other, mark in (({"q": "sand"}, marker), (query, "nonsense"), (query, "")):
        refused = books.refused(books.client.scroll, books.index, other, marker=mark)
        assert refused == "400 BadRequest.ValidationError"
    for name in ("offset", "sort", "facets"):
        refused = books.refused(books.client.scroll, books.index, {**query, name: 1})
        assert refused == "400 BadRequest.ValidationError"


def test_a_search_ends_at_ten_thousand(library: Library) -> None:
    """Scrolling does not."""
    library.add(*(entry(f"subject {n}") for n in range(10_050)))
    page = library.client.search(library.index, "*", limit=100, offset=9950)
    assert (page["count"], page["total"], page["has_next_page"]) == (50, 10_050, True)
    query = {"q": "*", "limit": 5000}
    scrolled = library.client.paginated.scroll(library.index, query)
    assert [page["count"] for page in scrolled] == [5000, 5000, 50]
