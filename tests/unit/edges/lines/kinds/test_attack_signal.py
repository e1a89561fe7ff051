# SPDX-License-Identifier: AGPL-3.0-or-later
"""Attack: who took a person's number registers it at Signal, and waits for the office's answer."""

import pytest

from safeconduct.edges.lines.channel import CannotSend
from safeconduct.edges.lines.kinds.signal_keys import Keys
from tests.lines.kit.by_hand import KeptByHand

SHE = "11111111-0000-4000-8000-000000000001"


@pytest.mark.attack
def test_what_was_written_to_her_goes_to_no_new_key_of_her_number() -> None:
    kept = KeptByHand()
    keys = Keys(kept)
    hers = keys.contact(SHE)
    assert keys.who(hers) == SHE
    his = keys.anew(SHE)
    for now in (keys, Keys(kept)):
        assert now.who(his) == SHE
        with pytest.raises(CannotSend):
            now.who(hers)
