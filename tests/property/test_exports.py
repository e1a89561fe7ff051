# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions about exports fold to one state in any order; a take-back wins (spec/crew.md 14)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.rooms.crew.asking_facts import ExportAsked
from safeconduct.rooms.crew.claims import parse_claim
from safeconduct.rooms.crew.exports import Stage, fold_exports, stage
from tests.kit.crews import Crew

who = st.integers(0, 3)


@settings(max_examples=25)
@given(st.data())
def test_any_order_makes_one_state_and_whoever_took_back_exports_nothing(
    data: st.DataObject,
) -> None:
    crew = Crew(3, 1)
    asked = crew.office.write_crew(
        crew.devices[data.draw(who)], ExportAsked((b"c" * 16,), "for the court", "a lawyer")
    )
    crew.told.append(asked)
    acts = data.draw(st.lists(st.tuples(st.booleans(), who), max_size=5))
    for back, by in acts:
        (crew.take_back if back else crew.second)(crew.devices[by], asked)
    claims = [claim for told in crew.told if (claim := parse_claim(told)) is not None]
    roster, now = crew.roster(), crew.office.clock.now()
    mixed = data.draw(st.permutations(claims))
    found = fold_exports(roster, [(claim, now) for claim in mixed])
    assert found == fold_exports(roster, [(claim, now) for claim in claims])
    own = [device.id for device in crew.devices].index(asked.device)
    taken_back = (True, own) in acts
    signed = any(not back and by != own and by < 3 for back, by in acts)
    expected = Stage.TAKEN_BACK if taken_back else Stage.SIGNED if signed else Stage.WAITS
    assert stage(roster, found[asked.id], now) is expected
