# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was said of a pair: whole where both halves are held, and nothing where one is."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.padding import pad
from safeconduct.kernel.words import CaseId, CommitId, DeviceId, VaultId, fact_id
from safeconduct.rooms.cases import SheetId, Told
from safeconduct.rooms.cases.alike import Where
from safeconduct.rooms.cases.pair_facts import HALF_LEAST, PairJudged, Said
from safeconduct.rooms.cases.pairs import NOTHING_SAID, Verdict, fold_pairs, joined
from safeconduct.rooms.cases.pairs_decide import NoReasonToJudge, Word, judge_pair
from safeconduct.rooms.cases.record_decide import NothingNew
from tests.kit.clocks import SeededRng

ONE = Where(CaseId(b"1" * 16), SheetId(b"a" * 16))
OTHER = Where(CaseId(b"2" * 16), SheetId(b"b" * 16))
KEY = ONE, OTHER
VAULTS = {VaultId(b"i" * 16): ONE.case, VaultId(b"j" * 16): OTHER.case}
AT = {case: vault for vault, case in VAULTS.items()}
RNG = SeededRng("pairs")


def told(n: int, halves: Mapping[CaseId, PairJudged], by: bytes = b"a") -> list[Told]:
    """The facts of the n-th commit."""
    commit = CommitId(n.to_bytes(32, "big"))
    return [
        Told(fact_id(commit, at), commit, AT[case], DeviceId(by * 16), n << 16, one)
        for at, (case, one) in enumerate(halves.items())
    ]


def judged(
    same: bool, why: str = "I asked her.", verdict: Verdict = NOTHING_SAID
) -> Mapping[CaseId, PairJudged]:
    """What somebody says of the pair."""
    saw = frozenset(one.pair for one in verdict.standing)
    return judge_pair(KEY, verdict, Word(same, why, saw), RNG)


def test_the_same_halves_say_the_same_in_any_order() -> None:
    first = told(1, judged(same=True))
    second = told(2, judged(same=False, verdict=fold_pairs(VAULTS, first)[KEY]), b"b")
    found = [fold_pairs(VAULTS, order) for order in itertools.permutations([*first, *second])]
    assert all(one == found[0] for one in found)
    verdict = found[0][KEY]
    assert [(one.same, one.stands, one.why) for one in verdict.said] == [
        (True, False, "I asked her."),
        (False, True, "I asked her."),
    ]
    assert verdict.same is False


def test_what_two_said_unseen_both_stands_and_is_asked_again() -> None:
    both = [*told(1, judged(same=True)), *told(2, judged(same=False), b"b")]
    verdict = fold_pairs(VAULTS, both)[KEY]
    assert len(verdict.standing) == 2
    assert verdict.same is None
    third = told(3, judged(same=False, why="Both asked.", verdict=verdict))
    assert fold_pairs(VAULTS, [*both, *third])[KEY].same is False
    agreed = [*told(1, judged(same=True)), *told(2, judged(same=True, why="So did I."), b"b")]
    assert fold_pairs(VAULTS, agreed)[KEY].same is True


def test_a_word_that_came_after_the_form_was_opened_stands_beside_the_new_one() -> None:
    shown = fold_pairs(VAULTS, first := told(1, judged(same=True)))[KEY]
    saw = frozenset(one.pair for one in shown.standing)
    unseen = told(2, judged(same=True, why="I know their mother.", verdict=shown), b"b")
    now = fold_pairs(VAULTS, [*first, *unseen])[KEY]
    third = told(3, judge_pair(KEY, now, Word(False, "Two brothers.", saw), RNG), b"c")
    verdict = fold_pairs(VAULTS, [*first, *unseen, *third])[KEY]
    assert [one.why for one in verdict.standing] == ["I know their mother.", "Two brothers."]
    assert verdict.same is None


def test_one_half_says_nothing_and_is_like_chance() -> None:
    halves = judged(same=True)
    for half in told(1, halves):
        assert fold_pairs(VAULTS, [half]) == {}
    for case, written in halves.items():
        other = OTHER if case == ONE.case else ONE
        hidden = (*other, ONE.sheet, OTHER.sheet, b"I asked her.")
        assert not any(one in encode(written) for one in hidden)
    again = judged(same=False, why="x" * 200)
    assert {len(one.half) for one in (*halves.values(), *again.values())} == {HALF_LEAST}


def whole(said: Said) -> dict[CaseId, PairJudged]:
    """Halves of whatever somebody wrote."""
    text = pad(encode(said), HALF_LEAST)
    chance = RNG.bytes(len(text))
    return {
        ONE.case: PairJudged(ONE.case, b"p" * 16, chance),
        OTHER.case: PairJudged(OTHER.case, b"p" * 16, joined(chance, text)),
    }


@pytest.mark.parametrize(
    "said",
    [
        Said((*OTHER,), (*ONE,), 1, "Turned.", ()),
        Said((*ONE,), (b"3" * 16, b"b" * 16), 1, "Of another case.", ()),
        Said((*ONE,), (*ONE,), 1, "Of one case.", ()),
        Said((*ONE,), (*OTHER,), 1, " ", ()),
    ],
    ids=["turned", "elsewhere", "one", "why"],
)
def test_what_fits_no_pair_counts_for_nothing(said: Said) -> None:
    assert fold_pairs(VAULTS, told(1, whole(said))) == {}


def test_halves_of_other_vaults_commits_lengths_and_numbers_count_for_nothing() -> None:
    one, other = told(1, judged(same=True))
    assert len(fold_pairs(VAULTS, [one, other])) == 1
    elsewhere = other._replace(vault=VaultId(b"x" * 16))
    later = other._replace(commit=CommitId(b"z" * 32))
    assert isinstance(other.event, PairJudged)
    short = other._replace(event=PairJudged(OTHER.case, other.event.pair, b"x" * 600))
    noise = other._replace(event=PairJudged(OTHER.case, other.event.pair, b"x" * HALF_LEAST))
    foreign = other._replace(event=PairJudged(ONE.case, other.event.pair, other.event.half))
    for wrong in (elsewhere, later, short, noise, foreign):
        assert fold_pairs(VAULTS, [one, wrong]) == {}
    assert fold_pairs(VAULTS, [one, other, noise]) == {}


def test_a_reason_is_needed_and_nothing_is_said_twice() -> None:
    for why in (" ", "x" * 2_001):
        with pytest.raises(NoReasonToJudge):
            judged(same=True, why=why)
    verdict = fold_pairs(VAULTS, told(1, judged(same=True, why="я" * 2_000)))[KEY]
    assert verdict.same is True
    with pytest.raises(NothingNew):
        judged(same=True, why="я" * 2_000, verdict=verdict)
