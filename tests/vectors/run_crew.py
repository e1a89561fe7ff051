# SPDX-License-Identifier: AGPL-3.0-or-later
"""The crew's operations on vectors (spec/crew.md 3)."""

from collections.abc import Callable

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.lock import SealingPublicKey, SharedKey
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.crew import open_parcel, open_team_parcel
from safeconduct.rooms.crew.parcel import is_for_one
from tests.vectors.case import Given, Gives


def device(case: Given) -> Gives:
    key = SealingKey.from_seed(case.raw("seed"))
    return {"keys": encode(open_parcel(case.raw("parcel"), OfficeId(case.raw("office")), key))}


def team(case: Given) -> Gives:
    office, key = OfficeId(case.raw("office")), SharedKey(case.raw("team"))
    keys = open_team_parcel(case.raw("parcel"), office, key)
    return {"keys": encode([[*where, key] for where, key in sorted(keys.items())])}


def for_one(case: Given) -> Gives:
    public, office = SealingPublicKey.parse(case.raw("public")), OfficeId(case.raw("office"))
    return {
        "alone": bytes([is_for_one(case.raw("parcel"), office, public, [case.raw("office_key")])])
    }


OPERATIONS: dict[str, Callable[[Given], Gives]] = {
    "open_parcel": device,
    "open_team_parcel": team,
    "parcel_for_one": for_one,
}
