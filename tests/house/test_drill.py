# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the drill admits stands in the documents, and its table there is of a run that held."""

from __future__ import annotations

import re

from safeconduct.programs.seizures.admitted import LABELS, SEIZURES
from safeconduct.programs.seizures.table import looked_for
from tests.house.tree import DOCS

ROW = re.compile(r"^\| (?P<taken>.+?) \| [\d.,]+ MB \| (?P<found>.+?) \| (?P<where>.*?) ?\|$")
ADMITTED = "admitted: "
KNOWN = "known, not looked for: "


def drilled() -> dict[str, tuple[str, str]]:
    """The table of the last drill in `docs/threats.md`: what was taken, found, and where."""
    text = (DOCS / "threats.md").read_text(encoding="utf-8").partition("\n## The drill\n")[2]
    rows = filter(None, map(ROW.match, text.partition("\n## ")[0].splitlines()))
    return {row["taken"]: (row["found"], row["where"]) for row in rows}


def test_every_admission_of_the_drill_is_a_heading_of_the_known_weaknesses() -> None:
    text = (DOCS / "attacks.md").read_text(encoding="utf-8")
    named = {where for seizure in SEIZURES.values() for where in seizure.may.values()}
    assert named
    assert not {where for where in named if f"\n**{where}** " not in text}


def test_the_table_of_the_drill_has_every_seizure_and_admits_what_the_drill_does() -> None:
    table = drilled()
    assert [*table] == [*SEIZURES]
    for taken, (found, where) in table.items():
        seizure = SEIZURES[taken]
        told, _, known = found.partition(KNOWN)
        assert told == "nothing" or told.startswith(ADMITTED), taken
        labels = {*told.removeprefix(ADMITTED).removesuffix("; ").split(", ")} - {"nothing"}
        assert labels <= seizure.looked_for
        assert seizure.must <= labels <= {*seizure.may}
        assert {*known.split(", ")} - {""} == seizure.known
        named = labels | seizure.known
        assert where == " ".join(
            dict.fromkeys(seizure.may[label] for label in LABELS if label in named)
        )


def test_the_documents_say_of_every_seizure_what_is_looked_for_there() -> None:
    lines = (DOCS / "threats.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("- Looked for: ")] == looked_for(SEIZURES)
    for seizure in SEIZURES.values():
        assert seizure.must <= seizure.looked_for
        assert {*seizure.may} <= seizure.looked_for | seizure.known
        assert not seizure.looked_for & seizure.known
