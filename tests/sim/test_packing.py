# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk that is killed with -9 while it is packed is full or light, and goes on when it starts.

Whatever another passphrase opens stays as it is, whichever of the two stores is packed.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import pytest

from safeconduct.edges.desk import keyslots, packing, second, two_files
from safeconduct.edges.desk.engine import travelling
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.second import Change, Second
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import KEYS, StoreFull, connect, file_of
from safeconduct.edges.desk.store_guard import holding
from safeconduct.edges.desk.two_files import BESIDE, PAIR
from tests.kit.two_stores import STEP, names
from tests.sim.courier import PASSPHRASE, Rehearsal
from tests.sim.steps import Person, sync
from tests.sim.test_second_passphrase import CHEAP, FORCED, RNG, made, said

P = ParamSpec("P")
T = TypeVar("T")
FORK: Final = multiprocessing.get_context("fork")
FILE_EVENTS: Final = frozenset({"open", "os.remove", "os.rename", "os.utime"})
PARTS: Final = {
    packing: ("_build", "_fill", "_copy", "_sync", "migrate", "make_room", "even", "file_of"),
    two_files: ("overwrite", "_fill", "_discard"),
    os: ("fsync",),
}
NEVER: Final = 1 << 30
"""A step that packing does not come to."""
PAGE: Final = 4096


class Ticks:
    """Kills this process at one step of many."""

    def __init__(self, at: int) -> None:
        self._left = at

    def __call__(self) -> None:
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, part: Callable[P, T]) -> Callable[P, T]:
        """A part that ticks as it begins and as it ends."""

        def ticking(*given: P.args, **named: P.kwargs) -> T:
            self()
            done = part(*given, **named)
            self()
            return done

        return ticking


class Looks(Ticks):
    """Writes down at which steps the files are otherwise than at the step before, and goes on."""

    def __init__(self, folder: Path, told: Path) -> None:
        super().__init__(NEVER)
        self._folder, self._told = folder, told
        self._at, self._before, self._looking = 0, b"", False

    def __call__(self) -> None:
        if self._looking:
            return  # Looking opens files too.
        self._at, self._looking = self._at + 1, True
        if (seen := picture(self._folder)) != self._before:
            self._before = seen
            with self._told.open("a") as told:
                told.write(f"{self._at}\n")
        self._looking = False


def picture(folder: Path) -> bytes:
    """A hash over the names, times and bytes of all files."""
    found = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        raw = path.read_bytes()
        found.update(f"{path.name} {path.stat().st_mtime_ns} {len(raw)}\n".encode() + raw)
    return found.digest()


def pack(folder: Path, ticks: Ticks) -> None:
    """Open a desk that is to be packed, ticking before and after each step."""

    def hear(event: str, told: tuple[object, ...]) -> None:
        if event in FILE_EVENTS and str(told[0]).startswith(str(folder)):
            ticks()

    for module, parts in PARTS.items():
        for part in parts:
            setattr(module, part, ticks.around(getattr(module, part)))
    sys.addaudithook(hear)
    packing.open_store(folder, PASSPHRASE).close()


def changes(begun: Path, folder: Path) -> list[int]:
    """The steps of packing before which files were changed: a kill at any other finds the same."""
    home, told = folder / "watched", folder / "steps"
    shutil.copytree(begun, home)
    process = FORK.Process(target=pack, args=(home, Looks(home, told)))
    process.start()
    process.join()
    assert process.exitcode == 0
    return [int(line) for line in told.read_text().splitlines()]


def dies(folder: Path, at: int) -> bool:
    """Pack in a process that is killed at a step; False when it came to its end before."""
    process = FORK.Process(target=pack, args=(folder, Ticks(at)))
    process.start()
    process.join()
    assert process.exitcode in {0, -signal.SIGKILL}
    return process.exitcode != 0


def lies(folder: Path) -> str:
    """Which desk it is that the passphrase opens: told from the kinds of keys in it."""
    key = keyslots.unlock(folder / KEYS, PASSPHRASE)
    with closing(connect(file_of(folder, key), key)) as store:
        assert store.execute("PRAGMA integrity_check").get == "ok"
        kinds = {row[0] for row in store.execute("SELECT DISTINCT kind FROM held_keys")}
        settings = {row[0] for row in store.execute("SELECT name FROM settings")}
        texts = store.execute("SELECT count(*) FROM entries WHERE kind LIKE 'hotline.%'").get
    if travelling.PACKING in settings:
        assert "intake" in kinds
        assert texts
        return "full"
    assert "intake" not in kinds
    return "light"


def looks_in(folder: Path) -> str:
    """What lies there, looked for in a copy, since finding a store puts it into its file."""
    copy = folder.with_name(folder.name + "-copy")
    shutil.copytree(folder, copy)
    try:
        return lies(copy)
    finally:
        shutil.rmtree(copy)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files grow by smaller steps."""
    monkeypatch.setattr(two_files, "STEP", STEP)


@pytest.fixture
def begun(stage: Rehearsal, person: Person) -> Path:
    """A closed desk that was told to be packed."""
    second = stage.desks.pop("second")
    second.note(person.conversation, "kept nowhere")
    second.journal.store.put_setting("draft:00", 1)
    sync_to(stage, second)
    travelling.begin(second.journal, ())
    sync_to(stage, second)
    second.stop()
    settle(stage.folder / "second", RNG)
    return stage.folder / "second"


def sync_to(stage: Rehearsal, desk: Desk) -> None:
    stage.desks["packed"] = desk
    sync(stage, "packed")
    del stage.desks["packed"]


def with_another(begun: Path, folder: Path, *, first: bool) -> Path:
    """A desk with two passphrases, of which one opens the desk that is to be packed."""
    key, other = keyslots.unlock(begun / KEYS, PASSPHRASE), made(folder / "made")
    ours = Second(PASSPHRASE, key, file_of(begun, key))
    if first:
        home, one, two = begun, ours, other
    else:
        home, one, two = other.store.parent, other, ours
        keyslots.create(home / KEYS, FORCED, other.key, RNG, CHEAP)
        settle(home, RNG)
    with holding(home):
        second.put(home, Change(one.passphrase, one.key, one.passphrase), two, RNG, CHEAP)
    return home


def bytes_of(folder: Path) -> dict[str, bytes]:
    """The keys, and what lies beside the stores."""
    return {name: (folder / name).read_bytes() for name in names(folder) & {KEYS, *BESIDE}}


def check_other(folder: Path) -> None:
    """Who starts with the other passphrase finds their office, and changes nothing of packing."""
    before = bytes_of(folder)
    settle(folder, RNG)
    packing.open_store(folder, FORCED).close()
    assert said(folder, FORCED) == "invented"
    settle(folder, RNG)
    assert bytes_of(folder) == before


def check_done(folder: Path) -> None:
    """The desk is light, its files are as beside any desk, and nothing is left between."""
    assert lies(folder) == "light"
    assert names(folder) == {KEYS, *PAIR, "in-use"}
    assert len({(folder / name).stat().st_size for name in PAIR}) == 1
    assert len({(folder / name).stat().st_mtime_ns for name in PAIR}) == 1


def test_kill_9_at_any_step_leaves_the_full_desk_or_the_light_one_and_it_goes_on(
    begun: Path, tmp_path: Path
) -> None:
    seen: list[str] = []
    for at in changes(begun, tmp_path):
        folder = tmp_path / f"killed-{at}"
        shutil.copytree(begun, folder)
        assert dies(folder, at)
        seen.append(looks_in(folder))
        packing.open_store(folder, PASSPHRASE).close()
        check_done(folder)
        shutil.rmtree(folder)
    assert seen == sorted(seen)  # Full up to one step, and light from then on.
    assert set(seen) == {"full", "light"}


@pytest.mark.parametrize("first", [True, False])
def test_kill_9_at_any_step_leaves_alone_what_another_passphrase_opens(
    begun: Path, tmp_path: Path, *, first: bool
) -> None:
    home = with_another(begun, tmp_path, first=first)
    beside: set[str] = set()
    for at in changes(home, tmp_path):
        folder = tmp_path / f"killed-{at}"
        shutil.copytree(home, folder)
        assert dies(folder, at)
        beside |= names(folder)
        check_other(folder)
        packing.open_store(folder, PASSPHRASE).close()
        check_done(folder)
        assert said(folder, FORCED) == "invented"
        shutil.rmtree(folder)
    assert not dies(home, NEVER)
    check_done(home)
    assert said(home, FORCED) == "invented"
    assert len(beside & {*BESIDE}) == 1


def pages(path: Path) -> set[bytes]:
    """Every page of a file."""
    raw = path.read_bytes()
    return {raw[at : at + PAGE] for at in range(0, len(raw), PAGE)}


def test_nothing_of_the_full_store_is_left_in_its_file_which_stays_where_it_was(
    begun: Path,
) -> None:
    full = file_of(begun, keyslots.unlock(begun / KEYS, PASSPHRASE))
    other = next(begun / name for name in PAIR if name != full.name)
    before, kept = pages(full), other.read_bytes()
    places = {name: (begun / name).stat().st_ino for name in PAIR}
    packing.open_store(begun, PASSPHRASE).close()
    settle(begun, RNG)
    assert file_of(begun, keyslots.unlock(begun / KEYS, PASSPHRASE)) == full
    assert pages(full).isdisjoint(before)
    assert other.read_bytes()[: len(kept)] == kept
    assert {name: (begun / name).stat().st_ino for name in PAIR} == places
    check_done(begun)


def test_desk_stays_full_while_the_disk_has_no_room(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreFull

    with monkeypatch.context() as patched:
        patched.setattr(packing, "_fill", full)
        with pytest.raises(StoreFull):
            packing.open_store(begun, PASSPHRASE)
    assert names(begun) == {KEYS, *PAIR, "in-use"}
    assert lies(begun) == "full"
    packing.open_store(begun, PASSPHRASE).close()
    assert lies(begun) == "light"
