# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second opinion on rounds, from the files alone: written from docs/spec/collecting.md.

It shares nothing with `rooms/passage/collecting`: it walks through the evening minute by minute and
looks who is where, who sits in which car, and who sees whom.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

Break = tuple[str, int]
"""A word of the specification, and the row it is about."""


class CheckedRound:
    """One round against one evening; `broken` is sorted, `sums` counts whole numbers only."""

    def __init__(self, evening: bytes, told: bytes) -> None:
        self.e: dict[str, Any] = json.loads(evening)
        self.tours: list[dict[str, Any]] = json.loads(told)["tours"]
        self._broken: set[Break] = set()
        self._ins: dict[int, tuple[int, int, int]] = {}
        self._outs: dict[int, tuple[int, int, int]] = {}
        for number, one in enumerate(self.tours):
            self._walk(number, one)
        if set(self._ins) != set(self._outs):
            self._broken.add(("form", -1))
        elif "form" not in {rule for rule, _ in self._broken}:
            for party in self._ins:
                self._party(party)
            self._drivers()
            self._sights()

    @property
    def broken(self) -> list[Break]:
        """All that is broken."""
        return sorted(self._broken)

    @property
    def sums(self) -> dict[str, int]:
        """What section 5 adds up."""
        e, p = self.e, self.e["parties"]
        told = dict.fromkeys(("left", "left_by_risk", "waits", "rides", "drives"), 0)
        for party, (size, weight) in enumerate(zip(p["size"], p["weight"], strict=True)):
            if party in self._ins:
                told["waits"] += size * self._outside(party)
                told["rides"] += size * self._riding(party)
            else:
                told["left"] += size
                told["left_by_risk"] += size * weight
        for one in self.tours:
            at = e["cars"]["start"][one["car"]]
            for point in [*(stop["point"] for stop in one["stops"]), e["cars"]["end"][one["car"]]]:
                told["drives"] += e["points"]["minutes"][at][point]
                at = point
        told["cars"] = len(self.tours)
        weights = {"wait": "waits", "ride": "rides", "drive": "drives", "car": "cars"}
        told["cost"] = sum(e["prices"][price] * told[name] for price, name in weights.items())
        return told

    def _of(self, party: int, name: str) -> Any:  # noqa: ANN401  (a cell)
        return self.e["parties"][name][party]

    def _walk(self, number: int, one: dict[str, Any]) -> None:
        """Go along one tour, from where the car stands to where it ends."""
        cars, ways, car = self.e["cars"], self.e["points"]["minutes"], one["car"]
        good = 0 <= car < len(cars["seats"]) and bool(one["stops"])
        minutes = [stop["minute"] for stop in one["stops"]]
        good = good and minutes == sorted(minutes)
        good = good and [other["car"] for other in self.tours].count(car) == 1
        if not good:
            self._broken.add(("form", number))
            return
        at, free = cars["start"][car], one["out"]
        aboard: set[int] = set()
        for stop in one["stops"]:
            if not self._turn(stop, aboard, car):
                self._broken.add(("form", number))
                return
            if stop["minute"] < free + ways[at][stop["point"]]:
                self._broken.add(("way", car))
            at, free = stop["point"], stop["minute"] + self._of(stop["party"], "stop")
            if sum(self._of(party, "size") for party in aboard) > cars["seats"][car]:
                self._broken.add(("seats", car))
        if aboard:
            self._broken.add(("form", number))
        self._ends(number, one, free + ways[at][cars["end"][car]])

    def _ends(self, number: int, one: dict[str, Any], back: int) -> None:
        """Look when a car leaves and is back."""
        cars, car, first = self.e["cars"], one["car"], one["stops"][0]
        way = self.e["points"]["minutes"][cars["start"][car]][first["point"]]
        holds = {
            ("form", number): one["out"] == first["minute"] - way and one["back"] == back,
            ("hours", car): one["out"] >= cars["first"][car] and back <= cars["last"][car],
            ("longest", car): back - one["out"] <= cars["longest"][car],
        }
        self._broken |= {what for what, held in holds.items() if not held}

    def _turn(self, stop: dict[str, Any], aboard: set[int], car: int) -> bool:
        """Let a party in or out; tell whether it can be its turn."""
        party, point = stop["party"], stop["point"]
        if not 0 <= party < len(self.e["parties"]["size"]):
            return False
        if stop["gets_in"]:
            if party in self._ins or point not in self._of(party, "points"):
                return False
            aboard.add(party)
            self._ins[party] = car, point, stop["minute"]
            return True
        if party not in aboard or point != self._of(party, "goal"):
            return False
        aboard.remove(party)
        self._outs[party] = car, point, stop["minute"]
        return True

    def _riding(self, party: int) -> int:
        return int(self._outs[party][2] - self._ins[party][2] - self._of(party, "stop"))

    def _outside(self, party: int) -> int:
        leaves = self._of(party, "leaves")
        here = self._ins[party][2] - self._of(party, "first") if self._of(party, "stands") else 0
        return int(
            here
            + (0 if leaves is None else leaves - self._outs[party][2] - self._of(party, "stop"))
        )

    def _party(self, party: int) -> None:
        car, _, got_in = self._ins[party]
        got_out, leaves = self._outs[party][2], self._of(party, "leaves")
        gone = got_out + self._of(party, "stop")
        holds = {
            "allowed": car in self._of(party, "cars"),
            "collected": self._of(party, "first") <= got_in <= self._of(party, "last"),
            "due": self._of(party, "due_first") <= got_out <= self._of(party, "due"),
            "leaves": leaves is None or gone <= leaves,
            "ride": self._riding(party) <= self._of(party, "longest_ride"),
            "wait": self._outside(party) <= self._of(party, "longest_wait"),
            "point": all(
                self.e["points"]["first"][point] <= come and go <= self.e["points"]["last"][point]
                for point, come, go, _ in self._stays(party)
            ),
        }
        self._broken |= {(rule, party) for rule, held in holds.items() if not held}

    def _stays(self, party: int) -> list[tuple[int, int, int, bool]]:
        """Where the party is at kerbs: point, from when, until when, and whether it gets out."""
        (_, here, got_in), (_, there, got_out) = self._ins[party], self._outs[party]
        stop = self._of(party, "stop")
        comes = self._of(party, "first") if self._of(party, "stands") else got_in
        gone = got_out + stop
        if self._of(party, "leaves") is not None:
            gone = max(gone, self._of(party, "leaves"))
        return [(here, comes, got_in + stop, False), (there, got_out, gone, True)]

    def _drivers(self) -> None:
        e, met = self.e, Counter[tuple[int, int]]()
        told: Counter[int] = Counter()
        for party, (car, _, _) in self._ins.items():
            driver = e["cars"]["driver"][car]
            told[driver] += 1
            if self._of(party, "network") is not None:
                met[driver, self._of(party, "network")] += 1
        for driver, parties in told.items():
            if parties > e["drivers"]["most"][driver]:
                self._broken.add(("knowledge", driver))
        for (driver, network), parties in met.items():
            if parties > 1 or network in e["drivers"]["met"][driver]:
                self._broken.add(("met", driver))

    def _sights(self) -> None:
        """Look at each minute of each point, and who is there or was there within its gap."""
        spots: dict[tuple[int, int], list[tuple[int, bool]]] = {}
        for party, (point, come, go, out) in self._every_stay():
            for minute in range(come, go + (self.e["points"]["gap"][point] or 0)):
                spots.setdefault((point, minute), []).append((party, out))
        for party, (point, come, go, out) in self._every_stay():
            seen = {one for minute in range(come, go) for one in spots[point, minute]}
            for other in seen:
                if self._apart(point, (party, out), other):
                    self._broken.add(("apart", min(party, other[0])))

    def _every_stay(self) -> list[tuple[int, tuple[int, int, int, bool]]]:
        return [(party, stay) for party in self._ins for stay in self._stays(party)]

    def _apart(self, point: int, one: tuple[int, bool], other: tuple[int, bool]) -> bool:
        """Tell whether two parties may not be there together."""
        if one[0] == other[0] or (
            one[1] and other[1] and self._ins[one[0]][0] == self._ins[other[0]][0]
        ):
            return False
        network = self._of(one[0], "network")
        related = network is not None and network == self._of(other[0], "network")
        return related or self.e["points"]["gap"][point] is not None
