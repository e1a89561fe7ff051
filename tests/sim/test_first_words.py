# SPDX-License-Identifier: AGPL-3.0-or-later
"""First words from desk to page: written, approved, brought out, renewed, taken back, replaced."""

import pytest

from safeconduct.edges.desk.engine import page_key
from safeconduct.edges.desk.engine.first_words import FOREIGN, RENEWED
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.seal.keys import LongSigningKey, LongVerifyKey
from safeconduct.kernel.wire.first_words import LIVES, FirstWords, parse_first_words
from safeconduct.kernel.words import DAY, HOUR, Instant
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.hotline.first_words import read_words, sign_words
from safeconduct.rooms.hotline.first_words_decide import ApprovedByItsWriter
from tests.sim.courier import Rehearsal
from tests.sim.steps import sync

TEXTS = {"en": "We read each letter.", "ru": "Мы читаем каждое письмо."}


def shown(stage: Rehearsal) -> dict[str, str]:
    """What a page takes of what the relay says."""
    desk = stage.desks["first"]
    assert desk.journal.roster.founded is not None
    pin = LongVerifyKey.parse(desk.journal.roster.founded.intake_signing_key)
    raw = stage.store.public(stage.office).first_words()
    return read_words(raw, stage.office, pin, stage.clock.now()).texts


def until(stage: Rehearsal) -> int:
    """When what the relay says ends."""
    return parse_first_words(stage.store.public(stage.office).first_words()).words.until


def approved(stage: Rehearsal) -> Desk:
    """Let the helper write and the steward approve; return the steward's desk."""
    first, second = stage.desks["first"], stage.desks["second"]
    second.first_words.write(TEXTS)
    sync(stage, "second", "first")
    first.first_words.approve(first.first_words.standing()[0].id, 30)
    sync(stage, "first", "second")
    return first


def test_what_two_people_agreed_on_is_said_to_everybody(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    second.first_words.write(TEXTS)
    sync(stage, "second", "first")
    with pytest.raises(Malformed):
        shown(stage)
    (version,) = first.first_words.standing()
    with pytest.raises(NotASteward):
        second.first_words.approve(version.id, 30)
    first.first_words.approve(version.id, 30)
    sync(stage, "first", "second")
    assert shown(stage) == TEXTS
    assert first.first_words.standing() == second.first_words.standing()
    first.first_words.write({"en": "Wait."})
    own = next(one for one in first.first_words.standing() if one.id != version.id)
    with pytest.raises(ApprovedByItsWriter):
        first.first_words.approve(own.id, 30)
    sync(stage, "first", "second")
    assert shown(stage) == TEXTS


def test_anybody_who_answers_takes_them_back(stage: Rehearsal) -> None:
    approved(stage)
    stage.desks["second"].first_words.withdraw("The road is watched.")
    sync(stage, "second", "first")
    assert shown(stage) == {}
    assert stage.desks["first"].first_words.standing() == ()


def test_they_are_signed_anew_while_a_steward_s_desk_opens_and_end_by_themselves(
    stage: Rehearsal,
) -> None:
    first = approved(stage)
    began = until(stage)
    stage.clock.time = Instant(stage.clock.time + HOUR)
    sync(stage, "first")
    assert until(stage) == began
    stage.clock.time = Instant(began - RENEWED + HOUR)
    sync(stage, "first")
    assert until(stage) == stage.clock.time + LIVES
    stage.clock.time = Instant(stage.clock.time + LIVES)
    with pytest.raises(Malformed):
        shown(stage)
    stage.clock.time = Instant(stage.clock.time + 30 * DAY)
    sync(stage, "first")
    assert first.first_words.shown() is None
    with pytest.raises(Malformed):
        shown(stage)


def test_what_nobody_approved_is_replaced_and_told(stage: Rehearsal) -> None:
    first = approved(stage)
    key = LongSigningKey.from_seed(page_key.seed_of(first.journal))
    made = stage.clock.time + HOUR
    words = FirstWords(1, stage.office, made, made + DAY, {"en": "Come to the bridge."})
    stage.courier(first).say_first(sign_words(words, key))
    assert shown(stage) == {"en": "Come to the bridge."}
    stage.clock.time = Instant(stage.clock.time + 2 * HOUR)
    sync(stage, "first")
    assert shown(stage) == TEXTS
    assert FOREIGN in {one.code for one in first.status().troubles}
