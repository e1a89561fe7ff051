# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the access epoch that stands traces, and what a steward's desk does about it.

A letter in the door says so of the capability that it brings.  Who came in otherwise, as a device
that joined meanwhile, goes by the log: there stewards' desks say in which epoch they began to trace
and in which one they ended it (spec/crew.md 6).
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final, NamedTuple

from safeconduct.edges.desk.engine.following import doors_written
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.told import counted
from safeconduct.edges.desk.engine.wished import TRACED
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import BadSignature, Unreachable
from safeconduct.kernel.ports import Counted, Courier
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.seal.sign import sign
from safeconduct.kernel.wire.orders import TracedOrder
from safeconduct.kernel.wire.refusals import Conflict, NotFound
from safeconduct.kernel.words import FACT_ID_BYTES
from safeconduct.rooms.crew import HeldKey
from safeconduct.rooms.crew.claims import Claim
from safeconduct.rooms.crew.events import Followed
from safeconduct.rooms.crew.tracing import LATER, TracesNot, hash_of, traced_capability
from safeconduct.rooms.crew.tracing_facts import TracingOpened

UNTRACED: Final = "untraced"
"""The standing under which a round runs whose epoch ends a tracing."""
NO_FACT: Final = bytes(FACT_ID_BYTES)
END: Final = "tracing_end"
"""The tracing epoch that the person at this desk wants to end."""
_WAY: Final = "access_way"


class Way(Record, frozen=True):
    """What is known of a capability: the epoch if it traces, else 0, and since when it is shown."""

    capability: bytes
    traced: int
    since: int


class Written(NamedTuple):
    """Bytes that came with one capability: in the epoch, and of the day in files and in the rest.

    `who` is the device, `LATER`, or nothing for a capability that was given to nobody.
    """

    who: bytes
    total: int
    files: int
    rest: int


_WAYS: Final[Codec[Way]] = Codec(Way, _WAY)


def note_way(journal: Journal, capability: bytes, traced: int) -> None:
    """Keep whether a capability is one of a tracing epoch; in the transaction that keeps it."""
    known = journal.store.setting(_WAY, _WAYS)
    same = known is not None and known.capability == capability
    since = known.since if known and same else journal.clock.now()
    with journal.store.transaction():
        journal.store.put_setting(_WAY, Way(capability, traced, since))
        if not same:
            journal.store.drop_settings(END)


def stands(journal: Journal) -> tuple[int, int] | None:
    """Return the access epoch, if it traces, and since when this desk knows; 0 when it read it."""
    way = journal.store.setting(_WAY, _WAYS)
    if way is not None and way.capability == journal.place.capability:
        return (way.traced, way.since) if way.traced else None
    epoch = _by_log(journal)
    return (epoch, 0) if epoch else None


def epoch_of(journal: Journal) -> int | None:
    """Return the access epoch if it traces."""
    found = stands(journal)
    return found[0] if found else None


def opened(journal: Journal, epoch: int) -> Claim | None:
    """Return the fact by which a steward let this epoch trace; of several the first followed.

    Also one that its signer took back since: nobody so takes their name from what has begun.
    """
    claims = [
        claim
        for claim in counted(journal, TracingOpened)
        if isinstance(claim.fact, TracingOpened) and claim.fact.epoch == epoch
    ]
    followed = [mark.fact for fact in doors_written(journal) for mark in fact.followed]
    done = {fact: place for place, fact in reversed([*enumerate(followed)])}
    return min(claims, key=lambda one: (done.get(one.id, len(followed)), one.id), default=None)


def is_to_end(journal: Journal) -> bool:
    """Tell whether the person here wants the tracing that stands to end."""
    asked = journal.store.setting(END, NUMBER)
    return asked is not None and asked == epoch_of(journal)


def ask_to_end(journal: Journal) -> None:
    """Open an epoch that does not trace, as soon as the relay is reached; durable on return.

    Raises:
        TracesNot: there is nothing to end.
    """
    epoch = epoch_of(journal)
    if epoch is None:
        raise TracesNot
    journal.store.put_setting(END, epoch)


def ending(journal: Journal, marks: tuple[Followed, ...]) -> tuple[Followed, ...]:
    """Return what a round follows that opens an ordinary epoch: it ends a tracing that stands."""
    rest = tuple(mark for mark in marks if mark.standing != TRACED)
    epoch = epoch_of(journal) or _by_log(journal)
    if not epoch:
        return rest
    fact = opened(journal, epoch)
    return (*rest, Followed(journal.device, fact.id if fact else NO_FACT, UNTRACED))


def given(journal: Journal, courier: Courier, epoch: int) -> tuple[bytes, ...]:
    """Return the hashes of the capabilities of an epoch that stands; () unless it traces.

    Raises:
        Unreachable: later, also where the relay denies that it traces: letters would else bring
            this desk's own capability to everybody.
    """
    if epoch_of(journal) != epoch:
        return ()
    try:
        return tuple(one.capability_hash for one in _ask(journal, courier))
    except TracesNot:
        raise Unreachable from None


def way_for_newcomers(journal: Journal) -> bytes:
    """Return the capability for a device that is admitted now: never our own where it traces."""
    epoch, control = epoch_of(journal), journal.keychain.control()
    if epoch is None or control is None or control.epoch != epoch:
        return journal.place.capability
    return traced_capability(control.key, journal.office, epoch, LATER)


def written(journal: Journal, courier: Courier) -> list[Written]:
    """Ask the relay how much came with the capability of each device, the most first.

    Raises:
        TracesNot: the epoch does not trace, or this desk does not hold its control key.
        Unreachable: the relay does not answer.
    """
    told = _ask(journal, courier)
    control = _control(journal)
    devices = [*journal.roster.members, LATER]
    whose = {
        hash_of(traced_capability(control.key, journal.office, control.epoch, who)): who
        for who in devices
    }
    found = [
        Written(whose.get(one.capability_hash, b""), one.written, one.files, one.rest)
        for one in told
    ]
    shown = [one for one in found if one.total or one.who not in {b"", LATER}]
    return sorted(shown, key=lambda one: (-one.total, one.who))


def _ask(journal: Journal, courier: Courier) -> list[Counted]:
    control = _control(journal)
    order = encode(TracedOrder("traced", journal.office, control.epoch))
    signature = sign(SigningKey.from_seed(control.key), "access", journal.office, order)
    try:
        return courier.traced(order, signature)
    except (NotFound, Conflict, BadSignature):
        raise TracesNot from None


def _control(journal: Journal) -> HeldKey:
    control = journal.keychain.control()
    if control is None:
        raise TracesNot
    return control


def _by_log(journal: Journal) -> int:
    """Return the epoch in which stewards' desks last wrote letters, if it traces; else 0."""
    ended = defaultdict[int, set[str]](set)
    for fact in doors_written(journal):
        ended[fact.epoch] |= {mark.standing for mark in fact.followed}
    newest = max(ended, default=0)
    return newest if TRACED in ended.get(newest, set()) else 0
