"""What objects show in a notebook: escaped, without secrets, and of limited size."""

from __future__ import annotations

import json
import typing as t
from html.parser import HTMLParser

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from globus_core import GlobusHTTPResponse, IterableResponse, notebook
from globus_core.services.transfer import IterableTransferResponse, TaskOutcome, TaskState
from globus_core.token_storage import TokenStorageData

SECRET = "AgMadeUpSecret0123456789abcdefghij"
_TAGS = {"div", "style", "table", "thead", "tbody", "tr", "th", "td", "pre"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=20,
)


class Reader(HTMLParser):
    """
    Reads HTML: its tags, whether each is closed, and its text.
    """

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.cells = 0
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.open.append(tag)
        self.cells += tag == "td"

    def handle_endtag(self, tag: str) -> None:
        """Elements end in the order in which they must."""
        assert self.open.pop() == tag
        self.text += " " if tag in ("td", "th", "div") else ""

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data if "style" not in self.open else ""


def answer(
    body: t.Any, kind: t.Callable[..., t.Any] = GlobusHTTPResponse, **options: t.Any
) -> t.Any:
    """A response with a body."""
    response = requests.Response()
    response.status_code = 200
    response.headers["Content-Type"] = "application/json"
    response._content = json.dumps(body).encode()
    return kind(response, object(), **options)


@given(JSON)
def test_whatever_a_service_answers_is_text(body: t.Any) -> None:
    """Only elements of our own are there, each is closed, and no attribute has a service's text."""
    shown = Reader(answer({"DATA": body})._repr_html_())

    assert shown.tags <= _TAGS
    assert shown.attributes <= {"class", "scoped", "style", "role"}
    assert shown.open == []


@given(st.lists(st.dictionaries(st.sampled_from(["a", "<b>", "c"]), JSON)))
def test_whatever_a_list_has_is_text(rows: list[t.Any]) -> None:
    """In the heads of columns too."""
    shown = Reader(answer({"DATA": rows}, IterableTransferResponse)._repr_html_())

    assert shown.tags <= _TAGS
    assert shown.open == []


def test_names_that_attack_are_spelled_out() -> None:
    """Markup, escapes of terminals, and characters that change the direction of writing."""
    evil = "<script>alert(1)</script>\x1b[31m\u202egpj.exe\"'&amp;"

    shown = answer({evil: evil, "list": [{evil: evil}]})._repr_html_()

    assert "<script>" not in shown
    assert "\u202e" not in shown
    assert "\x1b" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\x1b[31m\\u202egpj.exe" in shown
    assert "&amp;amp;" in shown


@pytest.mark.parametrize(
    "body",
    [
        {"access_token": SECRET},
        {"other_tokens": [{"refresh_token": SECRET, "scope": "openid"}]},
        {"tokens": [SECRET]},
        {"credential": {"id": "x", "secret": SECRET}},
        {"included": {"client_credential": {"client_secret": SECRET}}},
        {"policies": {"s3_key_id": "x", "secret_key": {"value": SECRET}}},
        {"details": json.dumps({"access_token": SECRET})},
        {"message": f"sent with Authorization: Bearer {SECRET}"},
        {"url": f"https://ada:{SECRET}@example.org/?code={SECRET}"},
        {"a": {"b": {"c": [{"password": SECRET}]}}},
        [{"id": 1, "secret": SECRET}],
    ],
)
def test_secrets_are_hidden_wherever_they_are(body: t.Any) -> None:
    """By the name of their field at any depth, and by their form in any text."""
    for kind in (GlobusHTTPResponse, IterableTransferResponse):
        shown = answer(body, kind)._repr_html_()
        assert SECRET not in shown
        assert "***" in shown


def test_what_only_sounds_secret_is_shown() -> None:
    """Codes and states of documents, flags, markers of pages, and what is null."""
    body = {
        "code": "Accepted",
        "state": "AWAITING_LISTENER",
        "allows_refresh_token": True,
        "next_token": "page-2",
        "secret": None,
    }

    shown = Reader(answer(body)._repr_html_()).text

    assert "***" not in shown
    assert all(word in shown for word in ("Accepted", "AWAITING_LISTENER", "True", "page-2"))


def test_a_long_list_shows_its_first_rows_and_counts_the_rest() -> None:
    """And so for wide ones."""
    rows = [{f"f{n}": n for n in range(30)}] * 1000

    shown = Reader(answer({"items": rows}, IterableResponse, iter_key="items")._repr_html_())

    assert shown.cells == notebook.MOST_ROWS * notebook.MOST_COLUMNS
    assert "and 950 more rows, and 18 more fields" in shown.text


@pytest.mark.parametrize(
    "body",
    [
        {"text": "x" * 10**6},
        {"list": ["y" * 10**4] * 1000},
        {"rows": [{"z" * 10**5: 1}] * 100},
        {str(n): n for n in range(10**4)},
        "x" * 10**6,
    ],
)
def test_large_answers_are_short(body: t.Any) -> None:
    """What is left out is counted."""
    shown = answer(body)._repr_html_()

    assert len(shown) < 40_000
    assert "more" in shown


def test_documents_within_documents_end_somewhere() -> None:
    """However deep they are."""
    body: t.Any = "the bottom"
    for _ in range(100):
        body = {"inside": body}

    shown = answer(body)._repr_html_()

    assert "the bottom" not in shown
    assert len(shown) < 5000


def test_columns_without_values_are_left_out() -> None:
    """Those with plain values come first."""
    rows = [{"nested": {"a": 1}, "empty": None, "name": "x"}, {"empty": "", "name": "y"}]

    shown = Reader(notebook.table(rows)).text.split()

    assert shown == ["name", "nested", "x", '{"a":', "1}", "y"]


def test_a_list_of_plain_values_is_a_table_of_one_column() -> None:
    """An empty one says so."""
    assert Reader(notebook.table([1, "two"])).text.split() == ["value", "1", "two"]
    assert Reader(notebook.table([])).text.strip() == "none"


def test_a_stream_stays_unread() -> None:
    """Its body may have no end."""
    response = requests.Response()
    response.status_code = 200

    shown = GlobusHTTPResponse(response, t.cast("t.Any", object()))._repr_html_()

    assert "has not been read" in shown
    assert not response._content_consumed  # type: ignore[attr-defined]


def test_what_is_no_json_is_shown_as_text() -> None:
    """With its line breaks."""
    response = requests.Response()
    response.status_code = 200
    response._content = b"<b>two\nlines</b>"

    shown = GlobusHTTPResponse(response, t.cast("t.Any", object()))._repr_html_()

    assert "<pre>&lt;b&gt;two\nlines&lt;/b&gt;</pre>" in shown


@pytest.mark.parametrize(
    ("done", "of", "percent"), [(0, 4, 0), (1, 4, 25), (4, 4, 100), (9, 4, 100), (-1, 4, 0)]
)
def test_a_bar_is_as_long_as_what_is_done(done: int, of: int, percent: int) -> None:
    """And never longer than all."""
    assert f"width: {percent}%" in notebook.bar(done, of)
    assert f'aria-valuenow="{percent}"' in notebook.bar(done, of)


@pytest.mark.parametrize(("done", "of"), [(1, 0), ("1", 4), (1, None), (True, 4)])
def test_there_is_no_bar_for_what_is_not_known(done: t.Any, of: t.Any) -> None:
    """Such as for numbers that a server has not sent."""
    assert notebook.bar(done, of) == ""


def test_a_task_shows_how_far_it_is() -> None:
    """With its latest events."""
    task: t.Any = {
        "status": "ACTIVE",
        "label": "night <b>1</b>",
        "files": 4,
        "files_transferred": 1,
        "bytes_transferred": 2500,
        "faults": 1,
    }
    events: t.Any = [{"code": f"E{n}", "time": "2030"} for n in range(9)]

    shown = TaskState(task, None, events)._repr_html_()

    assert "width: 25%" in shown
    text = Reader(shown).text
    assert "task night <b>1</b>: ACTIVE" in text
    assert "1 of 4" in text
    assert "2.5 kB" in text
    assert "E8" in text
    assert "E3" not in text


def test_a_task_that_has_failed_says_why() -> None:
    """In place of its status there is what it has come to."""
    task: t.Any = {"status": "FAILED", "fatal_error": {"code": "X", "description": "y"}}

    text = Reader(TaskState(task, TaskOutcome.DEADLINE, [])._repr_html_()).text

    assert ": deadline" in text
    assert "X: y" in text


def test_a_stored_token_is_not_shown() -> None:
    """Only whose it is, and until when it lasts."""
    record = TokenStorageData("auth.globus.org", None, "openid", SECRET, SECRET, 0, "Bearer")

    text = Reader(record._repr_html_()).text

    assert SECRET not in text
    assert text.split() == [
        "TokenStorageData",
        *("resource", "server", "scopes", "expires", "refreshable"),
        *("auth.globus.org", "openid", "1970-01-01T00:00:00Z", "yes"),
    ]
