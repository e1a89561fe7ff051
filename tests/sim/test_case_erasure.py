# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case that two people erase goes on every desk, keys first, and does not come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import travelling
from safeconduct.edges.desk.engine.erased import erased_cases
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.kernel.words import DAY, CaseId, VaultId
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.referral_facts import (
    SEALING_KEY_BYTES,
    ReferralHandedOver,
    ReferralMade,
)
from safeconduct.rooms.cases.referrals_decide import CaseIsErased
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.case_erasure import (
    ErasesNoCase,
    ErasureAskedAlready,
    ErasureIsYours,
    ErasureStage,
    NoErasureWaits,
)
from safeconduct.rooms.crew.decide import NobodyToSecond
from safeconduct.rooms.crew.watching import ON_DUTY
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, sync
from tests.sim.test_case_pages import answers, window_of
from tests.sim.test_cases import case_name, go_online, meet, opened, three_desks
from tests.sim.test_referrals import Referred
from tests.sim.test_travel import pack

TOLD = "She sleeps at the mill."


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def days(stage: Rehearsal, count: int, *names: str) -> None:
    """Let days pass, at whose end these desks were on duty, and sync them."""
    stage.clock.time = stage.clock.time + count * DAY
    names = names or tuple(stage.desks)
    for name in names:
        hand = Hand(stage.desks[name], stage.courier(stage.desks[name]))
        hand.loops.heartbeats._tell(ON_DUTY)
        hand.sync()
    for _ in range(2):
        sync(stage, *names)


def let_in(stage: Rehearsal, *names: str) -> None:
    """Let desks sync, through their doors where access was renewed."""
    hands = [Hand(stage.desks[name], stage.courier(stage.desks[name])) for name in names]
    for _ in range(3):
        for hand in hands:
            hand.loops.admitted(hand.sync)


def noted(stage: Rehearsal, **readers: tuple[str, ...]) -> CaseId:
    """A case with a note, of which the second desk and the steward have all parts."""
    second = stage.desks["second"]
    case = opened(stage, second, **readers)
    second.cases.note(case, Part.JOURNEY, TOLD)
    meet(stage)
    return case


def asked(stage: Rehearsal, case: CaseId) -> None:
    """The case worker asks, and the steward signs."""
    first, second, _ = stage.desks.values()
    second.cases.erasures.ask(case, "person")
    meet(stage)
    (waits,) = first.cases.erasures.running()
    first.cases.erasures.second(case, waits.asked.id)
    meet(stage)


def vaults_of(desk: Desk, case: CaseId) -> frozenset[VaultId]:
    """The vaults of a case, as every desk reads them."""
    (found,) = [one.vaults for one in desk.journal.keys.facts().cases if one.id == case]
    return frozenset(found)


def trace(desk: Desk, case: CaseId) -> list[str]:
    """What a desk still has of a case: a key, a text, a row, a hit."""
    vaults, found = vaults_of(desk, case), list[str]()
    if any(where.vault in vaults for where in desk.journal.keychain.held()):
        found.append("key")
    rows = desk.journal.store.rows("SELECT body FROM entries UNION SELECT value FROM settings")
    if any(TOLD.encode() in bytes(row[0]) for row in rows):
        found.append("text")
    if desk.cases.case(case) is not None or desk.search("mill"):
        found.append("case")
    return found


def test_a_case_goes_a_week_after_a_steward_signed_on_every_desk(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = noted(office, journey=("third",))
    name = case_name(first, case)
    asked(office, case)
    days(office, 6)
    assert all(trace(desk, case) for desk in office.desks.values())
    days(office, 2)
    for desk in (first, second, third):
        assert trace(desk, case) == []
        (gone,) = desk.cases.erasures.gone()
        assert (gone.name, gone.silent) == (name, ())
        assert len(gone.destroyed) == 3
        assert not verify_store(desk.journal).findings
    assert third.cases.erasures.gone()[0].parts == ("journey",)
    for desk in (first, second, third):
        desk.journal.read_again()
        assert trace(desk, case) == []
        assert not verify_store(desk.journal).findings


def test_a_desk_that_was_away_erases_when_it_comes_back_and_revives_nothing(
    office: Rehearsal,
) -> None:
    first, second, third = office.desks.values()
    case = noted(office, journey=("third",))
    asked(office, case)
    days(office, 8, "first", "second")
    assert trace(first, case) == trace(second, case) == []
    assert trace(third, case)
    days(office, 30, "first", "third")
    days(office, 1)
    for desk in (first, second, third):
        assert trace(desk, case) == []
        assert desk.cases.files(start=0, most=9)[1] == 0
        assert not verify_store(desk.journal).findings


def test_the_relay_lets_the_sealed_keys_go_and_keeps_those_of_other_cases(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    case, other = noted(office), noted(office)
    own, kept = (
        {
            fact.parcel
            for _, fact in first.journal.keys.facts().heard
            if hasattr(fact, "parcel") and _names(fact) <= vaults_of(first, one)
        }
        for one in (case, other)
    )
    asked(office, case)
    days(office, 8)
    days(office, 8)
    office.store.sweep()
    courier = office.courier(first)
    for name in kept:
        assert courier.parcel(name)
    for name in own:
        with pytest.raises(NotFound):
            courier.parcel(name)
    assert trace(second, other) == ["key", "text", "case"]


def _names(fact: object) -> set[bytes]:
    keys = getattr(fact, "keys", ())
    return {vault for group in keys for vault in group.vaults} or {b""}


def test_who_asked_or_a_steward_stops_it_in_time_and_nobody_later(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = noted(office)
    asked(office, case)
    days(office, 5)
    (runs,) = second.cases.erasures.of(case)
    assert runs.stage is ErasureStage.RUNS
    with pytest.raises(ErasureAskedAlready):
        second.cases.erasures.ask(case, "office")
    second.cases.erasures.stop(case, runs.asked.id)
    meet(office)
    days(office, 30)
    assert trace(first, case) == trace(second, case) == ["key", "text", "case"]
    assert first.cases.erasures.running() == []
    asked(office, case)
    days(office, 8)
    assert trace(first, case) == []
    with pytest.raises(NoErasureWaits):
        first.cases.erasures.stop(case, runs.asked.id)
    assert third.cases.erasures.gone() == []


def test_a_question_lapses_and_is_no_ones_who_holds_nothing_of_the_case(
    office: Rehearsal,
) -> None:
    first, _, third = office.desks.values()
    case = noted(office)
    with pytest.raises(NoSuchPart):
        third.cases.erasures.ask(case, "person")
    with pytest.raises(NobodyToSecond):
        first.cases.erasures.ask(case, "office")
    office.join("fourth", frozenset({Role.STEWARD}))
    meet(office)
    first.cases.erasures.ask(case, "office")
    (waits,) = first.cases.erasures.of(case)
    meet(office)
    with pytest.raises(ErasureIsYours):
        first.cases.erasures.second(case, waits.asked.id)
    days(office, 30)
    assert first.cases.erasures.of(case)[0].stage is ErasureStage.LAPSED
    assert trace(first, case)


def test_a_desk_that_holds_nothing_of_it_answers_the_same_bytes(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    case = noted(office)
    name = case_name(second, case)
    paths = (f"/cases/{case.hex()}/erase", "/cases/erased")
    with window_of(third) as window:
        before = answers(window, third, case, "mill")
        pages = [window.client.get(path).content for path in paths]
        asked(office, case)
        assert answers(window, third, case, "mill") == before
        assert [window.client.get(path).content for path in paths] == pages
    days(office, 8)
    with window_of(third) as window:
        assert [window.client.get(path).status_code for path in paths] == [404, 200]
        assert name not in window.client.get("/cases/erased").text
    with pytest.raises((ErasesNoCase, NoSuchPart)):
        third.cases.erasures.ask(case, "person")


def test_conversations_of_the_case_stay_and_are_counted_for_the_page(office: Rehearsal) -> None:
    _, second, _ = office.desks.values()
    person = Person(office)
    person.write("I am at the mill.")
    meet(office)
    case = noted(office)
    second.cases.links.link(case, person.conversation)
    meet(office)
    asked(office, case)
    days(office, 8)
    (gone,) = second.cases.erasures.gone()
    assert gone.talks == 1
    assert second.conversation(person.conversation) is not None


def test_what_was_handed_to_a_partner_is_told_when_the_case_is_gone(office: Rehearsal) -> None:
    second, case = office.desks["second"], noted(office)
    drawn = b"t" * 16, b"v" * 32, b"a" * 32, b"k" * SEALING_KEY_BYTES
    rest = b"", "en", "Write to us.", "A bed?", (), 30_000
    made = ReferralMade(case, (b"p" * 16,), "The clinic", *rest, *drawn)
    second.cases.write(case, {Part.CONTACT: made})
    (shown,) = second.cases.referrals.of(case) or ()
    said = ReferralHandedOver(case, shown.referral.fact, (b"y" * 16,), 1)
    second.cases.write(case, {Part.CONTACT: said})
    meet(office)
    asked(office, case)
    days(office, 8)
    for name in ("first", "second"):
        (gone,) = office.desks[name].cases.erasures.gone()
        assert [recipient for _, recipient in gone.handed] == ["The clinic"]


def test_nothing_of_a_case_that_is_to_be_erased_is_handed_over(office: Rehearsal) -> None:
    second = office.desks["second"]
    referred = Referred(office, readers=("second", "first"))
    referred.make().write("We are the clinic.")
    meet(office)
    second.cases.erasures.ask(referred.case, "person")
    with pytest.raises(CaseIsErased):
        referred.hand_over(second)
    (held,) = second.cases.erasures.running()
    second.cases.erasures.stop(referred.case, held.asked.id)
    referred.hand_over(second)


def test_keys_of_others_are_renewed_after_a_case_went_and_a_new_desk_has_nothing_of_it(
    office: Rehearsal,
) -> None:
    first, second, third = office.desks.values()
    case, other = noted(office, journey=("third",)), noted(office, journey=("third",))
    asked(office, case)
    days(office, 8)
    first.removals.suspend(third.device, "")
    let_in(office, "first", "second")
    fourth = office.join("fourth")
    let_in(office, "first", "second", "fourth")
    for desk in (first, second, fourth):
        assert "key" not in trace(desk, case)
        assert desk.cases.case(case) is None
        assert not verify_store(desk.journal).findings
    assert trace(second, other) == ["key", "text", "case"]
    vaults = first.journal.keys.vaults()
    assert all(vaults[one].erased for one in vaults_of(first, case))
    assert fourth.cases.erasures.gone() == []


def test_a_desk_that_was_closed_meanwhile_erases_and_stays_so_when_it_is_opened_again(
    office: Rehearsal,
) -> None:
    second = office.desks["second"]
    case = noted(office)
    asked(office, case)
    second.stop()
    days(office, 8, "first", "third")
    second = office.unlock("second")
    go_online(office)
    assert trace(second, case)
    days(office, 1)
    assert trace(second, case) == []
    second.stop()
    second = office.unlock("second")
    assert trace(second, case) == []
    assert [one.at for one in second.cases.erasures.gone()]


def test_a_desk_that_is_packed_carries_no_word_of_it_and_takes_no_key_on_its_return(
    office: Rehearsal,
) -> None:
    first = office.desks["first"]
    case = noted(office)
    asked(office, case)
    days(office, 8)
    light = pack(office)
    assert light.cases.erasures.gone() == []
    assert not erased_cases(light.journal.store)
    travelling.ask(light.journal)
    sync(office, "second", "first")
    travelling.give_back(first.journal, office.courier(first), light.device)
    sync(office, "first", "second", "first", "second")
    assert trace(light, case) == []
    assert not verify_store(light.journal).findings
