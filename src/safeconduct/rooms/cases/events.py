# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of case files, frozen and versioned (spec/crew.md 13).

What is written into a part stands in that part's vault; requests for keys, and the forms that an
office asks with, in that of the crew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, get_args

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Codec, Count32, Record, encode
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.sheets import KindName, Over, Values
from safeconduct.rooms.cases.consent_facts import ConsentFact
from safeconduct.rooms.cases.form_facts import FormFact
from safeconduct.rooms.cases.letter_facts import LetterMade
from safeconduct.rooms.cases.link_facts import ConversationLinked, ConversationUnlinked
from safeconduct.rooms.cases.money_facts import (
    CostJudged,
    DonorReportMade,
    GrantWritten,
    LimitSeconded,
    LimitSet,
)
from safeconduct.rooms.cases.own_file_facts import OwnFileFact
from safeconduct.rooms.cases.pair_facts import PairJudged
from safeconduct.rooms.cases.referral_facts import FILES, ReferralFact, ReferralMade
from safeconduct.rooms.cases.risk_facts import RiskAssessed, RiskSeconded
from safeconduct.rooms.cases.stage_facts import BlockLifted, BlockNamed, StageEntered
from safeconduct.rooms.cases.table_facts import RowBroughtIn, TableKept
from safeconduct.rooms.cases.words import Part

NAME_MOST: Final = 200
REASON_MOST: Final = 2_000
PART_MOST: Final = 32
DAYS_MOST: Final = 8
"""As many days fit into the shortest entry, whatever they are (spec/crew.md 11)."""
PartName = Annotated[str, msgspec.Meta(min_length=1, max_length=PART_MOST)]


class PartOpened(Record, frozen=True):
    """This vault holds this part of this case; counts in the commit that opened the vault alone."""

    case: Bytes16
    part: PartName


class NoteWritten(Record, frozen=True):
    """Somebody wrote into a part."""

    case: Bytes16
    text: str


class PartRead(Record, frozen=True):
    """Somebody at a desk looked at a part of a case on these days, as that desk reports.

    A day counts days of UTC since 1970; the days are sorted, and no order of looking is kept.
    """

    case: Bytes16
    days: Annotated[tuple[Count32, ...], msgspec.Meta(min_length=1, max_length=DAYS_MOST)]


class KeysAsked(Record, frozen=True):
    """Somebody asks for the keys of a part, naming the case as a colleague told it."""

    case: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_MOST)]
    part: PartName
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=REASON_MOST)]


class KeysAnswered(Record, frozen=True):
    """Somebody who holds the keys gave them, or did not; `asked` is the request's fact id."""

    asked: Bytes36
    given: Annotated[int, msgspec.Meta(ge=0, le=1)]
    word: Annotated[str, msgspec.Meta(max_length=REASON_MOST)]


class SheetWritten(Record, frozen=True):
    """What fields of a sheet of the record say from here on (spec/record.md 2).

    `values` are names of fields with what they say, nothing where nothing is known any more;
    `over` are the facts that the author saw in these fields, and that stand no longer in them.
    """

    case: Bytes16
    sheet: Bytes16
    kind: KindName
    values: Values
    over: Over


RiskFact = RiskAssessed | RiskSeconded
StageFact = StageEntered | BlockNamed | BlockLifted
LinkFact = ConversationLinked | ConversationUnlinked
MovedFact = RowBroughtIn | ReferralFact | OwnFileFact | LetterMade
WorkFact = StageFact | RiskFact | ConsentFact | LinkFact | PairJudged | CostJudged | MovedFact
PartFact = PartOpened | NoteWritten | PartRead | SheetWritten | WorkFact
"""What stands in the vault of a part."""
Facts = Sequence[tuple[Part, PartFact]]
"""What is written into which part of a case, in one commit."""
RequestFact = KeysAsked | KeysAnswered
MoneyFact = GrantWritten | LimitSet | LimitSeconded | DonorReportMade
"""What stands in the vault of the crew and is of no case (spec/money.md 4)."""
CrewFact = RequestFact | MoneyFact | FormFact
CaseFact = PartFact | CrewFact | TableKept

KINDS: Final[dict[str, type[CaseFact]]] = {
    f"cases.{record.__name__}": record for record in get_args(CaseFact)
}
VERSION: Final = 1
WITH_FILES: Final = 2
"""Of a referral with files: a program that knows none keeps it, and hands nothing over."""
_MADE: Final = f"cases.{ReferralMade.__name__}"
_CODECS: Final[dict[str, Codec[CaseFact]]] = {
    kind: Codec(record, kind) for kind, record in KINDS.items()
}


def kind_of(fact: CaseFact) -> str:
    """Return the kind under which a fact is written."""
    return f"cases.{type(fact).__name__}"


def version_of(fact: CaseFact) -> int:
    """Return the version under which a fact is written."""
    return WITH_FILES if isinstance(fact, ReferralMade) and FILES in fact.parts else VERSION


def write_fact(fact: CaseFact) -> bytes:
    """Return the body of the entry.

    Raises:
        Malformed: it holds more than a reader takes; nobody would ever hear of it.
    """
    body = encode(fact)
    _CODECS[kind_of(fact)].decode_own(body)
    return body


def knows(kind: str, version: int) -> bool:
    """Tell whether this program knows a kind and version of fact."""
    return kind in _CODECS and version in ((VERSION, WITH_FILES) if kind == _MADE else (VERSION,))


def parse_fact(kind: str, version: int, body: bytes) -> CaseFact | None:
    """Return the fact, or None for a kind or version newer than this program.

    Raises:
        Malformed: a known kind whose body does not parse, or is of another version.
    """
    if not knows(kind, version):
        return None
    fact = _CODECS[kind].decode_own(body)
    if version_of(fact) != version:
        raise Malformed(kind)
    return fact
