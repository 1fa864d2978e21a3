"""
How often the variants of a measure have their turn.
"""

from __future__ import annotations

import time
import typing as t

#: below this a median says little, so that a slow machine takes longer rather than do less
_LEAST = 5


def turns(rounds: int, seconds: float) -> t.Iterator[int]:
    """
    Count the rounds; on a slow or busy machine there are fewer, at the least five.

    :param rounds: how many there are
    :param seconds: after this no further round begins
    """
    began = time.monotonic()
    for turn in range(rounds):
        if turn >= _LEAST and time.monotonic() - began > seconds:
            return
        yield turn
