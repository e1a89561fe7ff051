# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct line phone check` against a real Asterisk, as it should be and spoilt in every way.

Each spoilt setting is one that an administrator comes to by habit or by an example found elsewhere.
"""

import shutil
import subprocess
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from safeconduct.edges.lines.folder import Making, new_line, open_line
from safeconduct.edges.lines.phone.check import Finding, judge
from safeconduct.edges.lines.phone.exchange import Ari, Exchange, Operator, configuration
from safeconduct.edges.lines.phone.prompt_files import names
from safeconduct.edges.lines.phone.reading import read_asterisk, read_prompts
from safeconduct.edges.lines.post import OsRng
from safeconduct.host import Swap, swap
from safeconduct.kernel.seal.stretch import Cost
from tests.kit.programs import safeconduct
from tests.lines.kit.asterisk import PASSWORD, Asterisk, asterisk, short_prompts, stop

ANNA = Operator(name="anna", password=PASSWORD)
OWN = Operator(name="op1", way="own")
EN = ("en",)
PASSPHRASE = "six plain words for the rehearsal"
HABITS = {
    "cdr.conf": "[general]\nenable=yes\n[csv]\nusegmtime=yes\n",
    "cel.conf": "[general]\nenable=yes\napps=dial\nevents=ALL\n",
    "manager.conf": "[general]\nenabled=yes\nbindaddr=127.0.0.1\nport=0\n",
    "logger.conf": "[general]\n[logfiles]\nmessages => notice,warning,error\n",
}


def found(exchange: Exchange, tree: Path) -> set[Finding]:
    """What the check finds, whatever this machine does with its swap."""
    return set(judge(replace(read_asterisk(exchange, tree), swap=Swap.NONE), exchange))


@pytest.fixture
def good(tmp_path: Path) -> Iterator[Asterisk]:
    with asterisk(tmp_path, (OWN,), prompts=short_prompts(tmp_path, EN)) as one:
        yield one


def test_an_asterisk_as_the_product_sets_it_up_has_no_fault(good: Asterisk) -> None:
    assert found(good.exchange, good.tree) == set()


def test_a_telephone_that_is_not_signed_in_is_named(tmp_path: Path) -> None:
    with asterisk(tmp_path, (ANNA, OWN), prompts=short_prompts(tmp_path, EN)) as one:
        assert found(one.exchange, one.tree) == {Finding("telephone_away", "anna")}


def test_a_line_that_is_not_registered_with_its_provider_is_told_of(good: Asterisk) -> None:
    trunk = replace(good.exchange.trunk, user="u1", password=PASSWORD)
    assert found(replace(good.exchange, trunk=trunk), good.tree) == {Finding("trunk_away")}


def test_habits_that_keep_calls_are_all_found(good: Asterisk, tmp_path: Path) -> None:
    wrong = ("app_mixmonitor", "bridge_native_rtp", "cdr_csv", "res_ari_recordings")
    shipped = configuration(good.exchange)
    loaded = shipped["modules.conf"] + "".join(f"load={name}.so\n" for name in wrong)
    shut = loaded.replace("load=app_dial.so\n", "")
    spoilt = {**HABITS, "modules.conf": shut}
    with asterisk(tmp_path, (OWN,), own_conf=spoilt, prompts=short_prompts(tmp_path, EN)) as one:
        told = found(one.exchange, one.tree)
    modules = {Finding("module_forbidden", name) for name in wrong}
    modules.add(Finding("module_lacking", "app_dial"))
    assert told == modules | {Finding(f"{name}_on") for name in ("cdr", "cel", "manager")} | {
        Finding("log_file")
    }


def test_what_is_open_to_others_is_found(good: Asterisk, tmp_path: Path) -> None:
    http = configuration(good.exchange)["http.conf"]
    spoilt = {"http.conf": "[general]\nenabled=yes\nbindaddr=0.0.0.0\nbindport=PORT\n"}
    assert "bindaddr=127.0.0.1" in http
    with asterisk(tmp_path, (OWN,), own_conf=spoilt, prompts=short_prompts(tmp_path, EN)) as one:
        (one.folder / "tls.key").chmod(0o644)
        (one.folder / "run/spool").chmod(0o777)
        told = found(one.exchange, one.tree)
    assert told == {Finding("ari_open"), Finding("key_open"), Finding("spool_writable")}


def test_what_callers_could_not_hear_is_found(good: Asterisk) -> None:
    prompts = good.folder / "prompts" / "en"
    (prompts / "greeting.wav").unlink()
    (prompts / "menu.wav").write_bytes(b"RIFF, or so it says")
    assert found(good.exchange, good.tree) == {
        Finding("prompt_lacking", "en/greeting.wav"),
        Finding("prompt_odd", "en/menu.wav"),
    }


def test_prompts_that_asterisks_own_user_may_not_read_are_found(good: Asterisk) -> None:
    prompts = good.folder / "prompts"
    shutil.chown(prompts, "root", "root")
    prompts.chmod(0o700)
    inside = f"/{prompts.relative_to(good.tree)}"
    assert found(good.exchange, good.tree) == {Finding("prompt_shut", inside)}


def test_a_wrong_password_and_a_dead_asterisk_are_told_apart(good: Asterisk) -> None:
    other = replace(good.exchange, ari=Ari(password="another-password", port=good.slot.http_port))
    assert found(other, good.tree) == {Finding("ari_refuses")}
    stop(good)
    assert {Finding("ari_silent"), Finding("process_unseen")} <= found(good.exchange, good.tree)


def test_a_certificate_of_another_key_is_found(good: Asterisk) -> None:
    (good.folder / "tls.crt").write_text("no certificate")
    assert found(good.exchange, good.tree) == {Finding("certificate_bad")}


def made(folder: Path, running: Asterisk) -> Path:
    """A telephone line whose settings are those of an Asterisk that runs."""
    told, slot = running.exchange, running.slot
    settings = {
        "languages": "en",
        "trunk_host": told.trunk.host,
        "trunk_addresses": " ".join(told.trunk.addresses),
        "telephones": "op1:own",
        "ari_port": str(slot.http_port),
        "ari_password": told.ari.password,
        "own_folder": told.folders.own,
        "run_folder": told.folders.run,
        "prompts_folder": told.folders.prompts,
    }
    new_line(folder / "line", Making("phone", PASSPHRASE, settings, Cost(8, 1, 1)), OsRng())
    return folder / "line"


def said_by(*words: str, code: int = 0) -> str:
    """What a program says to an administrator who types the line's passphrase."""
    program = safeconduct("line", "phone", *words)
    program.answer(PASSPHRASE)
    assert program.wait() == code, program.said
    program.stop()
    return program.said


def test_an_administrator_is_told_in_words(good: Asterisk, tmp_path: Path) -> None:
    line, tree = str(made(tmp_path, good)), str(good.tree)
    if swap() in {Swap.NONE, Swap.SEALED}:
        assert "is as it should be" in said_by("check", line, "--tree", tree)
    (good.folder / "prompts/en/greeting.wav").unlink()
    (good.folder / "run/spool").chmod(0o777)
    said = said_by("check", line, "--tree", tree, code=1)
    assert "en/greeting.wav" in said
    assert "chown root, chmod 555" in said


def test_configuration_is_written_for_its_owner_alone(good: Asterisk, tmp_path: Path) -> None:
    line, out = made(tmp_path, good), tmp_path / "out"
    settings = open_line(line, PASSPHRASE).store.settings()
    open_line(line, PASSPHRASE).store.tell({**settings, "telephones": "op1:own anna:softphone"})
    said_by("config", str(line), str(out))
    drawn = open_line(line, PASSPHRASE).store.settings()["telephone_password_anna"]
    assert f"password={drawn}\n" in (out / "pjsip.conf").read_text()
    assert drawn in (out / "telephones.txt").read_text()
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    assert "already" in said_by("config", str(line), str(out), code=1)


def test_the_office_s_own_voice_is_taken_where_there_is_one(good: Asterisk, tmp_path: Path) -> None:
    line, out, own = made(tmp_path, good), tmp_path / "sound", tmp_path / "own"
    (own / "en").mkdir(parents=True)
    voice = ["sox", "-n", "-r", "44100", "-c", "2", str(own / "en/greeting.flac")]
    subprocess.run([*voice, "synth", "3", "sine", "300"], check=True)
    said = said_by("prompts", str(line), str(out), "--recordings", str(own))
    spoken = sum(bool(words) for _, _, words in names(EN))
    assert f" {spoken - 1} " in said
    assert read_prompts(out, EN) == ((), ())
    with wave.open(str(out / "en/greeting.wav")) as sound:
        assert sound.getnframes() == 3 * sound.getframerate()
