# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a desk signs its head long, and that every desk holds chains to it (spec/crew.md 7)."""

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import afterwards, held, signed_heads
from safeconduct.edges.desk.engine.signed_heads import HeadSigner
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.words import DAY, MINUTE, DeviceId
from safeconduct.rooms.crew.events import SIGNED
from safeconduct.rooms.crew.watching import HEAD_SIGNED, check_head, write_head
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, sync

HEADS = "SELECT body FROM entries WHERE kind = ? ORDER BY no"
DIFFERS = "SELECT count(*) FROM quarantine WHERE code = 'head_differs'"


@pytest.fixture
def desk(stage: Rehearsal, person: Person) -> Desk:
    """The second desk, which has written something."""
    return stage.desks["second"]


def heads(desk: Desk) -> list[bytes]:
    return [row[0] for row in desk.journal.store.rows(HEADS, (HEAD_SIGNED,))]


def codes(desk: Desk) -> set[str]:
    signed_heads.check_new(desk.journal)
    return {trouble.code for trouble in desk.status().troubles}


def test_a_head_is_signed_after_seven_days_and_once(
    stage: Rehearsal, desk: Desk, person: Person
) -> None:
    desk.note(person.conversation, "one")
    signer = HeadSigner(desk.journal)
    stage.clock.time += 7 * DAY - MINUTE
    signer.look()
    assert heads(desk) == []
    stage.clock.time += 2 * MINUTE
    head = desk.journal.pen.sequence, desk.journal.pen.previous
    signer.look()
    signer.look()
    HeadSigner(desk.journal).look()  # As after a start.
    (body,) = heads(desk)
    key = desk.journal.secrets.signing_key().public
    signed = check_head(body, desk.journal.office, desk.device, key)
    assert (signed.sequence, signed.commit) == head


def test_a_desk_that_wrote_nothing_since_signs_nothing(
    stage: Rehearsal, desk: Desk, person: Person
) -> None:
    desk.note(person.conversation, "one")
    signer = HeadSigner(desk.journal)
    for _ in range(3):
        stage.clock.time += 8 * DAY
        signer.look()
    # What was signed last is a commit itself, and the next head goes beyond it.
    assert len(heads(desk)) == 1
    desk.note(person.conversation, "two")
    signer.look()
    assert len(heads(desk)) == 2


def test_a_head_is_signed_after_so_many_commits(
    desk: Desk, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signed_heads, "EVERY_COMMITS", 5)
    signer = HeadSigner(desk.journal)
    for number in range(20):
        desk.note(person.conversation, str(number))
        signer.look()
    assert len(heads(desk)) == 4


def test_a_device_that_does_not_stand_signs_nothing(
    stage: Rehearsal, desk: Desk, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.note(person.conversation, "one")
    stage.clock.time += 8 * DAY
    monkeypatch.setattr(type(desk.journal.roster), "present", lambda _: frozenset[DeviceId]())
    HeadSigner(desk.journal).look()
    assert heads(desk) == []


@pytest.mark.parametrize("quick", [False, True])
def test_heads_that_fit_are_no_trouble_on_any_desk(
    stage: Rehearsal, desk: Desk, person: Person, monkeypatch: pytest.MonkeyPatch, *, quick: bool
) -> None:
    if quick:
        monkeypatch.setattr(held, "QUICK_FROM", 2)
        monkeypatch.setattr("safeconduct.edges.desk.engine.sync.QUICK_FROM", 2)
    for desk_ in stage.desks.values():
        desk_.note(person.conversation, "one")
        stage.clock.time += 8 * DAY
        HeadSigner(desk_.journal).look()
    sync(stage, "first", "second", "first")
    late = stage.join("late")
    for one in (*stage.desks.values(), late):
        while afterwards.index_some(one.journal):
            pass
        assert len(heads(one)) == 2
        assert "head_differs" not in codes(one)
        assert verify_store(one.journal).findings == ()
    late.journal.read_again()
    assert "head_differs" not in codes(late)


@pytest.mark.parametrize("name", ["signer", "broken", "beyond"])
def test_a_head_that_does_not_fit_is_a_trouble_and_noted_once(
    stage: Rehearsal, desk: Desk, person: Person, name: str
) -> None:
    desk.note(person.conversation, "one")
    stage.clock.time += 8 * DAY
    journal = desk.journal
    HeadSigner(journal).look()
    signed = SIGNED.decode(heads(desk)[0])
    body = {
        "signer": b"\x93" + heads(desk)[0][1:].replace(desk.device, bytes(16)),
        "broken": b"\x91\x01",
        "beyond": beyond(desk),
    }[name]
    assert signed.signer == desk.device
    journal.write([Fact(journal.crew_vault, HEAD_SIGNED, 1, body)])
    sync(stage, "second", "first")
    first = stage.desks["first"]
    for _ in range(2):
        assert "head_differs" in codes(first)
        assert first.journal.store.value(DIFFERS) == 1


def beyond(desk: Desk) -> bytes:
    """A head that its device has not reached, well signed."""
    journal = desk.journal
    head = journal.pen.sequence + 1, journal.pen.previous
    key = journal.secrets.signing_key()
    return write_head(journal.office, desk.device, key, head)
