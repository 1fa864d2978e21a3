from __future__ import annotations

import copy
import gc
import inspect
import itertools
import pickle
import typing as t
import weakref

import pytest

from globus_core.exc import GlobusError, GlobusSDKUsageError, ValidationError
from globus_core.paging import (
    HasNextPaginator,
    JSONAPIPaginator,
    LastKeyPaginator,
    LimitOffsetTotalPaginator,
    MarkerPaginator,
    NextTokenPaginator,
    NullableMarkerPaginator,
    Paginator,
    PaginatorTable,
    has_paginator,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Page(dict[str, t.Any]):
    """A page that can be watched being forgotten."""


class Service:
    """Answers with given pages, from the first again when asked without a position."""

    def __init__(self, *pages: dict[str, t.Any]) -> None:
        self.pages = pages
        self.calls: list[dict[str, t.Any]] = []
        self._next = 0

    def __call__(self, *args: t.Any, **kwargs: t.Any) -> dict[str, t.Any]:
        self.calls.append(dict(kwargs))
        page = self.pages[self._next]
        self._next = (self._next + 1) % len(self.pages)
        return page


def paginate(style: type[Paginator[t.Any]], service: Service, **arguments: t.Any) -> t.Any:
    options = arguments.pop("options", {})
    return style(service, items_key="items", client_args=(), client_kwargs=arguments, **options)


def count_items(page: dict[str, t.Any]) -> int:
    return len(page["items"])


COUNTED: dict[str, t.Any] = {
    "get_page_size": count_items,
    "max_total_results": 7,
    "page_size": 3,
}


@pytest.mark.parametrize(
    ("style", "options", "pages", "calls"),
    [
        (
            MarkerPaginator,
            {},
            [
                {"items": [1], "marker": "x", "has_next_page": True},
                {"items": [2, 3], "marker": "y", "has_next_page": False},
            ],
            [{}, {"marker": "x"}],
        ),
        (MarkerPaginator, {}, [{"items": [1], "marker": "x"}], [{}]),
        (
            MarkerPaginator,
            {"marker_key": "mark"},
            [{"items": [1], "mark": "x", "has_next_page": True}, {"items": [2]}],
            [{}, {"marker": "x"}],
        ),
        (
            NullableMarkerPaginator,
            {},
            [{"items": [1], "marker": "x"}, {"items": [], "marker": "y"}, {"items": [2]}],
            [{}, {"marker": "x"}, {"marker": "y"}],
        ),
        (
            NullableMarkerPaginator,
            {"marker_key": "next_marker"},
            [{"items": [1], "next_marker": "x"}, {"items": [2], "next_marker": None}],
            [{}, {"marker": "x"}],
        ),
        (NullableMarkerPaginator, {}, [{"items": [1], "marker": ""}], [{}]),
        (
            LastKeyPaginator,
            {},
            [
                {"items": [1], "last_key": "x", "has_next_page": True},
                {"items": [2], "has_next_page": False},
            ],
            [{}, {"last_key": "x"}],
        ),
        (
            NextTokenPaginator,
            {},
            [{"items": [1], "next_token": "x"}, {"items": [2], "next_token": None}],
            [{}, {"next_token": "x"}],
        ),
        (
            HasNextPaginator,
            COUNTED,
            [{"items": [1, 2, 3], "has_next_page": True}, {"items": [4], "has_next_page": False}],
            [{"limit": 3}, {"limit": 3, "offset": 3}],
        ),
        (
            HasNextPaginator,
            COUNTED,
            [{"items": [1, 2, 3], "has_next_page": True}] * 3,
            [{"limit": 3}, {"limit": 3, "offset": 3}, {"limit": 1, "offset": 6}],
        ),
        (
            LimitOffsetTotalPaginator,
            COUNTED,
            [{"items": [1, 2, 3], "total": 4}, {"items": [4], "total": 4}],
            [{"limit": 3}, {"limit": 3, "offset": 3}],
        ),
        (
            LimitOffsetTotalPaginator,
            COUNTED,
            [{"items": [1, 2, 3], "total": 50}] * 3,
            [{"limit": 3}, {"limit": 3, "offset": 3}, {"limit": 1, "offset": 6}],
        ),
        (LimitOffsetTotalPaginator, COUNTED, [{"items": [], "total": 0}], [{"limit": 3}]),
        (
            JSONAPIPaginator,
            {},
            [
                {"items": [1], "links": {"next": "https://api.example.org/x?a=1&a=2&b=&c=3"}},
                {"items": [2], "links": {"next": None}},
            ],
            [{}, {"query_params": {"a": ["1", "2"], "b": [""], "c": ["3"]}}],
        ),
        (
            JSONAPIPaginator,
            {},
            [{"items": [1], "links": {"next": {"href": "/x?page%5Bafter%5D=z"}}}, {"items": [2]}],
            [{}, {"query_params": {"page[after]": ["z"]}}],
        ),
        (JSONAPIPaginator, {}, [{"items": [1], "links": None}], [{}]),
    ],
)
def test_style_asks_for_each_page(
    style: type[Paginator[t.Any]],
    options: dict[str, t.Any],
    pages: list[dict[str, t.Any]],
    calls: list[dict[str, t.Any]],
) -> None:
    """Each style sends what it read, ends where it should, and does all that twice."""
    service = Service(*pages)
    paginator = paginate(style, service, options=options, filter="f")

    assert list(paginator) == pages
    assert service.calls == [{"filter": "f", **call} for call in calls]
    assert list(paginator.pages()) == pages
    assert service.calls == [{"filter": "f", **call} for call in calls] * 2
    assert list(paginator.items()) == [item for page in pages for item in page["items"]]
    assert paginator.client_kwargs == {"filter": "f"}


def test_caller_chooses_where_to_start() -> None:
    """A marker of the caller is sent first, and then replaced."""
    service = Service({"items": [], "marker": "y", "has_next_page": True}, {"items": []})

    list(paginate(MarkerPaginator, service, marker="x"))

    assert service.calls == [{"marker": "x"}, {"marker": "y"}]


@pytest.mark.parametrize("style", [HasNextPaginator, LimitOffsetTotalPaginator])
def test_offset_of_the_caller_is_counted_from(style: type[Paginator[t.Any]]) -> None:
    """Pages follow each other without overlap, and are not larger than the service allows."""
    service = Service({"items": [1, 2, 3], "has_next_page": True, "total": 50})

    list(paginate(style, service, options=COUNTED, offset=2, limit=100))

    assert service.calls == [{"offset": 2, "limit": 3}, {"offset": 5, "limit": 2}]


@pytest.mark.parametrize("style", [HasNextPaginator, LimitOffsetTotalPaginator])
def test_limit_of_the_caller_is_the_size_of_a_page(style: type[Paginator[t.Any]]) -> None:
    """If it is lower than that of the paginator."""
    service = Service({"items": [1, 2], "has_next_page": True, "total": 50})

    list(paginate(style, service, options=COUNTED, limit=2))

    assert [call["limit"] for call in service.calls] == [2, 2, 2, 1]


def test_query_of_a_link_replaces_the_callers() -> None:
    """The link of a page holds the caller's query already."""
    link = "https://elsewhere.example.org/?a=1&page=2"
    service = Service({"links": {"next": link}}, {"links": {}})

    list(paginate(JSONAPIPaginator, service, query_params={"a": "1", "b": "2"}))

    assert service.calls == [
        {"query_params": {"a": "1", "b": "2"}},
        {"query_params": {"a": ["1"], "page": ["2"]}},
    ]


def test_positional_arguments_are_sent_each_time() -> None:
    """All arguments of the call go with every page."""
    calls = []

    def method(*args: t.Any, **kwargs: t.Any) -> dict[str, t.Any]:
        calls.append((args, kwargs))
        return {"marker": None if kwargs else "x"}

    list(NullableMarkerPaginator(method, client_args=iter(["id"]), client_kwargs={}))

    assert calls == [(("id",), {}), (("id",), {"marker": "x"})]


def test_page_is_fetched_when_asked_for() -> None:
    """Making a paginator and taking one page sends one request."""
    service = Service(*({"items": [i], "marker": f"x{i}"} for i in range(5)))
    paginator = paginate(NullableMarkerPaginator, service)

    pages = iter(paginator)
    assert service.calls == []
    next(pages)
    assert len(service.calls) == 1
    assert next(paginator.items()) == 1
    assert len(service.calls) == 2


def test_iterations_do_not_disturb_each_other() -> None:
    """Two iterations over one paginator each have a position of their own."""

    def method(marker: int = 0) -> dict[str, t.Any]:
        return {"items": [marker], "marker": marker + 1 if marker < 3 else None}

    paginator: Paginator[dict[str, t.Any]] = NullableMarkerPaginator(
        method, items_key="items", client_args=(), client_kwargs={}
    )
    one, other = paginator.items(), paginator.items()

    assert [next(one), next(one), next(other)] == [0, 1, 0]
    assert list(one) == [2, 3]
    assert list(other) == [1, 2, 3]


@pytest.mark.parametrize(
    ("style", "options"),
    [(NullableMarkerPaginator, {}), (HasNextPaginator, {**COUNTED, "max_total_results": 10**6})],
)
def test_pages_are_not_kept(style: type[Paginator[t.Any]], options: dict[str, t.Any]) -> None:
    """Of thousands of pages, only a few are in memory at any time."""
    alive: weakref.WeakSet[Page] = weakref.WeakSet()
    most = 0

    class Watched(Page):
        __hash__ = object.__hash__  # type: ignore[assignment]

    def method(**kwargs: t.Any) -> Page:
        nonlocal most
        number = next(numbers)
        page = Watched(items=[number], marker=str(number), has_next_page=number < 2000)
        if number == 2000:
            page["marker"] = None
        alive.add(page)
        most = max(most, len(alive))
        return page

    numbers = itertools.count()
    paginator = style(method, items_key="items", client_args=(), client_kwargs={}, **options)
    seen = sum(1 for _ in paginator.items())
    gc.collect()

    assert seen == 2001
    assert most <= 3


def test_the_body_of_a_page_is_read_once() -> None:
    """By the paginator itself, but for the few pages that are remembered against endless paging."""
    reads = itertools.count()

    class Response:
        def __init__(self, marker: int | None) -> None:
            self._body = {"items": [1], "marker": marker}

        @property
        def data(self) -> dict[str, t.Any]:
            next(reads)
            return self._body

    def method(marker: int = 0) -> Response:
        return Response(marker + 1 if marker < 999 else None)

    paginator: Paginator[Response] = NullableMarkerPaginator(
        method, items_key="items", client_args=(), client_kwargs={}
    )

    assert sum(1 for _ in paginator) == 1000
    assert next(reads) < 1000 + 12


@pytest.mark.parametrize("length", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("lead", [0, 1, 10])
def test_markers_that_go_in_circles_are_an_error(length: int, lead: int) -> None:
    """A server that leads back to earlier pages is found out after a few rounds."""
    calls = itertools.count()

    def method(marker: int = 0) -> dict[str, t.Any]:
        next(calls)
        following = marker + 1 if marker < lead + length else lead + 1
        return {"items": [marker], "marker": following, "has_next_page": True}

    paginator: Paginator[dict[str, t.Any]] = MarkerPaginator(
        method, items_key="items", client_args=(), client_kwargs={}
    )
    with pytest.raises(ValidationError, match="leads back to an earlier page"):
        for _ in paginator:
            pass
    assert next(calls) <= 4 * (lead + length) + 4


@pytest.mark.parametrize(
    ("style", "page"),
    [
        (MarkerPaginator, {"items": [1], "marker": "x", "has_next_page": True}),
        (NullableMarkerPaginator, {"items": [1], "marker": "x"}),
        (LastKeyPaginator, {"items": [1], "last_key": "x", "has_next_page": True}),
        (NextTokenPaginator, {"items": [1], "next_token": "x"}),
        (JSONAPIPaginator, {"items": [1], "links": {"next": "/?after=x"}}),
    ],
)
@pytest.mark.parametrize("items_key", ["items", None])
def test_page_that_names_itself_is_an_error(
    style: type[Paginator[t.Any]], page: dict[str, t.Any], items_key: str | None
) -> None:
    """A server that sends one position for ever does not keep a program for ever."""
    paginator = style(Service(page), items_key=items_key, client_args=(), client_kwargs={})

    with pytest.raises(ValidationError, match="would never end"):
        list(itertools.islice(paginator, 100))


def test_same_marker_with_new_items_is_no_circle() -> None:
    """A server may keep the position to itself and send one marker for all pages."""
    pages = [{"items": [i], "marker": "x", "has_next_page": i < 9} for i in range(10)]

    assert list(paginate(MarkerPaginator, Service(*pages)).items()) == list(range(10))


@pytest.mark.parametrize(
    ("style", "options", "page", "message"),
    [
        (MarkerPaginator, {}, {"has_next_page": True}, "has no 'marker'"),
        (MarkerPaginator, {}, {"has_next_page": True, "marker": None}, "has no 'marker'"),
        (LastKeyPaginator, {}, {"has_next_page": True}, "has no 'last_key'"),
        (LastKeyPaginator, {}, {}, "has no 'has_next_page'"),
        (HasNextPaginator, COUNTED, {"items": [1]}, "has no 'has_next_page'"),
        (HasNextPaginator, COUNTED, {"items": [], "has_next_page": True}, "is empty"),
        (LimitOffsetTotalPaginator, COUNTED, {"items": [1]}, "has no 'total'"),
        (LimitOffsetTotalPaginator, COUNTED, {"items": [1], "total": "9"}, "not a number: '9'"),
        (LimitOffsetTotalPaginator, COUNTED, {"items": [], "total": 9}, "is empty"),
        (LimitOffsetTotalPaginator, COUNTED, {"total": 9}, "no elements that can be counted"),
        (JSONAPIPaginator, {}, {"links": {"next": "http://[x"}}, "not a URL"),
    ],
)
def test_page_without_its_facts_is_an_error(
    style: type[Paginator[t.Any]],
    options: dict[str, t.Any],
    page: dict[str, t.Any],
    message: str,
) -> None:
    """A page that cannot be followed is a typed error, after the page itself was handed out."""
    pages = iter(paginate(style, Service(page), options=options))

    assert next(pages) == page
    with pytest.raises(ValidationError, match=message):
        next(pages)


@pytest.mark.parametrize("page", [{}, {"items": None}, {"items": 3}])
def test_page_without_items_is_an_error(page: dict[str, t.Any]) -> None:
    """Elements that are not there are a typed error."""
    with pytest.raises(ValidationError, match="has no 'items'"):
        list(paginate(NullableMarkerPaginator, Service(page)).items())


def test_items_need_a_key() -> None:
    """Where the place of elements is not known, the error comes at once."""
    paginator: Paginator[t.Any] = JSONAPIPaginator(Service({}), client_args=(), client_kwargs={})

    with pytest.raises(GlobusSDKUsageError, match=r"iterate over pages\(\)"):
        paginator.items()


def test_paginator_alone_is_abstract() -> None:
    """A style of paging has to say how it pages."""
    with pytest.raises(TypeError, match="abstract"):
        Paginator(Service({}), client_args=(), client_kwargs={})  # type: ignore[abstract]


def test_own_style_of_paging_needs_pages_only() -> None:
    """A subclass is generic at run time too, and brings its own way."""

    class Twice(Paginator[dict[str, t.Any]]):
        def pages(self) -> Iterator[dict[str, t.Any]]:
            for number in range(2):
                yield self.method(*self.client_args, number=number, **self.client_kwargs)

    service = Service({"items": "ab"})
    paginator = Twice(service, items_key="items", client_args=(), client_kwargs={})

    assert list(paginator.items()) == ["a", "b", "a", "b"]
    assert service.calls == [{"number": 0}, {"number": 1}]


class Client:
    """A client with some methods that have paging."""

    not_a_method = 3

    def __init__(self, name: str = "client") -> None:
        self.name = name

    @has_paginator(NullableMarkerPaginator, items_key="items")
    def list_things(self, kind: str, *, marker: int = 0) -> dict[str, t.Any]:
        """List the things of a kind."""
        return {"items": [f"{self.name} {kind} {marker}"], "marker": None if marker else 1}

    @has_paginator(HasNextPaginator, items_key="items", **COUNTED)
    def search(self, *, limit: int = 0, offset: int = 0) -> dict[str, t.Any]:
        return {"items": [offset], "has_next_page": offset == 0}

    @has_paginator(JSONAPIPaginator)
    def show(self) -> dict[str, t.Any]:
        return {}

    def get_thing(self) -> dict[str, t.Any]:
        return {}


def test_table_pages_through_methods() -> None:
    """Each paginated method has a paginated form, bound to its client."""
    one, other = PaginatorTable(Client("one")), PaginatorTable(Client("other"))

    assert list(one.list_things("x").items()) == ["one x 0", "one x 1"]
    assert list(other.list_things(kind="y").items()) == ["other y 0", "other y 1"]
    assert list(one.search(offset=0).items()) == [0, 1]
    assert isinstance(one.show(), JSONAPIPaginator)


def test_decorated_method_stays_as_it_is() -> None:
    """Called directly, a paginated method gives its first page; its signature is its own."""
    signature = inspect.signature(Client.list_things)

    assert Client().list_things("x") == {"items": ["client x 0"], "marker": 1}
    assert list(signature.parameters) == ["self", "kind", "marker"]
    assert Client.list_things.__doc__ == "List the things of a kind."


def test_paginated_form_looks_like_the_method() -> None:
    """Help and editors show the method's own name, text and arguments."""
    paginated = PaginatorTable(Client()).list_things

    assert paginated.__name__ == "list_things"
    assert paginated.__doc__ == "List the things of a kind."
    assert list(inspect.signature(paginated).parameters) == ["kind", "marker"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("get_thing", "Client.get_thing is not paginated"),
        ("not_a_method", "Client.not_a_method is not paginated"),
        ("list_thing", "Client has no method 'list_thing'"),
        ("_private", "no attribute '_private'"),
    ],
)
def test_table_refuses_what_has_no_paging(name: str, message: str) -> None:
    """A method without paging and a misspelled one are told apart."""
    table = PaginatorTable(Client())

    with pytest.raises(AttributeError, match=message):
        getattr(table, name)
    assert not hasattr(table, name)


def test_table_lists_what_it_has() -> None:
    """Completion offers the paginated methods and no others."""
    assert {"list_things", "search", "show"} == set(dir(PaginatorTable(Client()))) & {
        name for name in dir(Client) if not name.startswith("_")
    }


def test_table_can_be_copied_and_pickled() -> None:
    """A client is copied and sent to other processes with its table."""
    table = PaginatorTable(Client("one"))

    for other in (copy.copy(table), copy.deepcopy(table), pickle.loads(pickle.dumps(table))):
        assert list(other.list_things("x").items()) == ["one x 0", "one x 1"]


def test_override_in_a_subclass_is_paginated() -> None:
    """A subclass that overrides a method need not declare its paging again."""

    class Louder(Client):
        def list_things(self, kind: str, *, marker: int = 0) -> dict[str, t.Any]:
            return super().list_things(kind.upper(), marker=marker)

        @has_paginator(MarkerPaginator, items_key="items")
        def search(self, **kwargs: t.Any) -> dict[str, t.Any]:
            return {"items": [9]}

    table = PaginatorTable(Louder())

    assert list(table.list_things("x").items()) == ["client X 0", "client X 1"]
    assert isinstance(table.search(), MarkerPaginator)
    assert isinstance(PaginatorTable(Client()).search(), HasNextPaginator)


def test_wrap_is_the_typed_form() -> None:
    """Wrapping a bound method gives the same as the table."""
    client = Client()
    wrapped: Callable[..., Paginator[dict[str, t.Any]]] = Paginator.wrap(client.list_things)

    assert isinstance(wrapped("x"), NullableMarkerPaginator)
    assert list(wrapped("x").items()) == ["client x 0", "client x 1"]
    assert isinstance(MarkerPaginator.wrap(client.show)(), JSONAPIPaginator)


def test_wrap_refuses_what_has_no_paging() -> None:
    """A method without paging and a function are told apart."""
    with pytest.raises(GlobusSDKUsageError, match=r"Client\.get_thing is not paginated"):
        Paginator.wrap(Client().get_thing)
    with pytest.raises(TypeError, match="a method of a client"):
        Paginator.wrap(len)
    with pytest.raises(TypeError, match="a method of a client"):
        Paginator.wrap(Client.list_things)


def test_errors_of_a_request_pass_through() -> None:
    """What goes wrong on the second page is the caller's to see."""

    def method(marker: str = "") -> dict[str, t.Any]:
        if marker:
            raise GlobusError("no second page")
        return {"items": [1], "marker": "x"}

    items: Iterable[t.Any] = NullableMarkerPaginator(
        method, items_key="items", client_args=(), client_kwargs={}
    ).items()
    with pytest.raises(GlobusError, match="no second page"):
        list(items)


@pytest.mark.parametrize(
    ("style", "name", "first"),
    [
        (MarkerPaginator, "marker", {"marker": "x", "has_next_page": True}),
        (NullableMarkerPaginator, "marker", {"marker": "x"}),
        (LastKeyPaginator, "last_key", {"last_key": "x", "has_next_page": True}),
        (NextTokenPaginator, "next_token", {"next_token": "x"}),
    ],
)
def test_a_paginator_tells_the_position_of_its_page(
    style: type[Paginator[t.Any]], name: str, first: dict[str, t.Any]
) -> None:
    """None for the first page; what is set before the iteration is where it begins."""
    service = Service({"items": [1], **first}, {"items": [2], "has_next_page": False})
    pager = paginate(style, service)
    assert getattr(pager, name) is None
    assert [getattr(pager, name) for _ in pager] == [None, "x"]

    setattr(pager, name, "w")
    assert [getattr(pager, name) for _ in pager] == ["w", "x"]
    assert service.calls[2:] == [{name: "w"}, {name: "x"}]


@pytest.mark.parametrize("style", [HasNextPaginator, LimitOffsetTotalPaginator])
def test_a_counting_paginator_tells_its_limit_and_offset(style: type[Paginator[t.Any]]) -> None:
    """Both can be set before the iteration; a caller's own are there from the start."""
    service = Service(
        {"items": [1, 2], "has_next_page": True, "total": 4},
        {"items": [3], "has_next_page": False, "total": 3},
    )
    pager = paginate(style, service, options=COUNTED)
    assert (pager.limit, pager.offset) == (3, 0)
    assert [pager.offset for _ in pager] == [0, 2]

    pager.limit, pager.offset = 2, 1
    assert [pager.offset for _ in pager] == [1, 3]
    assert service.calls[2:] == [{"limit": 2, "offset": 1}, {"limit": 2, "offset": 3}]
    asked = paginate(style, service, options=COUNTED, limit=2, offset=5)
    assert (asked.limit, asked.offset) == (2, 5)
