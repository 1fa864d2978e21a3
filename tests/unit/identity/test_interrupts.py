"""An interrupt during a look-up loses no announced key, and nobody waits for that look-up."""

from __future__ import annotations

import typing as t

import pytest

from globus_core import waiting
from globus_core_identity import IdentityMap
from globus_core_identity._announced import AnnouncedKeys
from globus_core_identity._single_flight import Lookups
from tests.unit.interrupts.each_line import Case, Impatient, survey


@pytest.mark.parametrize("owner, name", [(Lookups, "_join"), (AnnouncedKeys, "take_all")])
def test_a_prefetch_can_be_done_again_after_an_interrupt(
    auth: t.Any, people: t.Any, monkeypatch: pytest.MonkeyPatch, owner: type, name: str
) -> None:
    """It comes when the keys have been taken, and before the look-up knows that."""
    keys = [people.id(1), people.username(2)]
    identities = IdentityMap(auth, keys)
    real = getattr(owner, name)

    def interrupted(*args: t.Any) -> t.NoReturn:
        real(*args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, interrupted)
        with pytest.raises(KeyboardInterrupt):
            identities.prefetch()
    assert set(identities._announced.oldest(9)) == set(keys)
    with waiting.use(Impatient()):
        assert len(identities.prefetch().found) == 2


@pytest.mark.parametrize(
    "count",
    [pytest.param(2, id="one request"), pytest.param(6, id="three", marks=pytest.mark.full)],
)
def test_a_prefetch_can_be_done_again_after_an_interrupt_at_any_line(
    auth: t.Any, people: t.Any, count: int
) -> None:
    """Another thread gets all answers at once, and no announced key is lost."""
    keys = [people.username(number) for number in range(count)]

    def make() -> Case:
        identities = IdentityMap(auth, keys, id_batch_size=2, cache="memory")
        limiter = identities._resolver._limiter.get()

        def nothing_lost() -> None:
            assert len(identities._announced) + len(identities._listed) >= count
            assert not limiter._active

        def prefetch() -> None:
            identities.prefetch()
            assert (len(identities._listed), len(identities._announced)) == (count, 0)

        return Case(prefetch, nothing_lost)

    points, left = survey(make)
    assert points > 100
    assert left == []
