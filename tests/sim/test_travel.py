# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk packed for a trip, and given back: real stores, real parcels, a relay in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Final

import apsw
import pytest

from safeconduct.edges.desk import check, keyslots, packing
from safeconduct.edges.desk.engine import rotating, travelling
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.store import KEYS, connect
from safeconduct.edges.desk.two_files import PAIR
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import NotAway
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.travel import NobodyToGiveBack, NotAsked
from tests.sim.courier import PASSPHRASE, Rehearsal
from tests.sim.steps import Hand, Person, sync
from tests.sim.test_desk_guards import codes, notes

WORDS: Final = "unmistakable"


def pack(stage: Rehearsal, name: str = "second", carried: Sequence[VaultId] = ()) -> Desk:
    """Let a desk leave all vaults behind but some, tell the relay, close, and open light."""
    travelling.begin(stage.desks[name].journal, carried)
    sync(stage, name)
    stage.desks[name].stop()
    return stage.unlock(name)


def parcels(stage: Rehearsal) -> list[bytes]:
    """Every parcel that the relay holds, whoever it is for."""
    with closing(sqlite3.connect(stage.folder / "relay.db")) as database:
        return [row[0] for row in database.execute("SELECT body FROM parcels")]


def take_everything(stage: Rehearsal, desk: Desk) -> None:
    """Let who took a desk and copied the server take every key that it opens, whatever is said."""
    journal = desk.journal
    for parcel in parcels(stage):
        with suppress(SafeconductError):
            journal.keychain.add(
                crew.open_parcel(parcel, journal.office, journal.secrets.sealing_key())
            )
    journal.read_again()


def contents(desk: Desk) -> bytes:
    """Every value of every row of a desk's store, opened."""
    store = desk.journal.store
    tables = [row[0] for row in store.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    rows = [row for table in tables for row in store.rows(f"SELECT * FROM {table}")]
    return "\n".join(repr(row) for row in rows).encode()


def test_light_desk_holds_nothing_that_it_left_and_shows_no_gap(
    stage: Rehearsal, person: Person
) -> None:
    second = stage.desks["second"]
    second.note(person.conversation, f"{WORDS} note")
    second.keep_draft(person.conversation, "answer", f"{WORDS} draft")
    sync(stage, "second", "first")
    before = {(key.kind, key.epoch): key.key for key in second.journal.keychain.all()}
    assert WORDS.encode() in contents(second)
    light = pack(stage)
    sync(stage, "second")
    assert {key.kind for key in light.journal.keychain.all()} == {"office", "vault"}
    told = contents(light)
    assert WORDS.encode() not in told
    assert repr(before["intake", 1]).encode() not in told
    assert light.today().waiting_total == light.today().mine_total == 0
    assert light.inbox(show="all", start=0, most=9) == ([], 0)
    assert light.search(WORDS) == light.search("help") == []
    assert light.drafts(person.conversation).answer == ""
    assert codes(stage, "second") == set()
    assert light.roster().present() == stage.desks["first"].roster().present()
    assert check.verify_store(light.journal).findings == ()


def test_taken_light_desk_and_a_copied_server_open_nothing_that_was_left(
    stage: Rehearsal, person: Person
) -> None:
    first = stage.desks["first"]
    light = pack(stage)
    sync(stage, "first")
    rotating.ask_all(first.journal)
    sync(stage, "first", "second", "first")
    first.note(person.conversation, f"{WORDS} since")
    person.write(f"{WORDS} letter")
    sync(stage, "first", "second")
    assert len(first.journal.keychain.vaults) > len(light.journal.keychain.vaults) + 1
    assert codes(stage, "second") == set()
    take_everything(stage, light)
    assert light.journal.hotline_vault not in light.journal.keys.newest()
    assert WORDS.encode() not in contents(light)
    assert light.inbox(show="all", start=0, most=9) == ([], 0)


def test_what_was_left_comes_back_when_a_steward_gives_it(stage: Rehearsal, person: Person) -> None:
    first = stage.desks["first"]
    first.note(person.conversation, "before")
    light = pack(stage)
    sync(stage, "first")
    rotating.ask_all(first.journal)
    sync(stage, "first", "second", "first")
    first.note(person.conversation, "meanwhile")
    person.write("I am still here.")
    sync(stage, "first", "second")
    travelling.ask(light.journal)
    sync(stage, "second", "first", "second")
    assert light.conversation(person.conversation) is None
    travelling.give_back(first.journal, stage.courier(first), light.device)
    sync(stage, "first", "second", "first", "second")
    assert notes(stage, "second", person) == ["before", "meanwhile"]
    talk = light.conversation(person.conversation)
    assert talk is not None
    assert [one.text for one in talk.messages] == ["Please help.", "I am still here."]
    assert light.journal.keychain.held() == first.journal.keychain.held()
    assert codes(stage, "second") == set()
    light.answer(person.conversation, "So are we.")
    sync(stage, "second", "first")
    assert [reply.text for reply in person.replies() if reply.text] == ["So are we."]
    assert check.verify_store(light.journal).findings == ()


def test_keys_are_given_by_a_steward_and_only_when_they_are_asked_for(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    del person
    courier = stage.courier(first)
    travelling.ask(second.journal)  # A desk that left nothing looks the same.
    sync(stage, "second", "first")
    with pytest.raises(NotAway):
        travelling.give_back(first.journal, courier, second.device)
    light = pack(stage)
    sync(stage, "first")
    with pytest.raises(NotAsked):
        travelling.give_back(first.journal, courier, light.device)
    with pytest.raises(NotASteward):
        travelling.give_back(light.journal, courier, light.device)
    with pytest.raises(NobodyToGiveBack):
        travelling.begin(first.journal, ())
    assert not packing.waits(first.journal.store)


def test_unsent_answer_is_sent_before_a_desk_is_packed(stage: Rehearsal, person: Person) -> None:
    second = stage.desks["second"]
    second.answer(person.conversation, "We are coming.")
    with pytest.raises(travelling.StillToSend):
        travelling.begin(second.journal, ())
    assert not packing.waits(second.journal.store)
    sync(stage, "second")
    pack(stage)
    assert [reply.text for reply in person.replies() if reply.text] == ["We are coming."]


def test_desk_that_was_packed_before_it_told_the_server_tells_it_afterwards(
    stage: Rehearsal, person: Person
) -> None:
    del person
    second, first = stage.desks["second"], stage.desks["first"]
    travelling.begin(second.journal, ())
    second.stop()
    light = stage.unlock("second")
    assert light.journal.keys.left_by(light.device) == {light.journal.hotline_vault}
    sync(stage, "second", "first")
    assert first.journal.keys.left_by(light.device) == {light.journal.hotline_vault}
    assert light.status().unsent == 0


def test_full_store_and_its_key_are_gone_once_a_desk_is_packed(
    stage: Rehearsal, person: Person
) -> None:
    second = stage.desks["second"]
    second.note(person.conversation, WORDS)
    sync(stage, "second")
    home = stage.folder / "second"
    old = keyslots.unlock(home / KEYS, PASSPHRASE)
    light = pack(stage)
    assert not packing.waits(light.journal.store)
    light.stop()
    assert keyslots.unlock(home / KEYS, PASSPHRASE) != old
    for name in PAIR:
        with pytest.raises(apsw.NotADBError), closing(connect(home / name, old)):
            pass
    sizes = {(home / name).stat().st_size for name in PAIR}
    assert len(sizes) == 1
    del stage.desks["second"]


def test_packing_twice_leaves_more_behind_and_all_comes_back(
    stage: Rehearsal, person: Person
) -> None:
    first = stage.desks["first"]
    pack(stage)
    light = pack(stage)
    travelling.ask(light.journal)
    sync(stage, "second", "first")
    Hand(first, stage.courier(first)).pull()
    travelling.give_back(first.journal, stage.courier(first), light.device)
    sync(stage, "first", "second")
    assert light.inbox(show="all", start=0, most=9)[1] == 1
    assert light.conversation(person.conversation) is not None


def test_light_desk_lists_neither_its_trip_nor_what_it_left(
    stage: Rehearsal, person: Person
) -> None:
    del person
    first, light = stage.desks["first"], pack(stage)
    travelling.ask(light.journal)
    sync(stage, "second", "first")
    own, theirs = (
        {deed.kind for deed in desk.audit.deeds(light.device, start=0, most=99)[0]}
        for desk in (light, first)
    )
    trips = {"crew.TravelBegun", "crew.ReturnAsked", "crew.SealingKeyRotated"}
    assert own.isdisjoint(trips)
    assert theirs >= trips
    for device in (light.device, first.device):
        kinds = {one.kind for one in light.removals.could_read(device).vaults}
        assert kinds == {"office", "crew"}
    assert light.travel.away() == []
    (seen,) = first.travel.away()
    assert (seen.device, seen.asked) == (light.device, True)
