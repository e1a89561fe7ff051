# SPDX-License-Identifier: AGPL-3.0-or-later
"""Submissions that other people's programs wrote and sealed, read as an office would."""

from __future__ import annotations

import base64

import pytest

from safeconduct.edges.desk.api import NewFile
from safeconduct.edges.desk.importing.papers import Paper, Papers, Submissions, write_papers
from safeconduct.edges.desk.importing.submission_files import Trouble, look
from safeconduct.edges.desk.importing.submission_reader import read
from safeconduct.kernel.seal.odk import OdkKey
from tests.kit import filled_elsewhere as elsewhere

SEALED = base64.b64decode(elsewhere.CENTRAL_SEALED)


def parsed(text: str) -> Submissions:
    """What the reader's own code finds in a file."""
    return read(write_papers(Papers(1, (Paper("a.xml", text.encode()),))))


def central(*more: NewFile) -> list[NewFile]:
    """What Collect would have given to a server."""
    return [NewFile("submission.xml", "", elsewhere.CENTRAL_MANIFEST.encode()), *more]


def test_what_odk_collect_sealed_is_opened_and_its_missing_photograph_is_told() -> None:
    files = central(NewFile("submission.xml.enc", "", SEALED))
    looked = look(files, OdkKey(elsewhere.CENTRAL_PEM))
    (found,) = looked.found
    assert looked.troubles == ()
    assert found.submission.leaves == parsed(elsewhere.CENTRAL_PLAIN).found[0].leaves
    assert found.submission.text("name") == "bob"
    assert found.submission.instance == elsewhere.CENTRAL_INSTANCE
    assert (found.media, found.sealed, found.checked) == (("1561432532482.jpg",), True, False)


def test_what_odk_collect_sealed_and_somebody_cut_is_refused() -> None:
    files = central(NewFile("submission.xml.enc", "", SEALED[:-5]))
    looked = look(files, OdkKey(elsewhere.CENTRAL_PEM))
    assert looked.troubles == (Trouble("submission.xml", "changed"),)
    looked = look(files, OdkKey(elsewhere.BRIEFCASE_PEM))
    assert looked.troubles == (Trouble("submission.xml", "wrong_key"),)


@pytest.mark.parametrize(
    ("wrapped", "length"),
    [
        (elsewhere.BRIEFCASE_KEY, 32),
        (elsewhere.BRIEFCASE_SIGNATURE, 16),
        (elsewhere.BRIEFCASE_MEDIA_KEY, 32),
        (elsewhere.BRIEFCASE_MEDIA_SIGNATURE, 16),
    ],
)
def test_keys_and_signatures_of_older_phones_are_unwrapped(wrapped: str, length: int) -> None:
    opened = OdkKey(elsewhere.BRIEFCASE_PEM).secret.open(base64.b64decode(wrapped))
    assert opened is not None
    assert len(opened) == length


def test_a_manifest_with_an_element_for_each_of_its_media_names_them_in_order() -> None:
    (one,) = parsed(elsewhere.BRIEFCASE_MEDIA).found
    assert one.sealed
    assert one.instance == "uuid:482e83f3-fae6-43ba-a6e9-e438ffe348e3"
    assert one.texts("media/file") == ("1538040007350.jpg.enc", "1538040019351.jpg.enc")
    assert one.text("base64EncryptedKey") == elsewhere.BRIEFCASE_MEDIA_KEY


def test_plain_ones_are_found_however_a_server_wraps_them() -> None:
    (pulled,) = parsed(elsewhere.BRIEFCASE_PULLED).found
    assert (pulled.form, pulled.text("test")) == ("basic", "yes")
    (down,) = parsed(elsewhere.KOBO_DOWNLOADED).found
    assert down.form == "transportation_2011_07_25"
    assert down.instance == "uuid:5b2cc313-fc09-437e-8149-fcd32f695d41"
    (edited,) = parsed(elsewhere.KOBO_EDITED).found
    assert edited.text("name").split() == ["Larry", "Again"]
    assert edited.text("meta/deprecatedID") == "uuid:729f173c688e482486a48661700455ff"


def test_an_old_one_without_an_id_is_told_as_unread() -> None:
    assert parsed(elsewhere.KOBO_OF_NO_ID).unread == ("a.xml",)
