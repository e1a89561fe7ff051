# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay's tables, and the steps from one version of them to the next and back.

`PRAGMA user_version` is the number of steps taken.  Wide integer keys replace compound ones:
`entries.id = tree << 40 | index`, `tiles.id = tree << 44 | level << 40 | tile`,
`chunks.id = blob << 20 | i`, and `tree = office number << 1 | (0 for log, 1 for intake)`.
`offices.capability_hash` holds the hashes of all capabilities of an epoch, one after the other, and
`written.place` counts them; `written.before` is NULL unless the epoch traces.
Boxes lie in the order of their addresses, which tells nothing of when they were written to.
"""

from __future__ import annotations

from typing import Final

import apsw

from safeconduct.kernel.steps import Step, way

FIRST: Final = Step(
    up="""
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE offices (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    office BLOB NOT NULL UNIQUE,
    card BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    opening BLOB,
    capability_hash BLOB NOT NULL,
    control BLOB NOT NULL,
    certificate BLOB,
    root BLOB,
    taken INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE written (
    office INTEGER NOT NULL,
    place INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    day INTEGER NOT NULL,
    blobs INTEGER NOT NULL,
    rest INTEGER NOT NULL,
    before INTEGER,
    PRIMARY KEY (office, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    key INTEGER NOT NULL,
    time INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX entries_by_key ON entries (key);
CREATE TABLE leaving (
    kind INTEGER NOT NULL, number INTEGER NOT NULL, due INTEGER NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX leaving_by_due ON leaving (due);
CREATE TABLE tiles (
    id INTEGER PRIMARY KEY, root BLOB NOT NULL, hashes BLOB NOT NULL
) STRICT;
CREATE TABLE boxes (
    office INTEGER NOT NULL,
    address BLOB NOT NULL,
    number INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    meeting INTEGER NOT NULL,
    digest BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (office, address, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX boxes_by_expiry ON boxes (expires);
CREATE TABLE floors (meeting INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT;
INSERT INTO floors VALUES (0, 1 << 52), (1, 0);
CREATE TABLE blobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    office INTEGER NOT NULL,
    blob BLOB NOT NULL,
    chunks INTEGER NOT NULL,
    length INTEGER NOT NULL,
    token_hash BLOB NOT NULL,
    next INTEGER NOT NULL,
    UNIQUE (office, blob)
) STRICT;
CREATE TABLE chunks (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TABLE parcels (
    number INTEGER PRIMARY KEY,
    office INTEGER NOT NULL,
    hash BLOB NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (office, hash)
) STRICT;
""",
    down="",
)

FLOORS: Final = Step(
    up="""
ALTER TABLE floors RENAME TO floors_before;
CREATE TABLE floors (
    office INTEGER NOT NULL,
    meeting INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (office, meeting)
) STRICT, WITHOUT ROWID;
INSERT INTO floors
    SELECT offices.number, old.meeting, old.number FROM offices, floors_before AS old;
DROP TABLE floors_before;
""",
    down="""
ALTER TABLE floors RENAME TO floors_before;
CREATE TABLE floors (meeting INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT;
INSERT INTO floors VALUES
    (0, max(1 << 52, (SELECT coalesce(max(number), 0) FROM floors_before WHERE meeting = 0))),
    (1, (SELECT coalesce(max(number), 0) FROM floors_before WHERE meeting = 1));
DROP TABLE floors_before;
""",
)
"""A floor for each office: one for all would tell each how much the others' boxes hold."""

FIRST_WORDS: Final = Step(
    up="ALTER TABLE offices ADD COLUMN first_words BLOB;",
    down="ALTER TABLE offices DROP COLUMN first_words;",
)
"""What everybody is shown at once: signed, public, and made anew by a desk where it was dropped."""

TIMERS: Final = Step(
    up="""
CREATE TABLE timers (
    office INTEGER NOT NULL,
    id BLOB NOT NULL,
    due INTEGER NOT NULL,
    cancel_hash BLOB NOT NULL,
    topic BLOB NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE turns (office INTEGER PRIMARY KEY, turn INTEGER NOT NULL) STRICT;
""",
    down="DROP TABLE timers; DROP TABLE turns;",
)
"""When to call whom, if no desk says otherwise; a desk brings them anew to a relay without."""

STEPS: Final[tuple[Step, ...]] = (FIRST, FLOORS, FIRST_WORDS, TIMERS)
"""Version n is reached by step n's `up` and left by its `down`; nothing leads below version 1."""


def version(connection: apsw.Connection) -> int:
    """Return how many steps this database has taken."""
    return int(connection.pragma("user_version"))


def migrate(connection: apsw.Connection, to: int | None = None) -> None:
    """Take the steps up or down to a version (the newest unless told), all of them or none.

    Raises:
        MadeByNewer, NoSuchVersion: see `way`.
    """
    target = len(STEPS) if to is None else to
    scripts = way(STEPS, version(connection), target)
    if not scripts:
        return
    with connection:
        for script in scripts:
            connection.execute(script)
        connection.pragma("user_version", target)
