# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files on the pages of referrals: which could go along, and what was ticked of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from safeconduct.edges.desk.referrals_api import CaseFileChoice
from safeconduct.edges.desk.visit import Visit
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases.referral_facts import FileAlong
from safeconduct.rooms.cases.referral_files import TypedFile, field_of
from safeconduct.rooms.cases.sheets import PERSON

ORIGINAL: Final = "original"


def files_shown(visit: Visit, case: CaseId) -> Sequence[CaseFileChoice]:
    """Return the files that a page shows; their conversations are looked at by that."""
    files = visit.desk.cases.referrals.files(case)
    for talk in {one.talk for one in files}:
        visit.desk.audit.opened(talk)
    return files


def typed_files(visit: Visit, case: CaseId) -> tuple[TypedFile, ...]:
    """Return which files were ticked, as what, and whom somebody saw in them."""
    form = visit.form
    if not any(one.startswith("file-") for one in form.fields):
        return ()
    record = visit.desk.cases.records.record(case)
    persons = [bytes(one.id) for one in record.of_kind(PERSON)]
    found = []
    for one in visit.desk.cases.referrals.files(case):
        name = field_of(one.file.blob)
        if form.get(name):
            seen = tuple(who for who in persons if form.get(f"{name}-in-{who.hex()}"))
            original = form.get(f"{name}-as") == ORIGINAL
            why = form.get(f"{name}-why")
            found.append(TypedFile(one.talk, one.file.blob, seen, original, why))
    return tuple(found)


def files_again(files: Iterable[FileAlong]) -> dict[str, str]:
    """Return the fields of a form that say the same again."""
    return dict(pair for one in files for pair in _fields(one))


def _fields(one: FileAlong) -> Iterator[tuple[str, str]]:
    name = field_of(one.blob)
    yield name, "1"
    for who in one.persons:
        yield f"{name}-in-{who.hex()}", "1"
    if one.original:
        yield f"{name}-as", ORIGINAL
        yield f"{name}-why", one.reason
