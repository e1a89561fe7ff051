# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts to what a person allowed and did not, and whether something may be passed on.

The same facts give the same state in any order, and no clock decides between two of them.  A no
stands against every consent to the same whose author did not name it, and what was withdrawn stays
withdrawn (spec/consent.md 3).  Fails closed: where nothing can be read, nothing is allowed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NewType

from safeconduct.kernel.normal import normal
from safeconduct.kernel.words import DAY, CaseId, Instant, instant_of
from safeconduct.rooms.cases.consent_facts import (
    LINE_MOST,
    ConsentFact,
    ConsentGiven,
    ConsentRefused,
    ConsentWithdrawn,
)
from safeconduct.rooms.cases.record import SheetId, sheet_name
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from safeconduct.kernel.words import DeviceId, FactId, VaultId
    from safeconduct.rooms.cases.fold import Told

ConsentId = NewType("ConsentId", bytes)
CONSENT_BYTES: Final = 16
DAYS_MOST: Final = 731
"""Two years, one of them a leap year: longer than that nobody can know what they allow."""
LAPSING_IN: Final = 30
"""Days before its end in which a consent is shown as one that lapses."""
REST: Final = 7
"""Days after a no in which nobody asks for the same again."""
AHEAD: Final = 1
"""It may be tomorrow already where the person is."""


class Purpose(Enum):
    """What something is passed on for."""

    REFERRAL = "referral"
    """Another organisation, a doctor, a lawyer, somewhere to stay."""
    TESTIMONY = "testimony"
    """What was done to them, to a court or a body that inquires into it."""
    PUBLICATION = "publication"
    AUTHORITIES = "authorities"
    RESEARCH = "research"
    RELATIVES = "relatives"
    """To tell a relative, whom the recipient names."""
    OWN_FILE = "own_file"
    """What is kept about them, to themselves; the recipient says how it reaches them."""
    OTHER = "other"
    """What for is said in words."""


class How(Enum):
    """How a person said it."""

    WRITING = "writing"
    SPOKEN = "spoken"
    THROUGH = "through"
    """Through somebody, who is named."""


class WhyNot(Enum):
    """Why something may not be passed on."""

    UNSEEN = "unseen"
    """Nobody here can read the part in which consents stand."""
    NONE = "none"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    OTHER_RECIPIENT = "other_recipient"


TWICE_MOST: Final = 8
"""An id is drawn by chance and stands once; what stands more often under one id allows nothing."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a person is asked: whether this may go to this recipient for this purpose."""

    person: SheetId
    purpose: Purpose
    recipient: str
    other: str = ""
    """What for, where the purpose is `other`."""

    @property
    def key(self) -> tuple[bytes, Purpose, str, str]:
        """What two askings for the same have in common, however they are spelt."""
        return self.person, self.purpose, alike(self.other), alike(self.recipient)

    @property
    def aim(self) -> tuple[bytes, Purpose, str]:
        """The same without the recipient."""
        return self.key[:3]


@dataclass(frozen=True, slots=True)
class No:
    """A person said no to what they were asked, or took a consent back."""

    fact: FactId
    at: Instant
    by: DeviceId
    asking: Asking
    day: int
    """On which they said it; of a withdrawal, when it was written down."""
    withdrew: ConsentId | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person allowed, after which text, and what was said against it."""

    fact: FactId
    at: Instant
    by: DeviceId
    asking: Asking
    said: ConsentGiven
    how: How
    against: tuple[No, ...] = ()

    @property
    def id(self) -> ConsentId:
        """By which it is withdrawn."""
        return ConsentId(self.said.consent)

    def holds(self, today: int) -> bool:
        """Tell whether it allows anything on a day."""
        return not self.against and self.said.given <= today + AHEAD and today <= self.said.until

    def lapses(self, today: int) -> bool:
        """Tell whether it holds, and ends soon."""
        return self.holds(today) and self.said.until - today <= LAPSING_IN


@dataclass(frozen=True, slots=True)
class Consents:
    """Everything that the people of a case said about passing on; `readable` if it can be known."""

    case: CaseId
    readable: bool = False
    given: tuple[Consent, ...] = ()
    noes: tuple[No, ...] = ()
    """Refusals and withdrawals, oldest first."""
    language: str = "en"
    """Of code names."""

    def name(self, person: SheetId) -> str:
        """Return a person's code name, also where nothing of their sheet can be read here."""
        return sheet_name(person, self.language)

    @property
    def persons(self) -> tuple[SheetId, ...]:
        """Who said anything, in the order in which they did so first."""
        said: list[Consent | No] = [*self.given, *self.noes]
        said.sort(key=lambda one: (one.at, one.fact))
        return tuple(dict.fromkeys(one.asking.person for one in said))

    def consent(self, consent: bytes) -> Consent | None:
        """Return one of them by its id."""
        return next((one for one in self.given if one.id == consent), None)

    def against(self, asking: Asking) -> tuple[No, ...]:
        """Return the noes that were ever said to the same."""
        return tuple(one for one in self.noes if one.asking.key == asking.key)

    def said_no(self, person: SheetId, purpose: Purpose) -> tuple[No, ...]:
        """Return the noes of a person for a purpose, whoever was to get it."""
        aim = person, purpose
        return tuple(one for one in self.noes if (one.asking.person, one.asking.purpose) == aim)

    def lately(self, person: SheetId, purpose: Purpose, today: int) -> tuple[No, ...]:
        """Return the noes of less than a week ago, after which nobody asks again."""
        return tuple(
            one for one in self.said_no(person, purpose) if today - REST < one.day <= today + AHEAD
        )


def allows(consents: Consents, asking: Asking, now: Instant) -> Consent | WhyNot:
    """Return the consent that allows what is asked, or why there is none."""
    if not consents.readable:
        return WhyNot.UNSEEN
    today = day_of(now)
    same = [one for one in consents.given if one.asking.key == asking.key]
    holding = [one for one in same if one.holds(today)]
    if holding:
        return max(holding, key=lambda one: (one.said.until, one.fact))
    overcome = {fact for one in same for fact in one.said.over}
    refused = (one for one in consents.against(asking) if not one.withdrew)
    if any(one.fact not in overcome for one in refused):
        return WhyNot.REFUSED
    if same:
        return _why(same[-1])
    elsewhere = (one for one in consents.given if one.asking.aim == asking.aim)
    return WhyNot.OTHER_RECIPIENT if any(one.holds(today) for one in elsewhere) else WhyNot.NONE


def allows_recipient(consents: Consents, recipient: str, now: Instant) -> Consent | WhyNot:
    """Return a consent under which a recipient may be given words of the people of a case.

    For what does not say whose words it holds, nor what for: one of them said yes for this
    recipient, and nothing that anybody of them said against it stands.
    """
    if not consents.readable:
        return WhyNot.UNSEEN
    same = [one for one in consents.given if alike(one.asking.recipient) == alike(recipient)]
    named = {fact for one in same for fact in one.said.over}
    noes = [one for one in consents.noes if alike(one.asking.recipient) == alike(recipient)]
    if any(one.fact not in named for one in noes):
        return WhyNot.WITHDRAWN if all(one.withdrew for one in noes) else WhyNot.REFUSED
    holding = [one for one in same if one.holds(day_of(now))]
    if holding:
        return max(holding, key=lambda one: (one.said.until, one.fact))
    return WhyNot.EXPIRED if same else WhyNot.NONE


def _why(newest: Consent) -> WhyNot:
    if not newest.against:
        return WhyNot.EXPIRED
    took_back = any(one.withdrew for one in newest.against)
    return WhyNot.WITHDRAWN if took_back else WhyNot.REFUSED


def fold_consents(
    case: CaseId, parts: Mapping[VaultId, Part], told: Iterable[Told], language: str
) -> Consents:
    """Return what stands of consents in a case, from the facts in the parts that are read here.

    Code names are words of the office's language.
    """
    facts = sorted(
        (one for one in told if _counts(case, parts, one)), key=lambda one: (one.hlc, one.fact)
    )
    given = [found for one in facts if (found := _given(one)) is not None]
    by_id: dict[bytes, list[Consent]] = {}
    for consent in given:
        by_id.setdefault(consent.id, []).append(consent)
    by_id = {one: some for one, some in by_id.items() if len(some) <= TWICE_MOST}
    given = [one for one in given if one.id in by_id]
    noes = [no for one in facts for no in (*_refused(one), *_withdrawn(one, by_id))]
    to: dict[tuple[bytes, Purpose, str, str], list[No]] = {}
    for no in noes:
        to.setdefault(no.asking.key, []).append(no)
    return Consents(
        case,
        Part.CONTACT in parts.values(),
        tuple(_weighed(one, to.get(one.asking.key, ())) for one in given),
        tuple(noes),
        language,
    )


def day_of(instant: Instant) -> int:
    """Return which day of UTC it is."""
    return instant // DAY


def line_of(typed: str) -> str:
    """Return what was typed as one line is kept; nothing where it does not fit."""
    text = " ".join(typed.split())
    return text if len(text) <= LINE_MOST else ""


@lru_cache(1 << 12)
def alike(text: str) -> str:
    """Return a line as it is compared."""
    return " ".join(normal("NFKC", normal("NFKC", text).casefold()).split())


PURPOSES: Final = {one.value: one for one in Purpose}
WAYS: Final = {one.value: one for one in How}


def _counts(case: CaseId, parts: Mapping[VaultId, Part], one: Told) -> bool:
    event = one.event
    there = parts.get(one.vault) is Part.CONTACT
    return there and isinstance(event, ConsentFact) and event.case == case


def _asking(event: ConsentGiven | ConsentRefused) -> Asking | None:
    purpose = PURPOSES.get(event.purpose)
    if purpose is None or (purpose is Purpose.OTHER) != bool(event.other):
        return None
    if not event.recipient or any(line_of(one) != one for one in (event.recipient, event.other)):
        return None
    return Asking(SheetId(event.person), purpose, event.recipient, event.other)


def _given(one: Told) -> Consent | None:
    event = one.event
    if not isinstance(event, ConsentGiven):
        return None
    asking, how = _asking(event), WAYS.get(event.how)
    if asking is None or how is None or not event.text.strip():
        return None
    if (how is How.THROUGH) != bool(event.through) or line_of(event.through) != event.through:
        return None
    if not 0 <= event.until - event.given <= DAYS_MOST:
        return None
    return Consent(one.fact, instant_of(one.hlc), one.device, asking, event, how)


def _refused(one: Told) -> tuple[No, ...]:
    event = one.event
    asking = _asking(event) if isinstance(event, ConsentRefused) else None
    if asking is None or not isinstance(event, ConsentRefused):
        return ()
    return (No(one.fact, instant_of(one.hlc), one.device, asking, event.day),)


def _withdrawn(one: Told, given: Mapping[bytes, list[Consent]]) -> tuple[No, ...]:
    """Return the withdrawal; of an id that stands twice it is one of each, and withdraws both."""
    event, at = one.event, instant_of(one.hlc)
    if not isinstance(event, ConsentWithdrawn):
        return ()
    said = ConsentId(event.consent), event.reason
    askings = dict.fromkeys(of.asking for of in given.get(event.consent, ()))
    return tuple(No(one.fact, at, one.device, of, day_of(at), *said) for of in askings)


def _weighed(consent: Consent, noes: Iterable[No]) -> Consent:
    """Return a consent with what stands against it, of the noes to the same."""
    against = tuple(
        one for one in noes if one.withdrew == consent.id or one.fact not in consent.said.over
    )
    return replace(consent, against=against)
