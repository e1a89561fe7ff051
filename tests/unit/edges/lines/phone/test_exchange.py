# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asterisk's configuration as the product writes it: no value becomes a line, no call is kept."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.edges.lines.phone.exchange import (
    Ari,
    BadSetting,
    Exchange,
    Folders,
    Operator,
    Sip,
    Trunk,
    configuration,
)
from safeconduct.edges.lines.phone.modules import FORBIDDEN, LOADED, is_forbidden

SECRET = "twelve-letters-at-least"


def an_exchange() -> Exchange:
    """An office with one telephone of each sort."""
    return Exchange(
        trunk=Trunk(host="sip.example", addresses=("192.0.2.7",), user="u1", password=SECRET),
        operators=(
            Operator(name="anna", password=SECRET),
            Operator(name="boris", way="browser", password=SECRET),
            Operator(name="desk1", way="own"),
        ),
        ari=Ari(password=SECRET),
        languages=("ru", "en"),
    )


def test_a_softphone_comes_by_tls_and_srtp_and_is_rung_where_it_registered() -> None:
    anna = configuration(an_exchange())["pjsip.conf"].partition("[anna](operator)")[2]
    anna = anna.partition("[boris]")[0]
    assert "transport=tls" in anna
    assert "media_encryption=sdes" in anna
    assert "media_encryption_optimistic=no" in anna
    assert "rewrite_contact=yes" in configuration(an_exchange())["pjsip.conf"]


def test_a_browser_comes_by_webrtc() -> None:
    boris = configuration(an_exchange())["pjsip.conf"].partition("[boris](operator)")[2]
    assert "webrtc=yes" in boris
    assert "transport=ws" in boris


def test_callers_are_nobody_before_the_program_hears_of_them() -> None:
    lines = configuration(an_exchange())["extensions.conf"].splitlines()
    stasis = next(n for n, line in enumerate(lines) if "Stasis(" in line)
    emptied = [n for n, line in enumerate(lines) if "Set(CALLERID(" in line]
    assert len(emptied) == 3
    assert max(emptied) < stasis


def test_all_telephones_ring_where_the_program_is_dead() -> None:
    text = configuration(an_exchange())["extensions.conf"]
    after = text.partition("STASISSTATUS")[2]
    assert "Dial(PJSIP/anna&PJSIP/boris&PJSIP/desk1," in after


def test_nothing_loaded_keeps_calls() -> None:
    assert not [name for name in LOADED if is_forbidden(name)]
    text = configuration(an_exchange())["modules.conf"]
    assert "autoload=no" in text
    loaded = re.findall(r"^(?:pre)?load=(\S+)\.so$", text, re.MULTILINE)
    assert set(LOADED) <= set(loaded)
    assert not set(FORBIDDEN) & set(loaded)


def test_ari_is_bound_to_this_machine_and_the_manager_is_off() -> None:
    files = configuration(an_exchange())
    assert "bindaddr=127.0.0.1" in files["http.conf"]
    assert "enabled=no" in files["manager.conf"]
    assert "enable=no" in files["cdr.conf"]
    assert "enable=no" in files["cel.conf"]
    assert "maxcalls = 500" in files["asterisk.conf"]


@given(st.text(min_size=1).filter(lambda text: re.search(r"[^A-Za-z0-9._+/=~@:\[\]-]", text)))
def test_no_value_can_become_a_line_of_its_own(value: str) -> None:
    for make in (
        lambda: Operator(name=value, password=SECRET),
        lambda: Operator(name="anna", password=value),
        lambda: Trunk(host=value, addresses=("192.0.2.7",)),
        lambda: Trunk(host="sip.example", addresses=(value,)),
        lambda: Trunk(host="sip.example", addresses=("192.0.2.7",), number=value),
        lambda: Ari(password=value),
        lambda: Sip(outside=value),
        lambda: Folders(prompts=f"/{value}"),
    ):
        with pytest.raises(BadSetting):
            make()
