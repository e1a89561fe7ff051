# SPDX-License-Identifier: AGPL-3.0-or-later
"""A gazetteer of an invented country, `XA`, and its neighbour `XB`, in GeoNames' format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class Row(NamedTuple):
    """What a line says of a place."""

    number: int
    name: str
    also: str
    at: tuple[str, str]
    where: tuple[str, str]
    people: int = 0
    kind: tuple[str, str] = ("P", "PPL")

    def line(self) -> str:
        """The line, with columns in it that nobody here reads."""
        return "\t".join(
            (
                *(str(self.number), self.name, self.name, self.also, *self.at, *self.kind),
                *(self.where[0], "", self.where[1], "5", "", "", str(self.people)),
                *("", "120", "Etc/UTC", "2026-01-02"),
            )
        )


HERE, THERE, ABROAD = ("XA", "01"), ("XA", "07"), ("XB", "")
ROWS: Final = (
    Row(1, "Shchurozhsk", "Щурожск,Ščurožsk,شوروجسك", ("61.50123", "44.25678"), HERE, 81_000),
    Row(2, "Tarkhoyla", "Тархойла,ТӀархойлаӀ,Tarchoila", ("61.9", "45.1"), HERE, 9_000),
    Row(3, "Verkhniy Dol", "Верхний Дол", ("62.4", "43.9"), HERE, 700),
    Row(4, "Verkhniy Dol", "Верхний Дол", ("60.2", "47.3"), THERE, 1_400),
    Row(
        5, "Novaya Pyad’", "Новая Пядь,Novaja Pjad,https://example.org/pjad", ("60.8", "46"), THERE
    ),
    Row(6, "Brunetsi", "ბრუნეცი", ("59.7", "48.8"), ABROAD, 20_000),
    Row(7, "Orvia", "", ("61", "45"), ("XA", ""), kind=("A", "PCLI")),
    Row(8, "Upper Orvia", "", ("61", "45"), HERE, kind=("A", "ADM1")),
    Row(9, "Lake Pyad", "", ("61", "45"), THERE, kind=("H", "LK")),
)
LINES: Final = tuple(one.line() for one in ROWS)
REGIONS: Final = "XA.07\tLower Orvia\tLower Orvia\t10\nXB.02\tElsewhere\tElsewhere\t11\n"


def write_gazetteer(folder: Path) -> Path:
    """Write the file of all of it; return where it lies."""
    path = folder / "places.txt"
    path.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    return path
