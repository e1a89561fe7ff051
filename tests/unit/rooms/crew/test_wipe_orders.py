# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose agreement a wipe order needs (spec/crew.md 5)."""

from __future__ import annotations

import pytest

from safeconduct.kernel.errors import BadSignature, Untrusted
from safeconduct.rooms.crew import Told
from safeconduct.rooms.crew.doors import DoorLetter, Wipe, check_wipe
from safeconduct.rooms.crew.events import SIGNED
from tests.kit.crews import Crew


def letter(signer: bytes) -> DoorLetter:
    """A letter whose signature was checked already."""
    return DoorLetter(1, "wipe", b"", signer, b"")


def wipe(told: Told, agreed: Told | None) -> Wipe:
    """The order that follows from an expulsion and from what another signed."""
    fact = SIGNED.decode(told.body).fact
    if agreed is None:
        return Wipe(told.id, fact, 0, b"", b"")
    signed = SIGNED.decode(agreed.body)
    return Wipe(told.id, fact, int(agreed is not told), signed.signer, signed.signature)


def check(crew: Crew, order: Wipe, by: bytes) -> None:
    check_wipe(order, letter(by), crew.devices[-1].id, crew.roster(), crew.office.root.public)


def test_order_by_either_of_the_two_holds() -> None:
    crew = Crew(3, 1)
    a, b, _, helper = crew.devices
    expelled = crew.expel(a, crew.cut(helper))
    second = crew.second(b, expelled)
    check(crew, wipe(expelled, second), a.id)
    check(crew, wipe(expelled, expelled), b.id)


def test_root_key_is_the_second_or_signs_the_letter() -> None:
    crew = Crew(3, 1)
    a, b, _, helper = crew.devices
    expelled = crew.expel(a, crew.cut(helper))
    check(crew, wipe(expelled, crew.second(b, expelled, root=True)), a.id)
    check(crew, wipe(expelled, expelled), b"")


def test_order_by_one_alone_holds_only_where_there_were_never_two() -> None:
    founder_alone = Crew(1, 1)
    a, helper = founder_alone.devices
    check(founder_alone, wipe(founder_alone.expel(a, founder_alone.cut(helper)), None), a.id)
    crew = Crew(2, 1)
    a, _, helper = crew.devices
    with pytest.raises(Untrusted):
        check(crew, wipe(crew.expel(a, crew.cut(helper)), None), a.id)


def test_second_of_who_was_removed_is_none() -> None:
    crew = Crew(3, 1)
    a, b, _, helper = crew.devices
    expelled = crew.expel(a, crew.cut(helper))
    second = crew.second(b, expelled)
    crew.suspend(a, crew.cut(b))
    with pytest.raises(BadSignature):
        check(crew, wipe(expelled, second), a.id)


def test_second_of_another_fact_is_none() -> None:
    crew = Crew(3, 2)
    a, b, _, other, helper = crew.devices
    first = crew.expel(a, crew.cut(other))
    second = crew.second(b, first)
    expelled = crew.expel(a, crew.cut(helper))
    with pytest.raises(BadSignature):
        check(crew, wipe(expelled, second), a.id)
