# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk with everything at once is the same read anew, either way, and a version down and up."""

from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import afterwards, held
from safeconduct.edges.desk.migrations import STEPS
from safeconduct.edges.desk.migrations_people import OF_PEOPLE
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.store import step_to
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.kernel.words import DAY, BlobId, Instant
from safeconduct.rooms.hotline.flags import Flag
from safeconduct.rooms.hotline.triage import Danger
from safeconduct.rooms.hotline.vetting import Gate
from tests.kit.old_files import mail
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person
from tests.sim.test_attack_vetting import MARKER, NOTE, vet
from tests.sim.test_first_words import TEXTS
from tests.sim.test_imports import FILED, box, bring
from tests.sim.test_likeness import HERS, INSULT, write
from tests.sim.test_retention import GONE_BY, Hands, begin, end, pass_days, sync_all, told

SHOWS = ("waiting", "behind", "all", "silent", "hostile", "closed")
WENT = (MARKER, "took him", "Please help")


def longer() -> bytes:
    """A mail that came later, with a file."""
    parts = FILED.replace("They took him.", "He is back.").replace("the list", "another list")
    kind = "multipart/mixed; boundary=b"
    return mail(parts, From="reed@example.org", Message_ID="<4@x>", In_Reply_To="<3@x>",
                Content_Type=kind)  # fmt: skip


def floods(stage: Rehearsal, hands: Hands) -> None:
    """A crowd, one of which is vetted; insults, one of them judged to be in danger."""
    first, second = hands
    crowd = [write(stage, HERS) for _ in range(4)]
    insults = [write(stage, INSULT) for _ in range(4)]
    sync_all(hands)
    second.desk.vetting.guard(crowd[2], Gate.MET, "She is near the mill.", "mill")
    second.desk.triage.judge(insults[1], Danger.IN_DANGER)
    sync_all(hands)
    first.desk.triage.mark_hostile(insults[1], hostile=True)
    first.desk.triage.mark_hostile(insults[2], hostile=True)
    first.desk.retention.hold(crowd[3], "a court has it")


def talks(stage: Rehearsal, hands: Hands, person: Person, anew: Person, path: Path) -> None:
    """Joined, vetted and closed; the same old mails at both desks; first words."""
    first, second = hands
    bring(first.desk, box(path))
    sync_all(hands)
    for hand in hands:
        bring(hand.desk, box(path, longer()))
    first.desk.joining.join(anew.conversation, person.conversation, "She knew the lilacs.")
    sync_all(hands)
    first.desk.guidance.raise_flag(anew.conversation, Flag.MINOR, "Fifteen.")
    opening = vet(first, anew, Gate.VOUCHED)
    second.desk.vetting.guard(anew.conversation, Gate.MET, NOTE, MARKER)
    first.desk.vetting.set_words(Gate.MET, "lantern")
    second.desk.first_words.write(TEXTS)
    sync_all(hands)
    second.desk.vetting.second_gate(anew.conversation, opening, "read")
    first.desk.first_words.approve(first.desk.first_words.standing()[0].id, 30)
    first.desk.guidance.end_flag(anew.conversation, Flag.MINOR, "Twenty.")
    sync_all(hands)


def shown(desk: Desk) -> list[object]:
    """All that a desk shows of it."""
    rows = {show: list(desk.inbox(show=show, start=0, most=99)[0]) for show in SHOWS}
    folded = [desk.conversation(row.conversation) for row in rows["all"]]
    keeps = [*desk.retention.staying(99), *desk.retention.coming(Instant(1 << 60), 99)]
    went = sorted((one.conversation, one.files, one.days) for one in desk.retention.gone(99))
    return [rows, folded, keeps, went, desk.vetting.words(), desk.first_words.standing()]


def sound(hand: Hand, expected: list[object]) -> None:
    """Hold a desk to what it showed, and its tables to the facts."""
    for _ in range(2):
        hand.sync()
    while afterwards.index_some(hand.desk.journal):
        pass
    assert shown(hand.desk) == expected
    assert not verify_store(hand.desk.journal).findings
    assert not [one for one in WENT if any(one in text for text in told(hand.desk))]


def live(stage: Rehearsal, hands: Hands, person: Person, tmp_path: Path) -> None:
    """Two conversations end and are destroyed, with each copy of their files; then more come."""
    first, second = hands
    begin(stage, hands)
    anew = Person(stage)
    anew.write("It is me, without my words.")
    sync_all(hands)
    talks(stage, hands, person, anew, tmp_path)
    (old,) = {one.conversation for one in first.desk.search("took") if one.conversation}
    talk = first.desk.conversation(old)
    assert talk is not None
    files = [BlobId(file.blob) for file in (*talk.files, *talk.spare)]
    assert len(files) == 3
    second.desk.mark_read(old)
    second.desk.by_hand.tell(old, "We wrote to you by mail.", None)
    second.desk.triage.close(old, "he is free")
    end(first.desk, anew.conversation)
    sync_all(hands)
    pass_days(stage, hands, GONE_BY)
    for hand in hands:
        assert not any(map(hand.desk.conversation, (old, anew.conversation)))
    stage.clock.time += 5 * DAY
    stage.store.sweep()
    for blob in files:
        with pytest.raises(NotFound):
            stage.courier(first.desk).chunk(blob, 0)
    floods(stage, hands)
    sync_all(hands)


def test_a_desk_with_all_of_it_is_the_same_read_anew_and_a_version_down_and_up(
    stage: Rehearsal, person: Person, hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(stage, hands, person, tmp_path)
    first, expected = hands[0], shown(hands[0].desk)
    for hand in hands:
        sound(hand, shown(hand.desk))
    first.desk.journal.read_again()
    sound(first, expected)
    monkeypatch.setattr(held, "QUICK_FROM", 2)
    first.desk.journal.forget()
    held.read_from_disk(first.desk.journal)
    sound(first, expected)
    key = first.desk.journal.store._key
    for version in range(len(STEPS) - 1, len(STEPS) - len(OF_PEOPLE) - 1, -1):
        first.desk.stop()
        step_to(stage.folder / "first", key, version)
        step_to(stage.folder / "first", key, len(STEPS))
        desk = stage.unlock("first")
        first = Hand(desk, stage.courier(desk))
        sound(first, expected)
