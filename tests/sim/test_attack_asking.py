# SPDX-License-Identifier: AGPL-3.0-or-later
"""A steward's device, in wrong hands, meddles with what colleagues asked for."""

import pytest

from safeconduct.edges.desk.engine import afterwards, held
from safeconduct.edges.desk.verified import StillChecking
from safeconduct.rooms.crew import Standing
from safeconduct.rooms.crew.asking_facts import ExportAsked
from safeconduct.rooms.crew.claims import parse_claim
from safeconduct.rooms.crew.exports import ALONE_IN, ALONE_MOST, NeedsASecond, Stage, fold_exports
from safeconduct.rooms.crew.exports import stage as stage_of
from safeconduct.rooms.crew.removing import second
from tests.kit.clocks import FixedClock
from tests.kit.crews import Crew
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, pass_on

pytestmark = pytest.mark.attack


def test_steward_takes_back_nothing_that_a_colleague_asked_for() -> None:
    crew = Crew(3, 1)
    a, b, c, taken = crew.devices
    told = crew.expel(a, crew.cut(taken))
    crew.take_back(c, told)
    roster = crew.roster()
    assert set(roster.pending) == {told.id}
    crew.told.append(crew.office.write_crew(b, second(roster, b.id, told.id)))
    assert crew.roster().standing(taken.id) is Standing.EXPELLED


def asked(crew: Crew) -> Stage:
    """How far the one export has come that was asked for."""
    claims = [claim for told in crew.told if (claim := parse_claim(told)) is not None]
    roster, now = crew.roster(), crew.office.clock.now()
    (found,) = fold_exports(roster, [(claim, now) for claim in claims]).values()
    return stage_of(roster, found, now)


def test_one_steward_who_seconds_its_own_export_is_not_two() -> None:
    crew = Crew(2)
    _, b = crew.devices
    told = crew.office.write_crew(b, ExportAsked((b"c" * 16,), "for the court", "a lawyer"))
    crew.told.append(told)
    crew.second(b, told)
    assert asked(crew) is Stage.WAITS


def test_one_person_who_seconds_by_another_device_of_their_own_is_not_two() -> None:
    crew = Crew(3, persons={1: "Bea", 2: "Bea"})
    _, b, own = crew.devices
    told = crew.office.write_crew(b, ExportAsked((b"c" * 16,), "for the court", "a lawyer"))
    crew.told.append(told)
    crew.second(own, told)
    assert asked(crew) is Stage.WAITS


def test_steward_takes_back_no_export_that_a_colleague_asked_for() -> None:
    crew = Crew(2, 1)
    a, b, helper = crew.devices
    told = crew.office.write_crew(helper, ExportAsked((b"c" * 16,), "for the court", "a lawyer"))
    crew.told.append(told)
    crew.second(a, told)
    crew.take_back(b, told)
    assert asked(crew) is Stage.SIGNED


def test_what_a_relay_forged_leaves_no_desk_before_its_signature_is_checked(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "QUICK_FROM", 2)
    monkeypatch.setattr("safeconduct.edges.desk.engine.sync.QUICK_FROM", 2)
    late = stage.join("late")
    late.claim(person.conversation)
    with pytest.raises(StillChecking):
        late.exports.make_alone(person.conversation, "")
    while afterwards.verify_some(late.journal):
        pass
    assert late.exports.make_alone(person.conversation, "")


def test_who_sets_the_clock_of_an_open_desk_takes_out_no_fourth_file_alone(
    stage: Rehearsal, person: Person
) -> None:
    taken = stage.desks["second"]
    taken.claim(person.conversation)
    for _ in range(ALONE_MOST):
        taken.exports.make_alone(person.conversation, "")
    taken.journal.clock = FixedClock(stage.clock.now() + 2 * ALONE_IN)  # type: ignore[misc]
    taken.note(person.conversation, "Now it is two weeks later here.")
    for _ in range(3):
        pass_on(stage, "second", "first")
        stage.desks["first"].note(person.conversation, "And here it is today.")
        pass_on(stage, "first", "second")
    with pytest.raises(NeedsASecond):
        taken.exports.make_alone(person.conversation, "")
