# SPDX-License-Identifier: AGPL-3.0-or-later
"""One fact of some kinds, as a part of a fold hears it; `told` picks them out of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from safeconduct.kernel.words import DeviceId, FactId, Instant

F_co = TypeVar("F_co", covariant=True)


class Heard(NamedTuple, Generic[F_co]):
    """A fact of some kinds, for a part of a fold: its id, its writer, their time, what it says."""

    fact: FactId
    device: DeviceId
    at: Instant
    event: F_co
