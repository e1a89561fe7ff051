# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cases of crew.json that are of the first version of parcels (spec/crew.md 3).

Slots are written down from the spec, and what is sealed to a device is made as `draw` says, so
that `rooms/crew/first_parcels.py` opens here what it did not make.
"""

import hashlib
import hmac
from typing import Any

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.lock import close_box
from tests.vectors.case import Case, Field, case
from tests.vectors.draw import Xwing, flip, recipients, seeded

DEVICE, RECOVERY = recipients()
OFFICE = seeded("office", 16)
REASON = "rotation"
TEAM, OTHER = seeded("team key"), seeded("other team key")
TEAM_ID, OFFICE_ID = seeded("team", 16), bytes(16)
FIRST, SECOND = sorted((seeded("first vault", 16), seeded("second vault", 16)))
SALT = seeded("parcel salt", 16)
FIRST_KEY, SECOND_KEY = seeded("first vault key"), seeded("second vault key")
GROUPS: list[list[Any]] = [[2, FIRST, FIRST_KEY], [3, FIRST + SECOND, FIRST_KEY[::-1] + SECOND_KEY]]
"""Both vaults from now, and the epoch before of one of them."""
KEYS: list[list[Field]] = [
    [FIRST, 2, FIRST_KEY],
    [FIRST, 3, FIRST_KEY[::-1]],
    [SECOND, 3, SECOND_KEY],
]
HELD = [["office", OFFICE_ID, 2, seeded("office key")], ["vault", TEAM_ID, 2, TEAM]]


def cases(_kept: set[bytes]) -> list[Case]:
    """Every case, in order; those of the parcels that are written now stand in `draw_parcels`."""
    return [
        case_ | {"name": f"{case_['name']} (version 1)"}
        for case_ in (*_devices(), *_teams(), *_shapes())
    ]


def parcel(*wraps: object, **changed: Field) -> bytes:
    """A parcel as its spec has it."""
    told = {"format": 1, "office": OFFICE, "reason": REASON, "wraps": list(wraps)} | changed
    return encode(list(told.values()))


def to_device(device: Xwing, at: int, content: object, reason: str = REASON) -> list[bytes]:
    """A wrap for a device or for recovery, at a place in its parcel."""
    slot = hashlib.sha256(b"safeconduct/slot/1\0" + device.public + at.to_bytes(4, "big"))
    return [
        slot.digest()[:16],
        device.seal("parcel", OFFICE + reason.encode(), encode(content)),
    ]


def under(team: bytes, at: int, content: object, **changed: Field) -> list[bytes]:
    """A wrap under a team's key, at a place in its parcel."""
    told: Case = {
        "key": team,
        "purpose": "parcel",
        "context": OFFICE + REASON.encode() + SALT,
    } | changed
    slot = hmac.digest(team, b"safeconduct/slot/1\0" + at.to_bytes(4, "big"), "sha256")[:16]
    box = close_box(told["key"], told["purpose"], told["context"], encode(content))
    return [slot, SALT + box]


GOOD = parcel(
    to_device(DEVICE, 0, HELD),
    to_device(RECOVERY, 1, HELD),
    under(TEAM, 2, GROUPS),
    under(OTHER, 3, GROUPS[:1]),
)


def _devices() -> list[Case]:
    given: Case = {"parcel": GOOD, "office": OFFICE, "seed": DEVICE.seed}
    keys = encode(HELD)

    def refused(name: str, expect: str, **changed: Field) -> Case:
        told = given | changed
        return case(f"open parcel: {name}", "open_parcel", expect, browser=False, **told)

    return [
        case("open parcel", "open_parcel", browser=False, **given, keys=keys),
        case(
            "open parcel: by recovery",
            "open_parcel",
            browser=False,
            **(given | {"seed": RECOVERY.seed}),
            keys=keys,
        ),
        refused("by a device that it is not for", "not_for_this_device", seed=seeded("stranger")),
        refused("of another office", "malformed", office=seeded("other office", 16)),
        refused(
            "of another reason", "cannot_open", parcel=parcel(to_device(DEVICE, 0, HELD, "grant"))
        ),
        refused(
            "wrap moved to another place",
            "not_for_this_device",
            parcel=parcel(to_device(DEVICE, 1, HELD)),
        ),
        refused(
            "content of a team's form",
            "malformed",
            parcel=parcel(to_device(DEVICE, 0, GROUPS)),
        ),
    ]


def _teams() -> list[Case]:
    given: Case = {"parcel": GOOD, "office": OFFICE, "team": TEAM}

    def opened(name: str, keys: list[list[Field]], **changed: Field) -> Case:
        told = given | changed | {"keys": encode(keys)}
        return case(f"open team parcel{name}", "open_team_parcel", browser=False, **told)

    def refused(name: str, expect: str, wrap: list[bytes] | None = None, **changed: Field) -> Case:
        told = given | ({"parcel": parcel(wrap)} if wrap else {}) | changed
        return case(f"open team parcel: {name}", "open_team_parcel", expect, browser=False, **told)

    wrap = under(TEAM, 0, GROUPS)
    context = OFFICE + REASON.encode() + SALT
    nobody = "not_for_this_device"
    return [
        opened("", KEYS),
        opened(": of another team", KEYS[:1], team=OTHER),
        opened(": that gives nothing", [], parcel=parcel(under(TEAM, 0, []))),
        refused("by who is in no team of it", nobody, team=seeded("stranger")),
        refused("of another office", "malformed", office=seeded("other office", 16)),
        refused("wrap moved to another place", nobody, under(TEAM, 1, GROUPS)),
        refused("bit flipped in the slot", nobody, [flip(wrap[0], 0), wrap[1]]),
        refused("bit flipped in the salt", "cannot_open", [wrap[0], flip(wrap[1], 0)]),
        refused("bit flipped in the commitment", "cannot_open", [wrap[0], flip(wrap[1], 8 * 16)]),
        refused("bit flipped in the text", "cannot_open", [wrap[0], flip(wrap[1], 8 * 48)]),
        refused("bit flipped in the check", "cannot_open", [wrap[0], flip(wrap[1], -1)]),
        refused("cut by one byte", "cannot_open", [wrap[0], wrap[1][:-1]]),
        refused("shorter than its salt", "cannot_open", [wrap[0], SALT[:15]]),
        refused(
            "slot of one team, box of another", "cannot_open", under(TEAM, 0, GROUPS, key=OTHER)
        ),
        refused(
            "of another reason",
            "cannot_open",
            under(TEAM, 0, GROUPS, context=OFFICE + b"grant" + SALT),
        ),
        refused(
            "of another office inside",
            "cannot_open",
            under(TEAM, 0, GROUPS, context=SALT + context[16:]),
        ),
        refused("salt not bound", "cannot_open", under(TEAM, 0, GROUPS, context=context[:-16])),
        refused(
            "sealed for another purpose", "cannot_open", under(TEAM, 0, GROUPS, purpose="entry")
        ),
    ]


def _shapes() -> list[Case]:
    def refused(name: str, expect: str, content: object = None, **changed: Field) -> Case:
        told: Case = {"parcel": parcel(under(TEAM, 0, content)), "office": OFFICE, "team": TEAM}
        name = f"team parcel: {name}"
        return case(name, "open_team_parcel", expect, browser=False, **(told | changed))

    old, new = GROUPS
    swapped = [3, SECOND + FIRST, SECOND_KEY + FIRST_KEY]
    wrap = under(TEAM, 0, GROUPS)
    return [
        refused("content of a device's form", "malformed", HELD),
        refused("not keys", "malformed", b"keys"),
        refused("id cut by one byte", "malformed", [[2, FIRST[1:], FIRST_KEY]]),
        refused("key cut by one byte", "malformed", [[2, FIRST, FIRST_KEY[1:]]]),
        refused("an id without a key", "malformed", [[2, FIRST + SECOND, FIRST_KEY]]),
        refused("a key without an id", "malformed", [[2, FIRST, FIRST_KEY + SECOND_KEY]]),
        refused("negative epoch", "malformed", [[-1, FIRST, FIRST_KEY]]),
        refused("epochs out of order", "not_canonical", [new, old]),
        refused("an epoch twice", "not_canonical", [old, [2, SECOND, SECOND_KEY]]),
        refused("an epoch without keys", "not_canonical", [[2, b"", b""]]),
        refused("vaults out of order", "not_canonical", [swapped]),
        refused("a vault twice", "not_canonical", [[2, FIRST + FIRST, FIRST_KEY + SECOND_KEY]]),
        refused("nothing", "malformed", parcel=b""),
        refused("of version 3", "unknown_version", parcel=parcel(wrap, format=3)),
        refused("a field more", "malformed", parcel=parcel(wrap, more=0)),
        refused("short slot", "malformed", parcel=parcel([wrap[0][1:], wrap[1]])),
        refused(
            "in a longer form",
            "not_canonical",
            parcel=b"\xdc\x00\x04" + parcel(wrap)[1:],
        ),
    ]
