# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reader of submissions: a process of its own in the sandbox of clean copies (docs/adr/0061).

XML from a phone or a server is a stranger's file.  The one parser is expat; a document with a
DOCTYPE is read by nobody, so that no entity of its own is ever expanded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from safeconduct.edges.desk.cleaning.confine import NotConfined, confine
from safeconduct.edges.desk.cleaning.copied import UNCONFINED
from safeconduct.edges.desk.importing.papers import (
    LEAVES_MOST,
    NAME_MOST,
    SUBMISSIONS_MOST,
    TEXT_MOST,
    Submission,
    Submissions,
    parse_papers,
    write_submissions,
)

UNREADABLE: Final = 72
DEEPEST: Final = 40
FOUND_WITHIN: Final = 4
"""So deep below the root of a file a submission may begin: exports wrap several into one."""


class HasDoctype(ValueError):
    """A document declares a type of its own."""


class _Builder(ET.TreeBuilder):
    def doctype(self, name: str, pubid: str, system: str) -> None:  # noqa: ARG002
        raise HasDoctype


def main() -> None:
    """Read the submissions that standard input holds."""
    _parser()  # What it loads, it loads before it gives up the disk.
    try:
        confine()
    except NotConfined:
        os._exit(UNCONFINED)
    try:
        answer = write_submissions(read(sys.stdin.buffer.read()))
    except BaseException:  # noqa: BLE001  (its text may quote the file)
        os._exit(UNREADABLE)
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    os._exit(0)


def read(data: bytes) -> Submissions:
    """Return the submissions in some files.

    Raises:
        Malformed, NotCanonical, UnknownVersion: no desk of ours wrote what holds them.
    """
    found: list[Submission] = []
    unread: list[str] = []
    for paper in parse_papers(data).files:
        here = list(_in_file(paper.name, paper.content))
        found += here
        unread += [] if here else [paper.name]
    return Submissions(1, tuple(found[:SUBMISSIONS_MOST]), tuple(unread))


def _parser() -> ET.XMLParser:
    return ET.XMLParser(target=_Builder())  # noqa: S314  (in the sandbox alone, no DOCTYPE)


def _in_file(name: str, content: bytes) -> Iterator[Submission]:
    parser = _parser()
    try:
        parser.feed(content)
        root = parser.close()
    except (ET.ParseError, ValueError, LookupError):
        return
    for element in _beginning(root):
        if (one := _read_one(name, element)) is not None:
            yield one


def _beginning(root: ET.Element) -> Iterator[ET.Element]:
    """Give the topmost elements that name a form and have an id of their own."""
    level = [root]
    for _ in range(FOUND_WITHIN):
        below: list[ET.Element] = []
        for element in level:
            if _attribute(element, "id") is not None and _has_instance(element):
                yield element
            else:
                below += element
        level = below


def _attribute(element: ET.Element, name: str) -> str | None:
    return next((text for at, text in element.attrib.items() if _local(at) == name), None)


def _has_instance(element: ET.Element) -> bool:
    return any(
        _local(one.tag) == "instanceID"
        for meta in element
        if _local(meta.tag) == "meta"
        for one in meta
    )


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _read_one(source: str, element: ET.Element) -> Submission | None:
    leaves: list[tuple[str, str]] = []
    cut = False
    stack = [("", one, 1) for one in reversed(element)]
    while stack:
        before, one, depth = stack.pop()
        path = f"{before}{_local(one.tag)}"
        if len(path) > NAME_MOST or depth > DEEPEST or len(leaves) >= LEAVES_MOST:
            cut = True
            continue
        if len(one):
            stack += [(f"{path}/", below, depth + 1) for below in reversed(one)]
            continue
        text = one.text or ""
        cut = cut or len(text) > TEXT_MOST
        leaves.append((path, text[:TEXT_MOST]))
    form, version = _attribute(element, "id") or "", _attribute(element, "version")
    if len(form) > NAME_MOST or len(version or "") > NAME_MOST:
        return None
    return Submission(
        *(source, form, version or "", int(version is not None)),
        *(int(_attribute(element, "encrypted") == "yes"), tuple(leaves), int(cut)),
    )
