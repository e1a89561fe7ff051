# SPDX-License-Identifier: AGPL-3.0-or-later
"""Referrals on real desks and a real relay: sealed, withdrawn before anything left, handed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.case_keys import case_fact
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.referrals_api import Shown
from safeconduct.edges.desk.verified import StillChecking
from safeconduct.kernel.phrase import canonical, read_phrase
from safeconduct.kernel.seal.stretch import part, stretch_phrase
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import DAY, MINUTE, Address, CaseId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.consent import WhyNot
from safeconduct.rooms.cases.consent_decide import NoConsent
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.referral_facts import ReferralPieces
from safeconduct.rooms.cases.referrals import State
from safeconduct.rooms.cases.referrals_decide import (
    NobodyCame,
    ReferralEnded,
    ReferralUnread,
    TypedReferral,
)
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person
from tests.sim.test_attack_intake import record
from tests.sim.test_case_pages import Answers, answers, window_of
from tests.sim.test_cases import meet, opened, three_desks
from tests.sim.test_consent import yes
from tests.unit.edges.desk.pages.window import Window

SECRET, GREETING, WORDS = "Needs insulin in Port Kesh.", "Write who you are.", "A bed from Monday?"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


@dataclass
class Partner(Person):
    """Somebody at another organisation who was told eight words."""

    words: str = ""

    def __post_init__(self) -> None:
        secret = stretch_phrase(canonical(read_phrase(self.words)), self.stage.office)
        self.key = SealingKey.from_seed(part(secret, "mailbox-seal"))
        self.voice, self.address = (
            part(secret, "mailbox-voice"),
            Address(part(secret, "mailbox-address")),
        )

    def reads(self) -> list[str]:
        """The texts that wait under the words."""
        return [one.text for one in self.replies() if one.kind == "answer"]


@dataclass
class Referred:
    """A case with a person who consented, and a referral of it to the clinic."""

    office: Rehearsal
    readers: tuple[str, ...] = ("second",)

    def __post_init__(self) -> None:
        second = self.office.desks["second"]
        self.case: CaseId = opened(self.office, second, contact=self.readers)
        fields = {(Part.HEALTH, "needs"): Typed(SECRET), (Part.IDENTITY, "name"): Typed("Aru")}
        self.person: SheetId = second.cases.records.write(self.case, "person", None, fields)
        self.consent = second.cases.consents.give(self.case, yes(second, self.person))
        until = datetime.fromtimestamp((second.now() + 5 * DAY) / 1000, UTC).date().isoformat()
        chosen = frozenset((bytes(self.person), "person", name) for name in ("needs", "name"))
        to = self.person, "The clinic", "en", GREETING, WORDS, until
        self.typed = TypedReferral(*to, fields=chosen)

    def make(self) -> Partner:
        """Make it, tell the words, and let everybody hear of it."""
        referrals = self.office.desks["second"].cases.referrals
        seen = referrals.draft(self.case, self.typed).digest
        words = referrals.make(self.case, self.typed, seen)
        meet(self.office)
        return Partner(self.office, words=" ".join(words))

    def shown(self, desk: Desk) -> Shown:
        """What a desk shows of it."""
        (found,) = desk.cases.referrals.of(self.case) or ()
        return found

    def hand_over(self, desk: Desk) -> None:
        """Hand it over at a desk, and let everybody hear of it."""
        desk.cases.referrals.hand_over(self.case, self.shown(desk).referral.fact)
        self.office.clock.time += 10 * MINUTE
        meet(self.office)

    def withdraw(self, desk: Desk) -> None:
        """Withdraw it at a desk."""
        desk.cases.referrals.withdraw(self.case, self.shown(desk).referral.fact, "Another bed.")


def on_the_relay(stage: Rehearsal) -> bytes:
    """Every byte that a relay's disk holds."""
    return b"".join(one.read_bytes() for one in sorted(stage.folder.glob("relay.db*")))


def test_a_partner_opens_with_words_what_a_desk_handed_over_and_answers(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    referred = Referred(office)
    clinic = referred.make()
    assert clinic.reads() == [GREETING]
    assert referred.shown(second).state is State.WAITING
    clinic.write("We are the clinic.")
    meet(office)
    assert referred.shown(first).state is State.CAME
    assert [one.id for one in first.cases.links.of_talks([clinic.conversation])] == [referred.case]
    referred.hand_over(first)
    assert referred.shown(second).state is State.HANDED
    text = clinic.reads()[-1]
    assert all(one in text for one in (WORDS, SECRET, "Aru"))
    clinic.write("We have a bed.")
    meet(office)
    assert referred.shown(second).state is State.ANSWERED
    talk = third.conversation(clinic.conversation)
    assert talk is not None
    assert [one.text for one in talk.messages] == ["We are the clinic.", "We have a bed."]
    assert talk.answers == (), "the package stands nowhere that the hotline reads"
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


def test_the_relay_learns_no_name_and_no_word(office: Rehearsal) -> None:
    referred = Referred(office)
    clinic = referred.make()
    clinic.write("We are the clinic.")
    meet(office)
    referred.hand_over(office.desks["second"])
    held = on_the_relay(office)
    told = (SECRET, GREETING, WORDS, "Aru", "The clinic", "Port Kesh", clinic.words)
    assert not [one for one in told if one.encode() in held]


@pytest.mark.attack
def test_until_it_is_handed_over_nothing_of_it_is_there_for_who_has_the_words(
    office: Rehearsal,
) -> None:
    second = office.desks["second"]
    referred = Referred(office)
    clinic = referred.make()
    clinic.write("We are the clinic.")
    meet(office)
    everything = clinic.reads()
    referred.withdraw(second)
    meet(office)
    everything += clinic.reads()
    assert not [text for text in everything if SECRET in text or WORDS in text]


@pytest.mark.attack
def test_what_one_desk_withdrew_no_other_hands_over(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    referred = Referred(office)
    clinic = referred.make()
    clinic.write("We are the clinic.")
    meet(office)
    referred.withdraw(second)
    meet(office)
    assert referred.shown(first).state is State.WITHDRAWN
    with pytest.raises(ReferralEnded):
        first.cases.referrals.hand_over(referred.case, referred.shown(first).referral.fact)
    meet(office)
    assert len(clinic.reads()) == 1


def test_what_was_handed_over_and_withdrawn_unseen_says_that_it_was_too_late(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    referred = Referred(office)
    clinic = referred.make()
    clinic.write("We are the clinic.")
    meet(office)
    referred.withdraw(second)
    referred.hand_over(first)
    assert referred.shown(first).state is referred.shown(second).state is State.TOO_LATE
    assert SECRET in clinic.reads()[-1]


@pytest.mark.attack
def test_it_is_sealed_to_the_words_that_were_drawn_and_to_no_key_that_a_letter_names(
    office: Rehearsal,
) -> None:
    _, second, third = office.desks.values()
    referred = Referred(office)
    clinic = referred.make()
    clinic.write("We are the clinic.")
    meet(office)
    thief = Person(office)
    thief.voice = clinic.voice
    box = {"address": thief.address, "sealing_key": thief.key.public.raw}
    told = record(clinic, b"m" * 32, **box)
    third.journal.write([post.fact(third.journal, told)])
    meet(office)
    talk = second.conversation(clinic.conversation)
    assert talk is not None
    assert len(talk.mailboxes) == 2
    referred.hand_over(second)
    assert not [one for one in thief.replies() if SECRET in one.text]


@pytest.mark.attack
def test_a_consent_that_was_taken_back_meanwhile_lets_nothing_be_handed_over(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    referred = Referred(office)
    clinic = referred.make()
    clinic.write("We are the clinic.")
    meet(office)
    first.cases.consents.withdraw(referred.case, referred.consent, "Her uncle works there.")
    meet(office)
    fact = referred.shown(second).referral.fact
    with pytest.raises(NoConsent) as refused:
        second.cases.referrals.hand_over(referred.case, fact)
    assert refused.value.why is WhyNot.WITHDRAWN
    meet(office)
    assert len(clinic.reads()) == 1


@pytest.mark.attack
def test_what_is_about_somebody_else_needs_the_consent_of_that_person_too(
    office: Rehearsal,
) -> None:
    second = office.desks["second"]
    referred = Referred(office)
    records = second.cases.records
    name = {(Part.IDENTITY, "name"): Typed("Daru")}
    child = records.write(referred.case, "person", None, name)
    paper = {
        (Part.JOURNEY, "of"): Typed(child.hex()),
        (Part.IDENTITY, "number"): Typed("K 77 100"),
    }
    number = records.write(referred.case, "document", None, paper)
    fields = referred.typed.fields | {(bytes(number), "document", "number")}
    with pytest.raises(NoConsent) as refused:
        second.cases.referrals.draft(referred.case, referred.typed._replace(fields=fields))
    assert refused.value.why is WhyNot.NONE


@pytest.mark.attack
def test_nobody_puts_something_into_a_package_after_it_was_seen(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    referred = Referred(office)
    clinic = referred.make()
    clinic.write("We are the clinic.")
    health = first.cases.held.parts(first.cases.held.all()[0])[Part.HEALTH]
    added = ReferralPieces(referred.case, ((referred.person, "person", "health", "Put in."),))
    first.journal.write([case_fact(health, added)])
    meet(office)
    referred.hand_over(second)
    text = clinic.reads()[-1]
    assert SECRET in text
    assert "Put in." not in text


def test_nobody_hands_over_before_somebody_wrote_or_what_they_cannot_read(
    office: Rehearsal,
) -> None:
    _, second, third = office.desks.values()
    referred = Referred(office, readers=("second", "third"))
    clinic = referred.make()
    fact = referred.shown(second).referral.fact
    with pytest.raises(NobodyCame):
        second.cases.referrals.hand_over(referred.case, fact)
    clinic.write("We are the clinic.")
    meet(office)
    assert not referred.shown(third).referral.complete
    assert SECRET not in repr(referred.shown(third))
    with pytest.raises(ReferralUnread):
        third.cases.referrals.hand_over(referred.case, fact)


def seen(window: Window, desk: Desk, case: CaseId) -> Answers:
    """All that a desk answers of a case, and of referrals in it."""
    path = f"/cases/{case.hex()}"
    paths = [f"{path}/referrals", f"{path}/stages", f"{path}/plan"]
    more = ((one, window.client.get(one)) for one in paths)
    told = {one: (answer.status_code, answer.content) for one, answer in more}
    return answers(window, desk, case, "clinic") | told


@pytest.mark.parametrize("of", ["journey", ""])
def test_a_desk_without_the_contact_part_sees_the_same_bytes_whatever_was_referred(
    office: Rehearsal, of: str
) -> None:
    _, second, third = office.desks.values()
    case = opened(office, second, **({of: ("third",)} if of else {}))
    fields = {(Part.HEALTH, "needs"): Typed(SECRET)}
    person = second.cases.records.write(case, "person", None, fields)
    second.cases.consents.give(case, yes(second, person))
    meet(office)
    with window_of(third) as window:
        before = seen(window, third, case)
        until = datetime.fromtimestamp((second.now() + 5 * DAY) / 1000, UTC).date().isoformat()
        typed = TypedReferral(person, "The clinic", "en", GREETING, WORDS, until)
        digest = second.cases.referrals.draft(case, typed).digest
        second.cases.referrals.make(case, typed, digest)
        (made,) = second.cases.referrals.of(case) or ()
        second.cases.referrals.withdraw(case, made.referral.fact, "")
        meet(office)
        assert seen(window, third, case) == before


@pytest.mark.attack
def test_nothing_is_handed_over_before_every_signature_is_checked(office: Rehearsal) -> None:
    second = office.desks["second"]
    referred = Referred(office)
    clinic = referred.make()
    clinic.write("We are the clinic.")
    meet(office)
    with second.journal.store.transaction() as writer:
        writer.execute("UPDATE commits SET verified = 0 WHERE no = 2")
    with pytest.raises(StillChecking):
        referred.hand_over(second)
    assert len(clinic.reads()) == 1
    with second.journal.store.transaction() as writer:
        writer.execute("UPDATE commits SET verified = 1 WHERE no = 2")
    referred.hand_over(second)
    assert len(clinic.reads()) == 2
