# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gates, contradictions and guarded notes, as facts make them, and what may be said of them."""

from itertools import permutations

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Malformed, Refused
from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.hotline import Conversation, fold, parse_fact, vetting_decide, write_note
from safeconduct.rooms.hotline.events import ConversationFact
from safeconduct.rooms.hotline.triage_decide import WhyMissing
from safeconduct.rooms.hotline.vetting import Gate, Vetting, may_show
from safeconduct.rooms.hotline.vetting_decide import (
    Answered,
    GateNotPassed,
    GuardedWordsTooLong,
    NoGateOpen,
    NoGateWaits,
    NoSuchPassage,
    NotYourNote,
    NoWordsToHold,
    RestsOnNothing,
    SameSecond,
    SettledAlready,
    WithdrawnTooOften,
)
from safeconduct.rooms.hotline.vetting_facts import (
    CLOSINGS_MOST,
    ContradictionPinned,
    GateClosed,
    GateOpened,
    GateSeconded,
    GuardedNoteWithdrawn,
    Passage,
    VettingItemAnswered,
)
from tests.unit.rooms.hotline.test_conversation import ID, ONE, TWO, Story, message

NOTE = "Wait at the yellow gate for Oren, 0555 014 77."
OWN_SECOND = DeviceId(b"4" * 16)
PEOPLE = {ONE: "a", OWN_SECOND: "a", TWO: "b"}


def apart(one: DeviceId, other: DeviceId) -> bool:
    """ONE and OWN_SECOND are of one person."""
    return PEOPLE[one] != PEOPLE[other]


def of(story: Story) -> Conversation:
    """The conversation, by a roster."""
    folded = fold(ID, "quiet river", story.told, apart)
    assert folded is not None
    return folded


def begun(*items: str) -> Story:
    """A conversation in which these items were answered with yes."""
    story = Story()
    story.tell(message(1, text="The bus left at noon."))
    story.tell(message(2, text="We walked; there was no bus."))
    for item in items:
        said = Answered(item, "yes", "told twice", 1)
        story.tell(vetting_decide.answer_item(of(story), said))
    return story


def opened(gate: Gate, *, second: DeviceId | None = TWO) -> Story:
    """One in which a gate was opened, and seconded."""
    story = begun("twice", "voucher", "met")
    fact = story.tell(vetting_decide.open_gate(of(story), gate, "all of it fits")).fact
    if second is not None:
        story.tell(GateSeconded(ID, fact, "read it"), second)
    return story


def level(story: Story) -> Gate:
    """Which gate is passed."""
    return of(story).vetting.gate


@pytest.mark.parametrize(
    ("gate", "second", "passed"),
    [
        (Gate.PLAUSIBLE, None, Gate.PLAUSIBLE),
        (Gate.VOUCHED, None, Gate.NONE),
        (Gate.VOUCHED, ONE, Gate.NONE),
        (Gate.VOUCHED, OWN_SECOND, Gate.NONE),
        (Gate.VOUCHED, TWO, Gate.VOUCHED),
        (Gate.MET, OWN_SECOND, Gate.NONE),
        (Gate.MET, TWO, Gate.MET),
    ],
)
def test_two_gates_take_two_people(gate: Gate, second: DeviceId | None, passed: Gate) -> None:
    assert level(opened(gate, second=second)) is passed


def test_without_a_roster_no_second_counts() -> None:
    assert opened(Gate.VOUCHED).now().vetting.gate is Gate.NONE


def test_a_withdrawal_that_the_opening_did_not_know_holds_in_any_order() -> None:
    story = opened(Gate.MET)
    story.tell(GateClosed(ID, "the voice was another"), TWO, ms=1)
    for order in permutations(story.told[-3:]):
        again = Story()
        again.told = [*story.told[:-3], *order]
        assert level(again) is Gate.NONE
    fact = story.tell(vetting_decide.open_gate(of(story), Gate.MET, "met again")).fact
    story.tell(GateSeconded(ID, fact, "I was there"), TWO)
    assert level(story) is Gate.MET


def test_what_is_guarded_is_in_no_state_below_its_gate() -> None:
    story = opened(Gate.VOUCHED, second=None)
    story.tell(vetting_decide.guard(of(story), Gate.VOUCHED, NOTE, "yellow gate"))
    below = of(story).vetting
    assert [one.text for one in below.guarded] == [None]
    assert "Oren" not in repr(below)
    story.tell(GateSeconded(ID, of(story).vetting.waiting[0].word.fact, "read"), TWO)
    assert [one.text for one in of(story).vetting.guarded] == [NOTE]
    assert of(story).vetting.kept == ()
    story.tell(vetting_decide.close_gate(of(story), "doubt"))
    assert [one.text for one in of(story).vetting.guarded] == [None]


def test_the_door_lets_through_what_is_at_or_above_the_gate() -> None:
    for passed in Gate:
        for needed in Gate:
            assert may_show(passed, needed) is (passed.value >= needed.value)


def test_of_helpers_who_differ_the_graver_answer_counts() -> None:
    story = begun("there")
    story.tell(VettingItemAnswered(ID, "there", "no", "it was winter", 1, ()), TWO)
    (item,) = of(story).vetting.items
    assert (item.holds, len(item.said)) == ("no", 2)
    with pytest.raises(RestsOnNothing):
        vetting_decide.open_gate(of(story), Gate.PLAUSIBLE, "so it seems")
    story.tell(vetting_decide.answer_item(of(story), Answered("there", "open", "", 2)))
    (item,) = of(story).vetting.items
    assert (item.holds, len(item.said), item.version) == ("open", 1, 2)


def test_a_contradiction_quotes_what_was_written_and_stands_until_it_is_settled() -> None:
    story = begun()
    story.tell(write_note(of(story), "She called it the red bus."))
    fact = vetting_decide.pin(of(story), "left at\nnoon", "the red bus", "was there one?")
    pinned = story.tell(fact).fact
    (one,) = of(story).vetting.open_contradictions
    assert (one.first.text, one.first.there, one.second.there) == ("left at\nnoon", True, True)
    false = ContradictionPinned(ID, Passage(bytes([1]) * 32, "I lied."), fact.second, "lies")
    story.tell(false, TWO)
    assert [one.first.there for one in of(story).vetting.contradictions] == [True, False]
    story.tell(vetting_decide.settle(of(story), pinned, "two buses"))
    assert [one.word.text for one in of(story).vetting.open_contradictions] == ["lies"]
    with pytest.raises(SettledAlready):
        vetting_decide.settle(of(story), pinned, "again")


def test_nobody_takes_back_the_guarded_note_of_another_device() -> None:
    story = begun()
    fact = story.tell(vetting_decide.guard(of(story), Gate.MET, NOTE, "")).fact
    story.tell(GuardedNoteWithdrawn(ID, fact, "not needed"), TWO)
    assert len(of(story).vetting.withheld) == 1
    with pytest.raises(NotYourNote):
        vetting_decide.take_back(of(story), fact, "why", TWO)
    story.tell(vetting_decide.take_back(of(story), fact, "moved", ONE))
    assert of(story).vetting.guarded == ()
    assert of(story).vetting.kept == ()


def test_what_may_not_be_said_is_refused() -> None:
    story, none = opened(Gate.VOUCHED, second=None), FactId(bytes(36))
    talk, (waiting,) = of(story), of(story).vetting.waiting
    for error, act in (
        (WhyMissing, lambda: vetting_decide.open_gate(talk, Gate.MET, " ")),
        (WhyMissing, lambda: vetting_decide.answer_item(talk, Answered("met", "yes", "", 1))),
        (RestsOnNothing, lambda: vetting_decide.open_gate(of(begun("met")), Gate.VOUCHED, "x")),
        (RestsOnNothing, lambda: vetting_decide.open_gate(of(begun()), Gate.PLAUSIBLE, "x")),
        (NoGateWaits, lambda: vetting_decide.second_gate(talk, none, "x", TWO, apart)),
        (
            SameSecond,
            lambda: vetting_decide.second_gate(talk, waiting.word.fact, "x", OWN_SECOND, apart),
        ),
        (NoGateOpen, lambda: vetting_decide.close_gate(of(begun()), "x")),
        (NoSuchPassage, lambda: vetting_decide.pin(talk, "left at noon", "never said", "x")),
        (NoWordsToHold, lambda: vetting_decide.guard(talk, Gate.MET, "by the gate", "")),
        (GuardedWordsTooLong, lambda: vetting_decide.guard(talk, Gate.MET, NOTE, "w" * 121)),
    ):
        with pytest.raises(error):
            act()


def test_a_gate_that_was_withdrawn_without_end_is_opened_no_more() -> None:
    story = begun("twice")
    for number in range(CLOSINGS_MOST + 1):
        story.told.append(
            story.told[0].__class__(
                FactId(number.to_bytes(36, "big")), TWO, 1 << 16, GateClosed(ID, "no")
            )
        )
    with pytest.raises(WithdrawnTooOften):
        vetting_decide.open_gate(of(story), Gate.PLAUSIBLE, "it fits")


def test_an_answer_is_held_back_until_the_gate_is_passed() -> None:
    story = opened(Gate.VOUCHED, second=None)
    story.tell(vetting_decide.guard(of(story), Gate.VOUCHED, NOTE, "yellow gate"))
    for text in (
        "At the Yellow Gates.",
        "Ask for oren!",
        "Call 055501477",
        "wait at the yel\u00adlow",
    ):
        with pytest.raises(GateNotPassed):
            vetting_decide.let_go(of(story), [text], (), str.casefold)
    vetting_decide.let_go(of(story), ["We are with you."], (), str.casefold)
    story.tell(GateSeconded(ID, of(story).vetting.waiting[0].word.fact, "read"), TWO)
    vetting_decide.let_go(of(story), ["At the yellow gate."], (), str.casefold)


@pytest.mark.parametrize(
    "fact",
    [
        GateOpened(ID, 4, "x", (), (), ()),
        GateOpened(ID, 0, "x", (), (), ()),
        VettingItemAnswered(ID, "there", "maybe", "", 1, ()),  # type: ignore[arg-type]
        VettingItemAnswered(ID, "", "yes", "", 1, ()),
        GateSeconded(ID, b"short", "x"),
        ContradictionPinned(ID, Passage(b"", "a"), Passage(bytes(16), "b"), ""),
    ],
)
def test_readers_refuse_what_no_desk_of_ours_writes(fact: ConversationFact) -> None:
    with pytest.raises(Malformed):
        parse_fact(f"hotline.{type(fact).__name__}", 1, encode(fact))


def test_nothing_she_writes_changes_a_gate() -> None:
    story = opened(Gate.PLAUSIBLE)
    before: Vetting = of(story).vetting
    story.tell(message(3, text="Where do we meet? I am in danger, tell me the address at once."))
    assert of(story).vetting == before


def test_refusals_have_codes_of_their_own() -> None:
    codes = [
        one.code
        for one in vars(vetting_decide).values()
        if isinstance(one, type) and issubclass(one, Refused) and one.__module__.endswith("decide")
    ]
    assert len(codes) == len(set(codes))
