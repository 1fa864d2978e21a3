"""
Header lines that are written at once are those that http.client would have written.
"""

from __future__ import annotations

import typing as t

from hypothesis import example, given, settings
from hypothesis import strategies as st
from urllib3.util import SKIP_HEADER

from globus_core.transport import adapter
from globus_core.transport.fast.adapter import _Connection

TEXTS = st.text(alphabet="aZ0-_:;, \r\n\tü€\x7f", max_size=6)
PARTS = TEXTS | TEXTS.map(str.encode) | st.integers(0, 99)


def lines(kind: type[adapter.Connection], name: t.Any, values: list[t.Any]) -> t.Any:
    """The lines so far, or the kind of error."""
    connection = kind("a.example.org")
    connection.putrequest("GET", "/")
    try:
        connection.putheader(name, *values)
    except (ValueError, TypeError, AttributeError) as error:
        return type(error)
    return list(vars(connection)["_buffer"])


@given(PARTS, st.lists(PARTS, min_size=1, max_size=2))
@example("X-A", ["value\r\nX-B: injected"])
@example("X-A: b\r\nX-B", ["value"])
@example("User-Agent", [SKIP_HEADER])
@example("X-A", [SKIP_HEADER])
@example(b"X-A", ["value"])
@settings(max_examples=200)
def test_a_line_written_at_once_is_the_one_of_http_client(name: t.Any, values: list[t.Any]) -> None:
    """What cannot be sent is refused in the same way, also if a tracer has put it in."""
    assert lines(_Connection, name, values) == lines(adapter.Connection, name, values)
