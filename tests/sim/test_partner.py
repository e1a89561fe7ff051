# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two offices live on one server, and neither's work shows in what the other gets back."""

import hashlib
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from safeconduct.edges.desk.founding import Names, Relay, World, found_office
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.relay.counts import BLOBS_A_DAY, REST_A_DAY
from safeconduct.edges.relay.store import RelayStore
from safeconduct.edges.relay.work import IDLE_MESSAGE_BITS
from safeconduct.kernel.wire.bodies import BoxAsk, Founding, Letter, Sizes
from safeconduct.kernel.wire.refusals import (
    Busy,
    Conflict,
    NotFound,
    UnknownCapability,
    WordsFirst,
)
from safeconduct.kernel.words import DAY
from safeconduct.programs.serve import Server
from safeconduct.programs.settings import PARTNER, ServeSettings
from tests.kit.relay import Disk, Kept, Office, SetClock, keep, wrote
from tests.sim.courier import CHEAP, PASSPHRASE
from tests.sim.steps import Hand

HERE = ("127.0.0.1", 0)
BLOB, ADDRESS = b"b" * 32, b"a" * 32
PARCEL = b"a parcel"
NAME = hashlib.sha256(PARCEL).digest()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def offices(tmp_path: Path, clock: SetClock, disk: Disk) -> Iterator[tuple[Kept, Kept]]:
    """Two offices at two entrances of one server."""
    with RelayStore(tmp_path / "relay.db", clock=clock, probe=disk) as store:
        yield keep(store, Office(1)), keep(store, Office(2), entrance=PARTNER)


def fill(kept: Kept, clock: SetClock, times: int) -> None:
    """Let an office store one of each kind, and letters several times."""
    kept.desk.append([b"the same frame"])
    kept.submit(b"the same words")
    kept.desk.put_parcel(NAME, PARCEL)
    kept.desk.offer_blob(kept.office.offer(kept.public.terms().work, BLOB, 1, 9))
    for number in range(times):
        kept.desk.post([Letter(ADDRESS, clock.now() + DAY, b"letter %d" % number)])


def test_the_same_bytes_of_two_offices_are_kept_apart(
    offices: tuple[Kept, Kept], clock: SetClock
) -> None:
    mine, theirs = offices
    fill(mine, clock, 3)
    assert theirs.desk.sizes() == Sizes(0, 0)
    assert theirs.desk.frames(0, 1 << 20) == []
    assert theirs.desk.items(0, 1 << 20) == []
    assert theirs.public.box(BoxAsk(ADDRESS, 0)).items == []
    for missing in (lambda: theirs.desk.parcel(NAME), lambda: theirs.public.blob_state(BLOB)):
        with pytest.raises(NotFound):
            missing()
    fill(theirs, clock, 1)
    assert theirs.desk.sizes() == Sizes(1, 1)
    theirs.drop(NAME)
    theirs.desk.taken([0])
    clock.time += 5 * DAY
    mine.store.sweep()
    assert mine.desk.parcel(NAME) == PARCEL
    assert [item.state for item in mine.desk.items(0, 1 << 20)] == [0]
    with pytest.raises(NotFound):
        theirs.desk.parcel(NAME)


def test_capability_of_one_office_is_nothing_at_the_other(offices: tuple[Kept, Kept]) -> None:
    mine, theirs = offices
    with pytest.raises(UnknownCapability):
        mine.store.desk(theirs.office.office, mine.office.capability())


def test_a_day_that_one_office_has_filled_is_open_to_the_other(
    offices: tuple[Kept, Kept],
) -> None:
    mine, theirs = offices
    wrote(mine, rest=REST_A_DAY, blobs=BLOBS_A_DAY)
    with pytest.raises(Busy):
        mine.desk.append([b"one more"])
    theirs.desk.append([b"one more"])
    theirs.desk.offer_blob(theirs.office.offer(theirs.public.terms().work, BLOB, 1, 9))


def test_a_flood_at_one_office_costs_the_others_people_no_more_work(
    offices: tuple[Kept, Kept],
) -> None:
    mine, theirs = offices
    for _ in range(5000):
        mine.store.parts.work.count(mine.office.office)
    assert mine.public.terms().work.message_bits > IDLE_MESSAGE_BITS
    assert theirs.public.terms().work.message_bits == IDLE_MESSAGE_BITS


def test_numbers_in_boxes_tell_nothing_of_another_offices_boxes(
    offices: tuple[Kept, Kept], clock: SetClock
) -> None:
    mine, theirs = offices
    for _ in range(3):
        fill(mine, clock, 4)
        clock.time += 3 * DAY
        mine.store.sweep()
    query = "SELECT office FROM floors"
    reader = mine.store.parts.database.reader()
    number = mine.store.parts.offices.find(mine.office.office).number
    assert {row[0] for row in reader.execute(query)} == {number}
    fill(theirs, clock, 1)
    (item,) = theirs.public.box(BoxAsk(ADDRESS, 0)).items
    assert item.number <= (1 << 52) + (1 << 24)


def test_words_of_both_pass_while_files_have_filled_the_disk(
    offices: tuple[Kept, Kept], disk: Disk, clock: SetClock
) -> None:
    disk.free = 10
    clock.time += DAY
    for kept in offices:
        kept.submit(b"words")
        with pytest.raises(WordsFirst):
            kept.desk.offer_blob(kept.office.offer(kept.public.terms().work, BLOB, 1, 9))


def test_founding_code_of_one_entrance_founds_nothing_at_the_other(tmp_path: Path) -> None:
    with RelayStore(tmp_path / "relay.db") as store:
        code = store.founding_code(PARTNER) or ""
        assert code != store.founding_code()
        with pytest.raises(Conflict):
            store.found(Founding(code, Office(2).card))
        keep(store, Office(2), entrance=PARTNER)
        assert store.first_office() is None
        with pytest.raises(Conflict):
            store.found(Founding("", Office(2).card))


def founded(folder: Path, relay: Relay) -> tuple[str, tuple[int, int]]:
    """Found an office; return its id, and how large its desk is told its trees are."""
    real, names = World.real(), Names(folder.name, "en", "Ada", "first")
    office = found_office(folder, PASSPHRASE, names, relay, World(real.clock, real.rng, CHEAP))
    desk = Desk.open(folder, PASSPHRASE)
    courier = relay.courier(office.office, desk.journal.place.capability)
    Hand(desk, courier).sync()
    desk.stop()
    return office.office.hex(), courier.wait(0, 0, 0)


def test_two_offices_are_founded_on_one_running_server_each_with_its_page(tmp_path: Path) -> None:
    ours = ("https://first.example.org",)
    settings = ServeSettings(tmp_path / "server", HERE, None, "", "", "", "en", HERE, ours)
    ids, sizes, pages = [], [], []
    with Server(settings) as server, ExitStack() as stack:
        stack.enter_context(ThreadPoolExecutor(1)).submit(server.serve)
        stack.callback(server.stop)
        for entrance, url in enumerate(server.urls):
            relay = Relay.over_http(url, server.store.founding_code(entrance) or "")
            office, size = founded(tmp_path / f"desk {entrance}", relay)
            ids.append(office)
            sizes.append(size)
        for url in server.urls:
            with urllib.request.urlopen(url + "/", timeout=5) as page:
                pages.append(page.read().decode())
    assert sizes[0] == sizes[1] == (1, 0)
    assert [[office in page for office in ids] for page in pages] == [[True, False], [False, True]]
    # The page as one file is the first office's: the partner's page tells nothing of its addresses.
    assert ["SHA-256" in page for page in pages] == [True, False]
