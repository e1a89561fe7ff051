# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is told beside a heartbeat makes its frame no longer, however large its numbers are."""

from dataclasses import replace

import pytest

from safeconduct.edges.desk.audit_api import OPENED, PART_READ, SEARCHED
from safeconduct.edges.desk.engine import readings
from safeconduct.edges.desk.engine.openings import HEADS_ROOM, room
from safeconduct.kernel.journal import Fact, Keys, Seen, VaultEpoch, write
from safeconduct.kernel.journal.heads import HEARTBEAT
from safeconduct.rooms import cases
from safeconduct.rooms.cases.events import DAYS_MOST, PartRead
from safeconduct.rooms.crew.watching import ON_DUTY, write_heartbeat
from safeconduct.rooms.hotline.events import (
    SEARCHES_MOST,
    ConversationsOpened,
    SearchesMade,
    write_fact,
)
from tests.kit.builders import build_office

LARGE = (1 << 32) - 9


@pytest.mark.parametrize("large", [1, LARGE])
@pytest.mark.parametrize("heads", range(HEADS_ROOM + 2))
def test_a_heartbeat_that_reports_is_as_long_as_one_that_does_not(heads: int, large: int) -> None:
    office = build_office(1)
    device = office.devices[0]
    vaults = {vault: (large, key) for vault, key in office.vaults.items()}
    keys = Keys(device.signing.short, 1, office.office_key, vaults)
    pen = replace(
        device.pen,
        sequence=large,
        hlc=large << 28,
        heads=tuple(bytes([number]) * 32 for number in range(heads)),
        seen=Seen(large, bytes(32)),
        counts={VaultEpoch(vault, large): large for vault in vaults},
    )
    beat = Fact(office.crew, HEARTBEAT, 1, write_heartbeat(ON_DUTY))
    ids = tuple(bytes([number]) * 16 for number in range(room(heads)))
    body = write_fact(ConversationsOpened(large, ids)) if ids else b""
    told = [beat, Fact(office.hotline, OPENED, 1, body)] if ids else [beat]
    made = write_fact(SearchesMade(large, SEARCHES_MOST))
    searched = [Fact(office.hotline, SEARCHED, 1, made)] if ids else []
    looked = cases.write_fact(PartRead(bytes(16), (large,) * DAYS_MOST))
    parts = [Fact(office.hotline, PART_READ, 1, looked)] * readings.room(heads)
    lengths = {
        len(write(facts, pen, keys, now=office.clock.now(), rng=office.rng)[1])
        for facts in ([beat], told, [beat, *searched], [beat, *parts])
    }
    assert len(lengths) == 1
    assert bool(ids) == bool(parts) == (heads < HEADS_ROOM)
