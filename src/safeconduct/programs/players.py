# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people of a rehearsal office: who founds it, who joins, who writes, who answers.

Only they are invented: letters are sealed and sent to a real server, as a person's page does.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.founding import Names, Relay, World, found_office
from safeconduct.edges.desk.inviting import Inviter
from safeconduct.edges.desk.joining import Joiner, Way
from safeconduct.edges.desk.meeting import HttpMeeting
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.person.courier import Courier
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.phrase import canonical, read_phrase, words_of
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.lock import BlobSealer
from safeconduct.kernel.seal.stretch import part, stretch_phrase
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import ConversationId, OfficeId
from safeconduct.programs.rehearsal import Script, Talk
from safeconduct.rooms.crew import Role
from safeconduct.rooms.hotline.first_contact import write_contact
from safeconduct.rooms.hotline.letters import (
    Letter,
    conversation_of,
    parse_certificate,
    seal_letter,
)
from safeconduct.rooms.hotline.sealed_files import SealedFile

WAIT_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.1
PHRASE_BYTES: Final = 11
PHRASE_WORDS: Final = 8
BETWEEN_LETTERS: Final = "letters"
BETWEEN_ACTS: Final = "acts"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who writes, as her browser would know her."""

    phrase: str
    voice: bytes
    address: bytes
    seed: bytes

    @property
    def key(self) -> SealingKey:
        """What answers are sealed to."""
        return SealingKey.from_seed(self.seed)


class Players:
    """One rehearsal office as its people make it: two desks in a folder, and letters to them."""

    def __init__(
        self, folder: Path, tongue: str, script: Script, world: World | None = None
    ) -> None:
        """Prepare an office that plays a script; its desks go by a world's clock."""
        self._folder: Final = folder
        self._tongue: Final = tongue
        self._script: Final = script
        self._world: Final = world or World.real()
        self._homes: Final = (folder / "first", folder / "second")
        self._passphrase = " ".join(words_of(secrets.token_bytes(6), 4, tongue))
        self.url = ""

    def _make(self, code: str) -> None:
        """Found the office, let the second desk join, and let people write and be answered."""
        self._found(code)
        with self._founder() as (desk, inviter):
            roles = frozenset({Role.STEWARD, Role.OPERATOR})
            second = self._script.helpers[1], self._script.devices[1]
            self._join(inviter, self._homes[1], second, roles)
            for talk in self._script.talks:
                self._play(desk, talk)
            until(lambda: desk.status().unsent == 0)

    def _passes(self, between: str) -> None:
        """Let time pass; nobody waits for it here."""

    def _found(self, code: str) -> None:
        names = Names(
            self._script.office, self._tongue, self._script.helpers[0], self._script.devices[0]
        )
        found_office(
            self._homes[0], self._passphrase, names, Relay.over_http(self.url, code), self._world
        )

    @contextmanager
    def _founder(self) -> Iterator[tuple[Desk, Inviter]]:
        """Unlock the first desk, in touch with the server, and be ready to invite."""
        desk = Desk.open(self._homes[0], self._passphrase, clock=self._world.clock)
        line = Line(self.url, desk.journal.office)
        courier = HttpCourier(line, desk.journal.place.capability)
        desk.start(courier)
        try:
            yield desk, Inviter(desk.journal, courier, HttpMeeting(line))
        finally:
            desk.stop()

    def _join(
        self, inviter: Inviter, home: Path, who: tuple[str, str], roles: frozenset[Role]
    ) -> None:
        """Let a person with a device join; both sides of the comparison are here."""
        person, device = who
        joiner = Joiner(inviter.invite(), device, Way.over_http(), self._world)
        joiner.promise()
        until(lambda: inviter.look() is None and joiner.look() is not None)
        until(lambda: inviter.look() == joiner.look())
        inviter.admit(person, roles)
        until(lambda: joiner.finish(home, self._passphrase))

    def _play(self, desk: Desk, talk: Talk) -> None:
        """Let one person write, and the office do what the rehearsal says."""
        person = self._someone(desk.journal.office, talk.language)
        conversation = conversation_of(person.voice)
        for number, text in enumerate(talk.letters, 1):
            self._passes(BETWEEN_LETTERS)
            self._write(desk, person, talk, text, first=number == 1)
            self._await(desk, conversation, number)
            if number == 1 and talk.answer:
                self._passes(BETWEEN_ACTS)
                desk.mark_read(conversation)
                desk.claim(conversation)
                desk.answer(conversation, talk.answer)
                desk.note(conversation, talk.note)

    def _await(self, desk: Desk, conversation: ConversationId, count: int) -> None:
        """Wait until the desk has so many letters of one person."""

        def there() -> bool:
            held = desk.conversation(conversation)
            return held is not None and len(held.messages) == count

        until(there)

    def _someone(self, office: OfficeId, tongue: str) -> Person:
        phrase = " ".join(words_of(secrets.token_bytes(PHRASE_BYTES), PHRASE_WORDS, tongue))
        secret = stretch_phrase(canonical(read_phrase(phrase, language=tongue)), office)
        voice, address = part(secret, "mailbox-voice"), part(secret, "mailbox-address")
        return Person(phrase, voice, address, part(secret, "mailbox-seal"))

    def _write(self, desk: Desk, person: Person, talk: Talk, text: str, *, first: bool) -> None:
        """Seal and send one letter as a page does: words first, then the file."""
        founded = desk.roster().founded
        assert founded is not None
        pinned = LongVerifyKey.parse(founded.intake_signing_key)
        office = desk.journal.office
        post = Courier(self.url, office)
        terms = post.terms()
        certificate = parse_certificate(terms.certificate, office, pinned)
        files: tuple[SealedFile, ...] = ()
        content, key = b"", secrets.token_bytes(32)
        if first and talk.file:
            content = talk.file[1].encode()
            sealer = BlobSealer(key, len(content))
            files = (SealedFile(sealer.plan.blob, key, talk.file[0], len(content), "text/plain"),)
        letter = Letter(
            format=1,
            voice=person.voice,
            address=person.address,
            key=person.key.public.raw,
            language=talk.language,
            text=text,
            files=files,
            extras=write_contact(talk.told) if first else {},
        )
        post.submit(seal_letter(letter, certificate), terms)
        if files:
            token = secrets.token_bytes(32)
            post.offer(sealer.plan, token, terms)
            post.put(sealer.plan.blob, 0, sealer.seal(0, content), token)
        post.close()


def until(done: Callable[[], bool]) -> None:
    """Wait until something is so; raises Unreachable when it takes a minute."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if done():
            return
        time.sleep(LOOK_SECONDS)
    raise Unreachable
