# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second opinion on plans, from the files alone: written from the specification, not the room.

It shares nothing with `rooms/passage` but docs/spec/operation.md, and walks through a plan row by
row with a list of what each resource has left.
"""

from __future__ import annotations

import json
from collections import defaultdict
from copy import copy
from typing import Any

Table = dict[str, Any]
Break = tuple[str, tuple[int, ...]]
"""A word of the specification, and the rows it is about."""


class Checked:
    """One plan against one operation; `broken` is sorted, `score` counts whole numbers only."""

    def __init__(self, operation: bytes, plan: bytes) -> None:
        self.op: dict[str, Any] = json.loads(operation)
        self.rows = json.loads(plan)["journeys"]
        self._broken: set[Break] = set()
        self._used: defaultdict[tuple[Any, ...], int] = defaultdict(int)
        self._meets: defaultdict[tuple[str, int, int], list[int]] = defaultdict(list)
        self._runs: set[int] = set()
        self._good: list[dict[str, Any]] = []
        for number, row in enumerate(self.rows):
            self._take(number, row)
        for row in self._good:
            self._alone(row)
            self._together(row)
        self._limits()
        self._places()
        self._strangers()

    @property
    def broken(self) -> list[Break]:
        """All that is broken."""
        return sorted(self._broken)

    @property
    def legal(self) -> bool:
        """Whether nothing is."""
        return not self._broken

    def beside(self, row: Table) -> set[str]:
        """The words of all that one row more would break; the plan itself breaks nothing."""
        other = copy(self)
        other._broken, other._used = set(), self._used.copy()
        other._meets = defaultdict(list, {who: [*met] for who, met in self._meets.items()})
        other._runs, other._good = set(self._runs), list(self._good)
        other._take(len(self.rows), row)
        if not other._broken:
            other._alone(row)
            other._together(row)
            for key in [key for key, used in self._used.items() if used == other._used[key]]:
                del other._used[key]
            other._limits()
            if other._runs != self._runs:
                other._places()
            other._strangers()
        return {rule for rule, _ in other._broken}

    @property
    def score(self) -> dict[str, int]:
        """The sums of section 5."""
        party, rates = self.op["parties"], self.op["rates"]
        rows = {row["party"]: row for row in self._good}
        told = dict.fromkeys(
            ("weighted_misses", "objective", "on_time", "late", "unplanned", "out_of_country"), 0
        )
        for one, (size, weight) in enumerate(zip(party["size"], party["weight"], strict=True)):
            row = rows.get(one)
            kind = "unplanned" if row is None else "late" if self._late(row) else "on_time"
            told[kind] += size
            told["weighted_misses"] += 0 if kind == "on_time" else size * weight
            cost = rates["unplanned"] * weight if row is None else self._cost(row)
            told["objective"] += size * cost
            told["out_of_country"] += size * (row is not None and row["country"] is not None)
        told["objective"] += rates["run"] * len(self._runs)
        return told | {"runs_used": len(self._runs)}

    def _way(self, row: Table, name: str) -> Any:  # noqa: ANN401  (a cell)
        return self.op["ways"][name][row["way"]]

    def _party(self, row: Table, name: str) -> Any:  # noqa: ANN401  (a cell)
        return self.op["parties"][name][row["party"]]

    def _house(self, row: Table, name: str) -> Any:  # noqa: ANN401  (a cell)
        return self.op["houses"][name][row["house"]]

    def _late(self, row: Table) -> bool:
        return bool(self._way(row, "out") > self._party(row, "deadline"))

    def _break(self, rule: str, *where: int) -> None:
        self._broken.add((rule, where))

    def _take(self, number: int, row: Table) -> None:
        op = self.op
        lengths = {
            "party": len(op["parties"]["size"]),
            "way": len(op["ways"]["zone"]),
            "house": len(op["houses"]["town"]),
            "country": len(op["countries"]["cost"]),
        }
        exists = set(row) == {*lengths, "leave"} and row["leave"] >= 0
        exists = exists and all(
            (name == "country" and row[name] is None) or 0 <= row[name] < length
            for name, length in lengths.items()
        )
        if not exists or row["party"] in {other["party"] for other in self._good}:
            self._break("form", number)
        else:
            self._good.append(row)

    def _alone(self, row: Table) -> None:
        """What one row can break whatever the others are."""
        days, arrive, leave = self.op["days"], self._way(row, "arrive"), row["leave"]
        holds = {
            "zone": self._way(row, "zone") == self._party(row, "zone"),
            "ready": self._way(row, "out") >= self._party(row, "ready"),
            "alone": self._way(row, "run") is not None or self._party(row, "alone"),
            "reach": self._way(row, "town") not in self._party(row, "reach"),
            "town": self._way(row, "town") == self._house(row, "town"),
            "suits": self._house(row, "suits")[self._party(row, "need")],
            "size": self._party(row, "size") <= self._house(row, "largest_party"),
            "ceiling": self._exposure(row) <= self.op["ceiling"],
        }
        if row["country"] is None:
            holds["horizon"] = arrive < days and leave == days
        else:
            papers = self.op["countries"]["processing"][row["country"]]
            wait = papers[self._party(row, "documents")]
            holds["horizon"] = arrive < days and arrive <= leave < days
            holds["papers"] = wait is not None and leave - arrive >= wait
        for rule in (rule for rule, held in holds.items() if not held):
            self._break(rule, row["party"])

    def _together(self, row: Table) -> None:
        """Take what the row needs from what all of them share."""
        size, run = self._party(row, "size"), self._way(row, "run")
        knowers = [("met-host", self._house(row, "household"))]
        if run is not None:
            escort = self.op["runs"]["escort"][run]
            self._used["seats", run] += size
            self._used["knowledge", escort] += 1
            self._runs.add(run)
            knowers.append(("met-escort", escort))
        if self._way(row, "departure") is not None:
            self._used["cluster", self._way(row, "departure")] += size
        for night in range(self.op["days"]):
            if self._way(row, "arrive") <= night < row["leave"]:
                self._used["beds", row["house"], night] += size
        if row["country"] is not None and row["leave"] < self.op["days"]:
            self._used["quota", row["country"], row["leave"] // 7] += size
        if self._party(row, "network") is not None:
            for rule, knower in knowers:
                self._meets[rule, knower, self._party(row, "network")].append(row["party"])

    def _limits(self) -> None:
        for (rule, *where), used in self._used.items():
            if used > self._limit(rule, where[0], where[-1]):
                self._break(rule, *where)

    def _limit(self, rule: str, at: int, when: int) -> int:
        op, limit = self.op, 0
        match rule:
            case "seats":
                limit = op["escorts"]["seats"][op["runs"]["escort"][at]]
            case "knowledge":
                limit = op["escorts"]["knowledge_cap"][at]
            case "cluster":
                limit = op["departures"]["cap"][at]
            case "beds":
                limit = op["houses"]["beds"][at][when]
            case "quota":
                limit = op["countries"]["quota"][at][when]
        return limit

    def _places(self) -> None:
        """An escort is in one place on each day."""
        runs = self.op["runs"]
        busy: dict[tuple[int, int], list[int]] = {}
        for run in sorted(self._runs):
            for day in range(runs["day"][run], runs["day"][run] + runs["busy"][run]):
                busy.setdefault((runs["escort"][run], day), []).append(run)
        for both in busy.values():
            for at, run in enumerate(both):
                for other in both[at + 1 :]:
                    self._break("one-place", run, other)

    def _strangers(self) -> None:
        tables = {"met-escort": "escorts", "met-host": "households"}
        for (rule, knower, network), parties in self._meets.items():
            if len(parties) + (network in self.op[tables[rule]]["met"][knower]) > 1:
                self._break(rule, knower, network)

    def _exposure(self, row: Table) -> int:
        factor = self.op["search_list_factor"] if self._party(row, "wanted") else 1
        nights = row["leave"] - self._way(row, "arrive")
        parts = [
            self._way(row, "exposure"),
            self._way(row, "registered") * factor,
            nights * self._house(row, "exposure"),
            0 if row["country"] is None else self.op["countries"]["exposure"][row["country"]],
        ]
        return sum(parts)

    def _cost(self, row: Table) -> int:
        """What one person of the party adds to the objective."""
        rates, weight = self.op["rates"], self._party(row, "weight")
        abroad = row["country"]
        money = self._way(row, "cost")
        money += 0 if abroad is None else self.op["countries"]["cost"][abroad]
        cost: int = self._exposure(row) + rates["money"] * money
        cost += rates["wait"] * weight * self._way(row, "out")
        cost += rates["late"] * weight * self._late(row)
        cost += rates["no_exit"] * (abroad is None)
        return cost
