# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of who answers the telephone (spec/phone.md 4)."""

from __future__ import annotations

import pytest

from safeconduct.edges.lines.phone.duty import (
    Operator,
    TwoOfOneName,
    UnknownOperator,
    parse_duty,
    set_duty,
    with_operator,
    write_duty,
)
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Malformed

LIST = (
    Operator("alma", ("en", "ru"), "PJSIP/alma", on_duty=True),
    Operator("boro", ("fr",), "PJSIP/boro", "backup"),
)


def test_the_list_comes_back_as_it_was() -> None:
    assert parse_duty(write_duty(LIST)) == LIST


@pytest.mark.parametrize(
    "operator",
    [
        ["Alma", ["en"], "PJSIP/alma", "first", True],
        ["alma", ["en\n"], "PJSIP/alma", "first", True],
        ["alma", ["en"], "PJSIP/alma&Local/1@all", "first", True],
        ["alma", ["en"], "PJSIP/alma", "third", True],
    ],
)
def test_a_list_that_could_ring_something_else_is_refused(operator: list[object]) -> None:
    with pytest.raises(Malformed):
        parse_duty(encode([1, [operator]]))


def test_duty_is_set_for_one_who_is_known_and_a_name_stands_once() -> None:
    assert [one.on_duty for one in set_duty(LIST, "boro", on=True)] == [True, True]
    with pytest.raises(UnknownOperator):
        set_duty(LIST, "cira", on=True)
    with pytest.raises(TwoOfOneName):
        write_duty((*LIST, LIST[0]))
    anew = Operator("alma", ("uk",), "PJSIP/alma2")
    assert with_operator(LIST, anew) == (LIST[1], anew)
