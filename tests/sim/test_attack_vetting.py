# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hunter who poses as a person, and a changed desk that would help one, find no gate open.

What a guarded note says is looked for on every page that a desk has, over real desks.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC

import pytest
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR
from litestar.testing import TestClient

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.gate import LIVE
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.pages import VIEWS
from safeconduct.edges.desk.vetting import Vetting
from safeconduct.kernel.words import DAY, FactId
from safeconduct.rooms.crew.words import Role
from safeconduct.rooms.hotline.canned_decide import Text
from safeconduct.rooms.hotline.events import HotlineFact
from safeconduct.rooms.hotline.vetting import Gate
from safeconduct.rooms.hotline.vetting import Vetting as Vetted
from safeconduct.rooms.hotline.vetting_decide import Answered, GateNotPassed
from safeconduct.rooms.hotline.vetting_facts import (
    ContradictionPinned,
    GateOpened,
    GateSeconded,
    GuardedNoteWithdrawn,
    GuardedWordsSet,
    Passage,
)
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person
from tests.unit.edges.desk.pages.window import ORIGIN, Seconds, Window

pytestmark = pytest.mark.attack

MARKER = "wormwood"
NOTE = f"Behind the {MARKER} gate, ask for Oren."


def writes(hand: Hand, *events: HotlineFact) -> None:
    """Write facts that no page of ours would write."""
    hand.desk.journal.write([post.fact(hand.desk.journal, event) for event in events])


def vetted(hand: Hand, person: Person) -> Vetted:
    """How far a desk knows her."""
    talk = hand.desk.conversation(person.conversation)
    assert talk is not None
    return talk.vetting


def vet(hand: Hand, person: Person, gate: Gate) -> FactId:
    """Answer the checklist and open a gate; return the opening."""
    talk, vetting = person.conversation, hand.desk.vetting
    for item in ("twice", "voucher", "met"):
        vetting.answer_item(talk, Answered(item, "yes", "by lilac", 1))
    vetting.open_gate(talk, gate, "all of it fits")
    return vetted(hand, person).openings[-1].word.fact


def sync_all(*hands: Hand) -> None:
    """Let each hear of all."""
    for hand in (*hands, *hands):
        hand.sync()


def addresses(talk: str, device: str) -> Iterator[str]:
    """Every page that a desk has, of one conversation and one device."""
    for view in VIEWS:
        for path in view.paths if "GET" in view.http_methods else ():
            if path != LIVE:  # It answers once something changes.
                name = device if path.startswith("/crew") else talk
                yield path.replace("{name:str}", name).split("{")[0].rstrip("/") or "/"
    for word in ("gate", "ask", "oren"):
        yield f"/search?q={word}"
    yield f"/hotline/{talk}?all=1"


def walk(desk: Desk, pages: Iterable[str]) -> None:
    """Look for the marker on pages of a desk."""
    window = Window(desk, {}, Seconds(), UTC)  # type: ignore[arg-type]
    with TestClient(window.app, base_url=ORIGIN) as client:
        window.use(client)
        window.unlock()
        for address in pages:
            page = client.get(address, headers={"Origin": ORIGIN})
            assert MARKER not in page.text.casefold(), address
            assert page.status_code < HTTP_500_INTERNAL_SERVER_ERROR, address


def test_what_is_guarded_stands_on_no_page_below_its_gate(
    person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    talk = person.conversation
    second.desk.vetting.guard(talk, Gate.VOUCHED, NOTE, MARKER)
    vet(second, person, Gate.PLAUSIBLE)
    sync_all(*hands)
    first.desk.claim(talk)
    name = talk.hex()
    walk(first.desk, [f"/hotline/{name}", f"/hotline/{name}/vetting", "/today", "/search?q=gate"])
    for hand in hands:
        assert not hand.desk.search(MARKER)
        assert MARKER not in repr(hand.desk.conversation(talk))
    assert MARKER.encode() not in first.desk.exports.make_alone(talk, "")


def test_no_answer_leaves_with_guarded_words_below_the_gate(
    person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    talk = person.conversation
    second.desk.vetting.guard(talk, Gate.VOUCHED, NOTE, "")
    first.desk.vetting.set_words(Gate.MET, f"Ostrel\n{MARKER}")
    sync_all(*hands)
    for text in (f"At the {MARKER}s.", "Ask for oren.", "Take the bus to Ostrel."):
        with pytest.raises(GateNotPassed):
            first.desk.answer(talk, text)
    sync_all(*hands)
    assert [one.kind for one in person.replies()] == ["have"]


def test_one_person_opens_no_gate_of_two(stage: Rehearsal, person: Person) -> None:
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    joined = stage.join("third", person="Bo second")
    third = Hand(joined, stage.courier(joined))
    opening = vet(second, person, Gate.VOUCHED)
    writes(second, GateSeconded(person.conversation, opening, "I say so myself"))
    sync_all(second, third)
    writes(third, GateSeconded(person.conversation, opening, "on my other laptop"))
    sync_all(second, third, first)
    assert vetted(first, person).gate is Gate.NONE


def test_a_gate_that_somebody_withdrew_at_once_is_closed(
    person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    vet(first, person, Gate.PLAUSIBLE)
    sync_all(*hands)
    first.desk.vetting.close_gate(person.conversation, "she asked who else is here")
    talk = person.conversation
    writes(second, GateOpened(talk, Gate.PLAUSIBLE.value, "but she is real", ("twice",), (), ()))
    sync_all(second, first)
    for hand in hands:
        assert vetted(hand, person).gate is Gate.NONE


def test_joining_lifts_no_gate(stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]) -> None:
    first, second = hands
    vet(first, person, Gate.PLAUSIBLE)
    stage.clock.time = stage.clock.time + DAY
    stranger = Person(stage)
    stranger.write("I lost my words. It is me.")
    sync_all(*hands)
    first.desk.joining.join(stranger.conversation, person.conversation, "knew the lilac")
    sync_all(*hands)
    assert vetted(second, stranger).gate is Gate.NONE
    first.desk.vetting.open_gate(stranger.conversation, Gate.PLAUSIBLE, "vetted anew")
    sync_all(*hands)
    assert vetted(second, stranger).gate is Gate.PLAUSIBLE


def test_nobody_but_a_steward_takes_words_off_the_offices_list(stage: Rehearsal) -> None:
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    joined = stage.join("third", frozenset({Role.OPERATOR}))
    third = Hand(joined, stage.courier(joined))
    first.desk.vetting.set_words(Gate.MET, MARKER)
    sync_all(first, third)
    standing = Vetting._standing(third.desk.vetting)
    gone = GuardedWordsSet(Gate.MET.value, (), tuple(one.fact for one in standing))
    writes(third, gone)
    sync_all(third, second, first)
    assert first.desk.vetting.words() == {Gate.MET: [MARKER]}


def test_nobody_takes_back_a_guarded_note_of_a_colleague(
    person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    first.desk.vetting.guard(person.conversation, Gate.MET, NOTE, "")
    sync_all(*hands)
    (note,) = vetted(second, person).guarded
    writes(second, GuardedNoteWithdrawn(person.conversation, note.fact, "not needed"))
    sync_all(second, first)
    assert len(vetted(first, person).guarded) == 1


def test_nobody_pins_words_that_the_person_never_wrote(
    person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    talk = first.desk.conversation(person.conversation)
    assert talk is not None
    said = Passage(talk.messages[0].id, "I work for them.")
    true = Passage(talk.messages[0].id, "Please help.")
    writes(second, ContradictionPinned(person.conversation, said, true, "she lies"))
    sync_all(second, first)
    (one,) = vetted(first, person).contradictions
    assert (one.first.there, one.second.there) == (False, True)


def test_a_ready_answer_below_its_gate_goes_to_nobody(
    person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    first.desk.guidance.write_canned(
        Text("en", "Where", f"Come at six to the {MARKER} gate, alone.")
    )
    sync_all(*hands)
    (written,) = second.desk.guidance.canned()
    second.desk.guidance.read_canned(written.version, 30)
    second.desk.guidance.gate_canned(written.version, Gate.VOUCHED)
    sync_all(*hands)
    talk = first.desk.conversation(person.conversation)
    assert talk is not None
    assert len(first.desk.guidance.canned()) == 1
    assert first.desk.vetting.offered(talk) == []
