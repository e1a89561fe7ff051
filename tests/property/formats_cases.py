# SPDX-License-Identifier: AGPL-3.0-or-later
"""Good examples of facts of cases, each with its reader."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from safeconduct.rooms import cases
from safeconduct.rooms.cases.consent_facts import ConsentGiven, ConsentRefused, ConsentWithdrawn
from safeconduct.rooms.cases.events import CaseFact, KeysAsked, PartRead, SheetWritten
from safeconduct.rooms.cases.form_facts import Choice, FormBrought, FormEnded, Item
from safeconduct.rooms.cases.letter_facts import LetterMade
from safeconduct.rooms.cases.link_facts import ConversationLinked, ConversationUnlinked
from safeconduct.rooms.cases.money_facts import (
    CostJudged,
    DonorReportMade,
    GrantWritten,
    LimitSeconded,
    LimitSet,
)
from safeconduct.rooms.cases.own_file_facts import (
    OwnFileAsked,
    OwnFileMade,
    OwnFileSeconded,
    OwnFileTakenBack,
)
from safeconduct.rooms.cases.pair_facts import PairJudged
from safeconduct.rooms.cases.referral_facts import (
    FileAlong,
    ReferralFiles,
    ReferralHandedOver,
    ReferralMade,
    ReferralPieces,
    ReferralWithdrawn,
)
from safeconduct.rooms.cases.risk_facts import RiskAssessed, RiskSeconded
from safeconduct.rooms.cases.stage_facts import BlockLifted, BlockNamed, StageEntered
from safeconduct.rooms.cases.table_facts import ColumnKept, RowBroughtIn, TableKept

_CASE, _ID, _PERSON, _FACT, _TALK = b"c" * 16, b"i" * 16, b"p" * 16, b"f" * 36, b"t" * 16
_QUESTION = Item(
    *("arrival/hurt", "select_one", "health", (("ru", "Есть раны?"),), (), 0),
    *((Choice("y", (("ru", "да"),)),), (("relevant", "${beds} > 2"),)),
)
_FACTS: dict[str, CaseFact] = {
    "case fact": KeysAsked("quiet orchard road", "health", "Больна."),
    "case looked at": PartRead(_CASE, (20_786, 20_787)),
    "case record": SheetWritten(
        _CASE, _PERSON, "person", (("name", "Ару"), ("born", "1994")), (_FACT,)
    ),
    "case stage": StageEntered(_CASE, "sheltered", 29_700_000, "Доехали.", (_FACT,)),
    "case block": BlockNamed(_CASE, "documents", "Нет справки."),
    "case block lifted": BlockLifted(_CASE, _FACT, ""),
    "risk assessed": RiskAssessed(
        *(_CASE, _PERSON, "office", 1, (("sought", "yes"),), ("sought",)),
        *("high", "Его ищут.", "Уехала.", 20_800, (_FACT,)),
    ),
    "risk seconded": RiskSeconded(_CASE, _FACT, "medium", "Брат уехал."),
    "consent given": ConsentGiven(
        *(_CASE, _ID, _PERSON, "other", "a film", "Врач у рынка", "Прочитано.", "ru", 1),
        *("through", "Тётя", 20_786, 20_876, "Без имени.", (_FACT,)),
    ),
    "consent refused": ConsentRefused(_CASE, _PERSON, "authorities", "", "The embassy", 20_786),
    "consent withdrawn": ConsentWithdrawn(_CASE, _ID, ""),
    "cost judged": CostJudged(_CASE, _PERSON, 0, "Дорого.", (_FACT,)),
    "grant of money": GrantWritten(
        *(_ID, "Фонд", "EUR", 5_000_000, (("travel", 0), ("food", 100_000)), 17_200, 17_500),
        (_FACT,),
    ),
    "limit": LimitSet("EUR", 50_000, (_FACT,)),
    "limit seconded": LimitSeconded(_FACT),
    "report to a donor": DonorReportMade(_ID, "2017-04", "2017-06"),
    "pair judged": PairJudged(_CASE, _PERSON, b"h" * 512),
    "referral made": ReferralMade(
        *(_CASE, (_PERSON,), "Врач у рынка", _ID, "ru", "Напишите нам.", "Нужна койка."),
        *(("identity", "health"), 20_790, _TALK, b"v" * 32, b"a" * 32, b"k" * 1_216),
    ),
    "referral made with files": ReferralMade(
        *(_CASE, (_PERSON,), "Врач у рынка", b"", "ru", "Напишите нам.", ""),
        *(("files",), 20_790, _TALK, b"v" * 32, b"a" * 32, b"k" * 1_216),
    ),
    "referral pieces": ReferralPieces(_CASE, ((_PERSON, "person", "name", "Ару"),)),
    "referral files": ReferralFiles(
        _CASE,
        (
            FileAlong(_ID, b"b" * 32, b"d" * 32, (_PERSON,), 0, ""),
            FileAlong(_ID, b"e" * 32, b"f" * 32, (_PERSON, _ID), 1, "Просит посольство."),
        ),
    ),
    "referral handed over": ReferralHandedOver(_CASE, _FACT, (_ID,), 1_795_000_000_000),
    "referral withdrawn": ReferralWithdrawn(_CASE, _FACT, "Номер не тот."),
    "case linked": ConversationLinked(_CASE, _TALK),
    "form brought": FormBrought("arrival", "3", (("", "After"),), "ru", (_QUESTION,)),
    "form ended": FormEnded("arrival", (_FACT,)),
    "row brought in": RowBroughtIn(_CASE, _ID, b"r" * 32, (("person.1", _PERSON),)),
    "table kept": TableKept(
        *(_ID, "Весна", ("No",)),
        (ColumnKept("Имя", "person.1.name", "", 1904, (("да", "asks"),)),),
        (_FACT,),
    ),
    "own file asked": OwnFileAsked(_CASE, _PERSON, "ru", (_ID,), (_TALK,)),
    "own file seconded": OwnFileSeconded(_CASE, _FACT),
    "own file taken back": OwnFileTakenBack(_CASE, _FACT),
    "own file made": OwnFileMade(_CASE, _FACT, 1),
    "letter made": LetterMade(
        *(_CASE, _PERSON, _ID, "The consulate", "ru", b"d" * 32, 1),
    ),
    "case unlinked": ConversationUnlinked(_CASE, _TALK, (_FACT,)),
}
CASES: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    name: (
        cases.write_fact(fact),
        partial(cases.parse_fact, cases.kind_of(fact), cases.version_of(fact)),
    )
    for name, fact in _FACTS.items()
}
