# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that leave the office in the age format (spec/export.md 3).

`SEALED` was opened by hand with age 1.1.1.
"""

from base64 import b64encode

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.kernel.seal.age import LOG_N, seal_with_words
from tests.kit.age_files import open_age
from tests.kit.clocks import SeededRng

WORDS = "apricot upbeat attract wheel taffy twelve century sash"
CHEAP = 2


@pytest.mark.parametrize("length", [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
def test_file_opens_with_its_words_and_no_others(length: int) -> None:
    plain = bytes(index % 251 for index in range(length))
    sealed = seal_with_words(WORDS, plain, SeededRng(length), log_n=CHEAP)
    assert open_age(sealed, WORDS) == plain
    with pytest.raises(InvalidTag):
        open_age(sealed, WORDS + " ")


@settings(max_examples=20)
@given(st.data())
def test_flipped_byte_of_what_is_sealed_opens_nothing(data: st.DataObject) -> None:
    sealed = bytearray(seal_with_words(WORDS, b"plain" * 40, SeededRng(1), log_n=CHEAP))
    start = sealed.index(b"--- ") + 48
    sealed[data.draw(st.integers(start, len(sealed) - 1))] ^= 1
    with pytest.raises(InvalidTag):
        open_age(bytes(sealed), WORDS)


def test_two_files_of_the_same_share_no_key_and_no_salt() -> None:
    rng = SeededRng("twice")
    one, other = (seal_with_words(WORDS, b"plain", rng, log_n=CHEAP) for _ in range(2))
    assert not set(one.split(b"\n")[1:4]) & set(other.split(b"\n")[1:4])


def test_file_is_the_one_that_age_opened() -> None:
    assert LOG_N == 18
    sealed = seal_with_words(WORDS, b"what was written\n", SeededRng("age"), log_n=10)
    assert b64encode(sealed).decode() == SEALED


SEALED = (
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBORDhHUlhES3JWaW1WdGIxN3RVbjlRIDEwCnFXUkw2aG1N"
    "MEFiTVkxdVlPLytGRFFUcVo0cFkweWpVMldNVG91M0wzT1kKLS0tIGlDenlQdEIvd0FpVEFzdGh5U2s2OTMvNmty"
    "MkVHNlM3ajE2dEVoVlJnakUKkgkGuJmIEpsaeYl4J/ZQh7bkjENJatIwLGOyb23QTgglX9W+II1LQnjaUL2FaDAg"
    "RQ=="
)
