# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one room's work asks of another before it goes on; each question is one function here.

What the office's book of countries says of papers is handed to a checklist as lines of text; the
book is asked as far as this desk reads it, and learns nothing (spec/relocation.md 4).

The invariant: nothing of a person in a case leaves the office, on whatever way, unless
`need_consent` returned for that person, purpose and recipient, and no conversation of a case unless
`need_consent_of_talks` did for the recipient (spec/consent.md 4).  Fails closed.

    consent = need_consent(desk.cases.consents, case, asking, desk.now())
    ...  # report, then give; heed `consent.said.limits`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.rooms.cases.consent import (
    Consent,
    Purpose,
    WhyNot,
    alike,
    allows,
    allows_recipient,
)
from safeconduct.rooms.cases.consent_decide import NoConsent
from safeconduct.rooms.passage.board.clock import Public
from safeconduct.rooms.passage.kinds import COUNTRY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from safeconduct.edges.desk.bulletins_api import Counted
    from safeconduct.edges.desk.casework_api import CaseWorkApi
    from safeconduct.edges.desk.consents_api import ConsentsApi
    from safeconduct.kernel.sheets import Written
    from safeconduct.kernel.words import CaseId, ConversationId, Instant
    from safeconduct.rooms.cases import SheetId
    from safeconduct.rooms.cases.consent import Asking
    from safeconduct.rooms.passage import Network, Sheet


def public_days(bulletins: Iterable[Counted], day_of: Callable[[Instant], str]) -> list[Public]:
    """Return what the clock of journeys is told of bulletins that run: their deadlines and titles.

    Whom a bulletin touches is the hotline's: no conversation and no party goes along.
    """
    return [
        Public(day_of(one.bulletin.until), one.bulletin.title, one.bulletin.id)
        for one in bulletins
        if one.bulletin.until is not None
    ]


def need_consent_of_talks(
    cases: CaseWorkApi, talks: Collection[ConversationId], recipient: str, now: Instant
) -> None:
    """Let conversations go to a recipient only as the people of their cases allow.

    Where none of them belongs to a case that can be seen here, there is nobody to ask.

    Raises:
        NoConsent: in one of the cases nobody consented to this recipient, or somebody said no.
    """
    for case in cases.links.of_talks(talks):
        found = allows_recipient(cases.consents.of(case.id), recipient, now)
        if isinstance(found, WhyNot):
            raise NoConsent(found)


def need_consent(consents: ConsentsApi, case: CaseId, asking: Asking, now: Instant) -> Consent:
    """Return the consent under which something of a person may be passed on now.

    Whoever passes it on shows `consent.said.limits` to whoever does it, and asks anew each time.

    Raises:
        NoConsent: there is none that holds, or none can be seen here; nothing may be passed on.
    """
    found = allows(consents.of(case), asking, now)
    if isinstance(found, WhyNot):
        raise NoConsent(found)
    return found


def need_own_wish(consents: ConsentsApi, case: CaseId, person: SheetId, now: Instant) -> Consent:
    """Return the wish under which a person is given what is kept about them.

    To herself a file goes by the way on which they agreed: the recipient of that consent.

    Raises:
        NoConsent: she did not ask for it, or took it back; nothing may be handed over.
    """
    known = consents.of(case)
    every = [one.asking for one in known.given] + [one.asking for one in known.noes]
    asked = [one for one in every if one.person == person]
    why = WhyNot.NONE if known.readable else WhyNot.UNSEEN
    for asking in asked:
        if asking.purpose is Purpose.OWN_FILE:
            found = allows(known, asking, now)
            if not isinstance(found, WhyNot):
                return need_consent(consents, case, asking, now)
            why = found
    raise NoConsent(why)


def papers_of_country(network: Network, country: str) -> tuple[str, ...]:
    """Return what the office's book says that a country of this name asks for, line by line.

    Nothing where this desk does not read the book, or nobody wrote of that country.
    """
    named = (
        one
        for one in network.of_kind(COUNTRY)
        if country and any(alike(said.text) == alike(country) for said in _said(one, "name"))
    )
    texts = (said.text for one in named for said in _said(one, "documents"))
    lines = (line.strip() for text in texts for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def _said(sheet: Sheet, name: str) -> list[Written]:
    return [said for entered in sheet.entered(name) for said in entered.standing]
