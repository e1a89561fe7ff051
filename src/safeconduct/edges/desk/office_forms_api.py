# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about an office's own forms and what was filled in elsewhere.

Whatever has no key here leaves no trace in any answer.  The engine is `office_forms`, and
`submissions` for what phones filled in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from safeconduct.edges.desk.importing.submission_files import ChosenFile, Found, Trouble
    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases import CaseRecord, Part, SheetId
    from safeconduct.rooms.cases.filled import LeftOut
    from safeconduct.rooms.cases.office_forms import FormVersion, OfficeForm
    from safeconduct.rooms.cases.record_decide import Typed
    from safeconduct.rooms.cases.xlsform import Draft


class OfficeFormsApi(Protocol):
    """An office's own forms, as pages see them."""

    @property
    def draft(self) -> Draft | None:
        """What was read of a workbook and is not kept yet; in memory alone."""
        ...

    def may_bring(self) -> bool:
        """Tell whether somebody here decides what the office asks."""
        ...

    def all(self) -> Sequence[OfficeForm]:
        """Return the forms of the office, by their ids."""
        ...

    def form(self, kind: str) -> OfficeForm | None:
        """Return the form whose sheets are of a kind."""
        ...

    def look(self, file: ChosenFile) -> Draft:
        """Read a workbook in the sandbox, and hold what it asks until it is kept or dropped.

        Raises:
            Refused: TooMuch, NotReadable, NoSandbox, ConverterSlow, NoXlsForm; the draft that was
                held stays.
        """
        ...

    def drop(self) -> None:
        """Hold no draft any more."""
        ...

    def bring(self, form: str, version: str, parts: Mapping[str, str]) -> OfficeForm:
        """Ask with what is held from here on; durable on return.

        Raises:
            Refused: NotASteward, NoSuchForm, NoFormId, PartsMissing, PartFull, VersionThere.
        """
        ...

    def end(self, kind: str) -> None:
        """Ask with a form no more; durable on return.

        Raises:
            Refused: NotASteward, NoSuchForm.
        """
        ...

    def filled(self, case: CaseId) -> CaseRecord:
        """Return the filled forms of a case, as much as can be read here."""
        ...

    def write(
        self,
        case: CaseId,
        kind: str,
        sheet: SheetId | None,
        typed: Mapping[tuple[Part, str], Typed],
    ) -> SheetId:
        """Write answers into a form, into a new one unless one is named; durable on return.

        Raises:
            Refused: as `RecordsApi.write`, and NoSuchForm; nothing was kept.
        """
        ...

    def take_off(self, case: CaseId, kind: str, sheet: SheetId, reason: str) -> None:
        """Take a filled form off the record; raises as `RecordsApi.take_off`."""
        ...

    def put_back(self, case: CaseId, kind: str, sheet: SheetId) -> None:
        """Let it stand again; raises as `RecordsApi.put_back`."""
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """A submission that was read and waits: its form, and the case that has it already.

    `fits`: the version is one that the office has; else the newest stands in `version`.
    """

    found: Found
    form: OfficeForm | None
    version: FormVersion | None
    fits: bool
    case: tuple[CaseId, str] | None
    twice: bool
    """Whether the same submission stands further up."""


class Fate(NamedTuple):
    """What became of a submission; `code` is `new`, `updated`, `same`, `left`, or a refusal's."""

    source: str
    form: str
    code: str
    case: tuple[CaseId, str] | None = None
    left: tuple[LeftOut, ...] = ()
    media: tuple[str, ...] = ()


class Report(NamedTuple):
    """What became of all of them, and of files that could not be read."""

    fates: tuple[Fate, ...]
    troubles: tuple[Trouble, ...]


class SubmissionsApi(Protocol):
    """What was filled in elsewhere, as pages see it."""

    looks: int
    """How often somebody looked at files: what is chosen is of those alone that are shown."""

    @property
    def waiting(self) -> Sequence[Waiting]:
        """What was read and is not brought in yet; in memory alone."""
        ...

    @property
    def troubles(self) -> Sequence[Trouble]:
        """What of the same files could not be read."""
        ...

    @property
    def report(self) -> Report | None:
        """What became of those before."""
        ...

    def look(self, files: Sequence[ChosenFile], key: bytes) -> None:
        """Read files, with the office's private key where it is needed; the key is not kept.

        Raises:
            Refused: TooMuch, NotReadable, NoSandbox, ConverterSlow, NoOdkKey.
        """
        ...

    def drop(self) -> None:
        """Hold nothing of it any more."""
        ...

    def bring(self, chosen: Mapping[int, str]) -> Report:
        """Bring those into cases for which one was chosen: `new`, or a case's name.

        Raises:
            Refused: MayNotWrite; nothing was brought in.
        """
        ...
