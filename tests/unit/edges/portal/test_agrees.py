# SPDX-License-Identifier: AGPL-3.0-or-later
"""The browser code does what the kernel does, on input that neither was written for."""

import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from safeconduct.kernel.canon import Codec, encode
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.phrase import LISTS, UnknownWord, WrongCount, read_phrase
from safeconduct.kernel.wire.work import work_done
from tests.kit.browsers import NODE

CHANCE = random.Random(20170401)  # The same draw each time: a red run is somebody's change.
ANYTHING: Codec[Any] = Codec(Any, "test")


def ask(calls: list[list[Any]]) -> list[dict[str, Any]]:
    """What the browser code answers to calls."""
    done = subprocess.run(
        [str(NODE), str(Path(__file__).with_name("ask.mjs"))],
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    return list(json.loads(done.stdout))


def slip(word: str) -> str:
    """A word as a frightened person types it."""
    at = CHANCE.randrange(len(word))
    letter = CHANCE.choice("abcxyzабвйёэ'-\u00ad\u0301 ")
    slips = (
        word,
        word[:4],
        word[:5],
        word.upper(),
        word[:at] + letter + word[at:],
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at + 1 :],
        word.replace("е", "ё"),
        word.replace("й", "и\u0306"),
        f" {word},\u00a0",
        word + "s",
    )
    return CHANCE.choice(slips)


def typed_phrases(language: str) -> list[str]:
    """Phrases with slips in them, and some that are right."""
    words = LISTS[language]
    counts = [8, 8, 8, 8, 7, 9, 1]
    drawn = [CHANCE.choices(words, k=CHANCE.choice(counts)) for _ in range(80)]
    return ["", "!", "8 8", *(" ".join(map(slip, phrase)) for phrase in drawn)]


def read_by_kernel(typed: str, language: str) -> dict[str, Any]:
    try:
        return {"done": list(read_phrase(typed, language).words)}
    except UnknownWord as error:
        return {"code": error.code, "at": error.position, "near": list(error.nearest)}
    except WrongCount as error:
        return {"code": error.code, "count": error.got}


@pytest.mark.parametrize("language", LISTS)
def test_both_read_the_same_phrases_and_say_the_same_of_wrong_ones(language: str) -> None:
    typed = typed_phrases(language)
    answers = ask([["phrase", phrase, list(LISTS[language])] for phrase in typed])
    for phrase, answer in zip(typed, answers, strict=True):
        told = {"code": answer.get("code"), **answer.get("fields", {})}
        told.pop("word", None)
        got = {"done": answer["done"]} if "done" in answer else told
        if got.get("code") == "words_foreign":  # The page says more when no word is known.
            assert read_by_kernel(phrase, language)["code"] == "word_unknown"
        else:
            assert got == read_by_kernel(phrase, language), phrase


def a_value(depth: int = 0) -> Any:  # noqa: ANN401  (anything that can be encoded)
    kinds: list[Callable[[], Any]] = [
        lambda: CHANCE.choice([None, True, False]),
        lambda: CHANCE.randrange(2 ** CHANCE.randrange(1, 53)),
        lambda: -CHANCE.randrange(1, 2 ** CHANCE.randrange(1, 53)),
        lambda: "".join(CHANCE.choices("aя🙂\ufeff\0", k=CHANCE.choice([0, 5, 31, 32, 200, 300]))),
        lambda: CHANCE.randbytes(CHANCE.choice([0, 1, 31, 255, 256, 65_536])),
    ]
    if depth < 3:
        kinds += [
            lambda: [a_value(depth + 1) for _ in range(CHANCE.choice([0, 1, 3, 15, 16, 20]))],
            lambda: {f"k{n}я": a_value(depth + 1) for n in range(CHANCE.choice([0, 2, 17]))},
        ]
    return CHANCE.choice(kinds)()


def mangled(data: bytes) -> bytes:
    """Bytes with something wrong in them, perhaps."""
    at = CHANCE.randrange(len(data))
    changes = (
        data[:at],
        data + b"\xc0",
        data[:at] + CHANCE.randbytes(1) + data[at + 1 :],
        data[:at] + data[at + 1 :],
    )
    return CHANCE.choice(changes)


def canonical_by_kernel(data: bytes) -> str:
    try:
        return encode(ANYTHING.decode(data)).hex()
    except SafeconductError as error:
        return error.code


def test_both_take_and_refuse_the_same_encodings() -> None:
    good = [encode(a_value()) for _ in range(60)]
    data = [*good, *(mangled(one) for one in good if len(one) < 5_000 for _ in range(6))]
    answers = ask([["canon", one.hex()] for one in data])
    for one, answer in zip(data, answers, strict=True):
        got = answer.get("done", answer.get("code"))
        if got != canonical_by_kernel(one):
            # The page reads fewer kinds: no floats, no extensions, no numbers beyond 2^53.
            assert got == "malformed", one.hex()
            assert uses_more_kinds(one), one.hex()


def uses_more_kinds(data: bytes) -> bool:
    """Whether bytes hold what the page has no use for, or are refused by both for other reasons."""
    try:
        value = msgspec.msgpack.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return False
    return has_more(value)


def has_more(value: Any) -> bool:  # noqa: ANN401  (anything that can be decoded)
    if isinstance(value, list):
        return any(map(has_more, value))
    if isinstance(value, dict):
        return any(not isinstance(key, str) or has_more(inner) for key, inner in value.items())
    if isinstance(value, int):
        return abs(value) >= 2**53
    return isinstance(value, float | msgspec.msgpack.Ext) or not isinstance(
        value, str | bytes | None
    )


def test_work_that_the_page_finds_is_work_that_the_relay_takes() -> None:
    drawn = [(CHANCE.randbytes(16), CHANCE.randbytes(32), bits) for bits in (0, 1, 8, 11, 13)]
    answers = ask([["work", seed.hex(), payload.hex(), bits] for seed, payload, bits in drawn])
    for (seed, payload, bits), answer in zip(drawn, answers, strict=True):
        assert work_done(seed, payload, answer["done"]) >= bits
