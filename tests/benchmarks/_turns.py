"""
How often the variants of a measure have their turn, and how they are compared.
"""

from __future__ import annotations

import statistics
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


def variants_in_turns(names: t.Sequence[str], rounds: int, seconds: float) -> t.Iterator[str]:
    """
    The variants of all rounds.

    Each round begins with another one. Once each has begun one, the order is turned round: what
    a variant leaves in the caches of the processor helps or hinders the one that comes next.

    :param names: the variants
    :param rounds: how many rounds there are
    :param seconds: after this no further round begins
    """
    for turn in turns(rounds, seconds):
        cycle, first = divmod(turn, len(names))
        order = (*names[first:], *names[:first])
        yield from reversed(order) if cycle % 2 else order


def median_ratio(runs: t.Sequence[float], basis: t.Sequence[float]) -> float:
    """
    The median of what each run took, beside the run of the basis in the same round.

    :param runs: the seconds of a variant's runs
    :param basis: those of the variant that is 1
    """
    return statistics.median(a / b for a, b in zip(runs, basis, strict=True))
