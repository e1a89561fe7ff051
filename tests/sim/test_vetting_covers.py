# SPDX-License-Identifier: AGPL-3.0-or-later
"""A gate is seconded for those alone whom the second could read."""

import pytest

from safeconduct.rooms.hotline.vetting import Gate
from safeconduct.rooms.hotline.vetting_decide import NoGateWaits
from safeconduct.rooms.hotline.vetting_facts import GateOpened
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person
from tests.sim.test_attack_vetting import sync_all, vet, vetted, writes


def test_nobody_seconds_a_gate_for_who_is_not_joined_yet(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, turned = hands
    hunter = Person(stage)
    hunter.write("I have lost my words.")
    sync_all(*hands)
    vet(first, person, Gate.PLAUSIBLE)
    sync_all(*hands)
    talk, also = person.conversation, (hunter.conversation,)
    laid = GateOpened(talk, Gate.MET.value, "we met", ("met",), also, ())
    writes(turned, laid)
    sync_all(*hands)
    (opening,) = vetted(first, person).waiting
    with pytest.raises(NoGateWaits):
        first.desk.vetting.second_gate(talk, opening.word.fact, "I met her, too")
