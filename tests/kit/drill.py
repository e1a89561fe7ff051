# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make drill`: what `safeconduct drill` does, and the seizures of browsers.

python -m tests.kit.drill [--markdown FILE]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import psutil

from safeconduct.programs.drill import show
from safeconduct.programs.seizures import admitted as told
from safeconduct.programs.seizures.perform import UNKNOWN, perform
from safeconduct.programs.seizures.search import PART, Find, Search, scan_files
from safeconduct.programs.seizures.table import Row
from tests.kit.browsers import KINDS, Browser, browser
from tests.kit.left_behind import MARKERS, leave_open, search_for, whole_visit
from tests.kit.patching import ROOT
from tests.kit.seizure import KILLED, PROFILE, seize
from tests.kit.stage import stage

FIELDS: Final = {
    "office": told.OFFICE,
    "passphrase": told.PASSPHRASE,
    **dict.fromkeys(("founder", "founder's device"), told.COLLEAGUES),
    **dict.fromkeys(("colleague", "colleague's device"), told.COLLEAGUES),
    **dict.fromkeys(("portal text", "portal reply"), told.LETTERS),
    **dict.fromkeys(("counter text", "counter reply"), told.LETTERS),
    **dict.fromkeys(("portal file", "counter file", "answer file"), told.FILES),
    **dict.fromkeys(("portal file name", "counter file name"), told.FILE_NAMES),
    "answer file name": told.FILE_NAMES,
    "answer": told.ANSWERS,
    "note": told.NOTES,
    "hand-over": told.HAND_OVERS,
    **dict.fromkeys(("answer draft", "note draft", "hand-over draft"), told.DRAFTS),
    "search": told.SEARCHES,
}
"""What each field of `tests.kit.seizure` is called in the table."""
PAGE_FIELDS: Final = {
    **dict.fromkeys(("her text", "a word beside it"), told.LETTERS),
    "a file's name": told.FILE_NAMES,
    "a file's content": told.FILES,
    **dict.fromkeys(("the answer", "what is said at once"), told.ANSWERS),
}
"""What each field of `tests.kit.left_behind` is called in the table."""


def desks_in_browsers(folder: Path) -> list[Row]:
    """Seize the profiles of desks' windows, in use and after kill -9."""
    assert {*FIELDS.values()} == told.IN_WINDOW
    markers, seized = seize(ROOT / "src", folder)
    places = {
        told.PROFILES[kind][how]: names[kind]
        for kind in KINDS
        for how, names in (("desk", PROFILE), ("desk killed", KILLED))
    }
    labels = {word: FIELDS[name] for name, words in markers.words.items() for word in words}
    return [
        Row(taken, _labelled(seized.finds[place], labels), seized.looked_at[place])
        for taken, place in places.items()
    ]


def page_in_browser(kind: str, folder: Path) -> list[Row]:
    """Seize the profile of a browser that visits the page, in use and after kill -9."""
    assert {*PAGE_FIELDS.values(), told.WORDS} == told.IN_PAGE
    with stage() as office, browser(kind) as page:
        search = search_for(whole_visit(page, office, folder))
        leave_open(page)
        assert scan_files(Search((), plain=["127.0.0.1"]), page.profile), "the search is blind"
        rows = [_row(told.PROFILES[kind]["page"], search, page.profile)]
        kill(page)
        return [*rows, _row(told.PROFILES[kind]["page killed"], search, page.profile)]


def kill(page: Browser) -> None:
    """Kill a browser with all that belongs to it."""
    family = psutil.Process(page._process.pid).children(recursive=True)
    for process in family:
        process.kill()
    psutil.wait_procs(family, 5)


def _row(taken: str, search: Search, profile: Path) -> Row:
    before = search.looked_at
    labels = {MARKERS[name]: label for name, label in PAGE_FIELDS.items()}
    found = _labelled(scan_files(search, profile), labels)
    return Row(taken, found, search.looked_at - before)


def _labelled(finds: Iterable[Find], labels: Mapping[str, str]) -> frozenset[str]:
    """Return what was found by label; what is no field's marker is eight words, or a part."""
    rest = {find.marker: UNKNOWN if find.marker == PART else told.WORDS for find in finds}
    return frozenset({**rest, **labels}[find.marker] for find in finds)


def main() -> int:
    """Perform every seizure; return 1 when more is told than is admitted."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--markdown", type=Path)
    asked = parser.parse_args()
    if asked.markdown:
        asked.markdown.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="drill-")))
        for name in ("office", "desks", *KINDS):
            (folder / name).mkdir()
        with ExitStack() as running:
            rows = perform(folder / "office", running, lambda said: print(said, flush=True))
        print("Browsers are used, killed and searched...", flush=True)
        seen = desks_in_browsers(folder / "desks")
        for kind in KINDS:
            seen += page_in_browser(kind, folder / kind)
    by_place = {row.taken: row for row in seen}
    return show([by_place.get(row.taken, row) for row in rows], asked.markdown)


if __name__ == "__main__":
    sys.exit(main())
