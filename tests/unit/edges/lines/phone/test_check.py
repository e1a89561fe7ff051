# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is judged wrong of a reading: nothing of a good one, and never nothing where none was had.

Against a real Asterisk: tests/lines/test_phone_check.py.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from safeconduct.edges.lines.phone.check import Certificate, Finding, Process, Reading, judge
from safeconduct.edges.lines.phone.exchange import Ari, Exchange, Operator, Trunk
from safeconduct.edges.lines.phone.modules import LOADED, PRELOADED
from safeconduct.edges.lines.phone.prompt_files import HOLD, names
from safeconduct.edges.lines.phone.reading import closed_to, read_prompts
from safeconduct.host import Swap
from safeconduct.programs.line_phone_words import FINDINGS

SECRET = "twelve-letters-at-least"
OFFICE = Exchange(
    trunk=Trunk(host="sip.example", addresses=("192.0.2.7",), user="u1", password=SECRET),
    operators=(Operator(name="anna", password=SECRET),),
    ari=Ari(password=SECRET),
)
SAFE = Process(as_root=False, dumps=False, spool_writable=False)
GOOD = Reading(
    ari="answers",
    version="22.10.1+dfsg",
    modules=frozenset((*LOADED, *PRELOADED)),
    console={
        "core": "  Maximum calls:   500 (Current 0)\n  Manager (AMI):   Disabled\n"
        "  Call data records:   Disabled\n",
        "cel": "CEL Logging: Disabled\n",
        "http": "Server Enabled and Bound to 127.0.0.1:8088\n",
        "logger": "       Console  default    Enabled    - WARNING ERROR\n",
        "registrations": " trunk/sip:sip.example   trunk   Registered   (exp. 30s)\n",
    },
    process=SAFE,
    certificate=Certificate(fits=True, key_open=False, days=60),
    registered=frozenset({"trunk", "anna"}),
    swap=Swap.SEALED,
)


def codes(reading: Reading) -> list[str]:
    """The codes of what is wrong."""
    return [finding.code for finding in judge(reading, OFFICE)]


def test_nothing_is_wrong_where_all_is_well() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        (replace(GOOD, version="20.5.0"), "too_old"),
        (replace(GOOD, version=""), "too_old"),
        (replace(GOOD, console=None), "console_silent"),
        (replace(GOOD, process=None), "process_unseen"),
        (replace(GOOD, certificate=None), "certificate_bad"),
        (replace(GOOD, swap=Swap.UNKNOWN), "swap_unknown"),
        (replace(GOOD, swap=Swap.UNSEALED), "swap_unsealed"),
        (replace(GOOD, modules=GOOD.modules | {"app_voicemail"}), "module_forbidden"),
        (replace(GOOD, modules=GOOD.modules - {"chan_pjsip"}), "module_lacking"),
        (replace(GOOD, registered=frozenset({"trunk"})), "telephone_away"),
        (replace(GOOD, registered=frozenset({"anna"})), "trunk_unknown"),
        (replace(GOOD, prompts_lacking=("en/wait.wav",)), "prompt_lacking"),
        (replace(GOOD, prompts_shut=("/etc/asterisk/prompts",)), "prompt_shut"),
        (
            replace(GOOD, process=Process(as_root=True, dumps=False, spool_writable=False)),
            "as_root",
        ),
        (replace(GOOD, process=replace(SAFE, dumps=True)), "core_dumps"),
        (replace(GOOD, process=replace(SAFE, spool_writable=True)), "spool_writable"),
        (
            replace(GOOD, certificate=Certificate(fits=True, key_open=False, days=3)),
            "certificate_ends",
        ),
        (replace(GOOD, ari="refuses"), "ari_refuses"),
        (replace(GOOD, ari="silent"), "ari_silent"),
    ],
)
def test_one_fault_is_one_finding(spoilt: Reading, code: str) -> None:
    assert codes(spoilt) == [code]
    assert FINDINGS[code]


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("core", "  Maximum calls:   500 (Current 0)\n  Manager (AMI):   Disabled\n", "cdr_on"),
        ("cel", "CEL Logging: Enabled\n", "cel_on"),
        ("http", "Server Enabled and Bound to 0.0.0.0:8088\n", "ari_open"),
        ("http", "", "ari_open"),
        (
            "logger",
            " Console default Enabled\n m.log File default Enabled\n",
            "log_file",
        ),
        ("registrations", " trunk/sip:sip.example  trunk   Rejected\n", "trunk_away"),
        ("registrations", " trunk/sip:sip.example  trunk   Unregistered\n", "trunk_away"),
    ],
)
def test_what_the_console_says_is_judged(name: str, said: str, code: str) -> None:
    told = {**(GOOD.console or {}), name: said}
    assert codes(replace(GOOD, console=told)) == [code]


def test_a_telephone_set_up_by_hand_is_looked_for_too() -> None:
    office = replace(OFFICE, operators=(Operator(name="desk1", way="own"),))
    assert judge(GOOD, office) == [Finding("telephone_away", "desk1")]


def test_prompts_are_wanted_in_every_language_that_is_offered(tmp_path: Path) -> None:
    lacking, odd = read_prompts(tmp_path, ("en", "ru"))
    wanted = {f"{language}/{name}.wav" for language, name, _ in names(("en", "ru"))}
    assert set(lacking) == {*wanted, HOLD}
    assert odd == ()


def test_prompts_that_asterisks_own_user_may_not_read_are_named_by_what_is_shut(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "prompts" / "en"
    folder.mkdir(parents=True)
    files = [folder / "menu.wav", folder / "wait.wav"]
    for file in files:
        file.write_bytes(b"")
        file.chmod(0o644)
    told = folder.stat()
    stranger, groups = told.st_uid + 1, frozenset({told.st_gid})
    (tmp_path / "prompts").chmod(0o700)
    assert closed_to(stranger, groups, files, tmp_path) == ("/prompts",)
    assert closed_to(told.st_uid, groups, files, tmp_path) == ()
    (tmp_path / "prompts").chmod(0o710)
    files[1].chmod(0o600)
    assert closed_to(stranger, groups, files, tmp_path) == ("/prompts/en/wait.wav",)
