# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about people's own files; behind it is `own_files.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.kernel.words import CaseId, FactId
    from safeconduct.rooms.cases import SheetId
    from safeconduct.rooms.cases.own_file import Choosing, OwnFile
    from safeconduct.rooms.cases.own_file_lines import Line


@dataclass(frozen=True, slots=True)
class OwnFileWaits:
    """An own file that waits for a steward, and the case to which it belongs."""

    case: CaseId
    name: str
    asked: OwnFile


class OwnFilesApi(Protocol):
    """Own files, as pages see them.  Those that write raise the room's refusals."""

    def of(self, case: CaseId) -> Sequence[OwnFile]:
        """Return what was asked for in a case, newest first; nothing without the part contact."""
        ...

    def lines(self, case: CaseId, person: SheetId) -> Sequence[Line]:
        """Return what is kept about a person, as far as it can be read here."""
        ...

    def may_second(self, asked: OwnFile) -> bool:
        """Tell whether it waits, and a steward is here who is another person than asked."""
        ...

    def waiting(self) -> Sequence[OwnFileWaits]:
        """Return what waits for the steward at this desk, of the cases that it reads."""
        ...

    def ask(self, case: CaseId, chosen: Choosing) -> FactId:
        """Ask; raises NoConsent where the person did not wish for it."""
        ...

    def second(self, case: CaseId, asked: FactId) -> None:
        """Sign, as a steward who is somebody else."""
        ...

    def take_back(self, case: CaseId, asked: FactId) -> None:
        """Want it no more."""
        ...

    def make(self, case: CaseId, asked: FactId, words: str) -> bytes:
        """Return the file after it is reported; sealed if there are words.

        Raises:
            OwnFileNotSigned, NoConsent: see there.
            StillChecking: what was read is not verified yet.
        """
        ...
