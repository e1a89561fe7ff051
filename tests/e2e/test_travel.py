# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk travels light: the real programs and pages, and the seizure's search for what it left.

It reads another process's memory, so it runs as root; where it may not read, it fails.
"""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import Final

from safeconduct.edges.desk import keyslots, packing
from safeconduct.edges.desk.store import KEYS, connect, file_of
from safeconduct.programs.seizures.markers import Markers
from safeconduct.programs.seizures.memory import scan_process
from safeconduct.programs.seizures.search import Search, scan_files
from safeconduct.rooms.cases import Part
from safeconduct.rooms.crew import Role
from tests.kit.offices import PASSPHRASE, Hands, Office, Person, an_office, desk_of, wait
from tests.kit.programs import safeconduct

FIELDS: Final = ("letter", "note", "draft")


def unsealed(home: Path, folder: Path) -> Path:
    """Lay every page of a desk's store down without its seal, freed ones too, as its owner could.

    A copy with its log is opened with the passphrase, and given no key.
    """
    shutil.copytree(home, folder)
    key = keyslots.unlock(folder / KEYS, PASSPHRASE)
    path = file_of(folder, key)
    with closing(connect(path, key)) as store:
        store.pragma("journal_mode", "delete")
        store.pragma("rekey", "")
    assert path.read_bytes().startswith(b"SQLite format 3\0")
    return path


def work(office: Office, person: Person, markers: Markers) -> None:
    """Let somebody write, and the second desk write a note and begin an answer."""
    person.write(markers["letter"])
    desk = office.open(1)
    try:
        desk.start()
        wait(lambda: desk.conversation(person.conversation) is not None)
        desk.note(person.conversation, markers["note"])
        desk.keep_draft(person.conversation, "answer", markers["draft"])
        wait(lambda: not desk.status().unsent and desk.journal.store.value(UNSENT) == 0)
    finally:
        desk.stop()


UNSENT: Final = "SELECT count(*) FROM letters WHERE after > 0"


def travel(office: Office, act: str, *typed: str) -> str:
    """Run the command on the second desk."""
    with safeconduct("travel", act, "--home", str(office.homes[1])) as program:
        program.answer(PASSPHRASE, *typed)
        assert program.wait() == 0, program.said
        return program.said


def look_through(office: Office, search: Search, folder: Path) -> None:
    """Find nothing in the light desk's pages, freed ones too, nor in its memory."""
    assert not scan_files(search, unsealed(office.homes[1], folder))
    with desk_of(office, 1) as desk, Hands.on(desk) as hands:
        hands.pages.get("/hotline")
        hands.pages.get("/crew")
        before = search.looked_at
        assert not scan_process(search, desk.process.pid)
        assert search.looked_at > before + 10_000_000


def test_what_was_left_is_found_nowhere_on_the_device_and_comes_back_by_a_steward(
    tmp_path: Path,
) -> None:
    markers = Markers.draw(FIELDS)
    search = Search(markers.all)
    with an_office(tmp_path) as office:
        person = office.someone()
        work(office, person, markers)
        found = scan_files(search, unsealed(office.homes[1], tmp_path / "full"))
        assert {find.marker for find in found} >= markers.all  # The search is able to find.
        assert "Done." in travel(office, "pack", "", "yes")
        look_through(office, search, tmp_path / "light")
        assert "The office was asked" in travel(office, "back")
        with desk_of(office, 0) as first, Hands.on(first) as hands:
            give_back(hands)
            with desk_of(office, 1) as second, Hands.on(second) as theirs:
                wait(lambda: markers.words["letter"][0] in theirs.pages.get("/hotline").html)
                assert markers["note"] in theirs.talk(person.conversation).html


def give_back(hands: Hands) -> None:
    """Let a steward see on Today that a device asks, and give it back."""
    link = 'href="/crew/'

    def asked() -> bool:
        return "/give-back" in hands.pages.get("/today").html

    wait(asked)
    today = hands.pages.get("/today").html
    path = next(
        part.partition('"')[0]
        for part in today.split(link)
        if part.partition('"')[0].endswith("/give-back")
    )
    page = hands.pages.get(f"/crew/{path}")
    name = path.removesuffix("/give-back")
    said = hands.pages.send(page.form(f"/crew/{name}/given-back"))
    assert "Given back" in said.text


def said(home: Path, code: int, *typed: str, tongue: str = "C.UTF-8") -> str:
    """What the command says to some answers, and that it ends so."""
    with safeconduct("travel", "pack", "--home", str(home), tongue=tongue) as program:
        program.answer(PASSPHRASE, *typed)
        assert program.wait() == code
        assert "Traceback" not in program.said
        return program.said


def test_answers_that_do_not_fit_are_worded_and_change_nothing(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        founder, helper = office.homes
        alone = said(founder, 1)
        assert "What this device holds" not in alone
        assert "No other steward's desk has all keys" in alone
        assert "Type numbers of this list" in said(helper, 3, "7", "", "no")
        assert "nothing to leave behind" in said(helper, 3, "1")
        assert "Nothing was changed" in said(helper, 3, "", "no")
        for number in range(2):
            desk = office.open(number)
            assert not packing.waits(desk.journal.store)
            assert any(key.kind == "intake" for key in desk.journal.keychain.all())
            desk.stop()


def open_case(office: Office, number: int) -> str:
    """Open a case file whose parts one desk alone reads; return its name."""
    desk = office.open(number)
    try:
        desk.start()
        wait(lambda: desk.status().online)
        case = desk.cases.open({part: {desk.device} for part in Part})
        wait(lambda: not desk.status().unsent)
        file = desk.cases.case(case)
        assert file is not None
        return file.name
    finally:
        desk.stop()


def test_parts_of_cases_are_named_and_none_is_left_that_nobody_could_give_back(
    tmp_path: Path,
) -> None:
    with an_office(tmp_path) as office:
        office.admit(tmp_path / "third", "Лейла", "laptop", frozenset({Role.STEWARD}))
        name = open_case(office, 0)
        asked = said(office.homes[0], 1, "")
        assert f"case file {name}: health (no other steward reads it)" in asked
        assert "nobody can give back" in asked
        assert "Leave it behind now?" not in asked
        russian = said(office.homes[0], 1, "", tongue="ru_RU.UTF-8")
        assert f"дело {name}: здоровье (кроме вас" in russian
        desk = office.open(0)
        assert not packing.waits(desk.journal.store)
        desk.stop()
        assert "Done." in said(office.homes[0], 0, "2 3 4 5 6 7", "yes")
        assert f"case file {name}: health" in said(office.homes[0], 3, "1 2 3 4 5 6")
        assert "Done." in said(office.homes[1], 0, "", "yes")
        light = said(office.homes[1], 3)
        assert "nothing to leave behind" in light
        assert "What this device holds" not in light
