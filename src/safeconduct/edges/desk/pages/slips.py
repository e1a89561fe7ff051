# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slips: one errand is written down, seen as it will be read, made, watched, frozen.

A desk that cannot read the book of journeys has no such page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk import slip_texts, slip_words, ways_words
from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.slips import PAGE, WAYS, SlipChanged
from safeconduct.edges.desk.slips_api import DraftedSlip, ShownSlip, Wish
from safeconduct.edges.desk.tasks_page import today_of
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.languages import LANGUAGES as TONGUES
from safeconduct.kernel.sheets import SHEET_BYTES
from safeconduct.kernel.words import FACT_ID_BYTES
from safeconduct.rooms.passage import Book, Sheet
from safeconduct.rooms.passage.errand.errands import ERRANDS, candidates
from safeconduct.rooms.passage.errand.slip import Carry, Destroy, TypedSlip, WrongSlip
from safeconduct.rooms.passage.errand.slips import SlipIsOver, learnt_by
from safeconduct.rooms.passage.kinds import HOUSE, PARTY, POINT, RIDE, TOWN

FORM: Final = "slip_form.html"
LIST: Final = "slips.html"
STEP: Final = 40
FIELDS: Final = (
    *("knower", "way", "language", "until", "check_in", "at", "ends", "note", "call", "report"),
    "destroy",
)
_CHECK_IN_BYTES: Final = 16


@get("/slips", sync_to_thread=True)
def see_slips(visit: Here) -> Page:
    """Show the slips that were made, and how they stand."""
    return visit.page(LIST, **_listed(visit))


@get("/slips/{kind:str}/{sheet:str}", sync_to_thread=True)
def begin_slip(visit: Here, kind: Named, sheet: Named) -> Page:
    """Show the form for a slip of one ride or stay."""
    found = _row(visit, kind, sheet)
    typed = {
        "at": found.text("at"),
        "language": visit.language,
        "until": max(found.text("day") or found.text("begins"), today_of(visit)),
        "ends": "1",
    }
    return visit.page(FORM, **_form(visit, found), typed=typed, ticked=frozenset())


@post("/slips/{kind:str}/{sheet:str}/seen", sync_to_thread=True)
def look_over_slip(visit: Here, kind: Named, sheet: Named) -> Page:
    """Show it exactly as it will be read, or the form again."""
    found = _row(visit, kind, sheet)
    if visit.form.get("back"):
        return visit.page(FORM, **_again(visit, found))
    try:
        drafted = visit.desk.slips.draft(_wish(visit, found))
    except SafeconductError as error:
        return _refused(visit, found, error)
    return visit.page("slip_seen.html", **_seen(visit, found, drafted))


@post("/slips/{kind:str}/{sheet:str}/made", sync_to_thread=True)
def make_it(visit: Here, kind: Named, sheet: Named) -> Page:
    """Make it, and show what is shown this once."""
    found = _row(visit, kind, sheet)
    wish, slips = _wish(visit, found), visit.desk.slips
    try:
        given = slips.make(wish, visit.form.get("seen"))
    except SlipChanged as error:
        try:
            seen = _seen(visit, found, slips.draft(wish))
        except SafeconductError as refused:
            return _refused(visit, found, refused)
        return visit.refused(visit.why(error), "slip_seen.html", into="making-refused", **seen)
    except SafeconductError as error:
        return _refused(visit, found, error)
    return visit.page(
        "slip_made.html",
        way=wish.way,
        tongue=wish.language,
        drawn=given.words,
        drawn_of=TONGUES[wish.language].words,
        slip=given.slip,
        lines=slip_texts.lines(given.slip, wish.language),
        spoken=slip_texts.spoken(given.slip, wish.language),
    )


@post("/slips/frozen", sync_to_thread=True)
def freeze_slips(visit: Here) -> Page:
    """Freeze one slip, or all of somebody."""
    slip, knower = visit.form.get("slip"), visit.form.get("knower")
    try:
        if slip:
            visit.desk.slips.freeze(parse_id(slip, FACT_ID_BYTES))
        elif not visit.desk.slips.freeze_all_of(parse_id(knower, SHEET_BYTES)):
            raise SlipIsOver
    except SafeconductError as error:
        return visit.refused(visit.why(error), LIST, into="slips-refused", **_listed(visit))
    said = visit.say("Frozen. What had left us by then is marked below.")
    return visit.onward("/slips", said)


def _listed(visit: Visit) -> dict[str, Any]:
    network, slips = visit.desk.ways.network(), visit.desk.slips
    if Book.JOURNEYS not in network.books:
        raise NotFoundException
    of: dict[tuple[str, bytes], list[ShownSlip]] = {}
    for one in slips.every():
        of.setdefault((one.made.said.kind, one.made.said.knower), []).append(one)
    every = [(knower, one) for knower, some in of.items() for one in some]
    start = visit.start()
    rows = groupby(every[start : start + STEP], lambda row: row[0])
    naming = ways_words.naming(network, visit.language)

    def named(sheet: bytes, *kinds: str) -> str:
        found = network.sheet(sheet, *kinds)
        return naming.label(found) if found is not None else ""

    return {
        "knowers": [
            (
                knower,
                named(knower, kind),
                [one for _, one in some],
                _learnt(of[kind, knower], named),
            )
            for (kind, knower), some in rows
        ],
        "start": start,
        "step": STEP,
        "total": len(every),
        "book": Book.JOURNEYS,
        "slip_changed": slip_words.changed(visit.language),
        "writes": visit.desk.ways.may_write(),
    }


def _learnt(
    some: Sequence[ShownSlip], named: Callable[..., str]
) -> list[tuple[str, list[str], bool]]:
    """Say what one escort or host learnt by these slips, oldest first."""
    return [
        (one.day, [named(one.party, PARTY), *(named(at, POINT, TOWN, HOUSE) for at in one.places)],
         one.left)
        for one in learnt_by([one.made for one in reversed(some)], some[0].made.said.knower)
    ]  # fmt: skip


def _form(visit: Visit, sheet: Sheet) -> dict[str, Any]:
    network = visit.desk.ways.network()
    naming = ways_words.naming(network, visit.language)
    waiting = [one.check_in for one in visit.desk.check_ins.watched() if one.check_in.waits]
    return {
        "path": f"/slips/{sheet.kind}/{sheet.id.hex()}",
        "row": f"/ways/journeys/{sheet.kind}/{sheet.id.hex()}",
        "heading": naming.label(sheet),
        "ride": sheet.kind == RIDE,
        "whom": [(one.id.hex(), naming.label(one)) for one in candidates(network, sheet)],
        "waiting": waiting,
        "manners": WAYS,
        "tongues": {code: one.name for code, one in TONGUES.items()},
        "carries": [(one.value, slip_texts.carried(one, visit.language)) for one in Carry],
        "destroys": [(one.value, slip_texts.destroyed(one, visit.language)) for one in Destroy],
        "wrong": (),
        "writes": visit.desk.ways.may_write(),
    }


def _again(visit: Visit, sheet: Sheet) -> dict[str, Any]:
    return _form(visit, sheet) | {"typed": _fields(visit), "ticked": _ticked(visit)}


def _refused(visit: Visit, sheet: Sheet, error: SafeconductError) -> Page:
    context = _again(visit, sheet)
    context["wrong"] = error.names if isinstance(error, WrongSlip) else ()
    return visit.refused(visit.why(error), FORM, into="slip-refused", **context)


def _seen(visit: Visit, sheet: Sheet, drafted: DraftedSlip) -> dict[str, Any]:
    tongue = visit.form.get("language")
    naming = ways_words.naming(visit.desk.ways.network(), visit.language)
    return {
        "path": f"/slips/{sheet.kind}/{sheet.id.hex()}",
        "drafted": drafted,
        "who": naming.label(drafted.errand.knower),
        "tongue": tongue,
        "lines": slip_texts.lines(drafted.slip, tongue),
        "typed": _fields(visit) | {"word": drafted.slip.word},
        "ticked": _ticked(visit),
    }


def _wish(visit: Visit, sheet: Sheet) -> Wish:
    form = visit.form
    check_in = form.get("check_in")
    typed = TypedSlip(
        *(form.get("at"), _ticked(visit), form.get("note"), form.get("call")),
        *(form.get("report"), form.get("destroy"), bool(form.get("ends"))),
    )
    return Wish(
        *(sheet.kind, sheet.id, parse_id(form.get("knower"), SHEET_BYTES)),
        *(form.get("way") or PAGE, form.get("language"), form.get("until")),
        parse_id(check_in, _CHECK_IN_BYTES) if check_in else b"",
        typed,
        form.get("word"),
        visit.front.zone,
    )


def _fields(visit: Visit) -> dict[str, str]:
    return {name: visit.form.get(name) for name in FIELDS}


def _ticked(visit: Visit) -> frozenset[str]:
    return frozenset(one.value for one in Carry if visit.form.get(f"carry-{one.value}"))


def _row(visit: Visit, kind: str, name: str) -> Sheet:
    raw = parse_id(name, SHEET_BYTES)
    found = visit.desk.ways.network().sheet(raw, kind) if raw and kind in ERRANDS else None
    if found is None:
        raise NotFoundException
    return found


VIEWS: Final = (see_slips, begin_slip, look_over_slip, make_it, freeze_slips)
