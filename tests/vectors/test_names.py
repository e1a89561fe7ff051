# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys and likeness of names as docs/spec/names.md says, case by case (names.json).

The keys stand in the index of every store: a change here is a change of `WORDS_TO` and a step of
the desk's tables.  `python -m tests.vectors.test_names` writes the file again, to be read by eye.

| op | given | gives |
|---|---|---|
| `keys` | `name` | `keys` |
| `keys_in_text` | `text` | `keys` |
| `likeness` | `one other` | `band reasons` |
| `tables` | | `names` (how many), `digest` (of each spelling and its keys, SHA-256), `words_to` |
"""

import hashlib
import json
from typing import Any

import pytest

from safeconduct.edges.desk.store_facts import WORDS_TO
from safeconduct.kernel.names import keys_of, keys_of_text, likeness
from safeconduct.kernel.names.known import every_given
from tests.vectors.draw import FOLDER

Case = dict[str, Any]
FILE = FOLDER / "names.json"


def keys(case: Case) -> Case:
    return {"keys": sorted(keys_of(case["name"]))}


def keys_in_text(case: Case) -> Case:
    return {"keys": sorted(keys_of_text(case["text"]))}


def alike(case: Case) -> Case:
    found = likeness(case["one"], case["other"])
    return {"band": found.band.name, "reasons": list(found.reasons)}


def tables(case: Case) -> Case:
    names = [name for one in every_given() for name in (*one.full, *one.short)]
    lines = "".join(f"{name} {' '.join(sorted(keys_of(name)))}\n" for name in names)
    digest = hashlib.sha256(lines.encode()).hexdigest()
    return {"names": len(names), "digest": digest, "words_to": WORDS_TO}


OPS = {"keys": keys, "keys_in_text": keys_in_text, "likeness": alike, "tables": tables}
CASES: list[Case] = json.loads(FILE.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_names_have_these_keys(case: Case) -> None:
    gives = OPS[case["op"]](case)
    assert gives == {field: case[field] for field in gives}


def write() -> None:
    """Write the file again with what the code gives now."""
    text = json.loads(FILE.read_text(encoding="utf-8"))
    text["cases"] = [{**case, **OPS[case["op"]](case)} for case in text["cases"]]
    FILE.write_text(json.dumps(text, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
