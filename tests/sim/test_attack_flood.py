# SPDX-License-Identifier: AGPL-3.0-or-later
"""An enemy copies what somebody in need wrote, so that a helper's mark puts her out of sight."""

from dataclasses import replace
from pathlib import Path

import pytest

from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.weights import Weights
from safeconduct.kernel.words import CommitId, ConversationId, DeviceId, Instant, MessageId, fact_id
from safeconduct.rooms.hotline.hostility import Hostility, Mark
from safeconduct.rooms.hotline.likeness import Likeness, Seen
from safeconduct.rooms.hotline.queue import FOLDED, place_of
from safeconduct.rooms.hotline.triage import Triage
from safeconduct.rooms.hotline.wording import pairs_of
from safeconduct.rooms.hotline.words import Conversation, Message
from tests.kit.clocks import NOON

pytestmark = pytest.mark.attack

HERS = (
    "My uncle locked me in the shed behind the mill and took my papers. The carpenter's wife gave "
    "me this phone until noon. I can walk to the river but not as far as the border."
)
KEEP = "INSERT INTO alike VALUES (?, ?, ?, x'', ?, ?, ?, ?, 1)"


def talk(number: int) -> Conversation:
    """A conversation in which somebody wrote these words, and no helper did anything."""
    said = Message(
        *(MessageId(bytes([number]) * 32), Instant(NOON + number), "en", HERS, (), "page", ())
    )
    name = ConversationId(bytes([number]) * 16)
    return Conversation(name, "quiet river", (), b"v" * 32, "en", (said,), (), (), (), ())


def test_marking_a_copy_does_not_put_away_whom_it_copies(tmp_path: Path) -> None:
    hers, copy, later = talks = [talk(1), talk(2), talk(3)]
    pairs, store = pairs_of(HERS), Store(tmp_path, bytes(32))
    weights = Weights(store)
    said = [Seen(one.messages[0].arrived, one.messages[0].id, pairs) for one in talks]
    anew = Likeness().add(said)
    with store.transaction() as writer:
        for one, seen in zip(talks, said, strict=True):
            writer.execute(KEEP, (seen.message, one.id, seen.at, *anew[seen.message]))
    mark = Mark(fact_id(CommitId(bytes(32)), 0), DeviceId(bytes(16)), hostile=True)
    marked = replace(copy, triage=Triage(hostility=Hostility((mark,))))
    weights.mark({copy.id: marked})
    assert place_of(later, weight=weights.of(later)).alike == FOLDED
    assert place_of(hers, weight=weights.of(hers)).alike == 0
    store.close()
