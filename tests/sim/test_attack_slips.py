# SPDX-License-Identifier: AGPL-3.0-or-later
"""An escort was caught: with the words, with the slip, or before either; and who runs the relay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import structs

from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.slip_handing import OTHERS_AFTER
from safeconduct.kernel.sheets import SheetId, Typed
from safeconduct.kernel.words import Instant
from safeconduct.rooms.crew import Role
from safeconduct.rooms.passage.errand.errands import NotForThem, TwoOfThatName
from safeconduct.rooms.passage.errand.slips import SlipState
from safeconduct.rooms.passage.slip_facts import SlipHanded, SlipHeard
from safeconduct.rooms.passage.watch.check_in_facts import Danger
from tests.kit.phones import phones
from tests.sim.errands import Night, nights
from tests.sim.steps import Hand
from tests.sim.test_referrals import on_the_relay
from tests.sim.watching import DURESS, Watchers

pytestmark = pytest.mark.attack


def put(desk: Desk, kind: str, sheet: SheetId, name: str, text: str) -> None:
    """Write a field over what stands in it."""
    found = desk.ways.network().sheet(sheet, kind)
    assert found is not None
    stands = frozenset(one.fact for it in found.entered(name) for one in it.standing)
    desk.ways.write(kind, sheet, {name: Typed(text, stands)})


def closes(night: Night) -> None:
    """Say that the meeting point is closed."""
    closes, begins, why = Typed(night.ids["mill"].hex()), Typed("2020-01-01"), Typed("Watched.")
    said = {"closes": closes, "begins": begins, "why": why}
    night.second.ways.write("road_closed", None, said)


CHANGES: dict[str, Callable[[Night], None]] = {
    "arrested": lambda it: put(it.second, "escort", it.ids["driver"], "state", "arrested"),
    "trust": lambda it: put(it.second, "escort", it.ids["driver"], "trust", "none"),
    "called off": lambda it: put(it.second, "journey", it.ids["trip"], "state", "called_off"),
    "ride off": lambda it: it.second.ways.take_off("ride", it.ids["ride"], "Burnt."),
    "closed": closes,
    "another day": lambda it: put(it.second, "ride", it.ids["ride"], "day", "2026-12-09"),
    "another bench": lambda it: put(it.second, "point", it.ids["mill"], "where", "A yard."),
}


def looks(night: Night) -> None:
    """Let both desks look, late enough for either to hand over."""
    night.meet()
    night.stage.clock.time = Instant(night.stage.clock.time + 2 * OTHERS_AFTER)
    for _ in range(2):
        for desk in (night.first, night.second):
            desk.slips.look()
        night.meet()


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A steward and a coordinator, both online, and a journey that is written down."""
    with nights(tmp_path, Role.COORDINATOR) as night:
        yield night


@pytest.fixture
def watched(night: Night) -> Iterator[Watchers]:
    """The same, and phones that can be called."""
    hands = tuple(Hand(desk, night.stage.courier(desk)) for desk in (night.first, night.second))
    with phones() as server:
        yield Watchers(night.stage, (hands[0], hands[1]), server)
        for hand in hands:
            hand.desk.duty.calls.pager.close()


def test_words_of_a_slip_that_was_frozen_in_time_open_nothing(night: Night) -> None:
    hunter = night.told(night.make())
    assert night.second.slips.freeze_all_of(night.ids["driver"]) == 1
    night.meet()
    hunter.say("opened")
    night.meet()
    for desk in (night.first, night.second):
        desk.slips.look()
    night.meet()
    assert hunter.found() == []
    assert night.shown(night.first).state is SlipState.FROZEN


def test_until_somebody_came_words_and_relay_together_open_nothing_of_a_slip(
    night: Night,
) -> None:
    hunter = night.told(night.make())
    for desk in (night.first, night.second):
        desk.slips.look()
    night.meet()
    assert hunter.found() == []
    assert b"Marker" not in on_the_relay(night.stage)


def test_an_escort_of_whom_one_colleague_says_that_they_were_arrested_is_told_no_place(
    night: Night,
) -> None:
    sheet = night.second.ways.network().sheet(night.ids["driver"], "escort")
    assert sheet is not None
    night.second.ways.write("escort", night.ids["driver"], {"state": Typed("arrested")})
    night.first.ways.write("escort", night.ids["driver"], {"state": Typed("resting")})
    night.meet()
    for desk in (night.first, night.second):
        with pytest.raises(NotForThem):
            desk.slips.draft(night.wish())


def test_a_slip_that_is_not_so_any_more_is_handed_to_nobody_and_frozen(night: Night) -> None:
    hunter = night.told(night.make())
    CHANGES["called off"](night)
    night.meet()
    hunter.say("opened")
    looks(night)
    assert hunter.found() == []
    shown = night.shown(night.first)
    assert (shown.state, shown.made.changed) == (SlipState.FROZEN, True)


def test_a_key_that_is_none_keeps_no_other_slip_from_who_comes(night: Night) -> None:
    escort = night.told(night.make())
    own = night.shown(night.second).made
    assert own.sealed is not None
    night.second.slips.freeze(own.fact)
    night.meet()
    other = night.told(night.make())
    bad = structs.replace(own.sealed, key=b"\xff" * len(own.sealed.key))
    handing = night.second.slips._handing
    handing._book.write([structs.replace(own.said, until=1 << 62), bad])
    escort.say("opened")
    other.say("opened")
    looks(night)
    assert len(other.found()) == 1


def test_who_says_that_a_slip_was_handed_over_keeps_it_from_nobody(night: Night) -> None:
    escort = night.told(night.make())
    turned = night.second
    turned.slips._handing._book.write([SlipHanded(night.shown(turned).made.fact)])
    night.meet()
    escort.say("opened")
    looks(night)
    assert len(escort.found()) == 1
    said = [one.by for one in night.shown(night.first).made.handed]
    assert said == [turned.device, night.first.device]


def test_who_says_that_a_duress_word_was_judged_silences_no_desk(
    night: Night, watched: Watchers
) -> None:
    check_in = watched.expect()
    escort = night.told(night.make(check_in=check_in.id))
    escort.say("underway", DURESS)
    night.meet()
    turned, shown = night.second, night.shown(night.second)
    said = [SlipHeard(shown.made.fact, one.message) for one in shown.heard]
    assert said
    turned.slips._handing._book.write(said)
    night.meet()
    night.first.slips.look()
    (found,) = night.first.check_ins.every()
    assert set(found.heard) == {Danger.DURESS}


def test_an_escort_with_the_code_name_of_another_is_told_nothing_until_somebody_made_sure(
    night: Night,
) -> None:
    desk = night.second
    true = desk.ways.network().sheet(night.ids["driver"], "escort")
    assert true is not None
    like = next(
        sheet
        for sheet in (SheetId(n.to_bytes(16, "big")) for n in range(1, 100_000))
        if desk.ways.code_name(sheet) == true.name
    )
    said = {"name": "Somebody", "state": "ready", "trust": "high"}
    desk.ways.write("escort", like, {name: Typed(text) for name, text in said.items()})
    night.ids["false"] = like
    for who in ("driver", "false"):
        with pytest.raises(TwoOfThatName):
            desk.slips.draft(night.wish("stay", who))
    stands = frozenset(one.fact for it in true.fields for one in it.standing)
    desk.ways.verify("escort", true.id, stands, "Spoke with them.")
    desk.slips.draft(night.wish("stay", "driver"))
    with pytest.raises(TwoOfThatName):
        desk.slips.draft(night.wish("stay", "false"))
