# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each seizure may tell, and where the documents say so: the one place for it.

A seizure that tells more fails the drill.  `must` is what it has to tell, because it stands there
by design: a search that does not find it is blind, and that fails the drill too.
`looked_for` is what is searched for there; `known` is told there by nature, without a search.
A house test holds `docs/threats.md` and `docs/attacks.md` to what stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from safeconduct.rooms.crew import Role

LETTERS: Final = "letters"
FILES: Final = "files"
FILE_NAMES: Final = "names of files"
ANSWERS: Final = "answers"
NOTES: Final = "notes"
CASE_NOTES: Final = "notes in case files"
HAND_OVERS: Final = "hand-overs"
DRAFTS: Final = "drafts"
SEARCHES: Final = "searches"
COLLEAGUES: Final = "colleagues and devices"
OFFICE: Final = "the office's name"
CODE_NAMES: Final = "code names"
PASSPHRASE: Final = "the passphrase"  # noqa: S105  (what it is called)
WORDS: Final = "people's eight words"
PERSONS_KEYS: Final = "people's keys"
OFFICE_KEYS: Final = "keys of the office"
STEWARDS_KEYS: Final = "keys of stewards"
DEVICE_KEYS: Final = "keys of a colleague's device"
ACCESS: Final = "the access to the server"
ADDRESSES: Final = "network addresses"
TIMES: Final = "times of letters"
WORK_TIMES: Final = "times of desks' work"
LATER: Final = "what colleagues wrote after the cut"
LATER_LETTERS: Final = "letters that came after the cut"
LATER_NAMES: Final = "code names from after the cut"
LATER_KEYS: Final = "keys made after the cut"
LATER_ACCESS: Final = "access made after the cut"

LABELS: Final = (
    *(LETTERS, FILES, FILE_NAMES, ANSWERS, NOTES, CASE_NOTES, HAND_OVERS, DRAFTS, SEARCHES),
    *(COLLEAGUES, OFFICE, CODE_NAMES, PASSPHRASE, WORDS, PERSONS_KEYS, OFFICE_KEYS, STEWARDS_KEYS),
    *(DEVICE_KEYS, ACCESS, ADDRESSES, TIMES, WORK_TIMES, LATER, LATER_LETTERS),
    *(LATER_NAMES, LATER_KEYS, LATER_ACCESS),
)
"""Everything that is looked for or known, in the order of tables."""
AFTER: Final = frozenset({LATER, LATER_LETTERS, LATER_NAMES, LATER_KEYS, LATER_ACCESS})
"""What there is only once a device was cut off."""
TIMES_READ: Final = frozenset({TIMES, WORK_TIMES})
"""Read out of the server's tables, where its files are taken."""
IN_OFFICE: Final = frozenset(LABELS) - AFTER - TIMES_READ
IN_CUT_OFFICE: Final = IN_OFFICE | AFTER
WITH_TIMES: Final = IN_CUT_OFFICE | TIMES_READ
OF_LINE: Final = frozenset({ADDRESSES, TIMES})
IN_WINDOW: Final = frozenset(
    {
        *(LETTERS, FILES, FILE_NAMES, ANSWERS, NOTES, HAND_OVERS),
        *(DRAFTS, SEARCHES, COLLEAGUES, OFFICE, PASSPHRASE),
    }
)
IN_PAGE: Final = frozenset({LETTERS, FILES, FILE_NAMES, ANSWERS, WORDS})

FILE_TELLS_TIMES: Final = "The server's file tells times."
RUNS_SERVER: Final = "Who runs the server links visits by time."
WATCHES_LINE: Final = (
    "Who watches the line sees that she visited, when, and about how much she sent."
)
COUNTER_READS: Final = "The server reads along at the counter."
TAKEN_OPEN: Final = "A laptop is taken while it is unlocked."
FORCED: Final = "Its owner is forced to say the passphrase."
NO_TLS: Final = "Who breaks the line's TLS learns the access to the server."


@dataclass(frozen=True, slots=True)
class Seizure:
    """What is taken, and what is looked for; what it may tell, with its heading; what it must."""

    taken: str
    looked_for: frozenset[str]
    may: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    must: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()


READ: Final = (
    *(LETTERS, FILES, FILE_NAMES, ANSWERS, NOTES, HAND_OVERS),
    *(DRAFTS, COLLEAGUES, OFFICE, CODE_NAMES, OFFICE_KEYS, ACCESS),
)
"""What every desk can read while it is open; the case file of a drill is kept to stewards."""
ROLES: Final[tuple[Role, ...]] = tuple(role for role in Role if role is not Role.LINE)
"""Those of people; a line is a machine, and has no desk."""


def _open_as(role: Role) -> Seizure:
    read = (*READ, CASE_NOTES, STEWARDS_KEYS) if role is Role.STEWARD else READ
    name = role.value.replace("_", " ")
    return Seizure(
        f"a desk that is open, role {name}",
        IN_OFFICE,
        dict.fromkeys(read, TAKEN_OPEN),
        must=frozenset(read),
    )


def _in_profile(how: str) -> frozenset[str]:
    if how.startswith("page"):
        return IN_PAGE
    return IN_WINDOW | ({WORDS} if how == "desk killed" else frozenset())


SERVERS_FILES: Final = "the server's files"
SERVERS_MEMORY: Final = "the server's memory"
COUNTERS_MEMORY: Final = "the counter's memory, 5 s after an answer"
LINE_OF_PAGE: Final = "the line: page and desks"
LINE_OF_COUNTER: Final = "the line: without scripts"
DESK_OFF: Final = "desks' files, computer off"
DESK_LOCKED: Final = "desks' memory, locked"
BOTH: Final = "a copy of the server, and one laptop"
BOTH_FORCED: Final = "a copy of the server, and one laptop, forced open"
OPEN_AS: Final[Mapping[Role, str]] = {role: _open_as(role).taken for role in ROLES}
PROFILES: Final = {
    kind: {
        "desk": f"{kind} with a desk, in use",
        "desk killed": f"{kind} with a desk, after kill -9",
        "page": f"{kind} with the page, in use",
        "page killed": f"{kind} with the page, after kill -9",
    }
    for kind in ("chromium", "firefox")
}
SEIZURES: Final = {
    seizure.taken: seizure
    for seizure in (
        Seizure(SERVERS_FILES, WITH_TIMES, {TIMES: FILE_TELLS_TIMES}, frozenset({TIMES})),
        Seizure(SERVERS_MEMORY, IN_OFFICE, {ADDRESSES: RUNS_SERVER, ACCESS: RUNS_SERVER}),
        Seizure(COUNTERS_MEMORY, IN_OFFICE),
        Seizure(
            LINE_OF_PAGE,
            IN_CUT_OFFICE - OF_LINE,
            {
                ADDRESSES: WATCHES_LINE,
                TIMES: WATCHES_LINE,
                ACCESS: NO_TLS,
                LATER_ACCESS: NO_TLS,
            },
            frozenset({ACCESS}),
            OF_LINE,
        ),
        Seizure(
            LINE_OF_COUNTER,
            IN_CUT_OFFICE - OF_LINE,
            {
                ADDRESSES: WATCHES_LINE,
                TIMES: WATCHES_LINE,
                LETTERS: COUNTER_READS,
                WORDS: COUNTER_READS,
            },
            frozenset({LETTERS, WORDS}),
            OF_LINE,
        ),
        Seizure(DESK_OFF, IN_CUT_OFFICE),
        Seizure(DESK_LOCKED, IN_OFFICE),
        *(_open_as(role) for role in ROLES),
        Seizure(BOTH, WITH_TIMES, {TIMES: FILE_TELLS_TIMES}, frozenset({TIMES})),
        Seizure(
            BOTH_FORCED,
            WITH_TIMES,
            dict.fromkeys(READ, FORCED) | {TIMES: FILE_TELLS_TIMES},
            frozenset({LETTERS, NOTES, OFFICE_KEYS}),
        ),
        *(
            Seizure(place, _in_profile(how))
            for places in PROFILES.values()
            for how, place in places.items()
        ),
    )
}
"""Every seizure of the drill, in the order of its table."""
