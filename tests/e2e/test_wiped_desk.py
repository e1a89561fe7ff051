# SPDX-License-Identifier: AGPL-3.0-or-later
"""An expelled device's desk wipes itself: the real program, and kill -9 at every step."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from pathlib import Path

from safeconduct.edges.desk import wiping
from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.rooms.crew.events import Cut, DeviceExpelled
from tests.kit.offices import Hands, Office, an_office, desk_of
from tests.kit.programs import safeconduct
from tests.sim.steps import Hand
from tests.sim.test_removed_devices import tell

FILES = (*wiping.KEY_FILES, *wiping.STORE_FILES)
STEPS = 24
"""More file operations than wiping has."""


def expel_second(office: Office) -> None:
    """Let the founder, who is the one steward there ever was, expel the second desk."""
    first = office.open(0)
    journal = first.journal
    try:
        line = Line(office.url, journal.office)
        hand = Hand(first, HttpCourier(line, journal.place.capability))
        hand.sync()
        (second,) = set(first.roster().members) - {first.device}
        head = journal.reader.chains.head(second)
        tell(first, DeviceExpelled((Cut(second, head.sequence, head.commit),), "taken"))
        hand.sync()
    finally:
        first.stop()


def test_expelled_desk_destroys_its_keys_ends_and_leaves_nothing(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        home = office.homes[1]
        with desk_of(office, 1) as desk, Hands.on(desk):
            expel_second(office)
            assert desk.wait() == wiping.WIPED
        assert not (home / "keys").exists()
        assert (home / "store.db").exists()  # Who started that process removes it.
        with safeconduct("desk", "--home", str(home), "--no-window") as again:
            again.until("There is no office in this folder")
            assert again.wait() == 1
        assert list(home.iterdir()) == []


def test_whole_program_removes_the_store_and_says_what_it_says_before_founding(
    tmp_path: Path,
) -> None:
    with an_office(tmp_path) as office:
        home = office.homes[1]
        with (
            safeconduct("desk", "--home", str(home), "--no-window") as desk,
            Hands.on(desk),
        ):
            expel_second(office)
            desk.until("There is no office in this folder")
            assert desk.wait() == 1
        assert list(home.iterdir()) == []


def wipe_and_die(folder: str, at: int) -> None:
    """Wipe a folder, and be killed before the `at`-th thing that is done to a file in it."""
    left = [at]

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if event in {"open", "os.remove"} and str(arguments[0]).startswith(folder):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hear)
    wiping.destroy_keys(Path(folder))
    wiping.resume(Path(folder))


def test_wiping_goes_on_where_kill_9_left_it(tmp_path: Path) -> None:
    killed = []
    for at in range(1, STEPS):
        folder = tmp_path / str(at)
        folder.mkdir()
        for name in FILES:
            (folder / name).write_bytes(b"secret" * 20)
        process = multiprocessing.get_context("fork").Process(
            target=wipe_and_die, args=(str(folder), at)
        )
        process.start()
        process.join()
        killed.append(process.exitcode == -signal.SIGKILL)
        if at > 1:
            assert wiping.resume(folder)
            assert list(folder.iterdir()) == []
        else:  # Nothing was done yet.
            assert not wiping.resume(folder)
            assert len(list(folder.iterdir())) == len(FILES)
    assert sum(killed) >= len(FILES)


def test_desk_whose_keys_alone_are_missing_is_not_wiped(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"somebody moved the keys away")
    assert not wiping.resume(tmp_path)
    assert (tmp_path / "store.db").exists()


def test_desk_whose_keys_are_an_empty_file_is_not_wiped(tmp_path: Path) -> None:
    (tmp_path / "keys").touch()
    (tmp_path / "keys.new").write_bytes(b"a passphrase was being changed")
    assert not wiping.resume(tmp_path)
    assert (tmp_path / "keys.new").exists()
