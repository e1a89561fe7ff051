# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody says of two sheets of two cases whether they are of one person: facts, or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.seal.padding import pad
from safeconduct.rooms.cases.pair_facts import HALF_LEAST, OVER_MOST, WHY_MOST, PairJudged, Said
from safeconduct.rooms.cases.pairs import joined
from safeconduct.rooms.cases.record_decide import NothingNew

if TYPE_CHECKING:
    from safeconduct.kernel.ports import Rng
    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases.alike import Key
    from safeconduct.rooms.cases.pairs import Verdict

PAIR_BYTES: Final = 16


class Word(NamedTuple):
    """What somebody says of a pair, and what was said of it that they saw, as facts name it."""

    same: bool
    why: str
    saw: frozenset[bytes] = frozenset()


class NoReasonToJudge(Refused):
    """Whether two are one is said with a reason of 1 to 2,000 characters."""

    code = "no_reason_to_judge"


def judge_pair(key: Key, verdict: Verdict, word: Word, rng: Rng) -> dict[CaseId, PairJudged]:
    """Return the half for each of the two cases; it is said over what stands and was seen.

    What a colleague said since the form was opened stands beside it.

    Raises:
        NoReasonToJudge: see there.
        NothingNew: this is what was seen to stand, with this reason.
    """
    same, why = word.same, word.why.strip()
    if not why or len(why) > WHY_MOST:
        raise NoReasonToJudge
    standing = [one for one in verdict.standing if one.pair in word.saw]
    if [(one.same, one.why) for one in standing] == [(same, why)]:
        raise NothingNew
    over = tuple(one.pair for one in standing)[-OVER_MOST:]
    one, other = sorted(key)
    said = pad(encode(Said((*one,), (*other,), int(same), why, over)), HALF_LEAST)
    pair, chance = rng.bytes(PAIR_BYTES), rng.bytes(len(said))
    return {
        one.case: PairJudged(one.case, pair, chance),
        other.case: PairJudged(other.case, pair, joined(chance, said)),
    }
