"""
Writing answers as a table, JSON or CSV, a few at a time.
"""

from __future__ import annotations

import csv
import json
import typing as t

from globus_core.cli import Output, terminal
from globus_core.identities import Identity, Unresolved
from globus_core.printable import one_line

if t.TYPE_CHECKING:
    Answer: t.TypeAlias = Identity | Unresolved
    Rows: t.TypeAlias = t.Sequence[tuple[str, Answer]]

FOUND = "found"
_FIELDS = ("id", "username", "name", "email", "organization", "identity_provider", "status")
_CSV = ("key", "result", *_FIELDS, "identity_provider_name", "source")
_TABLE = ("key", "id", "username", "name", "organization")


class Writer(t.Protocol):
    """
    Writes answers to a stream, a few at a time.
    """

    def write(self, rows: Rows) -> None:
        """
        Write some answers.

        :param rows: names as the user spelled them, with their answers
        """

    def end(self) -> None:
        """
        Finish the output.
        """


class TableWriter:
    """
    For people: a table on a terminal, otherwise lines with tabs between the values. Names without
    an identity are included.

    :param stream: where to write, if it is no terminal
    """

    def __init__(self, stream: t.TextIO) -> None:
        self._stream = stream
        self._began = False

    def write(self, rows: Rows) -> None:
        """
        Write some answers.

        :param rows: names as the user spelled them, with their answers
        """
        lines = [_cells(key, answer) for key, answer in rows]
        if terminal() is not None:
            Output(as_json=False).table(_TABLE, lines, empty="")
            return
        for line in lines if self._began else (_TABLE, *lines):
            self._stream.write("\t".join(line) + "\n")
        self._began = True

    def end(self) -> None:
        """
        Finish the output; there is nothing to write.
        """


class JSONWriter:
    """
    For programs: a list of objects, one per line.

    :param stream: where to write
    """

    def __init__(self, stream: t.TextIO) -> None:
        self._stream = stream
        self._before = "[\n"

    def write(self, rows: Rows) -> None:
        """
        Write some answers.

        :param rows: names as the user spelled them, with their answers
        """
        for key, answer in rows:
            data: dict[str, t.Any] = {"key": key, "result": _result(answer)}
            if isinstance(answer, Identity):
                data.update(answer.to_dict())
            elif answer.detail is not None:
                data["detail"] = answer.detail
            self._stream.write(self._before + json.dumps(data))
            self._before = ",\n"

    def end(self) -> None:
        """
        Close the list.
        """
        self._stream.write("[]\n" if self._before == "[\n" else "\n]\n")


class CSVWriter:
    """
    For spreadsheets: a header, and a row for each name (RFC 4180).

    :param stream: where to write
    """

    def __init__(self, stream: t.TextIO) -> None:
        self._writer = csv.writer(stream, lineterminator="\n")
        self._writer.writerow(_CSV)

    def write(self, rows: Rows) -> None:
        """
        Write some answers.

        :param rows: names as the user spelled them, with their answers
        """
        for key, answer in rows:
            row: list[t.Any] = [key, _result(answer)]
            if isinstance(answer, Identity):
                provider = answer.included.get("identity_provider") or {}
                row += [answer.get(name) for name in _FIELDS]
                row += [provider.get("name"), answer.source]
            self._writer.writerow(row + [None] * (len(_CSV) - len(row)))

    def end(self) -> None:
        """
        Finish the output; there is nothing to write.
        """


FORMATS: dict[str, type[TableWriter] | type[JSONWriter] | type[CSVWriter]] = {
    "table": TableWriter,
    "json": JSONWriter,
    "csv": CSVWriter,
}


def _result(answer: Answer) -> str:
    return FOUND if isinstance(answer, Identity) else answer.reason


def _cells(key: str, answer: Answer) -> tuple[str, ...]:
    if isinstance(answer, Identity):
        values = (key, *(answer.get(name) for name in _TABLE[1:]))
    else:
        values = (key, f"({answer.reason.replace('_', ' ')})", "", "", "")
    return tuple("-" if value is None else one_line(str(value)) for value in values)
