"""
Lengths of time in options.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core_cli.durations import seconds

UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}


@given(st.dictionaries(st.sampled_from("wdhms"), st.integers(0, 50), min_size=1))
def test_numbers_with_units_add_up(parts: dict[str, int]) -> None:
    """In any order, and in capitals too."""
    text = "".join(f"{number}{unit}" for unit, number in parts.items())
    expected = sum(number * UNITS[unit] for unit, number in parts.items())
    assert seconds(text) == seconds(text.upper()) == expected


@given(st.integers(0, 10**9))
def test_a_number_alone_is_seconds(number: int) -> None:
    """With spaces around it or not."""
    assert seconds(str(number)) == seconds(f" {number} ") == number


@given(st.text())
def test_any_text_is_a_length_or_a_value_error(text: str) -> None:
    """With a message that says what is accepted."""
    try:
        assert 0 <= seconds(text) <= 100 * 365 * 86400
    except ValueError as error:
        assert "such as 90s" in str(error)


@pytest.mark.parametrize(
    "text", ["", " ", "h", "1x", "1h30", "-5", "1.5h", "10 m", "²", "9" * 13, "99999d"]
)
def test_anything_else_is_refused(text: str) -> None:
    """A number after a unit needs its own, and no length is longer than 100 years."""
    with pytest.raises(ValueError, match="is not a length of time"):
        seconds(text)
