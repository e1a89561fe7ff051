# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasures of cases fold to one state in any order; one person never suffices (spec/erasure.md)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.kernel.words import DAY, Instant
from safeconduct.rooms.crew.asking_facts import ErasureAsked, ErasureStopped
from safeconduct.rooms.crew.case_erasure import (
    LASTS,
    WAITS,
    ErasureStage,
    Said,
    droppable,
    fold_erasures,
)
from safeconduct.rooms.crew.claims import parse_claim
from safeconduct.rooms.crew.events import Seconded, hash_of
from tests.kit.crews import Crew

who = st.integers(0, 3)
ASKED = 100 * DAY


@settings(max_examples=25)
@given(st.data())
def test_any_order_makes_one_state_and_a_stop_in_time_wins(data: st.DataObject) -> None:
    crew = Crew(3, 1)
    asker = data.draw(who)
    asked = crew.office.write_crew(crew.devices[asker], ErasureAsked(b"c" * 16, "person"))
    claim = parse_claim(asked)
    assert claim is not None
    said = [Said(claim, 0, Instant(ASKED), Instant(ASKED))]
    acts = data.draw(st.lists(st.tuples(st.booleans(), who, st.integers(0, 20)), max_size=5))
    for at, (stops, by, day) in enumerate(acts, 1):
        kind = ErasureStopped if stops else Seconded
        fact = kind(claim.id, hash_of(claim.signed))
        written = parse_claim(crew.office.write_crew(crew.devices[by], fact))
        assert written is not None
        now = Instant(ASKED + day * DAY)
        said.append(Said(written, at, now, now))
    (found,) = fold_erasures(crew.roster(), said)
    assert fold_erasures(crew.roster(), data.draw(st.permutations(said))) == (found,)
    signed = [day for stops, by, day in acts if not stops and by not in {asker, 3} and day < 7]
    due = min(signed) * DAY + WAITS if signed else None
    stopped = any(
        stops and by in {asker, 0, 1, 2} and (due is None or day * DAY < due)
        for stops, by, day in acts
    )
    late = found.stage(Instant(ASKED + LASTS + WAITS))
    expected = ErasureStage.DUE if signed else ErasureStage.LAPSED
    assert late is (ErasureStage.STOPPED if stopped else expected)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.frozensets(st.sampled_from("xyz")))))
def test_a_parcel_goes_only_if_all_that_is_said_to_be_in_it_goes(
    told: list[tuple[str, frozenset[str]]],
) -> None:
    parcels = [(name.encode(), {one.encode() for one in of}) for name, of in told]
    found = droppable(parcels, {b"x", b"y"}.__contains__)
    for name in found:
        inside = set[bytes]().union(*(of for one, of in parcels if one == name))
        assert inside
        assert b"z" not in inside
