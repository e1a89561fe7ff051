# SPDX-License-Identifier: AGPL-3.0-or-later
"""New keys after a removal or new recovery cards, by a steward's desk (spec/crew.md 3, 4 and 8).

Each act: its parcel goes to the relay, then its facts and its keys become durable at once.  What is
to be done is planned anew from what is held before each act, so that a cut between any two steps
costs at most a parcel that no fact names, and nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from safeconduct.edges.desk.engine import team_keys
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import OFFICE_KEY, Act, Role, Standing, Telling

ASKED: Final = "rotate"
Known = tuple[tuple[bytes, int], ...]
OLD_CARDS: Final = "rotate_cards"
_KNOWN: Final[Codec[Known]] = Codec(Known, OLD_CARDS)
FACTS_AT_ONCE: Final = 100
"""Each has a long signature; so many stay below what a frame holds."""


def ask(journal: Journal) -> None:
    """Remember that keys are to be renewed, until all that this desk can renew is; durable."""
    journal.store.put_setting(ASKED, 1)


def ask_all(journal: Journal) -> None:
    """Remember that every vault's key is to be renewed that stands now: old cards open it."""
    known = sorted((one.id, one.epoch) for one in journal.keys.vaults().values())
    journal.store.put_setting(OLD_CARDS, tuple(known))
    ask(journal)


def _opened_by_old_cards(journal: Journal) -> frozenset[VaultId]:
    """Return the vaults whose key is still that of when new cards were made."""
    known: Known = journal.store.setting(OLD_CARDS, _KNOWN) or ()
    vaults = journal.keys.vaults().values()
    return frozenset(one.id for one in vaults if (one.id, one.epoch) in known)


def asked(journal: Journal) -> bool:
    """Tell whether somebody asked and it is not done."""
    found = journal.store.setting(ASKED, NUMBER)
    return bool(found)


def able(journal: Journal) -> bool:
    """Tell whether this desk can renew keys: a steward's, that is not behind, while cards count."""
    steward = Role.STEWARD in journal.roster.roles(journal.device)
    return steward and not journal.behind and journal.keys.circle() is not None


class Rotator:
    """Renews keys at one relay.  All calls come from one thread."""

    def __init__(self, journal: Journal, courier: Courier) -> None:
        """Know of nothing yet that is done."""
        self._journal: Final = journal
        self._courier: Final = courier
        self._done: tuple[crew.KeyFacts, int] | None = None

    def rotate_all(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """Renew what is to be renewed, act by act; a desk that is no steward's does nothing.

        Raises:
            Unreachable, Refused: the relay did not take a parcel; to be taken up later.
        """
        while not stopped() and self._next():
            pass

    def _next(self) -> bool:
        """Do the next act; False when nothing is left that this desk can do."""
        journal = self._journal
        with journal.store.lock:
            if not able(journal):
                return False
            planned_from = journal.keys.stamp()
            if planned_from == self._done and not asked(journal):
                return False
            act = _planned(journal)
            if act is None:
                self._done = planned_from
                if asked(journal):
                    with journal.store.transaction():
                        journal.store.put_setting(OLD_CARDS, ())
                        journal.store.put_setting(ASKED, 0)
                return False
        self._courier.put_parcel(act.parcel)
        with journal.store.lock:
            if journal.keys.stamp() == planned_from:  # Else facts came meanwhile: plan anew.
                keep(journal, act)
        return True


def keep(journal: Journal, act: Act) -> None:
    """Write an act's facts, under the keys that all hold, and then keep its own; all or nothing."""
    signer = journal.device, journal.secrets.signing_key()
    with journal.store.lock:
        try:
            with journal.store.transaction():
                for some in _batches(act.facts):
                    journal.write(
                        [crew_fact(one.vault, one.fact, journal.office, signer) for one in some]
                    )
                journal.keychain.add(crew.held_keys(act.keys))
        finally:
            journal.load()
    journal.changed()
    journal.written()


def _batches(facts: Sequence[Telling]) -> Iterator[Sequence[Telling]]:
    for start in range(0, len(facts), FACTS_AT_ONCE):
        yield facts[start : start + FACTS_AT_ONCE]


def _planned(journal: Journal) -> Act | None:
    circle, held = journal.keys.circle(), journal.keychain.sure()
    if circle is None:
        return None
    if asked(journal) or _expelled(journal):
        vaults = journal.keys.vaults().values()
        old = _opened_by_old_cards(journal)
        ours = team_keys.ours(journal, held)
        acts = crew.plan_rotation(circle, vaults, ours, journal.rng, old=old).acts
        if acts:
            return acts[0]
    return team_keys.follow(journal, circle, held) or _owed(journal, circle)


def _expelled(journal: Journal) -> bool:
    """Tell whether a device that was expelled could open what others go on with.

    Or one that suspended itself: the desk that wrote it can renew nothing.
    """
    roster = journal.roster
    gone = {
        one
        for one, removed in roster.removed.items()
        if roster.standing(one) is Standing.EXPELLED
        or any(roster.removals[name].writer == one for name in removed.removals)
    }
    return any(not gone.isdisjoint(vault.known) for vault in journal.keys.vaults().values())


def _owed(journal: Journal, circle: crew.Circle) -> Act | None:
    """Plan to give what every desk needs to those who stand and had it once, and lack it now.

    So do those whom two brought back, and those who were admitted while somebody else rotated.
    """
    facts, vaults, held = journal.keys.facts(), journal.keys.vaults(), journal.keychain.sure()
    common = [
        vaults[vault]
        for vault in (OFFICE_KEY, journal.crew_vault, journal.hotline_vault)
        if vault in vaults and vaults[vault].newest in held
    ]
    lacking = {
        device
        for vault in common
        for device in circle.takers(vault.id, facts.given.ever(vault.id))
        if device not in vault.known
    }
    if not lacking:
        return None
    counted = {where: key for where, key in held.items() if facts.named(where)}
    keys = crew.choose(counted, common, history=True)
    to = crew.Recipients(sorted(lacking), {})
    return crew.give(circle, keys, to, vaults, journal.rng)
