# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address at which a desk could tell of cases, by the routes of its application.

A route that takes something for which there is no sample here is an error: who adds one says what
could be asked of it, or why it cannot tell of a case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from litestar.routes import HTTPRoute

from safeconduct.edges.desk.app import views
from safeconduct.edges.desk.consent_texts import LANGUAGES
from safeconduct.kernel.words import FACT_ID_BYTES
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.instruments import NEWEST
from safeconduct.rooms.cases.sheets import COST, SHEETS
from safeconduct.rooms.passage import Book
from tests.sim.case_matrix import UNKNOWN, Held, Matrix, asked_for, day, unknown
from tests.unit.edges.desk.pages.window import Window

ENDS = ("/open", "/unlock", "/locked", "/live", "/static/{name}")
"""Addresses before the desk is unlocked, and files of the program."""
OTHERWISE = {
    "/crew/log": r"Number of entries at this desk: \d+",
    "by-hand": r'name="message" value="\w+"',
    "/submissions": r'name="looks" value="\d+"',
    "/tables": r'name="looks" value="\d+"',
}
"""What differs each time: how long the log is, which every desk sees; an id that chance gives; how
often somebody here looked at files."""
ELSEWHERE: tuple[str, ...] = ("/crew/{", "/teams/{", "/bulletins/{", "/exports/{")
ELSEWHERE += ("/hotline/{name}/files/", "/hotline/{name}/voice/")
ELSEWHERE = (
    *("/crew/{", "/teams/{", "/bulletins/{", "/exports/{"),
    *("/hotline/{name}/files/", "/hotline/{name}/voice/"),
)
"""What begins so takes an id that is none of a case or of a conversation, and tells of that."""
ASKED_ALIKE = ("/cases/opened", "/cases/asked")
"""These write something; what asking tells is tried in test_case_pages.py."""
OF_SEEN = ("/cases/{name}/erase/asked",)
"""These write of a case that the desk sees, and are refused the second time, whatever it lacks."""
LISTS = ("start=1", "start=40")
KNOWN_QUERIES = frozenset(
    (
        *("from", "start", "seen", "at", "n", "once", "q", "show", "danger", "tag", "was"),
        *("draft", "person", "asking", "all", "purpose", "read", "consent", "off"),
        *("town", "party"),
    )
)
"""What pages take from an address beside its path; `one.name` are the fields of sheets."""
Asked = tuple[str, str]
"""How an address is called whatever ids there are, and the address."""


def routes(method: str) -> list[str]:
    """The paths of the application that take a method."""
    found = (one for one in views().routes if isinstance(one, HTTPRoute))
    return sorted(one.path_format for one in found if method in one.methods)


def tells_of_cases(path: str) -> bool:
    """Whether a path has to be asked."""
    return path not in ENDS and not path.startswith(ELSEWHERE)


def addresses(window: Window, matrix: Matrix, method: str = "GET") -> Iterator[Asked]:
    """Every address with every sample, each named alike before and after something was hidden."""
    for path in filter(tells_of_cases, routes(method)):
        for label, filled in _filled(path, matrix):
            yield label, filled
            if method == "GET":
                more = (*_asked(path, matrix), *((one, one) for one in LISTS if _lists(path)))
                yield from ((f"{label}?{q}", f"{filled}?{t}") for q, t in more)


def _filled(path: str, matrix: Matrix) -> Iterator[Asked]:
    if not path.startswith("/cases/"):
        yield from _of_talks(path, matrix)
        return
    names = re.findall(r"{(\w+)}", path)
    for case in (*matrix.all(), None):
        for values in product(*(_samples(name, path, case, matrix) for name in names)):
            label = filled = path
            for name, (called, value) in zip(names, values, strict=True):
                label = label.replace(f"{{{name}}}", called)
                filled = filled.replace(f"{{{name}}}", value)
            yield label, filled
        if not names:
            return


def _of_talks(path: str, matrix: Matrix) -> Iterator[Asked]:
    """Addresses of a conversation or a grant, and those without an id; others have no sample."""
    if path.startswith("/money/grants/{name}"):
        yield path, path.replace("{name}", matrix.grant.hex())
        return
    if path.startswith("/slips/{kind}"):
        for kind in ("ride", "stay", "house"):
            yield path.replace("{kind}", kind), path.format(kind=kind, sheet=UNKNOWN)
        return
    if path.startswith("/burned/{kind}"):
        for kind in ("house", "escort", "phone", "colleague"):
            yield path.replace("{kind}", kind), path.format(kind=kind, name=UNKNOWN)
        return
    if path.startswith("/drills/{drill}"):
        yield path, path.format(drill=unknown(FACT_ID_BYTES))
        return
    if path.startswith("/ways/{book}"):
        yield from _of_books(path)
        return
    names = re.findall(r"{(\w+)}", path)
    known = path.startswith("/hotline/{name}") and names == ["name"]
    assert known or not names, f"{path}: say in tests/sim/case_addresses.py what to ask it for"
    yield path, path.replace("{name}", matrix.talk.hex())


def _of_books(path: str) -> Iterator[Asked]:
    """Addresses of houses, roads and countries, of sheets that nothing has."""
    for book, kind in product(Book, ("house", "town", "country")):
        filled = path.replace("{book}", book.value).replace("{kind}", kind)
        yield path.replace("{book}", book.value) + kind, filled.replace("{sheet}", UNKNOWN)


def _samples(name: str, path: str, case: Held | None, matrix: Matrix) -> Sequence[Asked]:
    """What stands in a place of an address of cases, called by a word that stays the same."""
    if name == "name":
        return [(case.label, case.id.hex() or UNKNOWN)] if case else [("unknown", UNKNOWN)]
    if name == "kind":
        own = [("form", matrix.form.kind)]
        return own if "/forms/" in path else [(one, one) for one in SHEETS]
    if name == "part":
        return [(one.value, one.value) for one in Part]
    if name == "instrument":
        return [*((one, one) for one in NEWEST), ("form", matrix.form.kind)]
    if name == "fact":
        return [*_facts(case), ("unknown", unknown(FACT_ID_BYTES))]
    assert name in {"sheet", "task"}, f"{path}: say in tests/sim/case_addresses.py what {name} is"
    return [*_sheets(case, matrix, path), ("unknown", UNKNOWN)]


def _facts(case: Held | None) -> list[Asked]:
    """A referral and a file of a person's own that can be seen, and those that cannot."""
    return [
        (f"{label}-{what}", some[what].hex() if what in some else unknown(FACT_ID_BYTES))
        for label, some in ((("seen", case.asked), ("unseen", case.lacked)) if case else ())
        for what in ("own", "referral")
    ]


def _sheets(case: Held | None, matrix: Matrix, path: str) -> list[Asked]:
    """One sheet that can be seen and one that cannot, of which most addresses name the wrong kind.

    They are asked for all the same: what is answered then must be alike too.
    """
    first = matrix.form.kind if "/forms/" in path else "person"
    return [
        (f"{label}-{kind}", some[kind].hex() if kind in some else UNKNOWN)
        for label, some in ((("seen", case.seen), ("unseen", case.unseen)) if case else ())
        for kind in (first, "task", "document", "relocation", "item")
    ]


def _asked(path: str, matrix: Matrix) -> Iterator[Asked]:
    """What may stand behind an address, called by a word that stays the same."""
    if path in {"/search", "/search/hits"}:
        yield from ((one, f"q={one}") for one in searched(matrix))
    elif path == "/cases/new":
        yield "from", f"from={matrix.talk.hex()}"
    elif path in {"/cases/tasks", "/hotline"}:
        yield from ((one, f"show={one}") for one in ("all", "mine", "overdue", "nobody"))
    elif path.endswith(("/referrals/new", "/abroad/letter")):
        yield from ((called, f"consent={value}") for called, value in _consents(matrix))
    else:
        yield from _asked_of_people(path, matrix)


def _asked_of_people(path: str, matrix: Matrix) -> Iterator[Asked]:
    """What names somebody of a case behind an address."""
    if path.endswith("/consent/ask"):
        read = (*LANGUAGES, "typed")
        for person, tongue in product(_people(matrix), read[:1] + read[-1:]):
            yield f"{person[0]}-{tongue}", f"person={person[1]}&purpose=referral&read={tongue}"
    elif path.endswith(("/own/choose", "/risk/by/{instrument}", "/record/{kind}/new")):
        for called, value in _people(matrix):
            names = ("person", "of", "hunts", "one", "other", "for", "goal", "option")
            yield called, "&".join(f"{name}={value}" for name in names)


def _lists(path: str) -> bool:
    return path.startswith("/cases") and "/record/" not in path


def _people(matrix: Matrix) -> list[Asked]:
    """Somebody whom the desk sees, and somebody whom it does not."""
    journey = next(one for one in matrix.held if one.label == "journey")
    legal = next(one for one in matrix.held if one.label == "legal")
    of = {"seen": journey.seen, "unseen": legal.unseen}
    return [(label, one["person"].hex() if one else UNKNOWN) for label, one in of.items()]


def _consents(matrix: Matrix) -> list[Asked]:
    """A consent that the desk sees, and one that it does not."""
    contact = next(one for one in matrix.held if one.label == "contact")
    legal = next(one for one in matrix.held if one.label == "legal")
    found = [(label, matrix.allowed(one)) for label, one in (("seen", contact), ("unseen", legal))]
    return [(label, one.hex() if one else UNKNOWN) for label, one in found]


def files(matrix: Matrix) -> tuple[str, ...]:
    """Return where files are made of all cases that a desk reads, and nothing is written of it.

    A report to a donor is refused: of the cases that the desk reads too few were paid for.
    """
    return "/reminders/made", f"/money/grants/{matrix.grant.hex()}/report/made"


def posts(window: Window, matrix: Matrix) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every form of cases, as somebody fills it in who guessed what they cannot see.

    Each with the address and the fields; `UNKNOWN` in place of every id that is hidden gives what
    is asked of things that never were.
    """
    guessed = {case.label: matrix.hidden(case) for case in matrix.all()}
    for path in routes("POST"):
        more = _more(path, matrix)
        if path.startswith("/cases/") and path not in ASKED_ALIKE:
            names = re.findall(r"{(\w+)}", path)
            for case in matrix.all() if names and path not in OF_SEEN else (matrix.none,):
                for values in product(*(_hidden(name, path, case, matrix) for name in names)):
                    filled = path
                    for name, value in zip(names, values, strict=True):
                        filled = filled.replace(f"{{{name}}}", value)
                    yield path, filled, guessed[case.label] | more
        elif "/case/" in path:
            for case in matrix.all():
                yield path, path.replace("{name}", matrix.talk.hex()), guessed[case.label]


def _more(path: str, matrix: Matrix) -> dict[str, str]:
    """What a form takes beside ids of the same case, or in their place."""
    if "/erase/" in path:
        return {"why": "office", "fact": matrix.erasing()}
    return {"why": "x"} if path.endswith("/judged") else {}


def _hidden(name: str, path: str, case: Held, matrix: Matrix) -> list[str]:
    if name in {"sheet", "task"}:
        kinds = (
            {matrix.form.kind}
            if "/forms/" in path
            else {"person", "task", "relocation", "item", COST}
        )
        return [one.hex() for kind, one in case.unseen.items() if kind in kinds]
    if name == "fact":
        return [one.hex() for one in case.lacked.values()]
    return [value for _, value in _samples(name, path, case, matrix)]


def searched(matrix: Matrix) -> list[str]:
    """What somebody searches for: words of each part, their beginning, dates, people, kinds."""
    held = [asked_for(part, hidden=hidden) for part in Part for hidden in (True, False)]
    return [*held, "zorblax", "Магомед", "Hadschijew", day(matrix.writer.now(), -2), "plan", "high"]
