# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case file begins: the fact that opens its vaults, and the ids that hang on that fact.

The ids are made of where the fact stands, so that no other device can open, or claim to have
opened, a vault or a case that is another's (spec/crew.md 13).  Which vault is for which part is
said in each vault itself: whoever reads the roster alone sees that six vaults are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

from msgspec import Meta

from safeconduct.kernel.canon import Record
from safeconduct.kernel.seal.lock import fingerprint
from safeconduct.kernel.words import CaseId, VaultId

if TYPE_CHECKING:
    from safeconduct.kernel.words import CommitId, DeviceId, OfficeId

ID_BYTES: Final = 16
PARTS_MOST: Final = 16
CASE_VAULT: Final = "case"
"""The kind of a vault of a case as far as the roster tells: its part stands in the vault."""


class CaseOpened(Record, frozen=True):
    """A case file begins, with so many vaults, each of which recovery opens or not."""

    parts: Annotated[int, Meta(ge=1, le=PARTS_MOST)]
    recoverable: Annotated[int, Meta(ge=0, le=1)]


class Place(NamedTuple):
    """Where a fact stands: whose chain, which commit of it, which entry of that."""

    office: OfficeId
    device: DeviceId
    sequence: int
    slot: int

    @property
    def raw(self) -> bytes:
        """Return it as bytes, of which ids are made."""
        numbers = self.sequence.to_bytes(8, "big") + self.slot.to_bytes(4, "big")
        return self.office + self.device + numbers


class OpenedCase(NamedTuple):
    """A case file that counts: in which commit, by whom and when it was opened, and its vaults."""

    id: CaseId
    commit: CommitId
    by: DeviceId
    hlc: int
    vaults: tuple[VaultId, ...]


def case_id(place: Place) -> CaseId:
    """Return the id of the case that a fact at this place opens."""
    return CaseId(fingerprint("case", place.raw)[:ID_BYTES])


def vaults_of(place: Place, parts: int) -> tuple[VaultId, ...]:
    """Return the ids of the vaults that a fact at this place opens."""
    raw = place.raw
    names = (fingerprint("case-vault", raw + n.to_bytes(4, "big")) for n in range(parts))
    return tuple(VaultId(name[:ID_BYTES]) for name in names)


CASE_FACTS: Final[dict[str, type[CaseOpened]]] = {"crew.CaseOpened": CaseOpened}
