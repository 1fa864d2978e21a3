"""
What objects show as the value of a cell in a notebook: their data, as HTML.

All text is escaped. What is secret by its name or its form is hidden, since notebooks are saved and
shared. Rows, columns and lengths are limited. Nothing sets a colour of its own but greys and a bar
that are readable on light and on dark pages.
"""

from __future__ import annotations

import html
import json

from globus_core.exc._redact import HIDDEN, clean_text, is_secret_parameter
from globus_core.printable import one_line, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Row = t.Mapping[str, t.Any]

#: of a table
MOST_ROWS = 50
MOST_COLUMNS = 12
#: characters of one value, and of a text that stands for itself
LONGEST_VALUE = 200
LONGEST_TEXT = 20_000
#: a value that stays in one line: an id, a time, most names
_SHORT = 45
#: what is shown of a value within a value
_MOST_INSIDE = 20
_DEEPEST = 6
#: what is looked through for secrets before it is cut
_LONGEST_READ = 4000

#: parameters of logins, which have another meaning in documents
_NOT_SECRET = frozenset(("code", "state"))
#: parts of names whose values are secret, of whatever type these are
_SECRET_PARTS = ("secret", "password", "passphrase", "private_key", "privatekey", "access_key")

#: the class stands there twice to outdo the rules that Jupyter has for tables
_STYLE = """<style scoped>
.globus-core, .globus-core pre { scrollbar-color: rgba(128, 128, 128, .7) transparent; }
.globus-core { max-width: 100%; overflow-x: auto; }
.globus-core.globus-core table {
  border-collapse: collapse; margin: .3em 0; width: auto; table-layout: auto; }
.globus-core.globus-core th, .globus-core.globus-core td {
  border: 0; border-bottom: 1px solid rgba(128, 128, 128, .4); background: transparent;
  color: inherit; text-align: left; vertical-align: top; padding: .25em 1em .25em 0;
  white-space: normal; overflow-wrap: break-word; max-width: 32em; }
.globus-core.globus-core th { font-weight: 600; }
.globus-core.globus-core .short { white-space: nowrap; }
.globus-core.globus-core .number { text-align: right; font-variant-numeric: tabular-nums; }
.globus-core.globus-core pre { margin: .3em 0; padding: 0; white-space: pre; border: 0;
  color: inherit; background: transparent; font-family: monospace; overflow-x: auto; }
.globus-core .title { font-weight: 600; }
.globus-core .note { opacity: .75; font-size: .9em; }
.globus-core .bar { width: 20em; max-width: 100%; height: .7em; margin: .4em 0;
  border-radius: .35em; overflow: hidden; background: rgba(128, 128, 128, .35); }
.globus-core .bar div { height: 100%; background: #2f7fd6; }
</style>"""


def page(title: str, *parts: str) -> str:
    """
    What an object shows: a title, and parts that the other functions have made.

    :param title: what it is, as plain text
    :param parts: HTML; empty ones are left out
    """
    shown = "\n".join(part for part in parts if part)
    heading = f'<div class="title">{escaped(title)}</div>'
    return f'<div class="globus-core">{_STYLE}\n{heading}\n{shown}\n</div>'


def escaped(text: str, longest: int = LONGEST_VALUE) -> str:
    """
    A text as one line of HTML, without secrets.

    :param text: the text
    :param longest: how many of its characters are shown
    """
    return html.escape(one_line(clean_text(text[:_LONGEST_READ]), longest))


def note(text: str) -> str:
    """
    A remark.

    :param text: plain text
    """
    return f'<div class="note">{escaped(text)}</div>' if text else ""


def table(rows: t.Sequence[t.Any], columns: t.Sequence[str] = ()) -> str:
    """
    A table with a row for each document of a list.

    :param rows: the documents; other values get a column of their own
    :param columns: the fields to show, as far as there are such; empty for those that have values,
        plain ones first
    """
    if not rows:
        return note("none")
    shown = [row if isinstance(row, dict) else {"value": row} for row in rows[:MOST_ROWS]]
    names, others = _columns(shown, columns)
    numbers = {name for name in names if all(_is_number(row.get(name, 0)) for row in shown)}
    head = "".join(_cell("th", name, name in numbers) for name in names)
    body = "\n".join(
        f"<tr>{''.join(_cell('td', value(row, name), name in numbers) for name in names)}</tr>"
        for row in shown
    )
    left = [_more(len(rows) - len(shown), "row"), _more(others, "field")]
    return (
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
        f"{note(', '.join(filter(None, left)))}"
    )


def fields(document: Row) -> str:
    """
    The fields of one document, below each other.

    :param document: the document
    """
    names = list(document)[:MOST_ROWS]
    rows = "\n".join(
        f"<tr>{_cell('th', str(name))}{_cell('td', value(document, name))}</tr>" for name in names
    )
    more = note(_more(len(document) - len(names), "field"))
    return f"<table>\n<tbody>\n{rows}\n</tbody>\n</table>{more}" if rows else note("empty")


def text(content: str) -> str:
    """
    A text of several lines, as it stands.

    :param content: the text
    """
    shown = printable(clean_text(content[:LONGEST_TEXT]))
    more = note(_more(len(content) - LONGEST_TEXT, "character"))
    return f"<pre>{html.escape(shown)}</pre>{more}"


def bar(done: t.Any, of: t.Any) -> str:
    """
    How much of something is done; empty if that is not known.

    :param done: how much is done, a number
    :param of: how much there is, a number
    """
    if not (_is_number(done) and _is_number(of)) or of <= 0:
        return ""
    percent = max(0, min(100, round(100 * done / of)))
    label = f'role="progressbar" aria-valuenow="{percent}" aria-valuemin="0" aria-valuemax="100"'
    return f'<div class="bar" {label}><div style="width: {percent}%"></div></div>'


def data(value: t.Any) -> str:
    """
    A JSON value: a table for a list, the fields of an object, or the value itself.

    :param value: the value
    """
    if isinstance(value, list):
        return table(value)
    if isinstance(value, dict):
        return fields(value)
    return text(value if isinstance(value, str) else json.dumps(value))


def tokens(records: t.Iterable[Row]) -> str:
    """
    A table of tokens, without the tokens themselves.

    :param records: for each its ``resource_server``, ``scope``, ``expires_at_seconds`` and perhaps
        ``refresh_token``
    """
    from globus_core.documents import utc_text

    rows = [
        {
            "resource server": record.get("resource_server"),
            "scopes": record.get("scope"),
            "expires": utc_text(record["expires_at_seconds"]),
            "refreshable": "no" if record.get("refresh_token") is None else "yes",
        }
        for record in records
    ]
    return table(rows)


def response(shown: t.Any, body: t.Any, columns: t.Sequence[str] = ()) -> str:
    """
    A response: the list that it is iterated over, or the fields of its body.

    :param shown: the response
    :param body: its body, in which nothing is secret but what any document may have
    :param columns: the fields of a list to show; empty for those that have values
    """
    title = f"{type(shown).__name__} {shown.http_status}"
    key = getattr(shown, "iter_key", None)
    items = body.get(key) if isinstance(body, dict) else None
    if isinstance(items, list):
        told = [f"{name} {count}" for name, count in body.items() if _is_number(count)]
        told += ["there are more"] if body.get("has_next_page") is True else []
        return page(title, table(items, columns), note(", ".join(told)))
    return page(title, table(body, columns) if isinstance(body, list) else data(body))


def value(document: Row, name: t.Any) -> t.Any:
    """
    A field of a document as it may be shown.

    :param document: the document
    :param name: the field's name
    """
    return _shown(str(name), document.get(name), 0)


def _shown(name: str, found: t.Any, depth: int) -> t.Any:
    """A value without secrets, of which there is no more than can be looked at."""
    if found is None or isinstance(found, bool):
        return found
    if _is_secret(name, found):
        return HIDDEN
    if isinstance(found, dict):
        if depth == _DEEPEST:
            return "..."
        first = list(found.items())[:_MOST_INSIDE]
        inside = {
            str(key)[:LONGEST_VALUE]: _shown(str(key), item, depth + 1) for key, item in first
        }
        return inside if len(first) == len(found) else {**inside, "...": len(found) - len(first)}
    if isinstance(found, (list, tuple)):
        if depth == _DEEPEST:
            return "..."
        some = [_shown("", item, depth + 1) for item in found[:_MOST_INSIDE]]
        left = len(found) - len(some)
        return [*some, f"... ({left} more)"] if left else some
    return clean_text(found[:_LONGEST_READ]) if isinstance(found, str) else found


def _is_secret(name: str, found: t.Any) -> bool:
    plain = name.lower()
    if any(part in plain for part in _SECRET_PARTS):
        return True
    has_fields = isinstance(found, dict) or (isinstance(found, list) and dict in map(type, found))
    if has_fields or plain in _NOT_SECRET:
        return False
    return is_secret_parameter(plain) or is_secret_parameter(plain.removesuffix("s"))


def _columns(rows: t.Sequence[Row], wanted: t.Sequence[str]) -> tuple[list[str], int]:
    """The names of the columns to show, and how many further ones there are."""
    plain: dict[str, None] = {}
    nested: dict[str, None] = {}
    for row in rows:
        for name, found in row.items():
            if found not in (None, "", [], {}):
                (nested if isinstance(found, (dict, list)) else plain)[name] = None
    known = [*plain, *(name for name in nested if name not in plain)]
    names = [name for name in wanted if name in known] or known[:MOST_COLUMNS]
    return names, len(known) - len(names)


def _cell(tag: str, shown: t.Any, is_number: bool = False) -> str:
    if isinstance(shown, (dict, list)):
        shown = json.dumps(shown, ensure_ascii=False, default=str)
    elif shown is None:
        shown = ""
    content = one_line(str(shown), LONGEST_VALUE)
    kind = "number" if is_number else "short" if len(content) <= _SHORT else ""
    attribute = f' class="{kind}"' if kind else ""
    return f"<{tag}{attribute}>{html.escape(content)}</{tag}>"


def _more(count: int, what: str) -> str:
    """How much is not shown; empty if all is."""
    return f"and {count} more {what}{'s' if count > 1 else ''}" if count > 0 else ""


def _is_number(found: t.Any) -> bool:
    return isinstance(found, (int, float)) and not isinstance(found, bool)
