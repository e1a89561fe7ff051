# SPDX-License-Identifier: AGPL-3.0-or-later
"""The newest intake key, whose parcel was only at a relay that is left, given once more.

Pages are told of it at the next relay, so whoever reads letters must be able to have it
(spec/mailbox.md 3).
Whoever lacks it, and makes such keys, makes a new one: who made this one may be gone.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.intake_keys import KIND, IntakeKeys, Told
from safeconduct.edges.desk.engine.intake_keys import NAME as CLOSED_NAME
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.kernel.canon import Codec, Count32
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.ports import Courier
from safeconduct.rooms import crew, hotline
from safeconduct.rooms.crew import HeldKey, Role
from safeconduct.rooms.crew.giving_again import REASON
from safeconduct.rooms.hotline.events import IntakeKeyOpened

NAME: Final = "intake_again"
_ASKED: Final[Codec[tuple[Count32, ...]]] = Codec(tuple[Count32, ...], NAME)
_TOLD: Final = (
    'SELECT c.at, c.device, e.kind, e.version, e.body FROM entries e JOIN commits c ON c.no = e."commit" '  # noqa: E501
    "WHERE e.conversation IS NULL AND e.kind = 'hotline.IntakeKeyOpened' AND c.state = 0"
)


def ask(journal: Journal, since: int, *, everyone: bool) -> None:
    """Remember which keys are to be given once more, of facts that stand from an index on.

    Inside the transaction of the move, before the log is cut; pages are told of the newest again.
    """
    epochs, present = set[int](), journal.roster.present()
    for at, device, *rest in journal.store.rows(_TOLD):
        ours = device == journal.device or device not in present
        fact = hotline.parse_fact(*rest)
        lost = at is None or at >= since
        if lost and (everyone or ours) and isinstance(fact, IntakeKeyOpened):
            epochs.add(fact.epoch)
    journal.store.put_setting(NAME, tuple(sorted(epochs)))
    journal.store.drop_settings(CLOSED_NAME)


def lacks(journal: Journal, newest: Told) -> bool:
    """Tell whether this desk came to another relay, and the newest key did not."""
    went = journal.store.setting(NAME, _ASKED) is not None
    return went and journal.keychain.intake(newest.fact.epoch) is None


def give(journal: Journal, courier: Courier, keys: IntakeKeys) -> None:
    """Give what is to be given; what is lacking waits, and so does a desk that may not write.

    A cut between parcel and fact gives it once more, which changes nothing.

    Raises:
        Unreachable, Refused: the relay did not take the parcel; to be taken up later.
        StoreFull: nothing was kept.
    """
    epochs, newest = journal.store.setting(NAME, _ASKED), keys.newest()
    if epochs is None or newest is None or journal.behind or lacks(journal, newest):
        return
    facts = list[Fact]()
    if newest.fact.epoch in epochs and journal.roster.roles(journal.device) - {Role.LINE}:
        parcel = _parcel(journal, newest.fact.epoch)
        if parcel is None:
            return
        courier.put_parcel(parcel)
        again = IntakeKeyOpened(
            newest.fact.epoch, newest.fact.certificate, crew.parcel_hash(parcel)
        )
        facts.append(post.fact(journal, again))
    _done(journal, facts)


def _parcel(journal: Journal, epoch: int) -> bytes | None:
    """Return the parcel for all who read letters, and recovery; None while cards are disputed."""
    circle = journal.keys.circle()
    seed = next(one.key for one in journal.keychain.all() if (one.kind, one.epoch) == (KIND, epoch))
    if circle is None:
        return None
    helpers = [one for one in circle.devices if journal.roster.roles(one) - {Role.LINE}]
    readers = circle.takers(journal.hotline_vault, helpers)
    held = HeldKey(KIND, NO_ID, epoch, seed)
    wraps = [(key, [held]) for key in (*map(circle.devices.__getitem__, readers), circle.recovery)]
    return crew.write_parcel(circle.packer(journal.rng), REASON, wraps)


def _done(journal: Journal, facts: list[Fact]) -> None:
    """Tell of the parcel and be done; all or nothing."""
    try:
        with journal.store.transaction():
            if facts:
                journal.write(facts)
            journal.store.drop_settings(NAME)
    except BaseException:
        journal.load()
        raise
