# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever carried the server away, or runs the next one, leads the office or its people astray."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from msgspec import structs

from safeconduct.edges.desk import moving
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.errors import BadSignature
from safeconduct.kernel.seal.keys import LongSigningKey, LongVerifyKey, office_id
from safeconduct.kernel.sync import RelayForked
from safeconduct.kernel.wire.bodies import FoundingAnew
from safeconduct.kernel.wire.refusals import Conflict
from safeconduct.rooms.crew import write_fact
from safeconduct.rooms.crew.move_facts import RelayMoved
from safeconduct.rooms.crew.moves import TellingNotAStewards, write_telling
from safeconduct.rooms.crew.notices import Notice, parse_notice, write_notice
from tests.kit.moves import elsewhere
from tests.kit.relay import Office, SetClock, plenty
from tests.sim.courier import Rehearsal
from tests.sim.hostile import Liar
from tests.sim.steps import Hand, Person, sync
from tests.sim.test_removed_devices import tell

pytestmark = pytest.mark.attack

ENEMY = LongSigningKey.from_seed(b"e" * 64)


def test_new_relay_that_changes_the_old_log_is_refused(stage: Rehearsal, person: Person) -> None:
    stage.desks["first"].answer(person.conversation, "We are coming.")
    sync(stage, "first")
    with elsewhere(stage) as there:
        text = there.found()
        second = stage.desks["second"]
        moving.follow(second.journal, moving.read(second.journal, text))
        second = there.again("second")
        held = second.journal.log.size()
        liar = Liar(there.store, stage.office, second.journal.place.capability)
        # What this desk holds is shown as it was; what only the first had is another's.
        true = liar.all()
        liar.script.frames = [*true[:held], *(b"another" * 300 for _ in true[held:])]
        with pytest.raises(RelayForked):
            Hand(second, liar).pull()


def moved_to(url: str, key: bytes) -> RelayMoved:
    """A move that begins with nothing."""
    return RelayMoved(url, key, 2, 1, bytes(16), 0, bytes(32), ())


def test_colleague_who_is_no_steward_moves_nobody(stage: Rehearsal) -> None:
    first, second = stage.desks["first"].journal, stage.desks["second"].journal
    fact = moved_to("http://enemy.invalid", ENEMY.public.raw)
    body = write_fact(fact, stage.office, second.device, second.secrets.signing_key())
    with pytest.raises(TellingNotAStewards):
        moving.read(first, write_telling(stage.office, "crew.RelayMoved", body))


def test_nobody_moves_a_desk_in_a_stewards_name(stage: Rehearsal) -> None:
    first, second = stage.desks["first"].journal, stage.desks["second"].journal
    fact = moved_to("http://enemy.invalid", ENEMY.public.raw)
    body = write_fact(fact, stage.office, first.device, second.secrets.signing_key())
    with pytest.raises(BadSignature):
        moving.read(second, write_telling(stage.office, "crew.RelayMoved", body))


def test_stewards_taken_laptop_leads_no_desk_away_unasked(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    move, log = moved_to("http://enemy.invalid", ENEMY.public.raw), second.journal.log
    held = log.watch("log").confirmed
    tell(first, structs.replace(move, size=held.size, root=held.root))
    sync(stage, "first", "second")
    there = second.journal.place
    second.stop()
    second = moving.open_where_it_is(lambda: stage.unlock("second"))
    assert second.journal.place == there
    said = second.moves.onward()
    assert said is not None
    assert (said.by, said.url, said.agreed) == (first.device, "http://enemy.invalid", False)


def test_people_are_not_led_to_another_page(stage: Rehearsal) -> None:
    journal = stage.desks["first"].journal
    founded, office = journal.roster.founded, stage.office
    assert founded is not None
    notice = Notice(1, office, "https://enemy.example", "http://enemy", ENEMY.public.raw, 0)
    pinned = LongVerifyKey.parse(founded.intake_signing_key)
    with pytest.raises(BadSignature):
        parse_notice(write_notice(notice, ENEMY), office, pinned)


def founded_anew(store: RelayStore, office: Office, root: bytes) -> None:
    """Found an office at a new relay that was in epoch 3 at the one that is gone."""
    code = store.founding_code()
    assert code is not None
    store.found(FoundingAnew(code, office.card, 4, root))


def test_what_the_old_relay_saw_opens_nothing_at_the_new_one(tmp_path: Path) -> None:
    office = Office().with_root()
    with RelayStore(tmp_path / "relay.db", probe=plenty, clock=SetClock()) as store:
        founded_anew(store, office, office.office)
        with pytest.raises(Conflict):
            store.open_access(office.office, office.opening(2))


def test_root_that_counts_goes_along_to_the_new_relay(tmp_path: Path) -> None:
    office, heir = Office().with_root(), LongSigningKey.from_seed(b"n" * 64)
    with RelayStore(tmp_path / "relay.db", probe=plenty, clock=SetClock()) as store:
        founded_anew(store, office, office_id(heir.public.raw))
        with suppress(Conflict):
            store.open_access(office.office, office.signed(office.unsigned(5), heir))
