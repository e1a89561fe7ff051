# SPDX-License-Identifier: AGPL-3.0-or-later
"""Short signatures can be forged one day; the long ones hold a chain together (spec/crew.md 7)."""

from dataclasses import replace

import pytest

from safeconduct.edges.desk.engine import signed_heads
from safeconduct.edges.desk.engine.signed_heads import HeadSigner
from safeconduct.kernel.canon import encode
from safeconduct.kernel.journal import Fact, Pen, write
from safeconduct.kernel.words import DAY
from safeconduct.rooms.crew.events import SIGNED
from safeconduct.rooms.crew.watching import HEAD_SIGNED, HeadSigned
from safeconduct.rooms.hotline.events import NoteWritten
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person

pytestmark = pytest.mark.attack

SIGNED_HEADS = "SELECT body FROM entries WHERE kind = ?"


def note(person: Person, text: str, stage: Rehearsal) -> Fact:
    """A note for colleagues."""
    vault = stage.desks["second"].journal.hotline_vault
    body = encode(NoteWritten(person.conversation, text))
    return Fact(vault, "hotline.NoteWritten", 1, body)


def forge(stage: Rehearsal, pen: Pen, facts: list[Fact]) -> Pen:
    """Append a commit with the second device's short key, as whoever broke it could."""
    journal = stage.desks["second"].journal
    now, rng = stage.clock.now(), stage.world.rng
    _, frame, after = write(facts, pen, journal._keys(), now=now, rng=rng)
    stage.courier(stage.desks["first"]).append([frame])
    return after


def read(stage: Rehearsal) -> set[str]:
    """What the first desk finds wrong once it has read and checked everything."""
    desk = stage.desks["first"]
    Hand(desk, stage.courier(desk)).pull()
    signed_heads.check_new(desk.journal)
    return {trouble.code for trouble in desk.status().troubles} - {"clock_off"}


def test_forged_chain_does_not_lead_to_what_its_device_signed_long(
    stage: Rehearsal, person: Person
) -> None:
    journal = stage.desks["second"].journal
    before = journal.pen
    journal.write([note(person, "genuine", stage)])
    stage.clock.time += 8 * DAY
    HeadSigner(journal).look()
    (body,) = journal.store.rows(SIGNED_HEADS, (HEAD_SIGNED,))[0]
    pen = forge(stage, before, [note(person, "forged", stage)])
    forge(stage, pen, [Fact(journal.crew_vault, HEAD_SIGNED, 1, body)])
    assert "head_differs" in read(stage)


def test_head_of_a_forged_chain_cannot_be_signed_long(stage: Rehearsal, person: Person) -> None:
    journal = stage.desks["second"].journal
    genuine = replace(journal.pen)
    journal.write([note(person, "genuine", stage)])
    stage.clock.time += 8 * DAY
    HeadSigner(journal).look()
    (body,) = journal.store.rows(SIGNED_HEADS, (HEAD_SIGNED,))[0]
    pen = forge(stage, genuine, [note(person, "forged", stage)])
    fact = encode(HeadSigned(pen.sequence, pen.previous))
    body = encode([fact, journal.device, SIGNED.decode(body).signature])
    forge(stage, pen, [Fact(journal.crew_vault, HEAD_SIGNED, 1, body)])
    assert "head_differs" in read(stage)
