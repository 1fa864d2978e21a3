"""An interrupt during a look-up loses no announced key, and nobody waits for that look-up."""

from __future__ import annotations

import typing as t

import pytest

from globus_core import waiting
from globus_core_identity import IdentityMap
from globus_core_identity._announced import AnnouncedKeys
from globus_core_identity._single_flight import Lookups
from tests.unit.interrupts.each_line import Impatient


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
