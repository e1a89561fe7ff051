# SPDX-License-Identifier: AGPL-3.0-or-later
"""Old tables on the pages: looked at row by row, then brought in, then told what became of it."""

from dataclasses import replace
from pathlib import Path

from safeconduct.rooms.cases import Part
from tests.kit.old_tables import written
from tests.kit.pages import Page, PageForm
from tests.unit.edges.desk.pages.window import Window

AT = "/tables"
CSV = (
    "No;Name;Born;Role in case;Hobby\n"
    "1;Ару Лес;03/04/1990;asks for help;chess\n"
    "2;Tam Reed;1988;boss;\n"
)


def filled(window: Window, action: str, **typed: str) -> PageForm:
    """A form of the page, filled in."""
    form = window.pages.get(AT).form(f"{AT}/{action}")
    return replace(form, fields=form.fields | typed)


def send(window: Window, action: str, **typed: str) -> Page:
    """Fill in a form of the page and send it."""
    return window.pages.send(filled(window, action, **typed))


def ended(window: Window) -> Page:
    """The page once nothing runs."""
    thread = window.desk.cases.tables._thread
    assert thread is not None
    thread.join(20)
    return window.pages.get(AT)


def test_table_is_looked_at_asked_of_and_brought_in(window: Window, tmp_path: Path) -> None:
    path = written(tmp_path / "list.csv", CSV, "cp1251")
    page = send(window, "look", path=str(path))
    for said in (
        "Nothing is written yet.",
        "cp1251",
        "could be two days",
        "choose at its column what this",
    ):
        assert said in page.text
    assert not window.desk.cases.files(start=0, most=9)[1]
    page = send(window, "map", **{"order-2": "dmy", "choice-3-1": "note", "key-0": "on"})
    assert "a new case: 2" in page.text
    assert "Hobby" in page.text.partition("These columns go nowhere")[2]
    send(window, "bring", title="Spring list")
    page = ended(window)
    assert "a new case: 2" in page.text
    files, total = window.desk.cases.files(start=0, most=9)
    assert total == 2
    records = [window.desk.cases.records.record(one.id).of_kind("person")[0] for one in files]
    assert {one.text("born") for one in records} == {"1990-04-03", "1988"}
    notes = [note.text for one in files for part in one.parts for note in part.notes]
    assert notes == ["Role in case: boss"]
    assert "Ару" not in window.desk.cases.tables.book.report()


def test_same_table_again_finds_its_columns_and_changes_its_cases(
    window: Window, tmp_path: Path
) -> None:
    path = written(tmp_path / "list.csv", "No,Name,Born\n1,Aru,1990\n")
    send(window, "look", path=str(path))
    send(window, "bring", title="Spring list")
    ended(window)
    written(path, "Name,Born,No\nAru,1991,1\nTam,1988,2\n")
    page = send(window, "look", path=str(path))
    assert "changes its case: 1" in page.text
    assert "a new case: 1" in page.text
    send(window, "bring")
    ended(window)
    files, total = window.desk.cases.files(start=0, most=9)
    assert total == 2
    born = [
        window.desk.cases.records.record(one.id).of_kind("person")[0].text("born") for one in files
    ]
    assert sorted(born) == ["1988", "1991"]
    page = send(window, "look", path=str(path))
    assert "is here already, nothing to change: 2" in page.text


def test_row_that_may_be_somebody_of_the_record_waits_for_a_word(
    window: Window, tmp_path: Path
) -> None:
    first = written(tmp_path / "one.csv", "No,Name,Born\n1,Мурат Озеров,1990\n")
    send(window, "look", path=str(first))
    send(window, "bring", title="One")
    ended(window)
    other = written(tmp_path / "two.csv", "Code,Name,Born\nA,Murat Ozerov,1990\n")
    page = send(window, "look", path=str(other))
    assert "waits: may be in the record already: 1" in page.text
    assert "may be somebody of this case:" in page.text
    send(window, "bring", title="Two")
    ended(window)
    assert window.desk.cases.files(start=0, most=9)[1] == 1
    send(window, "drop")
    send(window, "look", path=str(other))
    send(window, "bring", title="Two", held="on")
    ended(window)
    assert window.desk.cases.files(start=0, most=9)[1] == 2


def test_what_is_missing_is_said_and_nothing_is_brought_in(window: Window, tmp_path: Path) -> None:
    path = written(tmp_path / "list.csv", "a,b\nx,y\n")
    page = send(window, "look", path=str(path))
    assert "Choose the column that tells rows apart" in page.text
    page = window.pages.send(filled(window, "bring", title="List"), status=422)
    assert "First say what each column is" in page.text
    send(window, "map", **{"to-0": "person.1.name", "key-1": "on"})
    page = window.pages.send(filled(window, "bring", title=" "), status=422)
    assert "Give the table a name" in page.text
    assert not window.desk.cases.files(start=0, most=9)[1]


def test_file_that_is_gone_is_said_and_its_place_stays(window: Window, tmp_path: Path) -> None:
    path = str(tmp_path / "gone.xlsx")
    page = window.pages.send(filled(window, "look", path=path), status=422)
    assert page.form(f"{AT}/look").fields["path"] == path


def test_broken_table_is_said_without_a_word_of_messengers(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"PK\x03\x04 torn")
    page = window.pages.send(filled(window, "look", path=str(path)), status=422)
    assert "no table that can be read" in page.text
    assert "Telegram" not in page.text


def test_another_row_of_headings_is_chosen(window: Window, tmp_path: Path) -> None:
    path = written(tmp_path / "list.csv", "Name,Born\nold list,\nNo,Who it is\n7,Aru\n")
    send(window, "look", path=str(path))
    page = send(window, "sheet", header="3")
    assert "Who it is" in page.form(f"{AT}/map").action or "Who it is" in page.text
    send(window, "map", **{"to-1": "person.1.name", "key-0": "on"})
    send(window, "bring", title="List")
    ended(window)
    (file,), _ = window.desk.cases.files(start=0, most=9)
    (person,) = window.desk.cases.records.record(file.id).of_kind("person")
    assert person.text("name") == "Aru"
    assert file.part(Part.IDENTITY) is not None


def test_what_was_chosen_for_another_table_brings_nothing_in(
    window: Window, tmp_path: Path
) -> None:
    send(window, "look", path=str(written(tmp_path / "list.csv", "No,Name,Born\n1,Aru,1990\n")))
    stale = filled(window, "bring", title="List")
    window.post(f"{AT}/drop", stale.fields)
    send(window, "look", path=str(written(tmp_path / "other.csv", "No,Name,Born\n1,Sia,1991\n")))
    page = window.pages.send(stale, status=422)
    assert "Another file was looked at since this page came" in page.text
    assert window.desk.cases.files(start=0, most=9)[1] == 0
