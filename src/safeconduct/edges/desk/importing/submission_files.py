# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files with submissions as somebody chose them, to submissions: unpacked, read, opened.

Zips are unpacked within bounds, in memory; XML is read in the sandbox of clean copies; what is
sealed is opened here, where the keys are, and what comes out is read in the sandbox again.
Nothing touches a disk, and the office's key is gone when this returns (spec/forms.md 5).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from safeconduct.edges.desk.cleaning import sandbox
from safeconduct.edges.desk.importing.found import NotReadable, TooMuch
from safeconduct.edges.desk.importing.packed import bursts
from safeconduct.edges.desk.importing.papers import (
    ANSWER_MOST,
    FILES_MOST,
    NAME_MOST,
    Paper,
    Papers,
    Submission,
    Submissions,
    parse_submissions,
    write_papers,
)
from safeconduct.kernel.errors import CannotOpen, Malformed, Refused, Untrusted
from safeconduct.kernel.seal.odk import OdkKey, OdkManifest, OdkOpened, open_submission

ALL_MOST: Final = 200 << 20
"""Bytes of all files, unpacked."""
XML_MOST: Final = 4 << 20
_NAME_LEFT: Final = NAME_MOST - 10
ZIPPED: Final = b"PK\x03\x04"
CODE: Final = (
    "import sys; sys.path[:0] = ['/app', '/site']; "
    "from safeconduct.edges.desk.importing.submission_reader import main; main()"
)


class NoOdkKey(Refused):
    """What was brought as the office's private key is none that can be used."""

    code = "no_odk_key"


class ChosenFile(Protocol):
    """A file that somebody chose."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def content(self) -> bytes:
        """What is in it."""


class Trouble(NamedTuple):
    """A file or a submission that could not be read, and why."""

    source: str
    code: str


@dataclass(frozen=True, slots=True)
class Found:
    """A submission that could be read; `media` are files that belong to it, by name."""

    submission: Submission
    media: tuple[str, ...]
    sealed: bool
    checked: bool
    """Whether its signature was checked; of one that was not sealed there is none."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is in some files."""

    found: tuple[Found, ...]
    troubles: tuple[Trouble, ...]


def look(files: Sequence[ChosenFile], key: OdkKey | None) -> Looked:
    """Return the submissions in files, opened with the office's key where they are sealed.

    Raises:
        TooMuch, NotReadable: they are too much, or one says that it is a zip and is none.
        NoSandbox, ConverterSlow: there is no way to read them here.
    """
    members = dict(_unpacked(files))
    read = _read({at: raw for at, raw in members.items() if at.casefold().endswith(".xml")})
    troubles = [Trouble(at, "no_submission") for at in read.unread]
    found = [
        Found(one, _beside(one, members), sealed=False, checked=False)
        for one in read.found
        if not one.sealed
    ]
    opened: dict[str, tuple[Submission, OdkOpened]] = {}
    for at, one in enumerate(one for one in read.found if one.sealed):
        try:
            opened[f"{at}.xml"] = one, _open(one, members, key)
        except CannotOpen:
            troubles.append(Trouble(one.source, "no_key" if key is None else "wrong_key"))
        except Malformed:
            troubles.append(Trouble(one.source, "changed"))
    inside = _inside(opened)
    found += [one for one in inside if isinstance(one, Found)]
    troubles += [one for one in inside if isinstance(one, Trouble)]
    return Looked(tuple(found), tuple(troubles))


def _inside(opened: Mapping[str, tuple[Submission, OdkOpened]]) -> list[Found | Trouble]:
    """Read what was sealed."""
    again = _read({name: inner.xml for name, (_, inner) in opened.items()})
    by_name = {one.source: one for one in again.found}
    found: list[Found | Trouble] = []
    for name, (manifest, inner) in opened.items():
        one, media = by_name.get(name), (*inner.media, *inner.missing)
        if one is None or not _same(one, manifest):
            found.append(Trouble(manifest.source, "changed"))
        else:
            named = _renamed(one, manifest.source)
            found.append(Found(named, media, sealed=True, checked=inner.checked))
    return found


def _same(inside: Submission, manifest: Submission) -> bool:
    """Tell whether what was sealed is of the form and the id that stood open beside it."""
    return (inside.form, inside.instance) == (manifest.form, manifest.instance)


def _renamed(one: Submission, source: str) -> Submission:
    return Submission(
        *(source, one.form, one.version, one.has_version, one.sealed, one.leaves, one.cut)
    )


def _unpacked(files: Sequence[ChosenFile]) -> Iterator[tuple[str, bytes]]:
    """Yield what is in files, each under a name that no other has: none hides another.

    A phone keeps each sealed submission as `submission.xml` in a folder that no browser names.
    """
    names, counts = set[str](), Counter[str]()
    for name, raw in _each(files):
        at = name
        while at in names:
            counts[name] += 1
            at = f"{counts[name] + 1}/{name[-_NAME_LEFT:]}"
        names.add(at)
        yield at, raw


def _each(files: Sequence[ChosenFile]) -> Iterator[tuple[str, bytes]]:
    left = ALL_MOST
    for file in files:
        inside = _members(file.content) if file.content.startswith(ZIPPED) else None
        for name, raw in inside if inside is not None else ((file.name, file.content),):
            left -= len(raw)
            if left < 0:
                raise TooMuch
            yield (f"{file.name}/{name}" if inside is not None else name)[-NAME_MOST:], raw


def _members(raw: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            infos = [one for one in packed.infolist() if not one.is_dir()]
            if len(infos) > FILES_MOST or sum(one.file_size for one in infos) > ALL_MOST:
                raise TooMuch
            for one in infos:
                if bursts(one):
                    raise TooMuch
                with packed.open(one) as member:
                    yield one.filename, member.read(one.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError):
        raise NotReadable from None
    except NotImplementedError:
        raise NotReadable from None


def _read(files: Mapping[str, bytes]) -> Submissions:
    if not files:
        return Submissions(1, (), ())
    if len(files) > FILES_MOST or any(len(raw) > XML_MOST for raw in files.values()):
        raise TooMuch
    papers = Papers(1, tuple(Paper(name, raw) for name, raw in files.items()))
    try:
        with sandbox.ONE_AT_A_TIME:
            answer = sandbox.run((CODE,), write_papers(papers))
        if len(answer) > ANSWER_MOST:
            raise TooMuch
        return parse_submissions(answer)
    except (sandbox.ConverterFailed, Untrusted):
        raise NotReadable from None


def _open(one: Submission, members: Mapping[str, bytes], key: OdkKey | None) -> OdkOpened:
    if key is None:
        raise CannotOpen("odk submission")
    folder = one.source.rpartition("/")[0]
    media, xml = one.texts("media/file"), one.text("encryptedXmlFile")
    files = {
        name: members[at]
        for name in (*media, xml)
        if (at := f"{folder}/{name}" if folder else name) in members
    }
    manifest = OdkManifest(
        form=one.form,
        version=one.version if one.has_version else None,
        key=one.text("base64EncryptedKey").strip(),
        instance=one.instance,
        media=media,
        xml=xml,
        signature=one.text("base64EncryptedElementSignature"),
    )
    return open_submission(key, manifest, files)


def _beside(one: Submission, members: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the files of its folder that its answers name."""
    folder = one.source.rpartition("/")[0]
    there = {at.rpartition("/")[2] for at in members if at.rpartition("/")[0] == folder}
    said = dict.fromkeys(text.strip() for _, text in one.leaves)
    return tuple(name for name in said if name in there and not name.endswith(".xml"))
