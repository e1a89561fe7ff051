# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can see a conversation, who opened it, what a device did, and what is gone for good.

Each says which of two kinds of claim it makes: what keys and signatures prove, or what a desk
reported of itself.
"""

from __future__ import annotations

from typing import Final

from litestar import get

from safeconduct.edges.desk.audit_api import DAILY, REPORTS
from safeconduct.edges.desk.pages.conversation import found
from safeconduct.edges.desk.pages.devices import found_for_us
from safeconduct.edges.desk.visit import Here, Named, Page

STEP: Final = 40


@get("/hotline/{name:str}/who", sync_to_thread=True)
def see_who(visit: Here, name: Named) -> Page:
    """Show who holds keys of a conversation, and who opened it."""
    conversation, start = found(visit, name), visit.start()
    audit = visit.desk.audit
    reported, total = audit.reported(conversation.id, start=start, most=STEP)
    return visit.page(
        "who.html",
        conversation=conversation,
        path=f"/hotline/{name}",
        seen=audit.who_can_see(conversation.id),
        roster=visit.desk.roster(),
        reported=reported,
        daily=DAILY,
        total=total,
        start=start,
        step=STEP,
    )


@get("/crew/{name:str}/did", sync_to_thread=True)
def see_what_it_did(visit: Here, name: Named) -> Page:
    """Show it, to stewards and to whoever sits at that desk."""
    device, start = found_for_us(visit, name), visit.start()
    deeds, more = visit.desk.audit.deeds(device.member.device.id, start=start, most=STEP)
    return visit.page(
        "did.html",
        found=device,
        deeds=deeds,
        reports=REPORTS,
        daily=DAILY,
        more=more,
        start=start,
        step=STEP,
    )


@get("/crew/gone", sync_to_thread=True)
def see_what_is_gone(visit: Here) -> Page:
    """Show from when on nobody opens what is destroyed today, and what that waits for."""
    erasure = visit.desk.audit.erasure()
    members = visit.desk.roster().members
    return visit.page("gone.html", erasure=erasure, members=members)


VIEWS: Final = (see_who, see_what_it_did, see_what_is_gone)
