# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who answers the telephone, and who of them is on duty now (spec/phone.md 4).

The line keeps this list sealed under the name `operators`; `safeconduct line phone duty` writes it,
and a running line reads it again each few seconds.  It holds what Asterisk calls a person, and
no name, number or key of theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec

from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import Refused

KEPT_AS: Final = "operators"
MOST: Final = 200

Team = Literal["first", "backup"]
NAME: Final = r"[a-z0-9][a-z0-9-]{0,31}"
"""What a telephone can be called: on the list, in the settings and in Asterisk's files."""
_Name = Annotated[str, msgspec.Meta(pattern=rf"\A{NAME}\Z")]
_Endpoint = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z]+/[A-Za-z0-9._@:-]{1,64}\Z")]
_Language = Annotated[str, msgspec.Meta(pattern=r"\A[a-z]{2,3}\Z")]


class Operator(Record, frozen=True):
    """One who answers: what they are called here, what they speak, what Asterisk rings."""

    name: _Name
    languages: tuple[_Language, ...]
    endpoint: _Endpoint
    team: Team = "first"
    on_duty: bool = False


class _List(Record, frozen=True):
    format: Literal[1]
    operators: Annotated[tuple[Operator, ...], msgspec.Meta(max_length=MOST)]


_LIST: Final[Codec[_List]] = Codec(_List, "duty list", version=1)


class UnknownOperator(Refused):
    """Nobody of this name answers the telephone."""

    code = "unknown_operator"


@dataclass(eq=False)
class TwoOfOneName(Refused):
    """Two operators of a list have one name."""

    code = "operator_twice"


class BadName(Refused):
    """No telephone can have this name."""

    code = "bad_name"


def write_duty(operators: tuple[Operator, ...]) -> bytes:
    """Return the list as it is kept.

    Raises:
        BadName: a name is none, so that the list could not be read again.
        TwoOfOneName: a name stands twice.
    """
    if not all(re.fullmatch(NAME, one.name) for one in operators):
        raise BadName
    if len({one.name for one in operators}) != len(operators):
        raise TwoOfOneName
    return encode(_List(1, operators))


def parse_duty(data: bytes) -> tuple[Operator, ...]:
    """Return the operators of a kept list.

    Raises:
        Malformed, NotCanonical, UnknownVersion: the bytes are no such list.
        TwoOfOneName: a name stands twice.
    """
    operators = _LIST.decode(data).operators
    write_duty(operators)
    return operators


def with_operator(operators: tuple[Operator, ...], operator: Operator) -> tuple[Operator, ...]:
    """Return the list with this operator added, or in place of the one of that name."""
    return (*(one for one in operators if one.name != operator.name), operator)


def set_duty(operators: tuple[Operator, ...], name: str, on: bool) -> tuple[Operator, ...]:
    """Return the list with one operator on duty or off.

    Raises:
        UnknownOperator: nobody has this name.
    """
    if all(one.name != name for one in operators):
        raise UnknownOperator
    return tuple(
        msgspec.structs.replace(one, on_duty=on) if one.name == name else one for one in operators
    )
