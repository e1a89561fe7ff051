# SPDX-License-Identifier: AGPL-3.0-or-later
"""That a key is old, two of three clocks have to say (spec/crew.md 7)."""

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.rooms.crew import EVERY, Clocks, is_old

moments = st.integers(1, 1 << 50)
ages = st.integers(0, 2 * EVERY)
places = st.permutations(("desk", "log", "relay"))


@given(made=moments, age=ages, lie=st.tuples(st.integers(0, 1 << 60), moments), order=places)
def test_one_clock_that_says_anything_changes_nothing(
    made: int, age: int, lie: tuple[int, int], order: list[str]
) -> None:
    """Neither when the key was made nor now need it have said what is so."""
    *honest, liar = order
    then = Clocks(**dict.fromkeys(honest, made), **{liar: lie[0]})
    now = Clocks(**dict.fromkeys(honest, made + age), **{liar: lie[1]})
    assert is_old(then, now) == (age >= EVERY)


@given(made=moments, age=ages)
def test_without_the_relays_word_the_other_two_have_to_agree(made: int, age: int) -> None:
    assert is_old(Clocks(made, made, 0), Clocks(made + age, made + age, 5)) == (age >= EVERY)
    assert not is_old(Clocks(made, made, 0), Clocks(made + age, made, made + age))
