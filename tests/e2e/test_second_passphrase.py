# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second passphrase as a person sets it: real processes, a real server, an office to show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.store import KEYS
from safeconduct.host import memory_folder
from safeconduct.kernel.errors import WrongPassphrase
from safeconduct.kernel.words import DAY
from safeconduct.programs.invented import PREFIX
from safeconduct.programs.players import until
from safeconduct.programs.rehearsal import script_in
from safeconduct.programs.seizures.office import readable
from tests.kit.programs import FOUNDING, Program, safeconduct, serve

FIRST = "six plain words for the rehearsal"
WORK = "quite other words than before"
FORCED = "what he may hear from me tonight"
LATER = "what he thinks of instead of it"


@dataclass
class Install:
    """A desk and its server's folder."""

    home: Path
    server: Path

    def code(self) -> str:
        """A founding code, as whoever runs the server gets it."""
        program = safeconduct("code", str(self.server))
        assert program.wait() == 0, program.said
        program.stop()
        code, told = program.said.strip().split("\n", 1)
        assert "unused code from before is void" in told
        return code

    def passphrase(self, *typed: str) -> tuple[int, str]:
        """Run `safeconduct passphrase`; return how it ended and what it said."""
        program = safeconduct("passphrase", "--home", str(self.home))
        program.answer(*typed)
        code = program.wait()
        program.stop()
        return code, program.said

    def key(self, passphrase: str) -> bytes:
        """The key that a passphrase opens."""
        return keyslots.unlock(self.home / KEYS, passphrase)


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Install]:
    """An office on a running server, and its first desk."""
    with serve(tmp_path / "server") as program:
        found = program.until(FOUNDING)
        yield founded(Install(tmp_path / "first", tmp_path / "server"), found[1], found[2])


def founded(install: Install, url: str, code: str) -> Install:
    """Run `safeconduct init`."""
    program: Program = safeconduct("init", "--home", str(install.home), "--relay", url)
    program.answer(code, "The Harbour", "Ada", "Ada's laptop", FIRST, FIRST)
    program.until(r"Is it written down\?")
    program.answer("yes")
    assert program.wait() == 0, program.said
    program.stop()
    return install


def sizes(install: Install) -> dict[str, int]:
    """What lies in the desk's folder, and how long it is."""
    return {path.name: path.stat().st_size for path in install.home.iterdir()}


def left_in_memory() -> set[str]:
    """What lies in memory of folders such as an invented office is made in."""
    folder = memory_folder()
    return {path.name for path in folder.glob(f"{PREFIX}*")} if folder else set()


def told(install: Install, passphrase: str) -> tuple[str, bytes, list[bytes]]:
    """Open a desk, in touch with the server; return its office, all it holds, and its secrets."""
    desk = Desk.open(install.home, passphrase)
    desk.start()
    try:
        until(lambda: desk.status().online)
        founded, journal = desk.roster().founded, desk.journal
        assert founded is not None
        held = [key.key for key in journal.keychain.all()]
        secrets = journal.secrets.signing, journal.secrets.sealing, journal.place.capability
        rows, _ = desk.inbox(show="all", start=0, most=9)
        assert all(row.last_at < desk.now() - DAY for row in rows)
        own = [*held, *secrets, bytes(journal.office), bytes(journal.device)]
        return founded.name, readable(desk), [*own, install.key(passphrase)]
    finally:
        desk.stop()


def test_it_opens_an_invented_office_whose_polls_are_real_and_neither_tells_of_the_other(
    install: Install,
) -> None:
    before, started = left_in_memory(), install.key(FIRST)
    typed = (FIRST, WORK, WORK, "short", FIRST, FORCED, FORCED, "no", "yes", install.code())
    ended, said = install.passphrase(*typed)
    assert ended == 0, said
    assert not any(word in said for word in (FIRST, WORK, FORCED))
    assert "The Harbour" in said
    assert install.key(WORK) == started
    assert left_in_memory() == before
    assert {path.name for path in install.home.iterdir()} == {
        *(KEYS, "store-1.db", "store-2.db", "in-use")
    }
    office, work, secrets = told(install, WORK)
    invented, shown, others = told(install, FORCED)
    assert (office, invented) == ("The Harbour", script_in("en").office)
    assert all(
        letter.encode() in shown for talk in script_in("en").talks for letter in talk.letters
    )
    assert not [secret for secret in others if secret in work]
    assert not [secret for secret in secrets if secret in shown]
    assert b"Harbour" not in shown
    assert b"Ostrel" not in work


def test_whoever_changes_the_passphrase_is_asked_and_told_the_same_in_both_offices(
    install: Install,
) -> None:
    install.passphrase(FIRST, WORK, WORK, FORCED, FORCED, "no", "yes", install.code())
    work, invented = install.key(WORK), install.key(FORCED)
    here = install.passphrase(FORCED, LATER, LATER, "")
    there = install.passphrase(WORK, FIRST, FIRST, "")
    assert here == there
    assert here[0] == 0
    assert install.key(LATER) == invented
    assert install.key(FIRST) == work


def test_it_destroys_what_the_other_opens_where_that_was_chosen_and_its_dangers_were_read(
    install: Install,
) -> None:
    ended, said = install.passphrase(
        *(FIRST, WORK, WORK, FORCED, FORCED, "yes", "yes", install.code())
    )
    assert ended == 0, said
    dangers = said.split("The dangers:")[1].split("Destroy it")[0]
    assert "by mistake" in dangers
    assert "copy of this device" in dangers
    work, _, _ = told(install, WORK)
    before = sizes(install)
    assert work == "The Harbour"
    invented, shown, _ = told(install, FORCED)
    assert invented == script_in("en").office
    assert b"Harbour" not in shown
    assert sizes(install) == before
    with pytest.raises(WrongPassphrase):
        install.key(WORK)
    with safeconduct("verify", "--home", str(install.home)) as program:
        program.answer(WORK)
        assert program.wait() == 1
        assert "opens nothing" in program.said or "does not open" in program.said
    assert told(install, FORCED)[0] == script_in("en").office


def test_nothing_is_changed_where_it_is_the_wrong_office_or_the_wrong_code(
    install: Install,
) -> None:
    before = {path.name: path.read_bytes() for path in install.home.iterdir()}
    asked = (FIRST, WORK, WORK, FORCED, FORCED, "no")
    ended, said = install.passphrase(*asked, "no")
    assert ended == 1
    assert "Nothing was changed" in said
    void = install.code()
    install.code()
    ended, said = install.passphrase(*asked, "yes", void)
    assert ended == 1
    assert "safeconduct code FOLDER" in said.split("Making")[1]
    assert "Traceback" not in said
    assert {path.name: path.read_bytes() for path in install.home.iterdir()} == before


def test_no_other_process_and_no_command_line_tells_what_is_being_set(install: Install) -> None:
    program = safeconduct("passphrase", "--home", str(install.home))
    program.answer(FIRST, WORK, WORK, FORCED, FORCED, "no", "yes")
    program.until("The founding code: ")
    proc = Path("/proc") / str(program.process.pid)
    line = proc.joinpath("cmdline").read_bytes().split(b"\0")
    children = proc.joinpath("task", proc.name, "children").read_text()
    program.stop()
    assert line[-4:-1] == [b"passphrase", b"--home", str(install.home).encode()]
    assert children == ""
    assert install.key(FIRST)


def test_code_is_refused_where_no_office_is_kept(tmp_path: Path) -> None:
    for folder, expected in ((tmp_path / "none", "no server's files"), (tmp_path / "new", "first")):
        if folder.name == "new":
            with serve(folder) as server:
                server.until(FOUNDING)
        program = safeconduct("code", str(folder))
        assert program.wait() == 1
        assert expected in program.said
        program.stop()
