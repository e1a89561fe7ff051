# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office whose server was carried away, and the empty one that takes its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from safeconduct.edges.desk import anew, moving
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.relay.backup import back_up
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.bodies import FoundingAnew
from safeconduct.kernel.words import OfficeId
from tests.kit.relay import plenty
from tests.sim.courier import Rehearsal, StoreCourier


class Elsewhere:
    """An empty relay beside the one of a rehearsal, and the way to it."""

    def __init__(self, stage: Rehearsal, name: str = "anew") -> None:
        self.stage = stage
        self.url = f"http://{name}.invalid"
        path = stage.folder / f"{name}.db"
        self.store = RelayStore(path, clock=stage.clock, probe=plenty)

    def way(self) -> anew.Way:
        """How a steward's desk founds the office there."""

        def register(_url: str, _office: OfficeId, founding: FoundingAnew) -> bytes:
            return self.store.found(founding).relay_key

        return anew.Way(register, lambda _, office, key: StoreCourier(self.store, office, key))

    def code(self) -> str:
        """The founding code that it shows."""
        code = self.store.founding_code()
        assert code is not None
        return code

    def courier(self, desk: Desk) -> Courier:
        """The courier of a desk that went over."""
        return StoreCourier(self.store, self.stage.office, desk.journal.place.capability)

    def found(self, name: str = "first") -> str:
        """Found the office here from a desk; return what its steward tells colleagues."""
        return self.found_by(StoreCourier, name)

    def found_by(self, line: type[StoreCourier], name: str = "first") -> str:
        """Do so over a line that may break once the desk is here."""
        desk = self.stage.desks[name]
        anew.found_anew(desk.journal, self.way(), self.url, self.code())
        desk = self.again(name)
        with suppress(Unreachable):
            moving.carry(
                desk.journal, line(self.store, self.stage.office, desk.journal.place.capability)
            )
        text = moving.telling(desk.journal)
        assert text is not None
        return text

    def follow(self, name: str, text: str) -> int:
        """Let a desk go over by what it is told by hand; return how much the log may lack."""
        desk = self.stage.desks[name]
        beyond = moving.follow(desk.journal, moving.read(desk.journal, text))
        desk = self.again(name)
        moving.carry(desk.journal, self.courier(desk))
        return beyond

    def again(self, name: str) -> Desk:
        """Close a desk and open it."""
        self.stage.desks[name].stop()
        return self.stage.unlock(name)


def backed_up(stage: Rehearsal) -> Path:
    """Copy the rehearsal's running relay; return where the copy is."""
    copy = stage.folder / "backup.db"
    back_up(stage.folder / "relay.db", copy)
    return copy


def restore(stage: Rehearsal, copy: Path) -> None:
    """Put a backup in the place of the rehearsal's relay, and start that."""
    stage.store.close()
    for path in Path(stage.folder).glob("relay.db-*"):
        path.unlink()
    path = stage.folder / "relay.db"
    copy.replace(path)
    stage.store = RelayStore(path, clock=stage.clock, probe=plenty)


@contextmanager
def elsewhere(stage: Rehearsal, name: str = "anew") -> Iterator[Elsewhere]:
    """Lose the server of a rehearsal, and start an empty one."""
    stage.store.close()
    for path in Path(stage.folder).glob("relay.db*"):
        path.unlink()
    there = Elsewhere(stage, name)
    stage.store = there.store
    yield there
