# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case file in six parts, each in a vault of its own, and requests for their keys.

What it is: what is written into the parts, and who asked to see which, why, and what was said.
What it refuses to be: a list of all cases; what a desk has no key to leaves no trace in any fold.

    case = fold_case(beginning, name, told)
    fact = write_note(case, Part.HEALTH, text)
"""

from __future__ import annotations

from safeconduct.rooms.cases.decide import answer, ask, write_note
from safeconduct.rooms.cases.events import (
    KINDS,
    VERSION,
    KeysAnswered,
    KeysAsked,
    NoteWritten,
    PartOpened,
    PartRead,
    SheetWritten,
    kind_of,
    knows,
    parse_fact,
    version_of,
    write_fact,
)
from safeconduct.rooms.cases.fold import (
    Beginning,
    Opening,
    Told,
    fold_case,
    fold_parts,
    fold_requests,
)
from safeconduct.rooms.cases.record import (
    CaseRecord,
    Sheet,
    SheetId,
    fold_record,
    sheet_name,
    words_in,
)
from safeconduct.rooms.cases.risk import CaseRisk, fold_risk
from safeconduct.rooms.cases.risk_facts import RiskAssessed, RiskSeconded
from safeconduct.rooms.cases.stage_facts import BlockLifted, BlockNamed, StageEntered
from safeconduct.rooms.cases.stages import CaseStages, fold_stages, stage_words
from safeconduct.rooms.cases.words import (
    Answered,
    CaseFile,
    Note,
    OpenPart,
    Part,
    Request,
    case_name,
    plain_name,
)

__all__ = [
    "KINDS",
    "VERSION",
    "Answered",
    "Beginning",
    "BlockLifted",
    "BlockNamed",
    "CaseFile",
    "CaseRecord",
    "CaseRisk",
    "CaseStages",
    "KeysAnswered",
    "KeysAsked",
    "Note",
    "NoteWritten",
    "OpenPart",
    "Opening",
    "Part",
    "PartOpened",
    "PartRead",
    "Request",
    "RiskAssessed",
    "RiskSeconded",
    "Sheet",
    "SheetId",
    "SheetWritten",
    "StageEntered",
    "Told",
    "answer",
    "ask",
    "case_name",
    "fold_case",
    "fold_parts",
    "fold_record",
    "fold_requests",
    "fold_risk",
    "fold_stages",
    "kind_of",
    "knows",
    "parse_fact",
    "plain_name",
    "sheet_name",
    "stage_words",
    "version_of",
    "words_in",
    "write_fact",
    "write_note",
]
