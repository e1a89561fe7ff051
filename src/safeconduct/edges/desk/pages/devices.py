# SPDX-License-Identifier: AGPL-3.0-or-later
"""The device that a page is about, by the name that stands in its address."""

from __future__ import annotations

from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.standings import Stand, is_steward, stand
from safeconduct.edges.desk.visit import Visit
from safeconduct.kernel.words import DEVICE_ID_BYTES, DeviceId
from safeconduct.rooms.crew.decide import NotASteward


def found_device(visit: Visit, name: str) -> Stand:
    """Return how a device stands.

    Raises:
        Malformed: the name is that of no device.
        NotFoundException: it was never admitted.
    """
    found = stand(visit.desk, DeviceId(parse_id(name, DEVICE_ID_BYTES)))
    if found is None:
        raise NotFoundException
    return found


def found_for_us(visit: Visit, name: str) -> Stand:
    """Return how a device stands, to a steward and to whoever sits at it.

    Raises:
        Malformed, NotFoundException: see `found_device`.
        NotASteward: it is a colleague's, and this desk no steward's.
    """
    found = found_device(visit, name)
    if found.member.device.id != visit.desk.device and not is_steward(visit.desk):
        raise NotASteward
    return found
