# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rehearsal office of a drill: markers in every field, a desk of each role, a tapped line.

It is the office of `safeconduct demo`, real in all its parts; what is drawn for a run is in it
alone, so that whatever is found was told by this office.
"""

from __future__ import annotations

import html
import re
import shutil
import urllib.request
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from safeconduct.edges.desk.engine import intake_keys
from safeconduct.edges.desk.engine.drawing import under_way
from safeconduct.edges.desk.engine.own_keys import own_keys
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Defect
from safeconduct.kernel.words import DAY, Instant
from safeconduct.programs.demo import Rehearsal
from safeconduct.programs.players import Person, until
from safeconduct.programs.rehearsal import Script, Talk, script_in
from safeconduct.programs.seizures import admitted as told
from safeconduct.programs.seizures.locked import locked_desk
from safeconduct.programs.seizures.markers import Markers
from safeconduct.programs.seizures.memory import children_of
from safeconduct.programs.seizures.tee import STRANGER, Tee
from safeconduct.rooms.cases import Part
from safeconduct.rooms.crew import Role
from safeconduct.rooms.hotline.first_contact import FirstContact
from safeconduct.rooms.hotline.letters import conversation_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from safeconduct.edges.desk.api import Row
    from safeconduct.edges.desk.inviting import Inviter
    from safeconduct.kernel.words import ConversationId, DeviceId, OfficeId

TONGUE: Final = "en"
TALKS: Final = 2
FIELDS: Final = (
    *(told.LETTERS, told.FILES, told.FILE_NAMES, told.ANSWERS, told.NOTES, told.CASE_NOTES),
    *(told.HAND_OVERS, told.DRAFTS, told.SEARCHES, told.COLLEAGUES, told.OFFICE, told.PASSPHRASE),
    *(told.LATER, told.LATER_LETTERS),
)
ANSWER_SECONDS: Final = 60
ROWS: Final = 50
SENT_WORDS: Final = re.compile(r'<ol class="words"[^>]*>(.*?)</ol>', re.DOTALL)
ITEM: Final = re.compile(r"<li>(.*?)</li>", re.DOTALL)
RENEWED: Final = ("office", "vault", "intake")
KEY_LABELS: Final = {"intake-sign": told.STEWARDS_KEYS, "control": told.STEWARDS_KEYS}


class DrilledOffice(Rehearsal):
    """One office that is there to be seized."""

    def __init__(self, folder: Path, stack: ExitStack, roles: Collection[Role]) -> None:
        """Prepare it below a folder, with a desk for each role; nothing runs yet."""
        self.roles: Final = roles
        self.markers: Final = Markers.draw(FIELDS)
        super().__init__(folder, TONGUE, stack, _marked(script_in(TONGUE), self.markers))
        self._passphrase = self.markers[told.PASSPHRASE]
        self._people: list[Person] = []
        self.folder: Final = folder
        self.labels: dict[str, str] = {
            word: label for label, words in self.markers.words.items() for word in words
        }
        """What each text or key is, that is looked for."""
        self.texts: list[str] = [STRANGER]
        self.labels[STRANGER] = told.ADDRESSES
        self.keys: dict[str, bytes] = {}
        self.homes: dict[Role, Path] = {Role.STEWARD: self._homes[1]}
        self.phrases: list[list[str]] = []

    @property
    def server(self) -> int:
        """The server's process."""
        assert self._server is not None
        return self._server.pid

    @property
    def server_folder(self) -> Path:
        """Where the server's files are."""
        return self.folder / "server"

    @property
    def desk_folders(self) -> list[Path]:
        """Where the desks' files are."""
        return [*self._homes, *(home for role, home in self.homes.items() if role != Role.STEWARD)]

    def work(self) -> None:
        """Do what a night brings, let somebody of each role join, and note what is looked for."""
        self.make()
        with self._founder() as (desk, inviter):
            talk = conversation_of(self._people[0].voice)
            desk.hand_over(talk, _second(desk), self.markers[told.HAND_OVERS])
            self._order(desk, talk)
            self._open_case(desk)
            desk.search(self.markers[told.SEARCHES])
            for role in self.roles:
                self._admit(inviter, role)
            self._note(desk)
            until(lambda: _idle(desk))

    def _order(self, desk: Desk, talk: ConversationId) -> None:
        """Say of a conversation by when something is needed, why, and what kind it is."""
        note, soon = self.markers[told.NOTES], Instant(desk.now() + DAY)
        desk.triage.deadline(talk, soon, note)
        desk.triage.contact(talk, soon, note, heard=True)
        desk.triage.tag(talk, note)

    def _open_case(self, desk: Desk) -> None:
        """Open a case file that the two stewards read, and nobody else."""
        case = desk.cases.open({part: [_second(desk)] for part in Part})
        for part in Part:
            desk.cases.note(case, part, self.markers[told.CASE_NOTES])

    def write_at_counter(self) -> None:
        """Let somebody without scripts write, and wait until the process that saw it is gone."""
        until(lambda: bool(children_of(self.server)))
        before = set(children_of(self.server))
        text = self.markers[told.LETTERS]
        form = {"action": "send", "page": "write", "text": text, "if_silent": text}
        asked = urllib.request.Request(  # noqa: S310  (our own server on loopback)
            self.counter_line.url + "/", urlencode(form).encode()
        )
        with urllib.request.urlopen(asked, timeout=ANSWER_SECONDS) as answer:  # noqa: S310
            page = answer.read().decode()
        shown = SENT_WORDS.search(page)
        if shown is None:
            raise Defect
        self._note_phrase([html.unescape(word).strip() for word in ITEM.findall(shown[1])])
        until(lambda: bool(before - set(children_of(self.server))))

    def read_as(self, role: Role) -> bytes:
        """Open the desk of a role, as who took it, and return all that it lets one read."""
        desk = Desk.open(self.homes[role], self._passphrase)
        desk.start()
        try:
            newest = told.CASE_NOTES if role is Role.STEWARD else told.HAND_OVERS
            until(lambda: bool(desk.search(self.markers.words[newest][0])))
            talk = conversation_of(self._people[0].voice)
            desk.keep_draft(talk, "note", self.markers[told.DRAFTS])
            return readable(desk) + b"\n".join(_files(desk))
        finally:
            desk.stop()

    @contextmanager
    def locked(self) -> Iterator[list[int]]:
        """Open the founder's desk and lock it; return the process that is left of it."""
        with locked_desk(self._homes[0], self._passphrase) as process:
            yield [process]

    def take(self, role: Role, to: Path) -> None:
        """Copy the files of the desk of a role."""
        shutil.copytree(self.homes[role], to)

    def open_taken(self, home: Path) -> Desk:
        """Open a copy of a desk by the passphrase, which its owner was forced to say."""
        return Desk.open(home, self._passphrase)

    def cut(self, role: Role) -> None:
        """Let two stewards take the device of a role out for good, and go on working."""
        with self._founder() as (desk, _):
            until(lambda: len(_inbox(desk)) > TALKS)  # The counter's letter is there as well.
            self._note(desk)
            before, access = _newest(desk), desk.journal.place.capability
            desk.removals.expel(_device(desk, role.value), "")
            until(lambda: desk.status().unsent == 0)
            with self._other_steward() as other:
                until(lambda: bool(other.roster().pending))
                for fact in other.roster().pending:
                    other.removals.second(fact)
                until(lambda: not before.items() & _newest(desk).items())
                until(lambda: _idle(desk) and _idle(other))
            until(lambda: _published(desk))
            later, letter = self.markers[told.LATER], self.markers[told.LATER_LETTERS]
            self._play(desk, Talk(TONGUE, (letter,), answer=later, note=later))
            until(lambda: bool(desk.search(self.markers.words[told.LATER][0])) and _idle(desk))
            until(lambda: desk.journal.place.capability != access)
            self._note(desk, later=True)

    @contextmanager
    def _other_steward(self) -> Iterator[Desk]:
        desk = Desk.open(self._homes[1], self._passphrase)
        desk.start()
        try:
            yield desk
        finally:
            desk.stop()

    def end(self) -> None:
        """Switch everything off; the files stay."""
        self._stack.close()

    def _serve(self) -> str:
        code = super()._serve()
        self.line, self.counter_line = Tee(_port(self.url)), Tee(_port(self._counter_url))
        self._stack.callback(self.line.stop)
        self._stack.callback(self.counter_line.stop)
        self.url = self.line.url
        return code

    def _someone(self, office: OfficeId, tongue: str) -> Person:
        person = super()._someone(office, tongue)
        self._people.append(person)
        self._note_phrase(person.phrase.split())
        self._note_key(told.PERSONS_KEYS, person.seed)
        return person

    def _admit(self, inviter: Inviter, role: Role) -> None:
        if role in self.homes:
            return
        self.homes[role] = self.folder / role.value
        name = self.markers[told.COLLEAGUES]
        who = f"{name} {role.value}", f"{name} {role.value} laptop"
        inviter.renew()
        self._join(inviter, self.homes[role], who, frozenset({role}))

    def _note(self, desk: Desk, *, later: bool = False) -> None:
        """Note the names and keys that this office made, and that are looked for; once each.

        `later` are those made after the cut.
        """
        for row in _inbox(desk):
            if row.code_name not in self.labels:
                self.texts.append(row.code_name)
                self.labels[row.code_name] = told.LATER_NAMES if later else told.CODE_NAMES
        for key in desk.journal.keychain.all():
            label = KEY_LABELS.get(key.kind, told.OFFICE_KEYS)
            self._note_key(told.LATER_KEYS if later else label, key.key)
        secrets, place = desk.journal.secrets, desk.journal.place
        own = own_keys(desk.journal)
        old = [half.seed for half in own.old] if own else []
        for seed in (secrets.sealing, secrets.signing, secrets.door, *old):
            self._note_key(told.DEVICE_KEYS, seed)
        self._note_key(told.LATER_ACCESS if later else told.ACCESS, place.capability)

    def _note_key(self, label: str, key: bytes) -> None:
        if key in self.keys.values():
            return
        called = f"{label} {len(self.keys)}"
        self.keys[called], self.labels[called] = key, label

    def _note_phrase(self, words: list[str]) -> None:
        self.phrases.append(words)


def readable(desk: Desk) -> bytes:
    """Return every cell of an unlocked desk's store, but for the index of the same texts."""
    store = desk.journal.store
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'word_index%'"
    parts = []
    for (table,) in store.rows(query):
        for row in store.rows(f'SELECT * FROM "{table}"'):  # noqa: S608  (its own names)
            parts += [cell if isinstance(cell, bytes) else str(cell).encode() for cell in row]
    return b"\n".join(parts)


def _inbox(desk: Desk) -> Sequence[Row]:
    return desk.inbox(show="all", start=0, most=ROWS)[0]


def _files(desk: Desk) -> list[bytes]:
    """Fetch and open every file that came in, as who is at the desk can."""
    contents = []
    for row in _inbox(desk):
        talk = desk.conversation(row.conversation)
        for message in talk.messages if talk else ():
            contents += [
                b"".join(desk.file_bytes(row.conversation, file.blob))
                for file in message.attachments
            ]
    return contents


def _marked(script: Script, markers: Markers) -> Script:
    """Put markers into everything that a rehearsal's people say and are called."""
    who = markers[told.COLLEAGUES]
    return Script(
        markers[told.OFFICE],
        (f"{who} first", f"{who} second"),
        (f"{who} first laptop", f"{who} second laptop"),
        tuple(_marked_talk(talk, markers) for talk in script.talks[:TALKS]),
    )


def _marked_talk(talk: Talk, markers: Markers) -> Talk:
    return replace(
        talk,
        letters=tuple(f"{text} {markers[told.LETTERS]}" for text in talk.letters),
        answer=f"{talk.answer} {markers[told.ANSWERS]}",
        note=f"{talk.note} {markers[told.NOTES]}",
        file=(f"{markers[told.FILE_NAMES]}.txt", markers[told.FILES]),
        told=FirstContact(region=markers[told.LETTERS], if_silent=markers[told.LETTERS]),
    )


def _idle(desk: Desk) -> bool:
    """Tell whether a desk has sent all that it had to, and what follows from a removal is done."""
    return desk.status().unsent == 0 and not under_way(desk.journal)


def _published(desk: Desk) -> bool:
    """Tell whether pages are told to seal to the newest intake key that a desk holds."""
    closed = desk.journal.store.setting(intake_keys.NAME, intake_keys.CLOSED)
    return closed is not None and [closed.epoch] == desk.journal.keychain.intake_epochs()[-1:]


def _newest(desk: Desk) -> dict[str, int]:
    """Return the newest epoch that a desk has of each key that a removal renews.

    Those of a case file which the removed device was never given stay as they are.
    """
    kinds: dict[str, int] = {}
    parts = {vault for case in desk.journal.keys.facts().cases for vault in case.vaults}
    for key in desk.journal.keychain.all():
        if key.kind in RENEWED and key.id not in parts:
            called = f"{key.kind} {key.id.hex()}"
            kinds[called] = max(key.epoch, kinds.get(called, 0))
    return kinds


def _second(desk: Desk) -> DeviceId:
    """Return the device of the second steward."""
    return next(device for device in desk.roster().present() if device != desk.device)


def _device(desk: Desk, called: str) -> DeviceId:
    """Return the device whose person's name ends so."""
    members = desk.roster().members.items()
    return next(device for device, member in members if member.person.endswith(called))


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port
