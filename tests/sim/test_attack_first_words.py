# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody puts words of their own, or old ones, into what everybody is told at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.engine import post
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.errors import BadSignature, Untrusted
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.wire.first_words import LIVES, FirstWords
from safeconduct.kernel.wire.refusals import Conflict
from safeconduct.kernel.words import DAY, HOUR, Instant, OfficeId
from safeconduct.rooms.hotline.first_words import (
    FirstWordsApproved,
    NotTheseWords,
    read_words,
    sign_words,
)
from tests.kit.clocks import NOON as TWELVE
from tests.kit.relay import START, Kept, Office, SetClock, keep, plenty
from tests.sim.courier import Rehearsal
from tests.sim.steps import sync
from tests.sim.test_attack_page import ENEMY, OFFICE, SIGNING, page

pytestmark = pytest.mark.attack

LURE = {"en": "Come to the bridge at six."}
NOON = Instant(TWELVE)
FAR = 1 << 43
"""In milliseconds: a time that no clock of a test has reached."""


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """A relay that keeps one office."""
    with RelayStore(tmp_path / "relay.db", clock=SetClock(), probe=plenty) as store:
        yield keep(store, Office())


def words(signer: LongSigningKey, made: int, office: OfficeId = OFFICE) -> bytes:
    """First words that somebody signed."""
    return sign_words(FirstWords(1, office, made, made + LIVES, LURE), signer)


def to_page(signer: LongSigningKey, *, now: int) -> str:
    """What becomes of them at a page."""
    pin = SIGNING.public.short.raw
    return page("first", signed=words(signer, FAR), office=OFFICE, pin=pin, now=now)


def approve_own(stage: Rehearsal, writer: str, approver: str) -> None:
    """Let a changed desk approve what stands, whoever sits there."""
    stage.desks[writer].first_words.write(LURE)
    sync(stage, writer, approver)
    turned = stage.desks[approver]
    (version,) = turned.first_words.standing()
    fact = FirstWordsApproved(version.id, turned.now() + 90 * DAY)
    turned.journal.write([post.fact(turned.journal, fact)])
    sync(stage, approver, "first", "second")


def test_page_says_no_first_words_that_the_office_did_not_sign() -> None:
    assert to_page(SIGNING, now=FAR) == "taken"
    assert to_page(ENEMY, now=FAR) == "bad_signature"


def test_page_says_no_first_words_that_have_ended() -> None:
    assert to_page(SIGNING, now=FAR + LIVES) == "words_ended"


def test_counter_and_desk_take_no_first_words_that_the_office_did_not_sign() -> None:
    assert read_words(words(SIGNING, NOON), OFFICE, SIGNING.public, NOON).texts == LURE
    with pytest.raises(BadSignature):
        read_words(words(ENEMY, NOON), OFFICE, SIGNING.public, NOON)


def test_counter_and_desk_take_no_first_words_that_have_ended() -> None:
    with pytest.raises(NotTheseWords):
        read_words(words(SIGNING, NOON - LIVES), OFFICE, SIGNING.public, NOON)


def test_nobody_is_told_first_words_that_their_writer_alone_approved(stage: Rehearsal) -> None:
    approve_own(stage, "first", "first")
    for desk in stage.desks.values():
        assert desk.first_words.shown() is None


def test_nobody_is_told_first_words_that_no_steward_approved(stage: Rehearsal) -> None:
    approve_own(stage, "first", "second")
    assert stage.desks["first"].first_words.shown() is None
    assert stage.store.public(stage.office).first_words() == b""


def test_a_capability_alone_changes_no_first_words(kept: Kept) -> None:
    with pytest.raises(Untrusted):
        kept.desk.say_first(words(ENEMY, START, kept.office.office))


def test_a_capability_brings_no_older_first_words_back(kept: Kept) -> None:
    signer, office = kept.office.intake_signing, kept.office.office
    newer = words(signer, START + HOUR, office)
    kept.desk.say_first(words(signer, START, office))
    kept.desk.say_first(newer)
    with pytest.raises(Conflict):
        kept.desk.say_first(words(signer, START, office))
    assert kept.public.first_words() == newer
