# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the sound of all prompts: the office's own recordings where it has them, else a machine's.

A person's voice calms; espeak-ng is what stands until somebody has read the words aloud.  What is
made is 8 kHz, one channel, 16 bits, as Asterisk plays it without work.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from safeconduct.edges.lines.phone.prompt_words import counted, words
from safeconduct.edges.lines.phone.prompts import Prompt
from safeconduct.kernel.errors import Refused

VOICES: Final = {"en": "en-gb", "fr": "fr-fr"}
"""Where a voice has another name than its language."""
WORDS_A_MINUTE: Final = "145"
HOLD: Final = "hold/hold.wav"
"""What is heard in line between the words: a faint tone, so that nobody thinks the call is lost."""
_SHAPE: Final = ("-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer")
_TONE: Final = ("synth", "0.4", "sine", "440", "fade", "0.05", "0.4", "0.1", "gain", "-15")
_FAINT: Final = ("synth", "0.6", "sine", "330", "fade", "0.2", "0.6", "0.3", "gain", "-32")
_RECORDED: Final = (".wav", ".flac", ".ogg", ".mp3", ".aiff")


@dataclass(eq=False)
class NoVoice(Refused):
    """A program that makes sound is not on this machine, or took a recording for no sound."""

    code: ClassVar[str] = "no_voice"
    program: str


def names(languages: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Give the language, name and words of every prompt; no words where a tone sounds."""
    for language in languages:
        for prompt in Prompt:
            yield language, prompt.value, words(prompt, language)
        for name, said in counted(language).items():
            yield language, name, said


def make(out: Path, languages: Sequence[str], own: Path | None = None) -> list[str]:
    """Write every prompt, and return those that a machine speaks for lack of a recording.

    Raises:
        NoVoice: `sox` or `espeak-ng` is lacking or fails.
    """
    by_machine = []
    for language, name, said in names(languages):
        file = out / language / f"{name}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        recording = None if own is None else _recording(own / language, name)
        if recording is not None:
            _sox(str(recording), file, ("norm", "-6"))
        elif said:
            _speak(said, language, file)
            by_machine.append(f"{language}/{name}")
        else:
            _sox("-n", file, _TONE)
    hold = out / HOLD
    hold.parent.mkdir(parents=True, exist_ok=True)
    recording = None if own is None else _recording(own / "hold", "hold")
    _sox(str(recording or "-n"), hold, ("norm", "-24") if recording else (*_FAINT, "pad", "0", "5"))
    return by_machine


def _recording(folder: Path, name: str) -> Path | None:
    files = (folder / f"{name}{ending}" for ending in _RECORDED)
    return next((file for file in files if file.is_file()), None)


def _speak(said: str, language: str, file: Path) -> None:
    voice = VOICES.get(language, language)
    command = ("espeak-ng", "-v", voice, "-s", WORDS_A_MINUTE, "-b", "1", "--stdin", "--stdout")
    wave = _run(command, said.encode())
    _run(
        ("sox", "-V1", "-t", "wav", "-", *_SHAPE, str(file), "norm", "-6", "pad", "0", "0.3"), wave
    )


def _sox(source: str, file: Path, effects: Sequence[str]) -> None:
    before = _SHAPE[:2] if source == "-n" else ()
    _run(("sox", "-V1", *before, source, *_SHAPE, str(file), *effects), b"")


def _run(command: Sequence[str], given: bytes) -> bytes:
    program = shutil.which(command[0])
    if program is None:
        raise NoVoice(command[0])
    try:
        done = subprocess.run(  # noqa: S603  Both programs are named here, whole.
            [program, *command[1:]], input=given, capture_output=True, check=True
        )
    except subprocess.CalledProcessError as error:
        raise NoVoice(command[0]) from error
    return done.stdout
