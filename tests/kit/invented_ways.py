# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invented networks of houses, roads, countries and parties: by hand, or by chance from a seed.

The country does not exist.
"""

from __future__ import annotations

from random import Random
from typing import Final

from safeconduct.kernel.sheets import SheetId
from safeconduct.kernel.words import DAY, CommitId, DeviceId, FactId, fact_id
from safeconduct.rooms.passage import (
    Book,
    Network,
    NetworkFact,
    SheetVerified,
    SheetWritten,
    Told,
    fold_network,
)
from safeconduct.rooms.passage.gathering.ground import Settings
from safeconduct.rooms.passage.gathering.measures import CEILINGS, RATES
from safeconduct.rooms.passage.kinds import book_of

TODAY: Final = "2026-11-30"
NOW: Final = 20_787 * DAY
"""Noon of a day is not needed: sheets are fresh by days."""
ADA, BO = DeviceId(b"a" * 16), DeviceId(b"b" * 16)
HOUSE: Final = {"where": "Mill Lane 3", "state": "fit", "trust": "high"}
TRAIN: Final = {"mode": "train", "registers": "no", "checkpoints": "0"}
CAR: Final = {"mode": "car", "registers": "no", "checkpoints": "0"}


def settings(days: int = 14, **more: object) -> Settings:
    """Settings as somebody chooses them who changes nothing."""
    fixed = {"ceiling": CEILINGS["very_high"], "rates": RATES["usual"], "today": TODAY, **more}
    return Settings(now=NOW, days=days, **fixed)  # type: ignore[arg-type]


class Office:
    """What an office wrote of its network."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.told: list[Told] = []

    def network(self, *books: Book) -> Network:
        """What can be read of it with these books, or with all."""
        return fold_network(frozenset(books or Book), self.told, "en")

    def add(self, kind: str, /, **values: object) -> SheetId:
        """Write a new sheet; sheets are named by their ids, and nothing else is checked."""
        at = SheetId((len(self.told) + 1).to_bytes(16, "big"))
        self.write(at, kind, **values)
        return at

    def write(self, sheet: SheetId, kind: str, /, **values: object) -> None:
        """Write of a sheet without having seen what stands there."""
        said = tuple((name, _text(value)) for name, value in values.items())
        self.say(SheetWritten(sheet, kind, said, ()))

    def say(self, event: NetworkFact, by: DeviceId = ADA) -> FactId:
        """Tell a fact."""
        n = len(self.told) + 1
        fact = fact_id(CommitId(n.to_bytes(32, "big")), 0)
        hlc = (NOW - DAY + n) << 16
        self.told.append(Told(fact, by, hlc, book_of(event.kind), event))
        return fact

    def make_sure(self) -> None:
        """Somebody made sure of all that has to be made sure of."""
        network = self.network()
        for sheet in network.sheets:
            saw = tuple(one.fact for entered in sheet.fields for one in entered.standing)
            self.say(SheetVerified(sheet.id, sheet.kind, tuple(sorted(set(saw))), "Called."), BO)

    # --- ordinary sheets

    def town(self, name: str) -> SheetId:
        """A town."""
        return self.add("town", name=name)

    def house(self, town: SheetId, beds: int = 4, **more: object) -> SheetId:
        """A house with a host of its own."""
        host = self.add("household", name="N", state="ready", trust="high")
        fixed = {"town": town, "beds": beds, "host": host, "suits": "any women family medical"}
        return self.add("house", **{**HOUSE, **fixed, **more})

    def leg(self, start: SheetId, end: SheetId, minutes: int, **more: object) -> SheetId:
        """A leg by car, little exposed."""
        fixed = {"from": start, "to": end, "minutes": minutes, "exposure": "low", **CAR}
        return self.add("leg", **{**fixed, **more})

    def train(self, start: SheetId, end: SheetId, at: str, **more: object) -> SheetId:
        """A train each day; returns its departure."""
        leg = self.leg(start, end, 240, **TRAIN)
        week = "monday tuesday wednesday thursday friday saturday sunday"
        return self.add("departure", **{"leg": leg, "at": at, "days": week, "most": 4, **more})

    def escort(self, seats: int = 0, **more: object) -> SheetId:
        """An escort, with a car if it has seats."""
        fixed = {"name": "E", "state": "ready", "trust": "high", "most": 12, **more}
        escort = self.add("escort", **fixed)
        if seats:
            self.add("vehicle", name="V", escort=escort, seats=seats, state="fit")
        return escort

    def party(self, town: SheetId, size: int = 1, **more: object) -> SheetId:
        """A party that waits."""
        fixed = {"risk": "high", "alone": "yes", "wanted": "no", "papers": "passport"}
        fixed |= {"need": "any", "state": "waits", "town": town, "size": str(size)}  # type: ignore[dict-item]
        return self.add("party", **{**fixed, **more})

    def country(self, **more: object) -> SheetId:
        """A country that takes people after three days."""
        fixed = {"name": "Norland", "route": "By sea.", "state": "open", "per": "week"}
        fixed |= {"wait": "3", "quota": "4", "accepts": "passport"}
        return self.add("country", **{**fixed, **more})


def invent(seed: int) -> Office:
    """Return an office by chance: some of it is stale, closed, promised or contradictory."""
    dice, office = Random(seed), Office()
    towns = [office.town(f"Town {n}") for n in range(dice.randint(3, 6))]
    _roads(dice, office, towns)
    escorts = [office.escort(dice.choice((0, 3, 4)), most=dice.randint(0, 20)) for _ in range(4)]
    if dice.random() < 0.3:
        office.write(escorts[0], "escort", lives_with=escorts[1])
    houses = [
        office.house(dice.choice(towns), dice.randint(0, 6), **_house(dice))
        for _ in range(dice.randint(2, 9))
    ]
    for _ in range(2):
        office.country(**_country(dice))
    parties = [_party(dice, office, towns) for _ in range(dice.randint(2, 9))]
    for _ in range(dice.randint(0, 3)):
        office.add("acquainted", party=dice.choice(parties), other=dice.choice(parties))
    _happened(dice, office, (parties, houses, escorts, towns))
    return office


def _roads(dice: Random, office: Office, towns: list[SheetId]) -> None:
    for start in towns:
        for end in towns:
            if start != end and dice.random() < 0.6:
                bands = {"exposure": dice.choice(("low", "fair", "high"))}
                if dice.random() < 0.5:
                    office.leg(start, end, dice.randint(60, 900), **bands)
                else:
                    at = f"{dice.randint(5, 22):02d}:30"
                    office.train(start, end, at, most=dice.randint(1, 4))


def _house(dice: Random) -> dict[str, object]:
    return {
        "suits": dice.choice(("any", "any women family medical", "any women family")),
        "trust": dice.choice(("none", "low", "fair", "high")),
        "state": dice.choice(("fit",) * 8 + ("resting", "burned")),
    }


def _country(dice: Random) -> dict[str, object]:
    return {
        "per": dice.choice(("all", "year", "month", "week")),
        "accepts": dice.choice(("passport", "identity", "none")),
        "quota": str(dice.randint(0, 6)),
        "wait": str(dice.randint(0, 9)),
    }


def _party(dice: Random, office: Office, towns: list[SheetId]) -> SheetId:
    said: dict[str, object] = {
        "risk": dice.choice(("gravest", "grave", "high", "raised", "standard")),
        "alone": dice.choice(("yes", "no")),
        "wanted": dice.choice(("yes", "no", "no")),
        "papers": dice.choice(("none", "identity", "passport")),
        "need": dice.choice(("any",) * 5 + ("women", "family", "medical")),
    }
    if dice.random() < 0.5:
        said["deadline"] = f"2026-12-{dice.randint(1, 20):02d}"
    if dice.random() < 0.3:
        said["ready"] = f"2026-12-{dice.randint(1, 5):02d}"
    party = office.party(dice.choice(towns), dice.choice((1, 1, 1, 2, 3, 4)), **said)
    if dice.random() < 0.3:
        office.add("reach", party=party, town=dice.choice(towns))
    return party


def _happened(dice: Random, office: Office, there: tuple[list[SheetId], ...]) -> None:
    """Something closes, somebody learnt something, and somebody was promised a journey."""
    parties, houses, escorts, towns = there
    if dice.random() < 0.5:
        office.add("road_closed", closes=dice.choice(towns), begins="2026-12-03", ends="2026-12-05")
    if dice.random() < 0.5:
        house = dice.choice(houses)
        office.add("nights", house=house, begins="2026-12-02", ends="2026-12-09", beds="1")
    if dice.random() < 0.7:
        party = dice.choice(parties)
        state = dice.choice(("proposed", "told", "begun", "over"))
        journey = office.add("journey", party=party, state=state)
        leg = next((one for one in office.network().of_kind("leg")), None)
        if leg is not None:
            said = {"journey": journey, "day": "2026-12-01", "leg": leg.id}
            office.add("ride", **said, escort=dice.choice(escorts))
        stay = {"journey": journey, "house": dice.choice(houses), "state": "agreed"}
        office.add("stay", **stay, begins="2026-12-01")


def _text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
