"""The count of what journeys pass works; how much they pass is printed, not tested."""

from __future__ import annotations

from tests.layout.journeys import JOURNEYS, counted, traced


def test_a_journey_is_counted_in_a_process_of_its_own() -> None:
    """A warm GET passes several functions in several files, and none of the sandbox's."""
    count = counted("GET, 503, GET")

    assert 1 < count.files <= count.functions <= count.calls
    assert count.files <= count.changes < count.calls


def test_the_calls_of_a_journey_are_printed_below_their_callers() -> None:
    """A client's verb comes first and calls the client's request; each function is counted."""
    calls, _, functions = traced("GET, 503, GET").partition("\n\n")

    verb, request, *_ = calls.splitlines()
    assert verb.startswith("globus_core/")
    assert request.startswith("  globus_core/client.py:")
    assert all(int(line.split()[0]) > 0 for line in functions.splitlines())


def test_each_journey_has_a_docstring_that_says_what_it_is() -> None:
    """The table is read by people who have not seen the code."""
    assert all(journey.__doc__ for journey, _ in JOURNEYS.values())
