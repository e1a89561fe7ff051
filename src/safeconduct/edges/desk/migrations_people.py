# SPDX-License-Identifier: AGPL-3.0-or-later
"""Steps of the desk's tables (`migrations`) that come after those of `migrations_hotline`.

How long people's words are kept, how far we know who writes, what came out of files, whose rows
stand as one, and names in any script.  What holds for facts that the program before does not know
is said there.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.migrations_hotline import ROWS_ANEW, WORDS_ANEW
from safeconduct.kernel.steps import Step

_KEPT_UP: Final = f"""
-- What is over: since when its clock runs, until when it is kept in any case, or why it stays.
CREATE TABLE kept (
    conversation BLOB PRIMARY KEY, since INTEGER NOT NULL, until INTEGER NOT NULL,
    why TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX kept_since ON kept (since, until) WHERE why = '';
CREATE TABLE named_files (
    blob BLOB NOT NULL, conversation BLOB NOT NULL, PRIMARY KEY (blob, conversation)
) WITHOUT ROWID;
CREATE INDEX named_files_conversation ON named_files (conversation);
-- What was destroyed here, by which fact; how far chains were covered; which messages had been.
CREATE TABLE gone (
    fact BLOB NOT NULL, outcome TEXT NOT NULL, conversation BLOB NOT NULL, what TEXT NOT NULL,
    at INTEGER NOT NULL, days INTEGER NOT NULL, PRIMARY KEY (fact, conversation)
) WITHOUT ROWID;
CREATE INDEX gone_at ON gone (at DESC, conversation) WHERE outcome = 'done';
CREATE TABLE gone_to (
    conversation BLOB NOT NULL, device BLOB NOT NULL, sequence INTEGER NOT NULL,
    PRIMARY KEY (conversation, device)
) WITHOUT ROWID;
CREATE TABLE gone_messages (message BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE files_gone (blob BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE files_to_drop (blob BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE INDEX entries_due ON entries (no) WHERE kind = 'hotline.RetentionDue';
CREATE INDEX commits_placed ON commits (device, at);
INSERT OR REPLACE INTO settings SELECT '{ROWS_ANEW}', x'01'
    WHERE EXISTS (SELECT 1 FROM conversations);
"""  # noqa: S608  (a name of our own)
_KEPT_DOWN: Final = """
-- The program before destroys nothing; what was blanked here stays blank until all is read again.
UPDATE entries SET conversation = NULL WHERE kind IN ('hotline.RetentionDue',
    'hotline.RetentionExtended', 'hotline.RetentionHeld', 'hotline.RetentionHoldEnded');
DROP TABLE kept;
DROP TABLE named_files;
DROP TABLE gone;
DROP TABLE gone_to;
DROP TABLE gone_messages;
DROP TABLE files_gone;
DROP TABLE files_to_drop;
DROP INDEX entries_due;
DROP INDEX commits_placed;
"""
_VETTING_UP: Final = "-- What vetting found stands in facts alone; no list has a column of it."
_VETTING: Final = (
    "('hotline.VettingItemAnswered', 'hotline.GateOpened', 'hotline.GateSeconded', "
    "'hotline.GateClosed', 'hotline.ContradictionPinned', 'hotline.ContradictionSettled', "
    "'hotline.GuardedNoteWritten', 'hotline.GuardedNoteWithdrawn')"
)
_VETTING_DOWN: Final = f"""
-- The program before knows of no gate: it reads all frames again, and so does the next one.
DELETE FROM settings WHERE name = 'heads' AND EXISTS
    (SELECT 1 FROM entries WHERE kind IN {_VETTING} AND conversation IS NOT NULL);
UPDATE entries SET conversation = NULL WHERE kind IN {_VETTING};
"""  # noqa: S608  (names of our own)
_IMPORTED_UP: Final = """
-- What was only brought in, and in which talk each item that was brought in stands.
ALTER TABLE conversations ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entries_imported ON entries (no)
    WHERE kind IN ('hotline.ContactImported', 'hotline.AnswerImported');
"""
_IMPORTED_DOWN: Final = """
-- The program before knows nothing that was brought in: as with contacts typed in.
DELETE FROM settings WHERE name = 'heads' AND EXISTS
    (SELECT 1 FROM entries WHERE kind IN ('hotline.ContactImported', 'hotline.AnswerImported')
        AND conversation IS NOT NULL);
DELETE FROM settings WHERE name LIKE 'import:%';
DROP INDEX entries_imported;
UPDATE entries SET conversation = NULL
    WHERE kind IN ('hotline.ContactImported', 'hotline.AnswerImported');
ALTER TABLE conversations DROP COLUMN imported;
"""
_CROWDS_UP: Final = f"""
-- Who marked somebody hostile that a colleague judged to be in danger, and whose rows stand as one.
ALTER TABLE conversations ADD COLUMN said_hostile_by BLOB;
ALTER TABLE conversations ADD COLUMN judged_by BLOB;
ALTER TABLE conversations ADD COLUMN crowd BLOB;
CREATE INDEX conversations_crowd ON conversations
    (crowd, (alike >= 32), (alike & 31), waiting_since, id) WHERE crowd IS NOT NULL;
-- Of which kinds something was marked hostile, or judged to be in danger.
DROP TABLE hostile_kinds;
CREATE TABLE hostile_kinds (
    kind BLOB NOT NULL, conversation BLOB NOT NULL, judged INTEGER NOT NULL,
    PRIMARY KEY (kind, conversation)
) WITHOUT ROWID;
CREATE INDEX hostile_kinds_conversation ON hostile_kinds (conversation);
-- Messages are compared by more than before: all are weighed again, and rows made again with it.
DELETE FROM settings WHERE name = 'weighed_to';
DELETE FROM alike;
INSERT OR REPLACE INTO settings SELECT '{ROWS_ANEW}', x'01'
    WHERE EXISTS (SELECT 1 FROM conversations);
"""  # noqa: S608  (a name of our own)
_CROWDS_DOWN: Final = """
-- The program before compares otherwise, and puts away by one mark: it weighs all again.
DELETE FROM settings WHERE name = 'weighed_to';
DELETE FROM alike;
DROP TABLE hostile_kinds;
CREATE TABLE hostile_kinds (
    kind BLOB NOT NULL, conversation BLOB NOT NULL, PRIMARY KEY (kind, conversation)
) WITHOUT ROWID;
CREATE INDEX hostile_kinds_conversation ON hostile_kinds (conversation);
DROP INDEX conversations_crowd;
UPDATE conversations SET alike = alike & 31;
ALTER TABLE conversations DROP COLUMN said_hostile_by;
ALTER TABLE conversations DROP COLUMN judged_by;
ALTER TABLE conversations DROP COLUMN crowd;
"""

_NAMES_UP: Final = f"""
-- Texts are indexed once more, with the keys of names (docs/adr/0050-names.md); those that the
-- program before indexed twice could not be taken out.
INSERT INTO word_index (word_index) VALUES ('delete-all');
DELETE FROM settings WHERE name = 'words_to_3';
INSERT OR REPLACE INTO settings SELECT '{WORDS_ANEW}', x'01' WHERE EXISTS (SELECT 1 FROM entries);
"""  # noqa: S608  (a name of our own)
_NAMES_DOWN: Final = f"""
-- The program before looks for no keys, and its check would find them.
INSERT INTO word_index (word_index) VALUES ('delete-all');
DELETE FROM settings WHERE name IN ('words_to_4', '{WORDS_ANEW}');
"""  # noqa: S608  (a name of our own)
_DATES_UP: Final = f"""
-- Texts are indexed once more, with the dates in them (docs/adr/0056-search-at-full-size.md).
INSERT INTO word_index (word_index) VALUES ('delete-all');
DELETE FROM settings WHERE name = 'words_to_4';
INSERT OR REPLACE INTO settings SELECT '{WORDS_ANEW}', x'01' WHERE EXISTS (SELECT 1 FROM entries);
-- Which vaults of a case are which parts is looked up without reading what is in them.
CREATE INDEX entries_parts ON entries (conversation)
    WHERE kind = 'cases.PartOpened' AND conversation IS NOT NULL;
"""  # noqa: S608  (a name of our own)
_DATES_DOWN: Final = f"""
DROP INDEX entries_parts;
-- The program before looks for no dates, and its check would find them.
INSERT INTO word_index (word_index) VALUES ('delete-all');
DELETE FROM settings WHERE name IN ('words_to_5', '{WORDS_ANEW}');
"""  # noqa: S608  (a name of our own)

_OF_KIND_UP: Final = """
-- Of a case facts of a few kinds are read, and not all that was written into it.
DROP INDEX entries_conversation;
CREATE INDEX entries_conversation ON entries (conversation, kind) WHERE conversation IS NOT NULL;
"""
_OF_KIND_DOWN: Final = """
DROP INDEX entries_conversation;
CREATE INDEX entries_conversation ON entries (conversation) WHERE conversation IS NOT NULL;
"""

_PACKAGE_UP: Final = """
-- Of a file of a package, whose key its letter alone holds: the conversation; else nothing.
ALTER TABLE uploads ADD COLUMN package BLOB NOT NULL DEFAULT x'';
"""
_PACKAGE_DOWN: Final = """
ALTER TABLE uploads DROP COLUMN package;
"""

_LINES_UP: Final = f"""
-- By which line somebody wrote last, and where a line speaks of itself; nothing for a page's box.
ALTER TABLE conversations ADD COLUMN line_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN line_key BLOB NOT NULL DEFAULT x'';
ALTER TABLE conversations ADD COLUMN of_line INTEGER NOT NULL DEFAULT 0;
CREATE INDEX conversations_of_line ON conversations (last_at DESC) WHERE of_line = 1;
-- Since when a call needs somebody at once, and by which line it came.
ALTER TABLE conversations ADD COLUMN rings INTEGER;
ALTER TABLE conversations ADD COLUMN rings_key BLOB;
CREATE INDEX conversations_ringing ON conversations (rings) WHERE rings IS NOT NULL;
-- Return codes: of who writes by a line (said = 0), and those that somebody typed or said.
CREATE TABLE codes (
    conversation BLOB NOT NULL, code TEXT NOT NULL, said INTEGER NOT NULL,
    PRIMARY KEY (conversation, code, said)
) WITHOUT ROWID;
CREATE INDEX codes_code ON codes (code, said);
INSERT OR REPLACE INTO settings SELECT '{ROWS_ANEW}', x'01'
    WHERE EXISTS (SELECT 1 FROM conversations);
"""  # noqa: S608  (a name of our own)
_LINES_DOWN: Final = """
DROP TABLE codes;
DROP INDEX conversations_of_line;
DROP INDEX conversations_ringing;
ALTER TABLE conversations DROP COLUMN rings;
ALTER TABLE conversations DROP COLUMN rings_key;
ALTER TABLE conversations DROP COLUMN line_kind;
ALTER TABLE conversations DROP COLUMN line_key;
ALTER TABLE conversations DROP COLUMN of_line;
"""

OF_PEOPLE: Final[tuple[Step, ...]] = (
    Step(up=_KEPT_UP, down=_KEPT_DOWN),
    Step(up=_VETTING_UP, down=_VETTING_DOWN),
    Step(up=_IMPORTED_UP, down=_IMPORTED_DOWN),
    Step(up=_CROWDS_UP, down=_CROWDS_DOWN),
    Step(up=_NAMES_UP, down=_NAMES_DOWN),
    Step(up=_DATES_UP, down=_DATES_DOWN),
    Step(up=_OF_KIND_UP, down=_OF_KIND_DOWN),
    Step(up=_PACKAGE_UP, down=_PACKAGE_DOWN),
    Step(up=_LINES_UP, down=_LINES_DOWN),
)
"""In the order in which they came."""
