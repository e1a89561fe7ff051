# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second opinion on plans of the second version, from the files alone.

Written from docs/spec/operation.md 8 to 10, not from the room: it goes through an operation day by
day, with who sleeps where and who knows whom, and shares nothing with `rooms/passage`.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any

Row = dict[str, Any]
Break = tuple[str, tuple[int, ...]]
Pairs = set[tuple[int, int]]


class LongChecked:
    """One plan in some circumstances; `broken` is sorted, `score` counts whole numbers only."""

    def __init__(self, circumstances: bytes, plan: bytes) -> None:
        self.op: dict[str, Any] = json.loads(circumstances)
        self.told: dict[str, Any] = json.loads(plan)
        self.today: int = self.op["today"]
        self.rows: dict[int, Row] = {row["party"]: row for row in self.told["journeys"]}
        self._broken: set[Break] = set()
        if len(self.rows) < len(self.told["journeys"]):
            self._broken.add(("form", (-1,)))
        for row in self.rows.values():
            self._journey(row)
        self._days()
        self._shared()
        self._strangers()

    @property
    def broken(self) -> list[Break]:
        """All that is broken."""
        return sorted(self._broken)

    @property
    def score(self) -> dict[str, int]:
        """The sums of section 10."""
        party, rates, days = self.op["parties"], self.op["rates"], self.op["days"]
        told = dict.fromkeys(
            ("weighted_misses", "objective", "on_time", "late", "unplanned", "unhoused"), 0
        )
        told |= {"bare_nights": 0, "out_of_country": 0}
        for one, weight in enumerate(party["weight"]):
            size, row = self._size(one, days), self.rows.get(one)
            late = row is not None and self._way(row, "out") > self._deadline(one)
            bare = row is not None and row["country"] is None and self._end(row) < days
            told["unplanned" if row is None else "late" if late else "on_time"] += size
            told["unhoused"] += size * bare
            told["bare_nights"] += size * (days - self._end(row)) if row and bare else 0
            told["weighted_misses"] += size * weight * (row is None or late or bare)
            each = rates["unplanned"] * weight
            told["objective"] += size * (each if row is None else self._cost(row, late, bare))
            told["out_of_country"] += size * (row is not None and row["country"] is not None)
        runs = {self._way(row, "run") for row in self.rows.values()} - {None}
        told["objective"] += rates["run"] * len(runs)
        return told | {"runs_used": len(runs)}

    def _break(self, rule: str, *where: int) -> None:
        self._broken.add((rule, where))

    def _table(self, name: str) -> list[Row]:
        table = self.op.get(name, {})
        return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]

    def _way(self, row: Row, name: str) -> Any:  # noqa: ANN401  (a cell)
        return self.op["ways"][name][row["way"]]

    def _begun(self, row: Row) -> bool:
        return bool(self._way(row, "out") < self.today)

    def _end(self, row: Row) -> int:
        return int(row["lodgings"][-1][2] if row["lodgings"] else self._way(row, "arrive"))

    def _size(self, party: int, day: int) -> int:
        size, since = self.op["parties"]["size"][party], -1
        for change in self._table("sizes_changed"):
            if change["party"] == party and since <= change["since"] <= day:
                size, since = change["size"], change["since"]
        return int(size)

    def _deadline(self, party: int) -> int:
        moved = [one["deadline"] for one in self._table("deadlines_moved") if one["party"] == party]
        return int(moved[-1] if moved else self.op["parties"]["deadline"][party])

    def _factor(self, party: int) -> int:
        return int(self.op["search_list_factor"] if self.op["parties"]["wanted"][party] else 1)

    def _closed(self, way: int) -> bool:
        """Whether nobody can leave by a way any more."""
        ways, runs = self.op["ways"], self.op["runs"]
        run, departure, out = ways["run"][way], ways["departure"][way], ways["out"][way]
        for lost in self._table("escorts_lost"):
            if run is not None and runs["escort"][run] == lost["escort"]:
                last = runs["day"][run] + max(runs["busy"][run], 1) - 1
                if last >= lost["since"]:
                    return True
        shut = (
            ("ways_closed", "way", way, out),
            ("zones_closed", "zone", ways["zone"][way], out),
            ("towns_closed", "town", ways["town"][way], ways["arrive"][way]),
        )
        return any(
            one["departure"] == departure for one in self._table("departures_cancelled")
        ) or (any(self._shut(*each) for each in shut))

    def _shut(self, table: str, column: str, row: int, day: int) -> bool:
        return any(
            one[column] == row and one["first"] <= day <= one["last"] for one in self._table(table)
        )

    def _beds(self, house: int, night: int) -> int:
        """Beds that we may sleep in."""
        beds, houses = self.op["houses"]["beds"][house][night], self.op["houses"]
        for one in self._table("beds_changed"):
            if one["house"] == house and one["first"] <= night <= one["last"]:
                beds = one["beds"]
        for one in self._table("holds"):
            kept = one["first"] <= night <= one["last"] and one["expires"] >= self.today
            beds -= one["beds"] if kept and one["house"] == house else 0
        lost = [one for one in self._table("houses_burned") if one["house"] == house]
        lost += [
            one
            for one in self._table("households_lost")
            if one["household"] == houses["household"][house]
        ]
        return 0 if any(one["since"] <= night for one in lost) else max(0, beds)

    def _move(self, row: Row, at: int) -> Row | None:
        """How the party comes to its lodging number `at`; None if it cannot."""
        houses, lodgings = self.op["houses"], row["lodgings"]
        house, first, _ = lodgings[at]
        town, day = self._way(row, "town"), self._way(row, "arrive")
        if at:
            town, day = houses["town"][lodgings[at - 1][0]], lodgings[at - 1][2]
        to, late_ok = houses["town"][house], first <= self.today
        found = [one for one in self._table("moves") if (one["town"], one["to"]) == (town, to)]
        if town == to:
            found = [dict.fromkeys(("days", "exposure", "registered", "cost"), 0)]
        gaps = [(first - day - one["days"], one) for one in found]
        fits = [one for gap, one in gaps if gap == 0 or (gap > 0 and late_ok)]
        factor = self._factor(row["party"])
        order = ("town", "to", "days", "exposure", "registered", "cost")
        return min(
            fits,
            key=lambda m: (
                m["exposure"] + factor * m["registered"],
                [m.get(name, 0) for name in order],
            ),
            default=None,
        )

    def _journey(self, row: Row) -> None:
        """What one row breaks whatever the others are."""
        op, party, way = self.op, row["party"], row["way"]
        parties, days = op["parties"], op["days"]
        holds = {
            "zone": op["ways"]["zone"][way] == parties["zone"][party],
            "ready": self._way(row, "out") >= parties["ready"][party],
            "alone": self._way(row, "run") is not None or parties["alone"][party],
            "reach": self._way(row, "town") not in parties["reach"][party],
            "closed": self._begun(row) or not self._closed(way),
            "ceiling": self._exposure(row) <= op["ceiling"],
        }
        end, country = self._end(row), row["country"]
        if country is None:
            holds["horizon"] = end == days or self._begun(row)
        else:
            wait = op["countries"]["processing"][country][parties["documents"][party]]
            holds["horizon"] = bool(row["lodgings"]) and end < days
            holds["papers"] = wait is not None and end - self._way(row, "arrive") >= wait
            shut = self._shut("countries_closed", "country", country, end)
            if self.today <= end < days and shut:
                holds["closed"] = False
        holds["horizon"] = holds["horizon"] and self._way(row, "arrive") < days
        for rule in (rule for rule, held in holds.items() if not held):
            self._break(rule, party)
        for at in range(len(row["lodgings"])):
            self._lodging(row, at)

    def _lodging(self, row: Row, at: int) -> None:
        houses, parties, party = self.op["houses"], self.op["parties"], row["party"]
        house, first, leave = row["lodgings"][at]
        town, came = houses["town"][house], self._way(row, "town")
        left = self._way(row, "arrive")
        if at:
            came, left = houses["town"][row["lodgings"][at - 1][0]], row["lodgings"][at - 1][2]
        if self._move(row, at) is None:
            self._break("move", party)
        if town in parties["reach"][party]:
            self._break("reach", party)
        if not houses["suits"][house][parties["need"][party]]:
            self._break("suits", party)
        size = self._size(party, max(first, self.today))
        if (leave > self.today or first >= self.today) and size > houses["largest_party"][house]:
            self._break("size", party)
        away = town != came and left >= self.today
        if away and (
            self._shut("towns_closed", "town", came, left)
            or self._shut("towns_closed", "town", town, first)
        ):
            self._break("closed", party)

    def _days(self) -> None:
        """Who sleeps where tonight and later."""
        for night in range(self.today, self.op["days"]):
            people = Counter[int]()
            for party, row in self.rows.items():
                for house, first, leave in row["lodgings"]:
                    people[house] += self._size(party, night) if first <= night < leave else 0
            for house, found in people.items():
                if found > self._beds(house, night):
                    self._break("beds", house, night)

    def _shared(self) -> None:
        """What runs, departures and quotas have, where somebody has yet to take them."""
        days = self.op["days"]
        used = defaultdict[Break, int](int)
        later = set[Break]()
        for party, row in self.rows.items():
            size, end = self._size(party, self._way(row, "out")), self._end(row)
            for rule, column in (("seats", "run"), ("cluster", "departure")):
                if self._way(row, column) is not None:
                    used[rule, (self._way(row, column),)] += size
                    later |= set() if self._begun(row) else {(rule, (self._way(row, column),))}
            if row["country"] is not None and end < days:
                used["quota", (row["country"], end // 7)] += self._size(party, end)
                later |= {("quota", (row["country"], end // 7))} if end >= self.today else set()
        for rule, where in later:
            if used[rule, where] > self._limit(rule, where[0], where[-1]):
                self._break(rule, *where)
        self._places({self._way(row, "run") for row in self.rows.values()} - {None})

    def _limit(self, rule: str, at: int, week: int) -> int:
        op = self.op
        if rule == "seats":
            return int(op["escorts"]["seats"][op["runs"]["escort"][at]])
        if rule == "cluster":
            return int(op["departures"]["cap"][at])
        changed = {(one["country"], one["week"]): one for one in self._table("quotas_changed")}
        if (at, week) in changed:
            return int(changed[at, week]["quota"])
        return int(op["countries"]["quota"][at][week])

    def _places(self, used: set[int]) -> None:
        """An escort is in one place on each day."""
        runs = self.op["runs"]
        busy = defaultdict[tuple[int, int], list[int]](list)
        for run in sorted(used):
            for day in range(runs["day"][run], runs["day"][run] + runs["busy"][run]):
                busy[runs["escort"][run], day].append(run)
        for both in busy.values():
            for at, run in enumerate(both):
                for other in both[at + 1 :]:
                    self._break("one-place", run, other)

    def _strangers(self) -> None:
        """Who knows whom: before, by the plan, and by what was told and changed since."""
        for table, column, rule in (
            ("escorts", "escort", "met-escort"),
            ("households", "household", "met-host"),
        ):
            before = self._pairs(self.op, f"{table}_know", column)
            since = self._pairs(self.told, f"{table}_know", column) - before
            met = {
                (knower, party)
                for party, row in self.rows.items()
                for knower in self._knowers(row, table)
            }
            if table == "escorts":
                self._told(Counter(escort for escort, _ in (met | since) - before))
            self._relatives(rule, self.op[table]["met"], (met, before | since))

    def _told(self, told: Counter[int]) -> None:
        for escort, many in told.items():
            if many > self.op["escorts"]["knowledge_cap"][escort]:
                self._break("knowledge", escort)

    def _relatives(self, rule: str, had_met: list[list[int]], who: tuple[Pairs, Pairs]) -> None:
        met, known = who
        network = self.op["parties"]["network"]
        groups = defaultdict[tuple[int, int], set[int]](set)
        for knower, party in met | known:
            if network[party] is not None:
                groups[knower, network[party]].add(party)
        for (knower, of), parties in groups.items():
            new = {party for party in parties if (knower, party) not in known}
            if new and len(parties) + (of in had_met[knower]) > 1:
                self._break(rule, knower, of)

    @staticmethod
    def _pairs(told: Row, table: str, column: str) -> Pairs:
        rows = told.get(table, {column: [], "party": []})
        return set(zip(rows[column], rows["party"], strict=True))

    def _knowers(self, row: Row, table: str) -> set[int]:
        if table == "households":
            return {self.op["houses"]["household"][house] for house, _, _ in row["lodgings"]}
        run = self._way(row, "run")
        return set() if run is None else {self.op["runs"]["escort"][run]}

    def _exposure(self, row: Row) -> int:
        factor, houses = self._factor(row["party"]), self.op["houses"]
        total = self._way(row, "exposure") + factor * self._way(row, "registered")
        for at, (house, first, leave) in enumerate(row["lodgings"]):
            move = self._move(row, at) or {"exposure": 0, "registered": 0}
            total += move["exposure"] + factor * move["registered"]
            total += (leave - first) * houses["exposure"][house]
        abroad = row["country"]
        return int(total + (0 if abroad is None else self.op["countries"]["exposure"][abroad]))

    def _cost(self, row: Row, late: bool, bare: bool) -> int:
        rates, weight = self.op["rates"], self.op["parties"]["weight"][row["party"]]
        abroad = row["country"]
        money = self._way(row, "cost")
        money += 0 if abroad is None else self.op["countries"]["cost"][abroad]
        for at in range(len(row["lodgings"])):
            money += (self._move(row, at) or {"cost": 0})["cost"]
        cost = self._exposure(row) + rates["money"] * money
        cost += rates["wait"] * weight * self._way(row, "out") + rates["late"] * weight * late
        cost += rates["unplanned"] * weight * bare
        cost += rates["no_exit"] * (abroad is None and not bare)
        return int(cost)
