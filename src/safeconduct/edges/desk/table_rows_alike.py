# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who in an old table may be one person with another row, or with somebody in the record.

It is told, and joins nothing; a row that may be somebody of the record waits for a person's word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import SheetId
from safeconduct.rooms.cases.alike import (
    NAMED,
    NAMES,
    Alike,
    AlikeNames,
    Named,
    Where,
    names_in_texts,
)
from safeconduct.rooms.cases.sheets import SHEET_BYTES
from safeconduct.rooms.cases.table_rows import Remark, Taken

REMARKS_MOST: Final = 3


def alike_rows(
    rows: Iterable[Taken], near: Callable[[Named], Sequence[Alike]]
) -> dict[int, tuple[Remark, ...]]:
    """Return what is to be told of whom, by the numbers of rows.

    `alike_row` names the row that came before, `alike_case` the case, by its id in hex.
    """
    rows = [one for one in rows if not one.wrong]
    number = {_case(one): one.number for one in rows}
    names, found = AlikeNames(), dict[int, list[Remark]]()
    for one in rows:
        who = tuple(_named(one))
        names.put(_case(one), who)
        for other in dict.fromkeys(_other(both, _case(one)) for both in names.of_case(_case(one))):
            found.setdefault(one.number, []).append(
                Remark("alike_row", more=str(number.get(other, "")))
            )
        cases = dict.fromkeys(both.other.at.case for each in who for both in near(each))
        found.setdefault(one.number, []).extend(
            Remark("alike_case", more=case.hex()) for case in [*cases][:REMARKS_MOST]
        )
    return {at: tuple(remarks) for at, remarks in found.items() if remarks}


def _case(taken: Taken) -> CaseId:
    return CaseId(taken.row[:SHEET_BYTES])


def _other(both: Alike, case: CaseId) -> CaseId:
    return both.other.at.case if both.one.at.case == case else both.one.at.case


def _named(taken: Taken) -> Iterator[Named]:
    for at, slot in enumerate(taken.slots()):
        kind, said = slot.partition(".")[0], taken.of(slot)
        names = names_in_texts(*(said.get(name, "") for name in NAMES))
        if kind in NAMED and names:
            born = frozenset({int(said["born"][:4])} if said.get("born") else ())
            where = Where(_case(taken), SheetId(bytes([at]) * SHEET_BYTES))
            yield Named(where, kind, slot, names, born)
