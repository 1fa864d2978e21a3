"""
Lengths of time as options give them: ``90``, ``90s``, ``10m``, ``12h``, ``2d``, ``1h30m``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import click

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
#: a hundred years; later ends would be no times that a computer knows
_LONGEST = 100 * 365 * 86400


def seconds(text: str) -> int:
    """
    The length in seconds of a text such as ``1h30m``; a number alone is seconds.

    :param text: the text
    :raises ValueError: if it is anything else, or longer than 100 years; says what is accepted
    """
    total, digits = 0, ""
    for character in text.strip().lower():
        if character.isascii() and character.isdigit() and len(digits) < 12:
            digits += character
        elif character in _UNITS and digits:
            total += int(digits) * _UNITS[character]
            digits = ""
        else:
            raise _unclear(text)
    if digits and total:  # 1h30
        raise _unclear(text)
    total += int(digits or 0)
    if not text.strip() or total > _LONGEST:
        raise _unclear(text)
    return total


def as_seconds(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """
    The callback of an option whose value is a length of time.

    :raises click.BadParameter: if it is not one
    """
    import click

    try:
        return None if value is None else seconds(value)
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from error


def _unclear(text: str) -> ValueError:
    return ValueError(f"{text!r} is not a length of time, such as 90s, 10m, 12h, 2d or 1h30m")
