# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct line phone duty`: who answers the telephone, and who of them is on duty now.

It writes the sealed list that a running line reads again each few seconds; a desk can write the
same list later.
"""

from __future__ import annotations

import argparse
from typing import Final

from safeconduct.edges.lines.phone.duty import (
    KEPT_AS,
    Operator,
    set_duty,
    with_operator,
    write_duty,
)
from safeconduct.edges.lines.phone.kind import on_duty
from safeconduct.edges.lines.phone.settings import exchange_of
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.programs.line_folder import opened, parser_of
from safeconduct.programs.line_phone import NotThePhone
from safeconduct.programs.wording import say

ON: Final = "on"
OFF: Final = "off"


def run(arguments: list[str]) -> int:
    """Show the list, or change one name on it and show it then."""
    asked = _parser().parse_args(arguments)
    line = opened(asked.folder)
    if line.kind != "phone":
        raise NotThePhone
    operators = on_duty(exchange_of(line.store.settings()), line.store)
    if asked.name is not None:
        operators = _changed(operators, asked)
        line.store.save(KEPT_AS, write_duty(operators))
    for one in operators:
        state = say("on duty") if one.on_duty else say("off duty")
        print(f"{one.name}\t{state}\t{one.team}\t{' '.join(one.languages)}")
    return 0


def _changed(operators: tuple[Operator, ...], asked: argparse.Namespace) -> tuple[Operator, ...]:
    """Return the list with one name on duty or off, and what else was told of it.

    Raises:
        UnknownOperator: nobody has this name, and no languages were given to add it with.
    """
    on = asked.state == ON
    if not asked.languages and not asked.team:
        return set_duty(operators, asked.name, on)
    before = next((one for one in operators if one.name == asked.name), None)
    languages = tuple(asked.languages or (before.languages if before else ()))
    team = asked.team or (before.team if before else "first")
    operator = Operator(asked.name, languages, f"PJSIP/{asked.name}", team, on)
    return with_operator(operators, operator)


def _parser() -> argparse.ArgumentParser:
    purpose = say("Show who answers the telephone, or say who is on duty.")
    parser = parser_of("line phone duty", purpose)
    parser.add_argument("name", nargs="?", help=say("name of a telephone"))
    parser.add_argument("state", nargs="?", choices=(ON, OFF), default=ON)
    parser.add_argument(
        "--languages", nargs="+", choices=LANGUAGES, help=say("what its person speaks")
    )
    parser.add_argument(
        "--team", choices=("first", "backup"), help=say("rung first, or after twenty seconds")
    )
    return parser
