# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lines at real desks: admitted, read as their channel, answered to the line and to nobody else."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.line_book import OF_UNKNOWN_MOST
from safeconduct.edges.desk.migrations import STEPS
from safeconduct.edges.desk.store import step_to
from safeconduct.kernel.errors import CannotOpen
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.words import DAY, HOUR, Address, ConversationId, Instant
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.hotline.letters import (
    Box,
    Letter,
    Reply,
    conversation_of,
    open_reply,
    parse_certificate,
    seal_letter,
)
from safeconduct.rooms.hotline.line_decide import OnlyTheWay
from safeconduct.rooms.hotline.line_licence import parse_licence
from tests.kit.desk_twin_lines import TwinLine
from tests.sim.courier import Rehearsal, submit
from tests.sim.steps import Hand, settle

BEFORE_LINES = len(STEPS) - 1


@dataclass
class Caller:
    """Somebody who writes by a line; the line seals it, and reads the line's box."""

    stage: Rehearsal
    line: TwinLine
    voice: bytes = b"the voice of one contact, 32 by."
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def conversation(self) -> ConversationId:
        """Hers at the office."""
        return conversation_of(self.voice)

    def write(self, text: str, **told: Any) -> None:  # noqa: ANN401
        """Say something to the line."""
        office, card = self.stage.office, self.line.card
        self.line.office = office
        founded = self.stage.desks["first"].roster().founded
        assert founded is not None
        pin = LongVerifyKey.parse(founded.intake_signing_key)
        raw = self.stage.store.public(office).terms().certificate
        extras = self.line.extras(self.voice, **(self.told | told))
        letter = Letter(1, self.voice, card.address, card.sealing_key, "ru", text, (), extras)
        item = seal_letter(letter, parse_certificate(raw, office, pin))
        submit(self.stage.store, office, item)

    def box(self, voice: bytes) -> Box:
        """The line's box, by a voice."""
        card = self.line.card
        return Box(self.stage.office, Address(card.address), self.line.sealing.public, voice)

    def items(self) -> list[bytes]:
        """What lies in the line's box."""
        courier = self.stage.courier(self.stage.desks["first"])
        return [item for _, _, item in courier.collect(Address(self.line.card.address), 0)]

    def answers(self) -> list[Reply]:
        """What the line opens there by its own voice and hands on."""
        card = self.line.card
        replies = [open_reply(one, self.box(card.voice), self.line.sealing) for one in self.items()]
        return [one for one in replies if one.kind == "answer"]


@pytest.fixture
def caller(stage: Rehearsal, hands: tuple[Hand, Hand]) -> Caller:
    """Somebody writes by Signal, and both desks hold it."""
    one = Caller(stage, TwinLine("signal"))
    one.write("Они у двери.", handle=b"h" * 40)
    settle(*hands)
    return one


def test_a_steward_admits_a_line_and_its_licence_is_the_office_s(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, second = (hand.desk for hand in hands)
    line = TwinLine("signal")
    with pytest.raises(NotASteward):
        second.lines.admit(line.text, signed=False)
    first.lines.admit(line.text, signed=False)
    settle(*hands)
    assert first.lines.all() == second.lines.all()
    assert second.lines.all()[0].card == line.card
    licence = parse_licence(first.lines.licence(line.card.key))
    founded = first.roster().founded
    assert founded is not None
    assert licence.intake_signing == founded.intake_signing_key
    assert (licence.office, licence.kind, licence.key) == (stage.office, "signal", line.card.key)
    first.lines.withdraw(line.card.key)
    settle(*hands)
    assert [one.stands for one in second.lines.all()] == [False]


def test_an_answer_goes_to_the_line_by_its_voice_and_names_the_handle(
    caller: Caller, hands: tuple[Hand, Hand]
) -> None:
    first, _ = (hand.desk for hand in hands)
    first.answer(caller.conversation, "Мы здесь.")
    settle(*hands)
    (answer,) = caller.answers()
    assert (answer.text, answer.extras["line"]) == ("Мы здесь.", b"h" * 40)
    for item in caller.items():
        with pytest.raises(CannotOpen):
            open_reply(item, caller.box(caller.voice), caller.line.sealing)
    for hand in hands:
        assert not verify_store(hand.desk.journal).findings


def test_an_answer_that_is_sealed_anew_names_the_handle_still(
    caller: Caller, stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, _ = hands
    first.desk.answer(caller.conversation, "Мы здесь.")
    stage.clock.time = Instant(stage.clock.time + 40 * DAY)
    first.sync()
    (answer,) = caller.answers()
    assert (answer.text, answer.extras["line"]) == ("Мы здесь.", b"h" * 40)


def test_rows_tell_the_channel_and_whether_the_office_knows_it(
    caller: Caller, hands: tuple[Hand, Hand]
) -> None:
    for hand in hands:
        (row,) = hand.desk.inbox(show="waiting", start=0, most=1)[0]
        assert row.line is not None
        assert (row.line.kind, row.line.known) == ("signal", False)
    hands[0].desk.lines.admit(caller.line.text, signed=False)
    settle(*hands)
    for hand in hands:
        (row,) = hand.desk.inbox(show="waiting", start=0, most=1)[0]
        assert row.line is not None
        assert row.line.known


def test_a_line_s_alarm_waits_for_nobody_and_stands_with_the_lines(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    Caller(stage, TwinLine("phone")).write("", handle=b"", alarm="outdated")
    settle(*hands)
    for hand in hands:
        assert hand.desk.inbox(show="waiting", start=0, most=9) == ([], 0)
        assert hand.desk.inbox(show="silent", start=0, most=9) == ([], 0)
        (said,) = hand.desk.lines.alarms()
        assert (said.kind, said.alarm, said.known) == ("phone", "outdated", False)
        assert not verify_store(hand.desk.journal).findings


def test_alarms_of_unknown_lines_push_none_of_ours_away(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    desk, ours = hands[0].desk, TwinLine("phone")
    desk.lines.admit(ours.text, signed=False)
    Caller(stage, ours).write("", handle=b"", alarm="quiet")
    for number in range(OF_UNKNOWN_MOST + 2):
        stage.clock.time = Instant(stage.clock.time + 1)
        flood = TwinLine("phone", bytes([number]) * 32)
        Caller(stage, flood, bytes([number]) * 32).write("", handle=b"", alarm="quiet")
    settle(*hands)
    alarms = desk.lines.alarms()
    assert [one.key for one in alarms if one.known] == [ours.card.key]
    assert len(alarms) == OF_UNKNOWN_MOST + 1
    assert desk.inbox(show="waiting", start=0, most=0)[1] == 0


def test_a_code_joins_two_channels_and_the_answer_goes_where_it_is_carried(
    stage: Rehearsal, hands: tuple[Hand, Hand], caller: Caller
) -> None:
    door = Caller(stage, TwinLine("sms", b"d" * 32), b"the voice of somebody else, 32 b")
    stage.clock.time = Instant(stage.clock.time + HOUR)
    door.write("Это опять я.", code="12345678")
    settle(*hands)
    first, second = (hand.desk for hand in hands)
    talk = first.conversation(door.conversation)
    assert talk is not None
    assert first.lines.of_one_code(talk) == []
    with pytest.raises(OnlyTheWay):
        first.answer(door.conversation, "Мы здесь.")
    caller.write("Мой код.", said="1234 5678", handle=b"n" * 40)
    settle(*hands)
    waits = first.inbox(show="waiting", start=0, most=1)[0][0].waiting_since
    assert [one for one, _ in first.lines.of_one_code(talk)] == [caller.conversation]
    first.lines.join(door.conversation, caller.conversation, "She said the code.")
    settle(*hands)
    for desk in (first, second):
        (row,) = desk.inbox(show="waiting", start=0, most=9)[0]
        assert (row.conversation, row.waiting_since) == (caller.conversation, waits)
        assert not verify_store(desk.journal).findings
    first.answer(door.conversation, "Мы здесь.")
    settle(*hands)
    assert [one.extras["line"] for one in caller.answers()] == [b"n" * 40]
    assert door.answers() == []


def test_what_the_program_before_held_of_lines_is_read_again(
    caller: Caller, stage: Rehearsal
) -> None:
    desk = stage.desks["second"]
    key = desk.journal.store._key
    desk.stop()
    folder = stage.folder / "second"
    step_to(folder, key, BEFORE_LINES)
    step_to(folder, key, len(STEPS))
    again = stage.unlock("second")
    (row,) = again.inbox(show="waiting", start=0, most=9)[0]
    assert (row.conversation, row.line and row.line.kind) == (caller.conversation, "signal")
    assert not verify_store(again.journal).findings
