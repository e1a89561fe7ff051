# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether who writes in a conversation means harm: one press to say so, one to take it back."""

from __future__ import annotations

from typing import Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.pages.conversation import again, back, found, shown
from safeconduct.edges.desk.visit import Here, Named, Page
from safeconduct.kernel.errors import Refused


@get("/hotline/{name:str}/hostility", sync_to_thread=True)
def see_hostile(visit: Here, name: Named) -> Page:
    """Show whether it is marked, again."""
    return visit.part("regions/hostile.html", **shown(visit, found(visit, name)))


@post("/hotline/{name:str}/hostile", sync_to_thread=True)
def mark_hostile(visit: Here, name: Named) -> Page:
    """Mark the sender hostile, or take that back."""
    chosen = visit.form.get("hostile")
    if chosen not in {"0", "1"}:
        raise NotFoundException
    try:
        visit.desk.triage.mark_hostile(found(visit, name).id, hostile=chosen == "1")
    except Refused as error:
        context = shown(visit, found(visit, name)) | {"refused": "hostile"}
        reason = visit.why(error)
        return visit.refused(reason, "conversation.html", into="hostile-refused", **context)
    if visit.partly:
        return visit.part("regions/hostile.html", **again(visit, name))
    return back(visit, name, visit.say("Saved."))


VIEWS: Final = (see_hostile, mark_hostile)
