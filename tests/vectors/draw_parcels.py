# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cases of crew.json: parcels for devices and for teams (spec/crew.md 3).

Slots, marks and places are written down from the spec, and what is sealed to a device is made as
`draw` says, so that `rooms/crew/parcel.py` opens here what it did not make.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.lock import close_box
from tests.vectors.case import Case, Field, case
from tests.vectors.draw import Xwing, flip, seeded
from tests.vectors.draw_crew import (
    DEVICE,
    GROUPS,
    HELD,
    KEYS,
    OFFICE,
    OTHER,
    REASON,
    RECOVERY,
    SALT,
    TEAM,
)

OFFICE_KEY = seeded("office key")
GIVEN_KEY = seeded("key of what devices are given")
FOR_DEVICE = [REASON, HELD]
FOR_TEAM = [REASON, GROUPS]
HEAD, MARK = 1193, 24


def cases(_kept: set[bytes]) -> list[Case]:
    """Every case, in order."""
    return [*_devices(), *_teams(), *_shapes(), *_tallies()]


@dataclass
class Laid:
    """A parcel that is being made as its spec has it, with something for nobody in front."""

    heads: list[bytes] = field(default_factory=lambda: [seeded("head", HEAD)])
    marks: list[bytes] = field(default_factory=lambda: [seeded("mark", MARK)])
    body: bytes = seeded("filling", 100)
    office: bytes = OFFICE

    def lay(self, key: bytes, content: object, purpose: str = "parcel") -> bytes:
        """Put a box into the body and return its place."""
        start = len(self.body).to_bytes(4, "big")
        told: Case = {"key": key, "purpose": purpose, "context": self.office + SALT + start}
        box = close_box(told["key"], told["purpose"], told["context"], encode(content))
        self.body += box
        return start + len(box).to_bytes(4, "big")

    def to_device(self, device: Xwing, place: bytes, key: bytes = GIVEN_KEY) -> "Laid":
        """Add a head that points there."""
        slot = hashlib.sha256(b"safeconduct/parcel-slot/1\0" + SALT + device.public).digest()[:16]
        self.heads.append(slot + device.seal("parcel", self.office + SALT, key + place))
        return self

    def under(self, key: bytes, place: bytes) -> "Laid":
        """Add a mark under a key that points there, or says for how many it is."""
        self.marks.append(mark(key, place))
        return self

    def parcel(self, **changed: Field) -> bytes:
        """The bytes."""
        told = {
            "format": 2,
            "salt": SALT,
            "heads": b"".join(self.heads),
            "marks": b"".join(self.marks),
            "body": self.body + seeded("more filling", 50),
        } | changed
        return encode(list(told.values()))


def mark(key: bytes, place: bytes) -> bytes:
    """A mark as its spec has it."""
    tag = hmac.digest(key, b"safeconduct/parcel-mark/1\0" + SALT, "sha256")
    masked = bytes(one ^ other for one, other in zip(tag[16:24], place, strict=True))
    return tag[:16] + masked


def two(first: int, second: int) -> bytes:
    """Two numbers of four bytes."""
    return first.to_bytes(4, "big") + second.to_bytes(4, "big")


def _good() -> bytes:
    laid = Laid()
    place = laid.lay(GIVEN_KEY, FOR_DEVICE)
    laid.to_device(DEVICE, place).to_device(RECOVERY, place)
    laid.under(TEAM, laid.lay(TEAM, FOR_TEAM)).under(OTHER, laid.lay(OTHER, [REASON, GROUPS[:1]]))
    return laid.under(OFFICE_KEY, two(2, 2)).parcel()


def _for_device(content: object, **changed: Field) -> bytes:
    laid = Laid()
    return laid.to_device(DEVICE, laid.lay(GIVEN_KEY, content)).parcel(**changed)


def _for_team(content: object, **changed: Field) -> bytes:
    laid = Laid()
    return laid.under(TEAM, laid.lay(TEAM, content)).parcel(**changed)


GOOD = _good()


def _devices() -> list[Case]:
    given: Case = {"parcel": GOOD, "office": OFFICE, "seed": DEVICE.seed}
    keys = encode(HELD)

    def opened(name: str, **changed: Field) -> Case:
        told = given | changed | {"keys": keys}
        return case(f"open parcel{name}", "open_parcel", browser=False, **told)

    def refused(name: str, expect: str, **changed: Field) -> Case:
        told = given | changed
        return case(f"open parcel: {name}", "open_parcel", expect, browser=False, **told)

    laid, other = Laid(), Laid(office=seeded("other office", 16))
    place = laid.lay(GIVEN_KEY, FOR_DEVICE)
    begins, ends = len(laid.body), len(laid.parcel())
    elsewhere = other.to_device(DEVICE, other.lay(GIVEN_KEY, FOR_DEVICE)).parcel()
    beyond = Laid(body=laid.body).to_device(DEVICE, two(begins, ends)).parcel()
    moved = Laid(body=seeded("a", 1) + laid.body).to_device(DEVICE, place).parcel()
    by_two = int.from_bytes(place[:4], "big") + 1, int.from_bytes(place[4:], "big")
    shifted = Laid(body=seeded("a", 1) + laid.body).to_device(DEVICE, two(*by_two)).parcel()
    false = Laid(body=laid.body).to_device(DEVICE, place, OTHER).parcel()
    short = Laid(body=laid.body).to_device(DEVICE, place[:-1]).parcel()
    return [
        opened(""),
        opened(": by recovery", seed=RECOVERY.seed),
        refused("by a device that it is not for", "not_for_this_device", seed=seeded("stranger")),
        refused("of another office", "cannot_open", office=seeded("other office", 16)),
        refused("sealed for another office", "cannot_open", parcel=elsewhere),
        refused("a place beyond the body", "malformed", parcel=beyond),
        refused("what a head points to was moved", "cannot_open", parcel=moved),
        refused("box moved to another place", "cannot_open", parcel=shifted),
        refused("another key than the box has", "cannot_open", parcel=false),
        refused("a head cut by one byte", "malformed", parcel=short),
        refused("content of a team's form", "malformed", parcel=_for_device(FOR_TEAM)),
        refused("no reason", "malformed", parcel=_for_device([HELD])),
    ]


def _teams() -> list[Case]:
    given: Case = {"parcel": GOOD, "office": OFFICE, "team": TEAM}

    def opened(name: str, keys: list[list[Field]], **changed: Field) -> Case:
        told = given | changed | {"keys": encode(keys)}
        return case(f"open team parcel{name}", "open_team_parcel", browser=False, **told)

    def refused(name: str, expect: str, **changed: Field) -> Case:
        told = given | changed
        return case(f"open team parcel: {name}", "open_team_parcel", expect, browser=False, **told)

    laid = Laid()
    place = laid.lay(TEAM, FOR_TEAM)
    whole = mark(TEAM, place)

    def marked(marks: bytes, **changed: Field) -> bytes:
        return laid.parcel(**({"marks": marks} | changed))

    wrong = Laid()
    purpose = wrong.under(TEAM, wrong.lay(TEAM, FOR_TEAM, "entry")).parcel()
    nobody = "not_for_this_device"
    return [
        opened("", KEYS),
        opened(": of another team", KEYS[:1], team=OTHER),
        opened(": that gives nothing", [], parcel=_for_team([REASON, []])),
        refused("by who is in no team of it", nobody, team=seeded("stranger")),
        refused("of another office", "cannot_open", office=seeded("other office", 16)),
        refused("of another salt", nobody, parcel=marked(whole, salt=seeded("other salt", 16))),
        refused("bit flipped in the slot", nobody, parcel=marked(flip(whole, 0))),
        refused("bit flipped in where it begins", "malformed", parcel=marked(flip(whole, 128))),
        refused("bit flipped in how long it is", "cannot_open", parcel=marked(flip(whole, -8))),
        refused(
            "bit flipped in the commitment",
            "cannot_open",
            parcel=marked(whole, body=flip(laid.body, 8 * 100)),
        ),
        refused(
            "bit flipped in the check",
            "cannot_open",
            parcel=marked(whole, body=flip(laid.body, -1)),
        ),
        refused("sealed for another purpose", "cannot_open", parcel=purpose),
    ]


def _shapes() -> list[Case]:
    def refused(name: str, expect: str, groups: object = None, **changed: Field) -> Case:
        told: Case = {"parcel": _for_team([REASON, groups]), "office": OFFICE, "team": TEAM}
        name = f"team parcel: {name}"
        return case(name, "open_team_parcel", expect, browser=False, **(told | changed))

    (_, first, first_key), (_, both, both_keys) = GROUPS
    second, second_key = both[16:], both_keys[32:]
    swapped = [3, second + first, second_key + first_key]
    marks = mark(TEAM, two(0, 0))
    return [
        refused("content of a device's form", "malformed", HELD),
        refused("not keys", "malformed", b"keys"),
        refused("id cut by one byte", "malformed", [[2, first[1:], first_key]]),
        refused("key cut by one byte", "malformed", [[2, first, first_key[1:]]]),
        refused("an id without a key", "malformed", [[2, first + second, first_key]]),
        refused("a key without an id", "malformed", [[2, first, first_key + second_key]]),
        refused("negative epoch", "malformed", [[-1, first, first_key]]),
        refused("epochs out of order", "not_canonical", [*GROUPS[::-1]]),
        refused("an epoch twice", "not_canonical", [GROUPS[0], [2, second, second_key]]),
        refused("an epoch without keys", "not_canonical", [[2, b"", b""]]),
        refused("vaults out of order", "not_canonical", [swapped]),
        refused("a vault twice", "not_canonical", [[2, first + first, first_key + second_key]]),
        refused("nothing", "malformed", parcel=b""),
        refused("of version 3", "unknown_version", parcel=_for_team(FOR_TEAM, format=3)),
        refused("a field more", "malformed", parcel=_for_team(FOR_TEAM, more=0)),
        refused("short salt", "malformed", parcel=_for_team(FOR_TEAM, salt=SALT[1:])),
        refused("half a mark", "malformed", parcel=_for_team(FOR_TEAM, marks=marks[:-1])),
        refused("half a head", "malformed", parcel=_for_team(FOR_TEAM, heads=bytes(HEAD - 1))),
        refused(
            "in a longer form", "not_canonical", parcel=b"\xdc\x00\x05" + _for_team(FOR_TEAM)[1:]
        ),
    ]


def _tallies() -> list[Case]:
    def asked(name: str, *, alone: bool, laid: Laid, key: bytes = OFFICE_KEY) -> Case:
        given: Case = {
            "parcel": laid.parcel(),
            "office": OFFICE,
            "public": DEVICE.public,
            "office_key": key,
            "alone": bytes([alone]),
        }
        return case(f"parcel for one: {name}", "parcel_for_one", browser=False, **given)

    def of(device: Xwing, heads: int, teams: int) -> Laid:
        laid = Laid().to_device(device, two(0, 0))
        return laid.under(OFFICE_KEY, two(heads, teams))

    return [
        asked("as it says", alone=True, laid=of(DEVICE, 1, 0)),
        asked("for another", alone=False, laid=of(RECOVERY, 1, 0)),
        asked("for two", alone=False, laid=of(DEVICE, 2, 0)),
        asked("for a team too", alone=False, laid=of(DEVICE, 1, 1)),
        asked("under another key", alone=False, laid=of(DEVICE, 1, 0), key=seeded("older")),
    ]
