# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing into cases what phones filled in: a look first, then a case for each, then a report.

What was read lies in memory until it is brought in or dropped; the office's private key not even
so long (spec/forms.md 4, 5).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, Protocol

from safeconduct.edges.desk.across_cases import AcrossCases
from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.importing.submission_files import (
    ChosenFile,
    Found,
    Looked,
    NoOdkKey,
    Trouble,
    look,
)
from safeconduct.edges.desk.office_forms import OfficeForms
from safeconduct.edges.desk.office_forms_api import Fate, Report, Waiting
from safeconduct.kernel.errors import BadKey, Refused, SafeconductError
from safeconduct.kernel.seal.odk import OdkKey
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import Part, SheetId, SheetWritten, Told
from safeconduct.rooms.cases.decide import MayNotWrite
from safeconduct.rooms.cases.filled import Filled, Leaf, Taken, sheet_of, take
from safeconduct.rooms.cases.office_forms import OfficeForm, is_form
from safeconduct.rooms.cases.record_decide import NothingNew

NEW: Final = "new"
SAME: Final = "same"
UPDATED: Final = "updated"
LEFT: Final = "left"
NO_CASE: Final = "no_such_case"
_IDS: Final = ("instanceID", "deprecatedID")


class NoCaseOfThatName(Refused):
    """No case that can be read here is called so."""

    code = NO_CASE


class Places(Protocol):
    """Cases, as far as submissions ask."""

    def may_write(self) -> bool:
        """Tell whether somebody here may write into cases."""
        ...

    def begin(self) -> CaseId:
        """Open a case for whom the crew's data proposes."""
        ...

    def named(self, typed: str) -> Sequence[CaseId]:
        """Return the cases of a name that can be read here."""
        ...

    def name(self, case: CaseId) -> str:
        """Return what a case is called."""
        ...

    def having(self, sheets: Collection[SheetId]) -> CaseId | None:
        """Return a case that can be read here and has one of these sheets."""
        ...


Look = Callable[[Sequence[ChosenFile], OdkKey | None], Looked]


class SubmissionDesk:
    """Implements `SubmissionsApi`."""

    def __init__(self, forms: OfficeForms, places: Places, looked: Look = look) -> None:
        """Bring what forms of the office asked into cases."""
        self._forms: Final = forms
        self._places: Final = places
        self._look: Final = looked
        self._looked = Looked((), ())
        self.looks = 0
        self.report: Report | None = None

    @property
    def waiting(self) -> Sequence[Waiting]:
        """What was read and is not brought in yet."""
        seen: set[tuple[str, str]] = set()
        forms = {one.id: one for one in self._forms.all()}
        found = []
        for one in self._looked.found:
            at = one.submission.form, one.submission.instance
            found.append(self._wait(one, forms.get(at[0]), twice=at in seen))
            seen.add(at)
        return found

    @property
    def troubles(self) -> Sequence[Trouble]:
        """What of the same files could not be read."""
        return self._looked.troubles

    def look(self, files: Sequence[ChosenFile], key: bytes) -> None:
        """Read files, with the office's private key where it is needed; the key is not kept."""
        try:
            opener = OdkKey(key) if key.strip() else None
        except BadKey:
            raise NoOdkKey from None
        self._looked, self.report = self._look(files, opener), None
        self.looks += 1

    def drop(self) -> None:
        """Hold nothing of it any more."""
        self._looked, self.report = Looked((), ()), None

    def bring(self, chosen: Mapping[int, str]) -> Report:
        """Bring those into cases for which one was chosen, and hold the rest no more."""
        if not self._places.may_write():
            raise MayNotWrite
        fates = tuple(
            self._bring(one, chosen.get(at, "").strip()) for at, one in enumerate(self.waiting)
        )
        self.report = Report(fates, self._looked.troubles)
        self._looked = Looked((), ())
        return self.report

    def _wait(self, one: Found, form: OfficeForm | None, *, twice: bool) -> Waiting:
        submission = one.submission
        version = form.version(submission.version) if form else None
        case = self._places.having(_sheets(one)) if form else None
        return Waiting(
            *(one, form, version or (form.newest if form else None), version is not None),
            *((case, self._places.name(case)) if case else None, twice),
        )

    def _bring(self, one: Waiting, chosen: str) -> Fate:
        submission = one.found.submission
        said = submission.source, submission.form
        if not chosen or one.form is None or one.twice:
            return Fate(*said, LEFT)
        try:
            case, code = self._place(one, chosen)
            taken, code = self._write(one, case, code)
        except SafeconductError as error:
            return Fate(*said, error.code)
        return Fate(*said, code, (case, self._places.name(case)), taken.left, one.found.media)

    def _place(self, one: Waiting, chosen: str) -> tuple[CaseId, str]:
        """Return the case of a submission: the one that has it, a new one, or the one named."""
        if one.case is not None:
            return one.case[0], UPDATED
        if chosen == NEW:
            return self._places.begin(), NEW
        found = self._places.named(chosen)
        if len(found) != 1:
            raise NoCaseOfThatName
        return found[0], NEW

    def _write(self, one: Waiting, case: CaseId, code: str) -> tuple[Taken, str]:
        form, version = one.form, one.version
        assert form is not None
        assert version is not None
        record = self._forms.elsewhere(case, form)
        ids = _sheets(one.found)
        before = next((had for at in ids if (had := record.sheet(at, form.kind))), None)
        submission = one.found.submission
        filled = Filled(
            *(submission.form, submission.version, submission.instance),
            tuple(Leaf(*leaf) for leaf in submission.leaves),
        )
        taken = take(form, version, filled, before, self._forms.held(case))
        sheet = before.id if before else ids[0]
        try:
            self._forms.put(case, form, sheet, taken.typed)
        except NothingNew:
            return taken, SAME
        return taken, code


def _sheets(one: Found) -> list[SheetId]:
    """Return the sheets that a submission may be: its own, and what it was before it was edited.

    What has a root of its edits is named by that, in each edition alike.
    """
    submission = one.submission
    said = (submission.text(f"meta/{one}").strip() for one in ("rootUuid", *_IDS))
    return [sheet_of(submission.form, one) for one in dict.fromkeys(said) if one]


class JournalPlaces:
    """Implements `Places` over an open journal."""

    def __init__(self, journal: Journal, of: Cases) -> None:
        """Act for the device of this journal."""
        self._cases: Final = of
        self._sheets: Final = AcrossCases(journal, of.held, _sheets_in, SheetWritten)

    def may_write(self) -> bool:
        """Tell whether somebody here may write into cases."""
        return self._cases.may_write()

    def begin(self) -> CaseId:
        """Open a case for whom the crew's data proposes."""
        return self._cases.open(self._cases.proposed())

    def named(self, typed: str) -> Sequence[CaseId]:
        """Return the cases of a name that can be read here."""
        wanted, held = cases.plain_name(typed), self._cases.held
        return [one.id for one in held.all() if cases.plain_name(held.name(one.id)) == wanted]

    def name(self, case: CaseId) -> str:
        """Return what a case is called."""
        return self._cases.held.name(case)

    def having(self, sheets: Collection[SheetId]) -> CaseId | None:
        """Return a case that can be read here and has one of these sheets."""
        return next((at for at, of in self._sheets.all().items() if of & {*sheets}), None)


def _sheets_in(
    case: CaseId, parts: Mapping[VaultId, Part], told: Sequence[Told]
) -> frozenset[SheetId]:
    """Return the filled forms of a case of which something can be read here."""
    return frozenset(
        SheetId(one.event.sheet)
        for one in told
        if isinstance(one.event, SheetWritten)
        and one.vault in parts
        and one.event.case == case
        and is_form(one.event.kind)
    )
