# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases are found by the beginnings of their names' words, as if each were compared."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.edges.desk.engine.case_names import CaseNames
from safeconduct.edges.desk.search import normalise, terms_of
from safeconduct.kernel.words import CaseId

WORDS = st.sampled_from(["amber", "am", "road", "ёж", "Ель", "a\U0010ffff", "zoo"])
NAMES = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), max_size=12)


def compared(names: list[str], terms: list[str], most: int) -> list[int]:
    """Compare one by one."""
    found = [
        at
        for at, name in enumerate(names)
        if terms and all(any(w.startswith(t) for w in normalise(name).split()) for t in terms)
    ]
    return found[:most]


@given(NAMES, st.lists(st.sampled_from(["a", "am", "amber", "r", "еж", "е", "x"]), max_size=3))
def test_as_if_each_were_compared(names: list[str], terms: list[str]) -> None:
    ids = [CaseId(bytes([at]) * 16) for at in range(len(names))]
    known = CaseNames(zip(ids, names, strict=True))
    for most in (0, 1, 3, 20):
        found = known.begin(terms, most)
        assert [ids.index(case) for case in found] == compared(names, terms, most)


def test_yo_is_found_as_ye() -> None:
    known = CaseNames([(CaseId(bytes(16)), "серый Ёж")])
    assert known.begin(terms_of("ЕЖ сер"), 1)
    assert not known.begin(terms_of("еж бел"), 1)
