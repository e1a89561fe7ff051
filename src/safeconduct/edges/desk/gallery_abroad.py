# SPDX-License-Identifier: AGPL-3.0-or-later
"""Examples of people who go abroad, for the gallery; the country is invented."""

from __future__ import annotations

from safeconduct.edges.desk.gallery_cases import CaseSamples
from safeconduct.edges.desk.gallery_talks import MIRA
from safeconduct.rooms.cases import Part, Sheet
from safeconduct.rooms.cases.relocation import Item, Relocation, fold_abroad
from safeconduct.rooms.cases.relocation_due import Alarm, alarms
from safeconduct.rooms.cases.sheets import ITEM, PERSON, RELOCATION, SHEETS

WAY = "harbour"


class AbroadSamples(CaseSamples):
    """Relocations as pages show them."""

    def _item(self, what: str, name: str, **said: str) -> Sheet:
        told = {"of": WAY.encode().ljust(16).hex(), "what": what, "owner": MIRA.hex()} | said
        parts = {one.name: one.part for one in SHEETS[ITEM]}
        fields = ((field, parts[field], text) for field, text in told.items())
        return self.sheet(*fields, kind=ITEM, name=name)

    def relocation(self, *more: Sheet) -> Relocation:
        """Somebody who travels in a week, and lacks much."""
        said = {"country": "Vessland", "stage": "ready", "travels": "2017-04-27"}
        said["of"] = b"lantern".ljust(16).hex()
        fields = [(name, Part.JOURNEY, text) for name, text in said.items()]
        items = (
            self._item("visa", "visa", expires="2017-04-25", state="ready"),
            self._item("medicine", "medicine", state="ready"),
            self._item("appointment", "consul", day="2017-04-21", at="09:30", where="Consulate"),
            self._item("meets", "meets", state="not_needed", who="A sister"),
        )
        way = self.sheet(*fields, kind=RELOCATION, name=WAY)
        record = self.record(self.sheet(kind=PERSON), way, *items, *more)
        return fold_abroad(record, frozenset(Part)).relocations[0]

    def thing(self, what: str, *, name: str = "thing", **said: str) -> Item:
        """One thing on a checklist."""
        return self.relocation(self._item(what, name, **said)).items[-1]

    def alarms(self, note: str = "") -> tuple[Alarm, ...]:
        """What is the matter with that, and with a thing that is nothing of the list."""
        more = (self._item("other", "more", note=note),) if note else ()
        return alarms(self.relocation(*more), self.today)
