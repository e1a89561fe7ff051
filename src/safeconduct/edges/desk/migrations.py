# SPDX-License-Identifier: AGPL-3.0-or-later
"""The store's tables, and the way from each version to the next and back.

Going down keeps all facts: frames, commits and entries are never dropped by a step; what is derived
from them may be, since it is made again.
"""

from __future__ import annotations

from typing import Final

import apsw

from safeconduct.edges.desk.migrations_hotline import OF_HOTLINE
from safeconduct.edges.desk.migrations_people import OF_PEOPLE
from safeconduct.kernel.steps import Step, way

_FIRST: Final = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE held_keys (
    kind TEXT NOT NULL, id BLOB NOT NULL, epoch INTEGER NOT NULL, key BLOB NOT NULL,
    PRIMARY KEY (kind, id, epoch)
) WITHOUT ROWID;

-- The relay's log as it was served, its leaf hashes, and every 256th subtree's root.
CREATE TABLE frames (idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL, frame BLOB NOT NULL);
CREATE TABLE nodes (idx INTEGER PRIMARY KEY, hash BLOB NOT NULL);
CREATE TABLE parked (idx INTEGER PRIMARY KEY, code TEXT NOT NULL);

-- Commits in the order in which this desk took them; state 0 counts, 1 is
-- quarantined, of 2 roster facts count alone.
CREATE TABLE commits (
    no INTEGER PRIMARY KEY, id BLOB NOT NULL, device BLOB NOT NULL, sequence INTEGER NOT NULL,
    hlc INTEGER NOT NULL, at INTEGER, verified INTEGER NOT NULL, state INTEGER NOT NULL,
    seen_size INTEGER NOT NULL, seen_root BLOB NOT NULL
);
CREATE INDEX commits_chain ON commits (device, sequence);
CREATE INDEX commits_unverified ON commits (no) WHERE verified = 0;
CREATE TABLE chains (
    device BLOB PRIMARY KEY, sequence INTEGER NOT NULL, head BLOB NOT NULL, forked_at INTEGER
) WITHOUT ROWID;
CREATE TABLE counts (
    vault BLOB NOT NULL, epoch INTEGER NOT NULL, device BLOB NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (vault, epoch, device)
) WITHOUT ROWID;

CREATE TABLE entries (
    no INTEGER PRIMARY KEY, "commit" INTEGER NOT NULL, slot INTEGER NOT NULL, vault BLOB NOT NULL,
    epoch INTEGER NOT NULL, n INTEGER NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL,
    conversation BLOB, body BLOB NOT NULL
);
CREATE INDEX entries_conversation ON entries (conversation) WHERE conversation IS NOT NULL;
CREATE INDEX entries_received ON entries (no)
    WHERE kind = 'hotline.MessageReceived' AND conversation IS NOT NULL;
CREATE INDEX entries_unfolded ON entries (kind, version) WHERE conversation IS NULL;
CREATE INDEX entries_crew ON entries (no) WHERE kind >= 'crew.' AND kind < 'crew/';
CREATE TABLE unopened (
    "commit" INTEGER NOT NULL, slot INTEGER NOT NULL, tag BLOB NOT NULL,
    PRIMARY KEY ("commit", slot)
) WITHOUT ROWID;
CREATE TABLE quarantine (
    no INTEGER PRIMARY KEY, at INTEGER, "commit" INTEGER, entry INTEGER, code TEXT NOT NULL,
    since INTEGER NOT NULL
);

-- What is to be sent, sealed already.
-- A frame stays until it was read back from the place in the log that the relay promised.
CREATE TABLE outbox (sequence INTEGER PRIMARY KEY, frame BLOB NOT NULL, promised INTEGER);
CREATE TABLE letters (
    no INTEGER PRIMARY KEY, after INTEGER NOT NULL, due INTEGER NOT NULL,
    address BLOB NOT NULL, sealing_key BLOB NOT NULL, voice BLOB NOT NULL,
    expires INTEGER NOT NULL, item BLOB NOT NULL, conversation BLOB NOT NULL,
    answer BLOB NOT NULL, message BLOB NOT NULL, refused INTEGER, refusal TEXT
);
CREATE INDEX letters_message ON letters (message) WHERE message != x'';
CREATE INDEX letters_answer ON letters (answer) WHERE answer != x'';
CREATE TABLE uploads (
    blob BLOB PRIMARY KEY, letter INTEGER NOT NULL, chunks INTEGER NOT NULL,
    length INTEGER NOT NULL, token BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE upload_chunks (
    blob BLOB NOT NULL, idx INTEGER NOT NULL, chunk BLOB NOT NULL, PRIMARY KEY (blob, idx)
);

-- Intake: ids of items that were dropped before this desk came, items that the relay will be told
-- to drop, and letters that did not open.
CREATE TABLE dropped (idx INTEGER PRIMARY KEY, message BLOB NOT NULL, since INTEGER NOT NULL);
CREATE TABLE taken (
    idx INTEGER PRIMARY KEY, after INTEGER NOT NULL, due INTEGER NOT NULL
);
CREATE TABLE aside (
    message BLOB PRIMARY KEY, idx INTEGER NOT NULL, arrived INTEGER NOT NULL, item BLOB NOT NULL,
    code TEXT NOT NULL, since INTEGER NOT NULL
);

-- Made again from entries at any time.
CREATE TABLE conversations (
    id BLOB PRIMARY KEY, code_name TEXT NOT NULL, language TEXT NOT NULL, waiting_since INTEGER,
    unread INTEGER NOT NULL, last_at INTEGER NOT NULL, preview TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX conversations_waiting ON conversations (waiting_since, id)
    WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_last ON conversations (last_at DESC, id) WHERE waiting_since IS NULL;
CREATE INDEX conversations_name ON conversations (code_name);
-- Each claim that stands; of a hand-over which fact, when and by whom.
CREATE TABLE holders (
    conversation BLOB NOT NULL, device BLOB NOT NULL, fact BLOB NOT NULL, at INTEGER,
    passed_by BLOB, PRIMARY KEY (device, conversation, fact)
) WITHOUT ROWID;
CREATE INDEX holders_conversation ON holders (conversation);
CREATE VIRTUAL TABLE word_index USING fts5(
    words, content='', contentless_delete=1, detail=none, prefix='2 3',
    tokenize="unicode61 remove_diacritics 0"
);
INSERT INTO word_index (word_index, rank) VALUES ('secure-delete', 1);

CREATE TABLE troubles (code TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID;
"""

_BY_COMMIT_UP: Final = """
-- What a device did is read along its chain.
CREATE INDEX entries_commit ON entries ("commit");
-- A heartbeat beside a report is a row, and tells nothing of keys.
DROP INDEX entries_crew;
CREATE INDEX entries_crew ON entries (no)
    WHERE kind >= 'crew.' AND kind < 'crew/' AND kind != 'crew.Heartbeat';
"""
_BY_COMMIT_DOWN: Final = """
DROP INDEX entries_commit;
DROP INDEX entries_crew;
CREATE INDEX entries_crew ON entries (no) WHERE kind >= 'crew.' AND kind < 'crew/';
"""

STEPS: Final[tuple[Step, ...]] = (
    Step(up=_FIRST, down=""),
    Step(up=_BY_COMMIT_UP, down=_BY_COMMIT_DOWN),
    *OF_HOTLINE,
    *OF_PEOPLE,
)
"""Version n is reached by step n's `up` and left by its `down`; nothing leads below version 1."""


def version_of(connection: apsw.Connection) -> int:
    """Return the version of the tables; 0 for an empty file."""
    return int(connection.pragma("user_version"))


def migrate(connection: apsw.Connection, to: int | None = None) -> None:
    """Take the steps up or down to a version (the newest unless told), all of them or none.

    Raises:
        MadeByNewer, NoSuchVersion: see `way`.
    """
    target = len(STEPS) if to is None else to
    scripts = way(STEPS, version_of(connection), target)
    if not scripts:
        return
    with connection:
        for script in scripts:
            connection.execute(script)
        connection.pragma("user_version", target)
