# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened in a case in the order of time, as far as keys reach (spec/stages.md 5).

It says that something was written, of what kind, by whom and when; the words stay where they are,
but for stages, blocks, and to whom somebody was referred.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.cases.sheets import TAKEN_OFF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from safeconduct.kernel.words import DeviceId, FactId, Instant
    from safeconduct.rooms.cases.costs import Cost
    from safeconduct.rooms.cases.record import CaseRecord, Sheet, Written
    from safeconduct.rooms.cases.referrals import Referral
    from safeconduct.rooms.cases.stages import CaseStages
    from safeconduct.rooms.cases.words import CaseFile

COMMIT_BYTES: Final = 32
"""The beginning of a fact's id: what was written in one act has the same."""
STAGE: Final = "stage"
BLOCK: Final = "block"
LIFTED: Final = "lifted"
BEGUN: Final = "sheet-begun"
CHANGED: Final = "sheet-changed"
OFF: Final = "sheet-off"
NOTE: Final = "note"
REFERRED: Final = "referred"
HANDED: Final = "handed-over"
TOOK_BACK: Final = "referral-withdrawn"
AGREED: Final = "cost-agreed"
NOT_AGREED: Final = "cost-not-agreed"


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened; `of` is a stage, a kind of sheet or a part, `name` a code name."""

    at: Instant
    fact: FactId
    what: str
    by: DeviceId
    of: str
    name: str = ""
    text: str = ""


def timeline(
    file: CaseFile,
    record: CaseRecord,
    stages: CaseStages,
    referrals: Iterable[Referral] = (),
    costs: Iterable[Cost] = (),
) -> tuple[Happened, ...]:
    """Return what happened in a case, newest first."""
    found = [*_notes(file), *_stages(stages), *_costs(costs)]
    for referral in referrals:
        found += _referral(referral)
    for sheet in record.sheets:
        found += _sheet(sheet)
    return tuple(sorted(found, key=lambda one: (-one.at, one.fact, one.what)))


def _notes(file: CaseFile) -> Iterator[Happened]:
    for part in file.parts:
        for note in part.notes:
            yield Happened(note.written, note.fact, NOTE, note.by, part.part.value)


def _stages(stages: CaseStages) -> Iterator[Happened]:
    for one in (entry for stay in stages.way for entry in stay.entries):
        yield Happened(one.begun, one.fact, STAGE, one.by, one.stage, text=one.note)
    for block in stages.blocks:
        yield Happened(block.at, block.fact, BLOCK, block.by, block.stage, text=block.text)
        if (lift := block.lifted) is not None:
            yield Happened(lift.at, block.fact, LIFTED, lift.by, block.stage, text=block.text)


def _referral(one: Referral) -> Iterator[Happened]:
    to = one.said.recipient
    yield Happened(one.at, one.fact, REFERRED, one.by, "", text=to)
    for handed in one.handed:
        yield Happened(handed.at, handed.fact, HANDED, handed.by, "", text=to)
    for back in one.withdrawn:
        yield Happened(back.at, back.fact, TOOK_BACK, back.by, "", text=to)


def _costs(costs: Iterable[Cost]) -> Iterator[Happened]:
    """Return what was said of costs; that they were written and paid their sheets tell."""
    for cost in costs:
        for one in cost.judged:
            what = AGREED if one.agrees else NOT_AGREED
            yield Happened(one.at, one.fact, what, one.by, cost.sheet.kind)


def _sheet(sheet: Sheet) -> list[Happened]:
    """Return what was done to a sheet: once for each act, in however many fields and parts."""
    acts: dict[bytes, list[tuple[str, Written]]] = {}
    written = [(field.name, one) for field in sheet.fields for one in field.written]
    for name, one in sorted(written, key=lambda said: (said[1].at, said[1].fact)):
        acts.setdefault(one.fact[:COMMIT_BYTES], []).append((name, one))
    found: list[Happened] = []
    for said in acts.values():
        off = any(name == TAKEN_OFF and one.text for name, one in said)
        what = OFF if off else CHANGED if found else BEGUN
        one = said[0][1]
        found.append(Happened(one.at, one.fact, what, one.by, sheet.kind, sheet.name))
    return found
