# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is to be done next with access and letters, drawn before it begins (spec/crew.md 4).

A round is one new access epoch, or none, and the letters that follow; `removing` does its steps.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine import lasting, new_root, overdue, tracing
from safeconduct.edges.desk.engine.following import BACK, RAISED, ends_a_steward
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.lasting import RENEWED
from safeconduct.edges.desk.engine.wished import TRACED
from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.log.checkpoint import parse_checkpoint
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.bodies import Letter
from safeconduct.rooms.crew import HeldKey
from safeconduct.rooms.crew.events import Followed
from safeconduct.rooms.crew.tracing import traced_capability, traced_hashes

KEY_BYTES: Final = 32
NO_CONTROL_KEY: Final = "no_control_key"
"""A steward's desk that was not given the control seed ends nobody's access."""


class FollowUp(Record, frozen=True):
    """What one round does, and the newest of its steps that is done.

    `traced` are the hashes of its epoch's capabilities where that traces; `capability` is our own.
    """

    marks: tuple[Followed, ...]
    epoch: int
    capability: bytes
    control: bytes
    done: str = "drawn"
    letters: tuple[Letter, ...] = ()
    traced: tuple[bytes, ...] = ()


UNDER_WAY: Final[Codec[FollowUp]] = Codec(FollowUp, "follow_up")


def under_way(journal: Journal) -> bool:
    """Tell whether something that was begun waits to go on."""
    return journal.store.setting("follow_up", UNDER_WAY) is not None


def waits(journal: Journal) -> bool:
    """Tell whether there may be something to do though the roster did not change."""
    return (
        under_way(journal)
        or overdue.time_came(journal)
        or new_root.waiting(journal) is not None
        or lasting.time_came(journal)
        or tracing.is_to_end(journal)
    )


def draw(journal: Journal, courier: Courier) -> FollowUp | None:
    """Draw a capability, and a control key where a steward is one no more; durable on return.

    Where devices were brought back and nothing else was done, the letters say the way in that
    stands.
    """
    waited = overdue.time_came(journal) or new_root.waiting(journal)
    whole = bool(waited) and read_whole(journal, courier)
    marks = overdue.due(journal, read_whole=whole)
    heir = new_root.ready(journal) if whole else None
    opens = heir is not None or tracing.is_to_end(journal)
    if not marks and not opens:
        marks = lasting.due(journal, courier)
    if not marks and not opens:
        return None
    control = journal.keychain.control()
    if control is None:
        if any(mark.standing != RAISED for mark in marks):
            journal.trouble(NO_CONTROL_KEY)
        return None
    if heir is not None:
        marks = tracing.ending(journal, marks)
        found = FollowUp(marks, control.epoch + 1, heir.capability, heir.control)
    elif opens_nothing(marks) and not opens:
        if (tracing.epoch_of(journal) or control.epoch) != control.epoch:
            return None  # Whose capability is whose a colleague's desk knows that holds the key.
        way = journal.place.capability
        found = FollowUp(marks, control.epoch, way, control.key, done="opened")
    else:
        found = fresh_round(journal, control, marks)
    with journal.store.transaction():
        lasting.begin(journal)
        journal.store.put_setting("follow_up", found)
    return found


def fresh_round(journal: Journal, control: HeldKey, marks: tuple[Followed, ...]) -> FollowUp:
    """Return a round that opens the epoch after the one in which this control key stands.

    It traces where a steward asked for that, and else ends a tracing that stands.
    """
    rng, steward = journal.rng, any(ends_a_steward(journal, mark) for mark in marks)
    seed = rng.bytes(KEY_BYTES) if steward else control.key
    epoch, office = control.epoch + 1, journal.office
    if tracing.is_to_end(journal) or not any(mark.standing == TRACED for mark in marks):
        return FollowUp(tracing.ending(journal, marks), epoch, rng.bytes(KEY_BYTES), seed)
    own = traced_capability(seed, office, epoch, journal.device)
    hashes = traced_hashes(seed, office, epoch, journal.roster.present())
    return FollowUp(marks, epoch, own, seed, traced=hashes)


def opens_nothing(marks: tuple[Followed, ...]) -> bool:
    """Tell whether a round says the way in that stands, and is drawn for nothing but that."""
    return bool(marks) and all(mark.standing in {BACK, RENEWED} for mark in marks)


def read_whole(journal: Journal, courier: Courier) -> bool:
    """Tell whether this desk read all that the relay has; raises UnknownCapability."""
    checkpoint = parse_checkpoint(courier.checkpoint("log"), journal.place.relay())
    return journal.log.read_to() >= checkpoint.size
