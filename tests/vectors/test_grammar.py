# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the program writes as text is what the specs' grammars say, and nothing near it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final, get_args

import pytest
from abnf import ParseError, Rule

from safeconduct.kernel.log.checkpoint import Checkpoint, write_checkpoint
from safeconduct.kernel.phrase import LISTS, Phrase, canonical
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.labels import BoxPurpose, SealPurpose, SignPurpose, label
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.crew import events as crew
from safeconduct.rooms.crew.join import Invite, parse_invite, write_invite
from safeconduct.rooms.hotline import events as hotline
from tests.house.tree import ROOT

SPECS: Final = ROOT / "docs" / "spec"
BLOCK: Final = re.compile(r"^```abnf\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PURPOSES: Final = sorted({*get_args(SignPurpose), *get_args(SealPurpose), *get_args(BoxPurpose)})
SIZES: Final = (0, 1, 10, 999_999_999)
INVITE: Final = write_invite(
    Invite(1, "https://relay.example", bytes(16), bytes(32), bytes(32), 7, bytes(32), "en")
)


@cache
def grammar(spec: str) -> type[Rule]:
    """The rules that a spec's ABNF blocks define."""

    class Rules(Rule):
        """One spec's rules; two specs may use one name."""

    text = (SPECS / f"{spec}.md").read_text(encoding="utf-8")
    Rules.load_grammar("".join(BLOCK.findall(text)), strict=True)
    return Rules


def reads(spec: str, rule: str, text: str) -> bool:
    """Whether a rule of a spec reads the whole text."""
    try:
        grammar(spec)(rule).parse_all(text)
    except ParseError:
        return False
    return True


def note(size: int) -> str:
    """A signed note of a log, as text."""
    said = Checkpoint(OfficeId(bytes(range(16))), "log", size, bytes(range(32)))
    return write_checkpoint(said, LongSigningKey.from_seed(bytes(64))).decode()


@pytest.mark.parametrize("size", SIZES)
def test_a_checkpoint_is_a_note(size: int) -> None:
    assert reads("relay", "note", note(size))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + "\n",
        lambda text: text.replace("/log\n", "/LOG\n"),
        lambda text: text.replace("\n7\n", "\n07\n"),
        lambda text: text + text.splitlines(keepends=True)[-1],
        lambda text: text.replace("—", "-"),
    ],
)
def test_what_is_almost_a_note_is_none(change: Callable[[str], str]) -> None:
    assert not reads("relay", "note", change(note(7)))


def test_an_invite_is_written_in_groups() -> None:
    assert reads("journal", "invite", INVITE)
    assert not reads("journal", "invite", INVITE.lower().replace("-", ""))
    # A reader is kinder than the grammar.
    assert parse_invite(INVITE.lower().replace("-", " ")) == parse_invite(INVITE)


@pytest.mark.parametrize("language", sorted(LISTS))
def test_every_word_may_stand_in_a_canonical_phrase(language: str) -> None:
    words = LISTS[language]
    for start in range(0, len(words), 8):
        phrase = Phrase(language, words[start : start + 8])
        assert reads("mailbox", "canonical", canonical(phrase).decode())


@pytest.mark.parametrize("text", ["en:", "fr:a b c d e f g h", "en:" + " ".join(["abacus"] * 7)])
def test_what_is_no_phrase_is_not_canonical(text: str) -> None:
    assert not reads("mailbox", "canonical", text)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_label_is_made_alike(purpose: str) -> None:
    assert reads("crew", "label", label(purpose).decode())


@pytest.mark.parametrize("kind", [*crew.KINDS, *hotline.KINDS])
def test_every_kind_is_named_alike(kind: str) -> None:
    assert reads("crew", "kind", kind)
    assert not reads("crew", "kind", kind.lower())
