# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay is seized or run by the enemy: it signs with its own good key, and lies.

What a whole desk does with such a relay is in `test_relay_that_lies`.
"""

import pytest

from safeconduct.kernel.errors import BadSignature
from safeconduct.kernel.journal import Seen
from safeconduct.kernel.log.checkpoint import Checkpoint, parse_checkpoint, write_checkpoint
from safeconduct.kernel.log.merkle import fold_perfect, leaf_hash, root_of
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.sync import RelayForked, RelayRolledBack, RelayWithholds, TreeWatch
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.crew.join import meeting_boxes, open_meeting, seal_meeting

pytestmark = pytest.mark.attack

OFFICE = OfficeId(b"office of tests.")
RELAY = LongSigningKey.from_seed(b"r" * 64)
LEAVES = [leaf_hash(bytes([number])) for number in range(8)]
OTHERS = [*LEAVES[:3], leaf_hash(b"another"), *LEAVES[4:]]


def signed(leaves: list[bytes]) -> Checkpoint:
    """What the relay says of a log of these leaves, signed and read."""
    checkpoint = Checkpoint(OFFICE, "log", len(leaves), root_of(leaves))
    return parse_checkpoint(write_checkpoint(checkpoint, RELAY), RELAY.public)


def subtree(level: int, index: int) -> bytes:
    """The hashes of the honest log."""
    return fold_perfect(LEAVES[index << level : (index + 1) << level])


def watch(leaves: list[bytes]) -> TreeWatch:
    """A desk that was served these leaves and confirmed them."""
    watching = TreeWatch("log")
    serve(watching, leaves)
    watching.confirm(signed(leaves))
    return watching


def serve(watching: TreeWatch, leaves: list[bytes]) -> None:
    """Hand leaves over."""
    for leaf in leaves:
        watching.extend(leaf)


def test_second_log_of_the_same_size_is_named_a_lie() -> None:
    with pytest.raises(RelayForked):
        watch(LEAVES[:6]).hear(signed(OTHERS[:6]))


def test_log_shorter_than_the_invite_names_is_named_a_lie() -> None:
    invite = signed(LEAVES)
    with pytest.raises(RelayRolledBack):
        watch(LEAVES[:6]).must_extend(Seen(invite.size, invite.root), subtree)


def test_frames_signed_for_and_not_handed_over_are_missed() -> None:
    watching = watch(LEAVES[:4])
    serve(watching, LEAVES[4:6])
    with pytest.raises(RelayWithholds):
        watching.confirm(signed(LEAVES))


def test_relay_where_devices_meet_reads_no_card() -> None:
    meeting = b"told in the invite and to no relay"[:32]
    (box, _) = meeting_boxes(meeting)
    seen = seal_meeting(meeting, box, b"a card of Mira's laptop")
    assert open_meeting(meeting, box, seen) == b"a card of Mira's laptop"
    assert b"Mira" not in seen


def test_checkpoint_by_another_key_is_not_the_relays() -> None:
    note = write_checkpoint(Checkpoint(OFFICE, "log", 8, root_of(LEAVES)), RELAY)
    other = note.replace(b"\n8\n", b"\n7\n")
    with pytest.raises(BadSignature):
        parse_checkpoint(other, RELAY.public)
