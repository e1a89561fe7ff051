# SPDX-License-Identifier: AGPL-3.0-or-later
"""How slips stand: what has left, what still can, and who learnt what."""

from __future__ import annotations

import pytest
from msgspec import structs

from safeconduct.kernel.words import (
    COUNTER_BITS,
    DAY,
    HOUR,
    CommitId,
    DeviceId,
    FactId,
    Instant,
    fact_id,
)
from safeconduct.rooms.passage.errand.errands import errand
from safeconduct.rooms.passage.errand.slip_report import SaidSo
from safeconduct.rooms.passage.errand.slips import (
    CannotTell,
    Heard,
    MadeSlip,
    NoSuchSlip,
    SlipIsOver,
    SlipNotSo,
    SlipState,
    SlipTold,
    SlipWaits,
    find,
    fold_slips,
    freeze,
    freeze_all_of,
    learnt_by,
    need_as_made,
    need_none,
    stood_of,
)
from safeconduct.rooms.passage.slip_facts import (
    KEY_BYTES,
    SlipFact,
    SlipFrozen,
    SlipHanded,
    SlipHeard,
    SlipMade,
    SlipSealed,
)
from safeconduct.rooms.passage.words import Book
from tests.kit.errand_night import ADA, NOW, TODAY, also, id_of, network_of, told_of

BEN, CLEO = DeviceId(b"b" * 16), DeviceId(b"c" * 16)
UNTIL = Instant(NOW + 6 * HOUR)
CAME = [Heard(b"m" * 32, Instant(NOW + HOUR), SaidSo.OPENED, "")]


def told(commit: int, *events: SlipFact) -> list[SlipTold]:
    """One commit."""
    at = CommitId(commit.to_bytes(32, "big"))
    hlc = (NOW << COUNTER_BITS) + commit
    return [SlipTold(fact_id(at, n), at, ADA, hlc, event) for n, event in enumerate(events)]


def made(way: str = "page", who: str = "driver") -> SlipMade:
    """A slip for somebody."""
    where = (id_of("mill"), id_of("quay"))
    of = id_of("ride"), "ride", id_of(who), "escort", id_of("party"), where, TODAY
    return SlipMade(*of, way, UNTIL, b"", bytes(32))


def sealed() -> SlipSealed:
    """What lies behind its words."""
    return SlipSealed(b"t" * 16, bytes(32), bytes(32), bytes(KEY_BYTES), b"item")


def only(facts: list[SlipTold]) -> MadeSlip:
    """The one slip."""
    (found,) = fold_slips(facts)
    return found


def name(commit: int) -> FactId:
    """The id of the slip of a commit."""
    return fact_id(CommitId(commit.to_bytes(32, "big")), 0)


def test_a_slip_leaves_once_somebody_came_and_a_desk_handed_it_over() -> None:
    facts = told(1, made(), sealed())
    one = only(facts)
    assert (one.state((), NOW), one.to_hand((), NOW, ADA)) == (SlipState.WAITS, False)
    assert (one.state(CAME, NOW), one.to_hand(CAME, NOW, ADA)) == (SlipState.CAME, True)
    one = only([*facts, *told(2, SlipHanded(name(1)))])
    assert (one.state(CAME, NOW), one.to_hand(CAME, NOW, ADA)) == (SlipState.HANDED, False)
    assert one.state(CAME, UNTIL) is SlipState.OVER
    assert only(facts).state(CAME, UNTIL) is SlipState.EXPIRED
    assert not only(facts).to_hand(CAME, UNTIL, ADA)


def test_a_slip_that_was_frozen_in_time_is_handed_to_nobody() -> None:
    frozen = [*told(1, made(), sealed()), *told(2, SlipFrozen(name(1), 0))]
    one = only(frozen)
    assert (one.state(CAME, NOW), one.to_hand(CAME, NOW, ADA)) == (SlipState.FROZEN, False)
    late = only([*frozen, *told(3, SlipHanded(name(1)))])
    assert (late.state(CAME, NOW), late.to_hand(CAME, NOW, ADA)) == (SlipState.TOO_LATE, False)


def test_what_went_by_paper_or_voice_has_left() -> None:
    for way in ("paper", "voice"):
        facts = told(1, made(way))
        assert only(facts).state((), NOW) is SlipState.TOLD
        gone = only([*facts, *told(2, SlipFrozen(name(1), 0))])
        assert gone.state((), NOW) is SlipState.TOO_LATE


def test_two_slips_in_one_commit_hand_nothing_over() -> None:
    both = fold_slips(told(1, made(), sealed(), made(who="other"), sealed()))
    assert [one.to_hand(CAME, NOW, ADA) for one in both] == [False, False]


def test_who_judged_a_word_is_kept() -> None:
    facts = [*told(1, made(), sealed()), *told(2, SlipHeard(name(1), b"m" * 32))]
    assert only(facts).judged(b"m" * 32) == (ADA,)
    assert only(facts).judged(b"n" * 32) == ()


def test_what_a_third_desk_says_of_handing_over_keeps_no_other_from_it() -> None:
    facts = [*told(1, made(), sealed()), *told(2, SlipHanded(name(1)))]
    forged = [one if n < 2 else one._replace(by=BEN) for n, one in enumerate(facts)]
    one = only(forged)
    assert (one.state(CAME, NOW), one.handed[0].by) == (SlipState.HANDED, BEN)
    assert [one.to_hand(CAME, NOW, own) for own in (ADA, BEN, CLEO)] == [True, False, True]
    assert not any(only(facts).to_hand(CAME, NOW, own) for own in (ADA, BEN, CLEO))


def test_an_end_that_is_too_far_counts_as_one_in_a_week() -> None:
    far = structs.replace(made(), until=1 << 62)
    one = only(told(1, far, sealed()))
    assert one.said.until == NOW + 8 * DAY
    assert not one.to_hand(CAME, Instant(NOW + 8 * DAY), ADA)


def test_a_desk_that_lacks_a_book_cannot_tell_whether_a_slip_is_still_so() -> None:
    every = network_of(told_of())
    sheet = every.sheet(id_of("ride"), "ride")
    assert sheet is not None
    said = structs.replace(made(), stood=stood_of(errand(every, sheet, id_of("driver"), NOW)))
    need_as_made(every, said, NOW)
    with pytest.raises(CannotTell):
        need_as_made(network_of(told_of(), frozenset({Book.JOURNEYS})), said, NOW)
    for told in (also(told_of(), "party", size="3"), also(told_of(), "driver", state="arrested")):
        with pytest.raises(SlipNotSo):
            need_as_made(network_of(told), said, NOW)


def test_all_slips_of_who_was_caught_are_frozen_and_no_others() -> None:
    slips = fold_slips(
        [
            *told(1, made(), sealed()),
            *told(2, made("paper")),
            *told(3, made(who="other"), sealed()),
            *told(4, made(), sealed()),
            *told(5, SlipFrozen(name(4), 0)),
        ]
    )
    assert freeze_all_of(slips, id_of("driver"), NOW) == [
        SlipFrozen(name(1), 0),
        SlipFrozen(name(2), 0),
    ]
    assert freeze_all_of(slips, id_of("driver"), UNTIL) == []
    for one, now in ((find(slips, name(4)), NOW), (find(slips, name(1)), UNTIL)):
        with pytest.raises(SlipIsOver):
            freeze(one, now)
    with pytest.raises(NoSuchSlip):
        find(slips, name(9))


def test_who_learnt_what_stands_also_after_the_slip_is_over() -> None:
    slips = fold_slips(
        [
            *told(1, made(), sealed()),
            *told(2, made("voice")),
            *told(3, made(who="other"), sealed()),
            *told(4, SlipFrozen(name(2), 0)),
        ]
    )
    learnt = learnt_by(slips, id_of("driver"))
    assert [(one.party, one.places, one.day, one.left) for one in learnt] == [
        (id_of("party"), (id_of("mill"), id_of("quay")), TODAY, False),
        (id_of("party"), (id_of("mill"), id_of("quay")), TODAY, True),
    ]


def test_somebody_has_one_slip_at_a_time_for_a_row() -> None:
    facts = told(1, made(), sealed())
    row, who = id_of("ride"), id_of("driver")
    with pytest.raises(SlipWaits):
        need_none(fold_slips(facts), row, who, NOW)
    need_none(fold_slips(facts), row, who, UNTIL)
    need_none(fold_slips(facts), row, id_of("other"), NOW)
    need_none(fold_slips([*facts, *told(2, SlipFrozen(name(1), 0))]), row, who, NOW)
