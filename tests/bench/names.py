# SPDX-License-Identifier: AGPL-3.0-or-later
"""How well keys of names find and tell apart, and how fast; the last line is one JSON object.

`recall` and `recall_unseen`: of two spellings of one name (tests/kit/spellings.py), how many pairs
share a key; `false` of the names that only look alike.
`sharing_*`: in an invented population of 100,000, how many surnames have a key in common with one,
beside the same surname; `persons_*`: how many persons share a key of a surname and of a given name
with one of them, in times of those who bear both.
`words_per_s` new words of Cyrillic and Latin letters, nothing remembered; `tables_ms` the first
question.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import accumulate, combinations
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.kernel.names import keys_of, romanise  # noqa: E402
from safeconduct.kernel.names.keys import keys_of_word  # noqa: E402
from safeconduct.kernel.names.known import every_given  # noqa: E402
from tests.kit.spellings import ONE_NAME, OTHER_NAMES, UNSEEN  # noqa: E402

PERSONS: Final = 100_000
SURNAMES: Final = 20_000
SYLLABLES: Final = (
    "а ба бе ви га гу да де ду жа за зе и ка ки ко ла ли ма ме му на ни о па ра ру са си та те ту "
    "у ха хи ца че ша э ю я"
)
ENDS: Final = "б в г д ж з к л м н п р с т х ч ш"
SUFFIXES: Final = ("ов", "ов", "ов", "ев", "ин", "ский", "енко", "оев", "аев", "иев")


def recall(rows: Iterable[tuple[str, ...]]) -> float:
    """How many pairs of spellings of one name share a key."""
    shared = [bool(keys_of(a) & keys_of(b)) for row in rows for a, b in combinations(row, 2)]
    return sum(shared) / len(shared)


def population(chance: random.Random) -> list[tuple[str, str]]:
    """Surname and given name of each person: a few names are common, most are rare."""
    surnames = set[str]()
    while len(surnames) < SURNAMES:
        root = "".join(chance.choices(SYLLABLES.split(), k=chance.choice((1, 2, 2, 3))))
        surnames.add(root + chance.choice(ENDS.split()) + chance.choice(SUFFIXES))
    given = [one.full[0].partition("(")[0].casefold() for one in every_given()]
    many = [*sorted(surnames)]
    chance.shuffle(many)
    weights = list(accumulate(1 / (rank + 10) for rank in range(SURNAMES)))
    of_given = list(accumulate(1 / (rank + 10) for rank in range(len(given))))
    return list(
        zip(
            chance.choices(many, cum_weights=weights, k=PERSONS),
            chance.choices(given, cum_weights=of_given, k=PERSONS),
            strict=True,
        )
    )


def sharing(people: list[tuple[str, str]], asked: int, chance: random.Random) -> dict[str, float]:
    """How many others a key brings along."""
    surnames = Counter(surname for surname, _ in people)
    by_key, by_given = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for surname in surnames:
        for key in keys_of(surname):
            by_key[key].add(surname)
    for given in {given for _, given in people}:
        for key in keys_of(given):
            by_given[key].add(given)
    both = Counter(people)
    others, persons, latin = [], [], []
    for surname, given in chance.sample(people, asked):
        same = set().union(*(by_key[key] for key in keys_of(surname)))
        firsts = set().union(*(by_given[key] for key in keys_of(given)))
        others.append(len(same) - 1)
        persons.append(sum(both[s, g] for s in same for g in firsts) / both[surname, given])
        written = keys_of(romanise(surname, "german"))
        latin.append(len(set().union(*(by_key[key] for key in written))) - 1)
    return {
        "surnames": len(surnames),
        "sharing_mean": round(sum(others) / asked, 2),
        "sharing_worst": max(others),
        "sharing_latin_mean": round(sum(latin) / asked, 2),
        "sharing_latin_worst": max(latin),
        "persons_mean": round(sum(persons) / asked, 2),
        "persons_worst": round(max(persons), 1),
        "keys_mean": round(sum(len(keys_of(s)) for s in surnames) / len(surnames), 2),
    }


def speed(people: list[tuple[str, str]]) -> float:
    """How many new words are made into keys in a second of processor time."""
    words = sorted({surname for surname, _ in people})
    words += [romanise(word, "bgn") for word in words]
    keys_of_word.cache_clear()
    began = time.process_time()
    for word in words:
        keys_of_word(word)
    return len(words) / (time.process_time() - began)


def main() -> int:
    """Print the line."""
    began = time.process_time()
    keys_of("магомед")
    tables = time.process_time() - began
    chance = random.Random(7)
    people = population(chance)
    found = {
        "bench": "names",
        "recall": round(recall(ONE_NAME), 4),
        "recall_unseen": round(recall(UNSEEN), 4),
        "false": sum(bool(keys_of(a) & keys_of(b)) for a, b in OTHER_NAMES),
        "of": len(OTHER_NAMES),
        **sharing(people, 5_000, chance),
        "words_per_s": round(speed(people)),
        "tables_ms": round(tables * 1000),
    }
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
