# SPDX-License-Identifier: AGPL-3.0-or-later
"""Steps of a rehearsal that several tests share: write as a person, sync a desk by hand."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.loops import Loops
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.lock import BlobSealer
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import Address, ConversationId
from safeconduct.rooms.hotline.first_contact import FirstContact, write_contact
from safeconduct.rooms.hotline.letters import (
    Box,
    Letter,
    Reply,
    conversation_of,
    open_reply,
    parse_certificate,
    seal_letter,
)
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.spoken import CallMark, write_call
from tests.sim.courier import Rehearsal, submit

Beside = FirstContact | CallMark
"""What she, or a telephone line, tells beside a letter."""


@dataclass
class Person:
    """Somebody with eight words: her keys, and what the relay has for her."""

    stage: Rehearsal

    def __post_init__(self) -> None:
        self.key = SealingKey(os.urandom(32))
        self.voice, self.address = os.urandom(32), Address(os.urandom(32))

    @property
    def conversation(self) -> ConversationId:
        """What desks call her."""
        return conversation_of(self.voice)

    def item(self, text: str, *files: SealedFile, beside: Beside | None = None) -> bytes:
        """A sealed letter, with what she tells beside it."""
        stage = self.stage
        founded = stage.desks["first"].roster().founded
        assert founded is not None
        raw = stage.store.public(stage.office).terms().certificate
        signer = LongVerifyKey.parse(founded.intake_signing_key)
        certificate = parse_certificate(raw, stage.office, signer)
        extras = write_contact(beside) if isinstance(beside, FirstContact) else {}
        if isinstance(beside, CallMark):
            extras = write_call(beside)
        letter = Letter(1, self.voice, self.address, self.key.public.raw, "en", text, files, extras)
        return seal_letter(letter, certificate)

    def write(self, text: str, *files: SealedFile, beside: Beside | None = None) -> None:
        """Send a letter."""
        submit(self.stage.store, self.stage.office, self.item(text, *files, beside=beside))

    def send_file(self, content: bytes, name: str = "photo.jpg") -> SealedFile:
        """Send a letter and a file with it; return what the letter says of the file."""
        key = os.urandom(32)
        sealer, token = BlobSealer(key, len(content)), os.urandom(32)
        plan = sealer.plan
        file = SealedFile(plan.blob, key, name, len(content), "image/jpeg")
        self.write("See the photo.", file)
        courier = self.stage.courier(self.stage.desks["first"])
        courier.open_blob(plan.blob, plan.chunks, plan.padded, token)
        for index in range(plan.chunks):
            part = content[index << 20 : (index + 1) << 20]
            courier.put_chunk(plan.blob, index, sealer.seal(index, part), token)
        return file

    def replies(self) -> list[Reply]:
        """Everything in her box that the office wrote."""
        stage = self.stage
        box = Box(stage.office, self.address, self.key.public, self.voice)
        courier = stage.courier(stage.desks["first"])
        return [open_reply(item, box, self.key) for _, _, item in courier.collect(self.address, 0)]


class Hand:
    """Syncs a desk step by step, without threads."""

    def __init__(self, desk: Desk, courier: Courier) -> None:
        self.desk = desk
        self.loops = Loops(desk.journal, courier)

    def pull(self) -> None:
        """Take what is new, keys too."""
        self.loops.pull_all()

    def send(self) -> None:
        """Send what waits."""
        self.loops.send_all()

    def sync(self) -> None:
        """Send, take, and send what that made; letters go when keys were renewed and read."""
        for step in (self.send, self.pull, self.send, self.pull, self.send):
            step()

    def insist(self, tries: int = 300) -> None:
        """Sync until it worked, whatever the network does."""
        for _ in range(tries):
            if persist(self.send) and persist(self.pull) and not self.desk.status().unsent:
                return
        raise AssertionError("never got through")


def persist(step: Callable[[], None]) -> bool:
    """Run a step once; False when the network failed."""
    try:
        step()
    except Unreachable:
        return False
    return True


def sync(stage: Rehearsal, *names: str) -> None:
    """Let desks sync, one after the other."""
    for name in names:
        Hand(stage.desks[name], stage.courier(stage.desks[name])).sync()


def pass_on(stage: Rehearsal, *names: str) -> None:
    """Let desks bring their facts to the relay and read others', while nothing follows from them.

    So a device that was removed is still let in, as in the moment before its access ends.
    """
    for name in names:
        desk = stage.desks[name]
        hand = Hand(desk, stage.courier(desk))
        for step in (hand.pull, hand.pull):
            while post.push(desk.journal, hand.loops.courier):
                pass
            step()


def settle(first: Hand, second: Hand) -> None:
    """Let both have all."""
    for hand in (first, second, first):
        hand.sync()
