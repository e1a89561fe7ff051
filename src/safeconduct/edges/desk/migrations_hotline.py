# SPDX-License-Identifier: AGPL-3.0-or-later
"""Steps of the desk's tables (`migrations`) that what is done with conversations took.

Facts that the program before does not know are unfolded on the way down; where there are any it
reads all frames again, and so does the next newer program.
"""

from __future__ import annotations

from typing import Final

from safeconduct.kernel.steps import Step

ROWS_ANEW: Final = "rows_anew"
"""While this setting stands, rows of lists are those of a version that knew less of them."""
WORDS_ANEW: Final = "words_anew"
"""While this setting stands, texts are indexed once more, from the first one on."""
_TRIAGE_UP: Final = f"""
-- What places a conversation in the queue; of those that no helper has judged yet the next contact
-- is due a day after the last word (rooms/hotline/silence).
ALTER TABLE conversations ADD COLUMN danger INTEGER NOT NULL DEFAULT 1;
ALTER TABLE conversations ADD COLUMN says_danger INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN deadline INTEGER;
ALTER TABLE conversations ADD COLUMN deadline_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN due INTEGER;
ALTER TABLE conversations ADD COLUMN due_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN snoozed_until INTEGER;
ALTER TABLE conversations ADD COLUMN snoozed_by BLOB;
ALTER TABLE conversations ADD COLUMN state TEXT NOT NULL DEFAULT 'open';
UPDATE conversations SET due = last_at + 86400000;
INSERT OR REPLACE INTO settings SELECT '{ROWS_ANEW}', x'01'
    WHERE EXISTS (SELECT 1 FROM conversations);
DROP INDEX conversations_waiting;
CREATE INDEX conversations_queue ON conversations
    (danger, says_danger, waiting_since, deadline, due, snoozed_until)
    WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_deadline ON conversations (danger, says_danger, deadline)
    WHERE deadline IS NOT NULL AND waiting_since IS NOT NULL;
CREATE INDEX conversations_due ON conversations
    (danger, says_danger, due, waiting_since, deadline, snoozed_until)
    WHERE due IS NOT NULL;
CREATE INDEX conversations_over ON conversations (last_at DESC, id) WHERE due IS NULL;
CREATE INDEX conversations_snoozed ON conversations (snoozed_until, danger, waiting_since)
    WHERE snoozed_until IS NOT NULL;
CREATE TABLE tags (
    tag TEXT NOT NULL, conversation BLOB NOT NULL, PRIMARY KEY (tag, conversation)
) WITHOUT ROWID;
CREATE INDEX tags_conversation ON tags (conversation);
"""  # noqa: S608  (a name of our own)
_TRIAGE_DOWN: Final = """
DROP TABLE tags;
DROP INDEX conversations_queue;
DROP INDEX conversations_deadline;
DROP INDEX conversations_due;
DROP INDEX conversations_over;
DROP INDEX conversations_snoozed;
ALTER TABLE conversations DROP COLUMN danger;
ALTER TABLE conversations DROP COLUMN says_danger;
ALTER TABLE conversations DROP COLUMN deadline;
ALTER TABLE conversations DROP COLUMN deadline_reason;
ALTER TABLE conversations DROP COLUMN due;
ALTER TABLE conversations DROP COLUMN due_reason;
ALTER TABLE conversations DROP COLUMN snoozed_until;
ALTER TABLE conversations DROP COLUMN snoozed_by;
ALTER TABLE conversations DROP COLUMN state;
CREATE INDEX conversations_waiting ON conversations (waiting_since, id)
    WHERE waiting_since IS NOT NULL;
"""

_JOINED_UP: Final = """
-- Which conversations are joined, and which stand in the row of another.
CREATE TABLE joined (
    conversation BLOB NOT NULL, earlier BLOB NOT NULL, PRIMARY KEY (conversation, earlier)
) WITHOUT ROWID;
CREATE INDEX joined_earlier ON joined (earlier);
CREATE TABLE within (
    id BLOB PRIMARY KEY, code_name TEXT NOT NULL, shown BLOB NOT NULL
) WITHOUT ROWID;
"""
_JOINED_DOWN: Final = """
-- The program before knows of no joining: it reads all frames again, and so does the next one.
DELETE FROM settings WHERE name = 'heads' AND EXISTS
    (SELECT 1 FROM entries WHERE kind = 'hotline.ConversationsJoined' AND conversation IS NOT NULL);
UPDATE entries SET conversation = NULL WHERE kind = 'hotline.ConversationsJoined';
DROP TABLE joined;
DROP TABLE within;
"""

_BULLETINS_UP: Final = """
-- Which bulletins touch a conversation, and by when these want the person told.
CREATE TABLE touched (
    conversation BLOB NOT NULL, bulletin BLOB NOT NULL, found TEXT NOT NULL, told INTEGER NOT NULL,
    PRIMARY KEY (bulletin, conversation)
) WITHOUT ROWID;
CREATE INDEX touched_conversation ON touched (conversation);
CREATE INDEX entries_bulletins ON entries (conversation)
    WHERE kind >= 'hotline.Bulletin' AND kind < 'hotline.Bulletio' AND conversation IS NOT NULL;
ALTER TABLE conversations ADD COLUMN pressed INTEGER;
ALTER TABLE conversations ADD COLUMN urged INTEGER;
ALTER TABLE conversations ADD COLUMN wide INTEGER;
UPDATE conversations SET urged = deadline;
DROP INDEX conversations_queue;
DROP INDEX conversations_deadline;
DROP INDEX conversations_due;
DROP INDEX conversations_snoozed;
CREATE INDEX conversations_queue ON conversations
    (danger, says_danger, waiting_since, urged, wide, due, snoozed_until, pressed)
    WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_urged ON conversations (danger, says_danger, urged)
    WHERE urged IS NOT NULL AND waiting_since IS NOT NULL;
CREATE INDEX conversations_due ON conversations
    (danger, says_danger, due, waiting_since, urged, snoozed_until, pressed)
    WHERE due IS NOT NULL;
CREATE INDEX conversations_wide ON conversations
    (danger, says_danger, wide, waiting_since, urged, due, snoozed_until)
    WHERE wide IS NOT NULL AND waiting_since IS NOT NULL;
CREATE INDEX conversations_snoozed ON conversations
    (snoozed_until, danger, waiting_since, pressed) WHERE snoozed_until IS NOT NULL;
"""
_BULLETINS_DOWN: Final = """
-- The program before knows of no bulletin: it reads all frames again, and so does the next one.
DELETE FROM settings WHERE name = 'heads' AND EXISTS
    (SELECT 1 FROM entries WHERE kind >= 'hotline.Bulletin' AND kind < 'hotline.Bulletio');
UPDATE entries SET conversation = NULL
    WHERE kind >= 'hotline.Bulletin' AND kind < 'hotline.Bulletio';
DELETE FROM settings WHERE name = 'bulletins';
DROP INDEX entries_bulletins;
DROP TABLE touched;
DROP INDEX conversations_queue;
DROP INDEX conversations_urged;
DROP INDEX conversations_due;
DROP INDEX conversations_wide;
DROP INDEX conversations_snoozed;
ALTER TABLE conversations DROP COLUMN pressed;
ALTER TABLE conversations DROP COLUMN urged;
ALTER TABLE conversations DROP COLUMN wide;
CREATE INDEX conversations_queue ON conversations
    (danger, says_danger, waiting_since, deadline, due, snoozed_until)
    WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_deadline ON conversations (danger, says_danger, deadline)
    WHERE deadline IS NOT NULL AND waiting_since IS NOT NULL;
CREATE INDEX conversations_due ON conversations
    (danger, says_danger, due, waiting_since, deadline, snoozed_until)
    WHERE due IS NOT NULL;
CREATE INDEX conversations_snoozed ON conversations (snoozed_until, danger, waiting_since)
    WHERE snoozed_until IS NOT NULL;
"""

_BY_HAND_UP: Final = """
-- Where a colleague was asked for a second look.
CREATE INDEX entries_looks ON entries (conversation)
    WHERE kind = 'hotline.LookAsked' AND conversation IS NOT NULL;
"""
_BY_HAND_DOWN: Final = """
-- The program before knows no contacts typed in, and no second looks: as with joinings.
DELETE FROM settings WHERE name = 'heads' AND EXISTS
    (SELECT 1 FROM entries WHERE kind IN ('hotline.ContactNoted', 'hotline.AnswerNoted',
        'hotline.LookAsked', 'hotline.LookGiven', 'hotline.LookWithdrawn')
        AND conversation IS NOT NULL);
DROP INDEX entries_looks;
UPDATE entries SET conversation = NULL
    WHERE kind IN ('hotline.ContactNoted', 'hotline.AnswerNoted',
        'hotline.LookAsked', 'hotline.LookGiven', 'hotline.LookWithdrawn');
"""

_FLAGS_UP: Final = "ALTER TABLE conversations ADD COLUMN flags TEXT NOT NULL DEFAULT '';"
_FLAGS: Final = "('hotline.FlagRaised', 'hotline.FlagEnded', 'hotline.ScriptStepTicked')"
_FLAGS_DOWN: Final = f"""
-- The program before knows of no flags: it reads all frames again, and so does the next one.
DELETE FROM settings WHERE name = 'heads' AND EXISTS
    (SELECT 1 FROM entries WHERE kind IN {_FLAGS} AND conversation IS NOT NULL);
UPDATE entries SET conversation = NULL WHERE kind IN {_FLAGS};
ALTER TABLE conversations DROP COLUMN flags;
"""  # noqa: S608  (names of our own)

_ALIKE_UP: Final = """
-- How far likeness to others sinks a conversation, and what a helper marked hostile.
ALTER TABLE conversations ADD COLUMN alike INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN others INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN same_as_hostile INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN hostile_by BLOB;
DROP INDEX conversations_queue;
DROP INDEX conversations_urged;
DROP INDEX conversations_due;
DROP INDEX conversations_wide;
CREATE INDEX conversations_queue ON conversations
    (alike, danger, says_danger, waiting_since, urged, wide, due, snoozed_until, pressed)
    WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_urged ON conversations (alike, danger, says_danger, urged)
    WHERE urged IS NOT NULL AND waiting_since IS NOT NULL;
CREATE INDEX conversations_due ON conversations
    (alike, danger, says_danger, due, waiting_since, urged, snoozed_until, pressed)
    WHERE due IS NOT NULL;
CREATE INDEX conversations_wide ON conversations
    (alike, danger, says_danger, wide, waiting_since, urged, due, snoozed_until)
    WHERE wide IS NOT NULL AND waiting_since IS NOT NULL;
-- What was weighed of each message (rooms/hotline/likeness); pairs are kept for some weeks.
CREATE TABLE alike (
    message BLOB PRIMARY KEY, conversation BLOB NOT NULL, at INTEGER NOT NULL, pairs BLOB NOT NULL,
    others INTEGER NOT NULL, band INTEGER NOT NULL, kind BLOB NOT NULL, close INTEGER NOT NULL,
    long INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX alike_conversation ON alike (conversation);
CREATE INDEX alike_at ON alike (at);
CREATE INDEX alike_kind ON alike (kind, message);
-- Of which kinds something was marked hostile, and whose rows are to be made again for it.
CREATE TABLE hostile_kinds (
    kind BLOB NOT NULL, conversation BLOB NOT NULL, PRIMARY KEY (kind, conversation)
) WITHOUT ROWID;
CREATE INDEX hostile_kinds_conversation ON hostile_kinds (conversation);
CREATE TABLE kinds_due (kind BLOB PRIMARY KEY, after BLOB NOT NULL) WITHOUT ROWID;
"""
_ALIKE_DOWN: Final = """
-- The program before knows of no mark: it reads all frames again, and so does the next one.
DELETE FROM settings WHERE name = 'heads' AND EXISTS
    (SELECT 1 FROM entries WHERE kind = 'hotline.HostileMarked' AND conversation IS NOT NULL);
UPDATE entries SET conversation = NULL WHERE kind = 'hotline.HostileMarked';
DELETE FROM settings WHERE name = 'weighed_to';
DROP TABLE alike;
DROP TABLE hostile_kinds;
DROP TABLE kinds_due;
DROP INDEX conversations_queue;
DROP INDEX conversations_urged;
DROP INDEX conversations_due;
DROP INDEX conversations_wide;
ALTER TABLE conversations DROP COLUMN alike;
ALTER TABLE conversations DROP COLUMN others;
ALTER TABLE conversations DROP COLUMN same_as_hostile;
ALTER TABLE conversations DROP COLUMN hostile_by;
CREATE INDEX conversations_queue ON conversations
    (danger, says_danger, waiting_since, urged, wide, due, snoozed_until, pressed)
    WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_urged ON conversations (danger, says_danger, urged)
    WHERE urged IS NOT NULL AND waiting_since IS NOT NULL;
CREATE INDEX conversations_due ON conversations
    (danger, says_danger, due, waiting_since, urged, snoozed_until, pressed)
    WHERE due IS NOT NULL;
CREATE INDEX conversations_wide ON conversations
    (danger, says_danger, wide, waiting_since, urged, due, snoozed_until)
    WHERE wide IS NOT NULL AND waiting_since IS NOT NULL;
"""

OF_HOTLINE: Final[tuple[Step, ...]] = (
    Step(up=_TRIAGE_UP, down=_TRIAGE_DOWN),
    Step(up=_JOINED_UP, down=_JOINED_DOWN),
    Step(up=_BULLETINS_UP, down=_BULLETINS_DOWN),
    Step(up=_BY_HAND_UP, down=_BY_HAND_DOWN),
    Step(up=_FLAGS_UP, down=_FLAGS_DOWN),
    Step(up=_ALIKE_UP, down=_ALIKE_DOWN),
)
"""In the order in which they came."""
