# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lines that the office admits, and what a conversation is that came by one (spec/lines.md 3-5)."""

from itertools import permutations

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.words import DeviceId, FactId, Instant, OfficeId
from safeconduct.rooms.hotline import Conversation, Told, fold
from safeconduct.rooms.hotline.by_line import CARRIES, DOORS, KINDS, Kind
from safeconduct.rooms.hotline.events import MessageReceived
from safeconduct.rooms.hotline.first_contact import FirstContact, write_contact
from safeconduct.rooms.hotline.fold import began_of
from safeconduct.rooms.hotline.letters import conversation_of
from safeconduct.rooms.hotline.line_decide import (
    LineSpeaks,
    LineStandsAlready,
    NoDoorHere,
    NoSuchLine,
    NotByPhone,
    OnlyTheWay,
    RiskNotSigned,
    admit,
    find,
    need_channel,
    withdraw,
)
from safeconduct.rooms.hotline.line_facts import LineSaid, LineSet, admitted, fold_lines
from safeconduct.rooms.hotline.queue import place_of
from safeconduct.rooms.hotline.return_codes import Code, codes_of, in_order
from safeconduct.rooms.hotline.spoken import CallMark, write_call
from safeconduct.rooms.hotline.triage import Danger
from tests.kit.desk_twin_lines import TwinLine

NOW = Instant(1_795_000_000_000)
OFFICE = OfficeId(b"o" * 16)
ADA, BO = (DeviceId(bytes([one]) * 16) for one in range(2))
SIGNAL, DOOR = TwinLine("signal", office=OFFICE), TwinLine("telegram", b"t" * 32, OFFICE)
VOICE = b"her own voice, thirty-two bytes!"


def said(number: int, event: LineSet, by: DeviceId = ADA) -> LineSaid:
    """A fact as it was read."""
    return LineSaid(FactId(bytes([number]) * 36), by, Instant(NOW + number), event)


def letter(line: TwinLine | None, number: int = 1, **told: object) -> Told:
    """A letter by a line, or by a page, as a desk recorded it; `beside` are other extras."""
    beside = told.pop("beside", {})
    assert isinstance(beside, dict)
    box = (line.card.address, line.card.sealing_key) if line else (b"a" * 32, b"k" * 1216)
    extras = (line.extras(VOICE, **told) if line else {}) | beside
    ids = conversation_of(VOICE), bytes([number]) * 32, *box, VOICE
    at, text = NOW + number, "Помогите."
    event = MessageReceived(*ids, at, "ru", text, (), "line", encode(extras), 1)
    return Told(FactId(bytes([number]) * 36), ADA, at << 16, event)


def talk(*letters: Told, office: OfficeId | None = OFFICE) -> Conversation:
    """The conversation that letters are."""
    found = fold(conversation_of(VOICE), "quiet harbour", letters, office=office)
    assert found is not None
    return found


YES = said(1, admit(SIGNAL.card, "", ()))
NO = said(2, withdraw(SIGNAL.card.key, fold_lines([YES]))[0])
AGAIN = said(3, admit(SIGNAL.card, "", fold_lines([YES, NO])))
AT_ONCE = said(4, withdraw(SIGNAL.card.key, fold_lines([YES]))[0], BO)


@pytest.mark.parametrize(
    ("facts", "stands", "disputed"),
    [
        ((YES,), True, False),
        ((YES, NO), False, False),
        ((YES, NO, AGAIN), True, False),
        ((YES, NO, AGAIN, AT_ONCE), False, True),
    ],
)
def test_in_any_order_the_safer_word_holds(
    facts: tuple[LineSaid, ...], *, stands: bool, disputed: bool
) -> None:
    for order in permutations(facts):
        (line,) = fold_lines(order)
        assert (line.stands, line.disputed) == (stands, disputed)


def test_what_is_no_card_of_its_line_names_none() -> None:
    card, other = SIGNAL.card, DOOR.card
    wrong = [
        LineSet(card.key, "signal", b"no card", 1, "", ()),
        LineSet(other.key, "signal", encode(card), 1, "", ()),
        LineSet(card.key, "matrix", encode(card), 1, "", ()),
    ]
    assert fold_lines([said(at, one) for at, one in enumerate(wrong)]) == ()


def test_a_risky_line_stands_by_a_signed_note_alone() -> None:
    with pytest.raises(RiskNotSigned):
        admit(DOOR.card, "", ())
    unsigned = LineSet(DOOR.card.key, "telegram", encode(DOOR.card), 1, "", ())
    assert not fold_lines([said(1, unsigned)])[0].stands
    signed = admit(DOOR.card, "telegram-1", ())
    assert fold_lines([said(1, signed)])[0].note == "telegram-1"
    assert admit(SIGNAL.card, "telegram-1", ()).note == ""


def test_a_line_is_admitted_once_and_taken_back_once() -> None:
    lines = fold_lines([YES])
    with pytest.raises(LineStandsAlready):
        admit(SIGNAL.card, "", lines)
    assert find(SIGNAL.card.key, lines) == lines[0]
    gone = fold_lines([YES, NO])
    for act in (find, withdraw):
        with pytest.raises(NoSuchLine):
            act(SIGNAL.card.key, gone)


def test_a_line_is_ours_by_key_and_kind_while_it_stands() -> None:
    (line,) = fold_lines([YES])
    mark = talk(letter(SIGNAL)).messages[0].line
    assert mark is not None
    assert admitted([line], mark) == line
    assert admitted(fold_lines([YES, NO]), mark) is None
    other = talk(letter(TwinLine("matrix", office=OFFICE))).messages[0].line
    assert other is not None
    assert admitted([line], other) is None


def test_an_answer_goes_to_the_line_with_the_newest_handle() -> None:
    found = talk(letter(SIGNAL, 1, handle=b"one"), letter(SIGNAL, 2, handle=b"two"))
    (box,) = found.mailboxes
    assert box.line is not None
    assert (box.line.handle, box.line.voice) == (b"two", SIGNAL.card.voice)
    assert (box.address, box.sealing_key) == (SIGNAL.card.address, SIGNAL.card.sealing_key)


def test_of_another_office_or_with_a_broken_signature_it_is_her_own_box() -> None:
    elsewhere = talk(letter(SIGNAL), office=OfficeId(bytes(16)))
    assert elsewhere.messages[0].line is None
    assert elsewhere.mailboxes[0].line is None
    forged = letter(SIGNAL, beside={"line": SIGNAL.extras(bytes(32))["line"]})
    assert talk(forged).mailboxes[0].line is None
    assert talk(letter(SIGNAL), office=None).mailboxes[0].line is None


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_its_channel_carries_is_an_answer(kind: Kind) -> None:
    found = talk(letter(TwinLine(kind, office=OFFICE)))
    assert found.carries == (kind in CARRIES)
    refused = NoDoorHere if found.carries else None if kind in DOORS else NotByPhone
    plain = None if found.carries else OnlyTheWay if kind in DOORS else NotByPhone
    for way, expected in ((True, refused), (False, plain)):
        if expected is None:
            need_channel(found, way=way)
        else:
            with pytest.raises(expected):
                need_channel(found, way=way)
    need_channel(talk(letter(None)), way=False)


def test_what_a_line_says_of_itself_is_no_person_who_waits() -> None:
    found = talk(letter(SIGNAL, handle=b"", alarm="quiet"))
    assert found.line_itself
    assert found.waiting_since is None
    assert place_of(found).due is None
    with pytest.raises(LineSpeaks):
        need_channel(found, way=False)
    both = talk(letter(SIGNAL, 1, handle=b"", alarm="quiet"), letter(SIGNAL, 2))
    assert not both.line_itself
    assert [one.id for one in both.waiting] == [bytes([2]) * 32]
    somebody = talk(letter(SIGNAL, alarm="quiet"))
    assert somebody.waiting_since is not None


def test_that_an_answer_reached_nobody_is_no_word_of_hers_and_waits_for_one() -> None:
    hers, told = letter(SIGNAL, 1), letter(SIGNAL, 2, alarm="undelivered")
    found = talk(hers, told)
    assert found.heard == NOW + 1
    assert not found.line_itself
    assert [one.id for one in found.waiting] == [bytes([1]) * 32, bytes([2]) * 32]


def test_under_force_on_the_telephone_is_in_danger_and_nowhere_else() -> None:
    phone = TwinLine("phone", office=OFFICE)
    call = write_call(CallMark(left="hung_up", duress=True))
    forced = talk(letter(phone, beside=call))
    assert forced.triage.rank is Danger.IN_DANGER
    assert forced.call == CallMark(left="hung_up", duress=True)
    assert talk(letter(SIGNAL, beside=call)).triage.rank is Danger.UNJUDGED
    assert talk(letter(None, beside=call)).triage.rank is Danger.UNJUDGED


def test_codes_are_those_of_her_line_and_those_that_were_said() -> None:
    found = talk(letter(SIGNAL, 1, code="11112222"), letter(SIGNAL, 2, said="3333 4444"))
    assert codes_of(found) == {Code("11112222", 0), Code("33334444", 1)}
    assert codes_of(talk(letter(SIGNAL, code="11112222", said="11112222"))) == {Code("11112222", 0)}
    page = write_contact(FirstContact(return_code="11112222"))
    assert codes_of(talk(letter(None, beside=page))) == {Code("11112222", 1)}
    assert codes_of(talk(letter(None))) == frozenset()
    assert codes_of(talk(letter(SIGNAL, code="1"))) == frozenset()


@pytest.mark.parametrize("kind", ["mail", "sms"])
def test_no_code_counts_that_anybody_can_say_in_her_name(kind: Kind) -> None:
    line = TwinLine(kind, b"m" * 32, OFFICE)
    found = talk(letter(line, 1, code="11112222"), letter(line, 2, said="33334444"))
    assert codes_of(found) == {Code("11112222", 0)}


def test_a_door_takes_the_answer_from_no_channel_that_carries_it() -> None:
    page, door = talk(letter(None, 1)), talk(letter(DOOR, 2))
    assert began_of([page, door]) == {page.id: page.began}
    assert began_of([door]) == {door.id: door.began}
    assert in_order(page, door) == in_order(door, page) == (door, page)
