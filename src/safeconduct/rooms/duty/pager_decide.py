# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saying where and whom this office calls, and that somebody sees to an alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.duty.escalation import Alarm, Pages, open_alarms
from safeconduct.rooms.duty.pager_facts import (
    ADDRESS,
    ADDRESS_MOST,
    AlarmsAcknowledged,
    PagerPlaceSet,
    PagerSet,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.kernel.words import Instant

TOPIC_BYTES: Final = 16


class PagerAddress(Refused):
    """This is no address of a server that could be called through."""

    code = "pager_address"


class NoPagerPlace(Refused):
    """No steward has said through which server the office calls."""

    code = "no_pager_place"


class NothingToAcknowledge(Refused):
    """No alarm is left that nobody sees to."""

    code = "nothing_to_acknowledge"


def set_place(pages: Pages, typed: str) -> PagerPlaceSet:
    """Say through which server this office calls; nothing typed: it calls nobody.

    Raises:
        PagerAddress: see there.
    """
    address = typed.strip().rstrip("/")
    if len(address) > ADDRESS_MOST or not ADDRESS.search(address):
        raise PagerAddress
    return PagerPlaceSet(address, pages.stood)


def set_topic(pages: Pages, secret: bytes | None) -> PagerSet:
    """Let the person of this device be called, under a topic drawn by chance; None: no more.

    Raises:
        NoPagerPlace: see there.
    """
    if secret is None:
        return PagerSet("")
    if not pages.address:
        raise NoPagerPlace
    return PagerSet(secret[:TOPIC_BYTES].hex())


def acknowledge(alarms: Iterable[Alarm], pages: Pages, now: Instant) -> AlarmsAcknowledged:
    """Say that somebody here sees to all alarms that there are.

    Raises:
        NothingToAcknowledge: see there.
    """
    found = open_alarms(alarms, pages, now)
    if not found:
        raise NothingToAcknowledge
    return AlarmsAcknowledged(tuple(sorted(one.id for one in found)))
