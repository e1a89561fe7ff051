# SPDX-License-Identifier: AGPL-3.0-or-later
"""The telephone as a kind of line: who is on duty, and that nothing goes by it but a call."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager

import pytest

from safeconduct.edges.lines.channel import CannotSend, Departing, KeptFolder
from safeconduct.edges.lines.phone.duty import KEPT_AS, Operator, write_duty
from safeconduct.edges.lines.phone.kind import Telephone, channel, on_duty
from safeconduct.edges.lines.phone.settings import exchange_of
from safeconduct.kernel.errors import Untrusted

SETTINGS = {
    "languages": "en ru",
    "trunk_host": "sip.invalid",
    "telephones": "alma boro:own",
    "ari_password": "for-tests-only-0",
    "telephone_password_alma": "for-tests-only-1",
}
EXCHANGE = exchange_of(SETTINGS)


class _Kept:
    """What a line keeps, in a dict."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def load(self, name: str) -> bytes | None:
        return self.files.get(name)

    def save(self, name: str, content: bytes) -> None:
        self.files[name] = content

    def folder(self, name: str) -> AbstractContextManager[KeptFolder]:
        raise NotImplementedError


def test_every_telephone_is_on_duty_while_nobody_made_a_list() -> None:
    assert on_duty(EXCHANGE, _Kept()) == tuple(
        Operator(name, ("en", "ru"), f"PJSIP/{name}", on_duty=True) for name in ("alma", "boro")
    )


def test_the_list_that_was_kept_is_the_one() -> None:
    kept = _Kept()
    listed = (Operator("alma", ("en",), "PJSIP/alma"),)
    kept.save(KEPT_AS, write_duty(listed))
    assert on_duty(EXCHANGE, kept) == listed
    kept.save(KEPT_AS, write_duty(()))
    assert on_duty(EXCHANGE, kept) == ()


def test_a_spoilt_list_leaves_those_on_duty_who_were() -> None:
    kept = _Kept()
    telephone = Telephone(EXCHANGE, kept)
    before = telephone._duty()
    kept.save(KEPT_AS, b"spoilt")
    assert telephone._duty() == before
    with pytest.raises(Untrusted):
        Telephone(EXCHANGE, kept)._duty()


def test_no_words_go_by_telephone() -> None:
    telephone = channel(SETTINGS, _Kept())
    assert telephone.kind == "phone"
    with pytest.raises(CannotSend):
        asyncio.run(telephone.send(bytes(16), Departing("words")))
