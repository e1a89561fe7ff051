# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office at night with a journey written down, and an escort who was told eight words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.slips_api import GivenSlip, ShownSlip, Wish
from safeconduct.kernel.phrase import canonical, read_phrase
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.stretch import part, stretch_phrase
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import Address
from safeconduct.rooms.crew import Role
from safeconduct.rooms.hotline.letters import Letter, Reply, parse_certificate, seal_letter
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.errand.slip import TypedSlip
from safeconduct.rooms.passage.errand.slip_report import SLIP
from tests.kit.errand_night import SAID, write_at
from tests.sim.courier import Rehearsal, submit
from tests.sim.steps import Person, sync
from tests.sim.test_cases import go_online, meet


def today(desk: Desk) -> str:
    """The day of a desk's clock, in UTC."""
    return datetime.fromtimestamp(desk.now() / 1000, UTC).strftime("%Y-%m-%d")


class Night:
    """The night of `errand_night`, written at the first desk; both desks read all books."""

    def __init__(self, stage: Rehearsal) -> None:
        self.stage = stage
        self.first, self.second = (stage.desks[name] for name in ("first", "second"))
        for book in Book:
            self.first.ways.open(book, {self.first.device, self.second.device})
        self.ids = write_at(self.first)
        self.meet()

    def meet(self) -> None:
        """Let both desks hear of each other."""
        for _ in range(2):
            sync(self.stage, *self.stage.desks)

    def wish(self, row: str = "ride", who: str = "driver", **other: Any) -> Wish:  # noqa: ANN401  (a field of `Wish`)
        """What somebody asks for."""
        typed = TypedSlip("21:40", frozenset({"water"}), "", "555 0101", "23:30", "done", ends=True)
        kind = SAID[row][0]
        of = kind, self.ids[row], self.ids[who], "page", "en", today(self.first), b"", typed
        return Wish(*of)._replace(**other)

    def make(self, desk: Desk | None = None, **other: Any) -> GivenSlip:  # noqa: ANN401  (see `wish`)
        """Make a slip at a desk, as its pages do."""
        slips, wish = (desk or self.first).slips, self.wish(**other)
        seen = slips.draft(wish)
        given = slips.make(wish._replace(word=seen.slip.word), seen.digest)
        self.meet()
        return given

    def told(self, given: GivenSlip) -> Escort:
        """Who was told the words of a slip."""
        return Escort(self.stage, words=" ".join(given.words))

    def shown(self, desk: Desk) -> ShownSlip:
        """What a desk shows of the newest slip."""
        return desk.slips.every()[0]


@dataclass
class Escort(Person):
    """Somebody with the eight words of a slip, and a page that does what ours does."""

    words: str = ""

    def __post_init__(self) -> None:
        secret = stretch_phrase(canonical(read_phrase(self.words)), self.stage.office)
        self.key = SealingKey.from_seed(part(secret, "mailbox-seal"))
        self.voice = part(secret, "mailbox-voice")
        self.address = Address(part(secret, "mailbox-address"))

    def found(self) -> list[Reply]:
        """The answers that wait, without what asks the page to say that somebody came."""
        answers = (one for one in self.replies() if one.kind == "answer")
        return [one for one in answers if "ask" not in one.extras.get(SLIP, {})]

    def say(self, said: str, word: str = "") -> None:
        """Report, as a page does."""
        stage = self.stage
        founded = stage.desks["first"].roster().founded
        assert founded is not None
        raw = stage.store.public(stage.office).terms().certificate
        signer = LongVerifyKey.parse(founded.intake_signing_key)
        certificate = parse_certificate(raw, stage.office, signer)
        beside = {SLIP: {"version": 1, "said": said, "word": word}}
        whose = self.voice, self.address, self.key.public.raw
        letter = Letter(1, *whose, "en", "The page with the slip was opened.", (), beside)
        submit(stage.store, stage.office, seal_letter(letter, certificate))


__all__ = ["Escort", "Night", "today"]


@contextmanager
def nights(folder: Path, *roles: Role) -> Iterator[Night]:
    """A steward and colleagues with these roles, all online, and a journey that is written down."""
    with Rehearsal(folder) as rehearsal:
        rehearsal.found()
        for name, role in zip(("second", "third"), roles, strict=False):
            rehearsal.join(name, frozenset({role}))
        go_online(rehearsal)
        meet(rehearsal)
        yield Night(rehearsal)
