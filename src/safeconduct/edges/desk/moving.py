# SPDX-License-Identifier: AGPL-3.0-or-later
"""Go over to where the office's log is now: told by hand, or by the log (spec/crew.md 9).

Either way a person said so first: by hand the terminal asks, and the log's word stands on Today.

    follow(desk.journal, read(desk.journal, text))  # the journal is stale then
    carry(desk.journal, courier)                    # after the desk was opened again

Durable in one step, so that a cut leaves the desk before or after it; what the new log may lack
is sent from the outbox.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from safeconduct.edges.desk.engine import (
    files_again,
    intake_again,
    keys_again,
    moved,
    moved_letters,
    post,
    resealing,
    sending,
)
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID, Place
from safeconduct.edges.desk.engine.new_root import UNTOLD
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.engine.sync import Puller
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.canon import Codec, encode
from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.kernel.journal import Seen
from safeconduct.kernel.log.merkle import root_at
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.sync import RelayForked
from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.crew import HeldKey
from safeconduct.rooms.crew.events import SIGNED, kind_of
from safeconduct.rooms.crew.move_facts import (
    MoveFact,
    RelayMoved,
    RelayRestored,
    capability,
    standing,
)
from safeconduct.rooms.crew.moves import parse_telling, write_telling

FRAMES_LEFT: Final = 256
BY_CARDS: Final = "move_by_cards"
_BODY: Final[Codec[bytes]] = Codec(bytes, BY_CARDS)
CAPABILITY_BYTES: Final = 32


class AlreadyThere(Refused):
    """This desk follows that relay already, or knows of a newer one."""

    code = "already_there"


class OfficeKeyLacking(Refused):
    """This desk does not hold the office key that the telling names."""

    code = "office_key_lacking"


@dataclass(frozen=True, slots=True)
class Told:
    """What a steward tells by hand: the fact, its bytes, and whose signature it bears.

    `by` is empty where the recovery cards signed.
    """

    fact: MoveFact
    raw: bytes
    by: DeviceId


def read(journal: Journal, text: str) -> Told:
    """Return what a steward of this office tells, if this desk has not heeded it yet.

    Raises:
        Malformed, OfAnotherOffice, TellingNotAStewards, BadSignature, others: see `parse_telling`.
        AlreadyThere: this desk follows that relay, or knows of a later one.
    """
    fact, raw, by = parse_telling(text, journal.roster)
    here, roster = fact.relay_key == journal.place.relay_key, journal.roster
    if isinstance(fact, RelayMoved):
        known = any(encode(move) == raw for move in roster.moves.values())
        stale = known and roster.relay_key != fact.relay_key
    else:
        stale = not here or any(encode(one) == raw for one in roster.restores.values())
        here = False
    if here or stale:
        raise AlreadyThere
    return Told(fact, raw, by)


def follow(journal: Journal, told: Told) -> int:
    """Go over to where the office's log is; return how many frames it may lack.

    The journal must be opened anew after it.

    Raises:
        OfficeKeyLacking: this desk was given no key for it, and read of it where it is let in.
        RelayForked: the log begins otherwise than what this desk holds; nothing was changed.
    """
    fact = told.fact
    if isinstance(fact, RelayMoved):
        place = place_of(journal, fact, _capability(journal, fact))
        log, since = Seen(fact.size, fact.root), fact.size
    else:
        place, since = journal.place, fact.size_before
        _hold_before(journal, fact)
        log = Seen(fact.size_after, _root_there(journal, fact.size_after))
    with journal.store.transaction():
        resealing.reseal(journal, since, everyone=False)
        keys_again.ask(journal, since, everyone=False)
        intake_again.ask(journal, since, everyone=False)
        note_access(journal, fact)
        return moved.go_over(journal, place, told.raw, log)


def _capability(journal: Journal, fact: RelayMoved) -> bytes:
    """Return the way in that a move gives.

    Without the office key it is one that nobody takes: the desk then finds a letter in its door.
    Where the log told of the move, the relay that is left lets this desk in, and brings the key.
    """
    office_key = journal.keychain.office.get(fact.office_epoch)
    if office_key is not None:
        return capability(office_key, fact.salt)
    if any(encode(move) == encode(fact) for move in journal.roster.moves.values()):
        raise OfficeKeyLacking
    return journal.rng.bytes(CAPABILITY_BYTES)


def obey(journal: Journal) -> bool:
    """Go over when the log says that the office did, and the person here agreed; tell whether."""
    found = moved.onward_of(journal)
    if found is None or not moved.agreed_to(journal, found[0]):
        return False
    follow(journal, Told(found[1], encode(found[1]), journal.device))
    return True


def open_where_it_is(open_desk: Callable[[], Desk]) -> Desk:
    """Open a desk, and once more if it goes along with the office to another relay."""
    desk = open_desk()
    try:
        went = obey(desk.journal)
    except OfficeKeyLacking as error:
        desk.journal.trouble(error.code)
        return desk
    except Refused:
        return desk
    except SafeconductError as error:  # Where the log leads astray, the desk stays and says so.
        desk.journal.trouble(error.code)
        return desk
    except BaseException:
        desk.stop()
        raise
    if went:
        desk.stop()
        desk = open_desk()
    return desk


def carry(journal: Journal, courier: Courier) -> None:
    """Bring what waits to the relay, and read back what it has."""
    while post.push(journal, courier):
        pass
    puller = Puller(journal, courier, journal.place.relay())
    try:
        puller.pull_log()
    finally:
        puller.close()
    keys_again.give_all(journal, courier)
    while post.push(journal, courier):
        pass
    while sending.send_letters(journal, courier):
        pass
    while moved_letters.post_them(journal, courier) or files_again.bring_some(journal, courier):
        pass


def leave_word(journal: Journal, old: Courier) -> None:
    """Bring what the new log begins with after the old one, the move, to the relay that is left.

    Colleagues who are there are then asked to go along; those whom it refuses, by their doors.
    """
    stands = standing(journal.roster.moves)
    if stands is not None:
        start = stands[1].size
        old.append(journal.log.frames(start, min(FRAMES_LEFT, journal.log.size() - start)))
        moved_letters.leave(journal, old)


def telling(journal: Journal) -> str | None:
    """Return what stands of the office's relay as text for colleagues; None without a change."""
    roster = journal.roster
    here = {fact: one for fact, one in roster.restores.items() if one.relay_key == roster.relay_key}
    stands = standing(roster.moves)
    facts: list[tuple[FactId, MoveFact]] = [*([stands] if stands else []), *here.items()]
    texts = [_text(journal, fact, one) for fact, one in facts]
    return texts[-1] if texts else None


def tell_by_cards(journal: Journal, root: LongSigningKey) -> None:
    """Sign for the relay where this desk is with the cards too, and keep that for the text.

    Whom a backup and the cards made a steward no desk that lives on knows yet.
    """
    stands = standing(journal.roster.moves)
    assert stands is not None
    signed = crew_fact(journal.crew_vault, stands[1], journal.office, (b"", root))
    journal.store.put_setting(BY_CARDS, signed.body)


def _text(journal: Journal, fact: FactId, of: MoveFact) -> str:
    by_cards = journal.store.setting(BY_CARDS, _BODY)
    if by_cards is None or SIGNED.decode(by_cards).fact != encode(of):
        by_cards = None
    body = by_cards or moved_letters.body_of(journal, fact)
    return write_telling(journal.office, kind_of(of), body)


def place_of(journal: Journal, fact: RelayMoved, key: bytes) -> Place:
    """Return the way to the relay that a move names."""
    here = journal.place
    return Place(
        *(here.office, here.root_key, here.crew_vault),
        *(fact.relay_url, fact.relay_key, key),
    )


def note_access(journal: Journal, fact: MoveFact) -> None:
    """Remember which access epoch the relay began with, and that nothing is begun any more."""
    if not isinstance(fact, RelayMoved):
        return
    control = journal.keychain.control()
    with journal.store.transaction():
        if control is not None:
            journal.keychain.heed(HeldKey("control", NO_ID, fact.epoch, control.key))
        # What follows removals at the relay that is gone is followed anew at this one, and it is
        # told of the root key that counts as it begins.
        journal.store.drop_settings("anew", "awaited", "follow_up", "followed", "new_root")
    journal.store.forget_troubles(UNTOLD)


def _hold_before(journal: Journal, fact: RelayRestored) -> None:
    """Hold a restored relay's log of before to ours, as far as both reach."""
    held = _root_there(journal, fact.size_before)
    if held and held != fact.root_before:
        raise RelayForked


def _root_there(journal: Journal, size: int) -> bytes:
    """Return the root of our log at a size; nothing when it does not reach so far."""
    confirmed = journal.log.watch("log").confirmed
    return root_at(size, journal.log.subtree) if confirmed.size >= size else b""
