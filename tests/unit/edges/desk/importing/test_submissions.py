# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files with submissions, as phones and servers give them and as nobody should, in the sandbox."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from safeconduct.edges.desk.api import NewFile
from safeconduct.edges.desk.importing import submission_files
from safeconduct.edges.desk.importing.found import NotReadable, TooMuch
from safeconduct.edges.desk.importing.papers import Paper, Papers, Submissions, write_papers
from safeconduct.edges.desk.importing.submission_files import Looked, look
from safeconduct.edges.desk.importing.submission_reader import read
from safeconduct.edges.desk.importing.workbook import WORKBOOK_MOST, read_workbook
from safeconduct.kernel.seal.odk import OdkKey
from tests.kit.field_forms import filled_in, office_key, pem_of, seal, sheets, xlsform
from tests.kit.old_files import workbook

_NESTED = b"".join(b'<!ENTITY %c "%s">' % (at, b"&%c;" % (at - 1) * 40) for at in b"bcdef")
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "' + b"a" * 4_000 + b'">' + _NESTED + b"]>"
    b'<data id="x"><meta><instanceID>uuid:1</instanceID></meta><q>&f;</q></data>'
)


def file(content: bytes, name: str = "a.xml") -> NewFile:
    """A file as a browser sends it."""
    return NewFile(name, "", content)


def packed(files: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def parsed(content: bytes) -> Submissions:
    """What the reader's own code finds in a file."""
    return read(write_papers(Papers(1, (Paper("a.xml", content),))))


def seen(looked: Looked) -> list[tuple[str, bool, bool, tuple[str, ...]]]:
    """What was found."""
    return [(one.submission.instance, one.sealed, one.checked, one.media) for one in looked.found]


def test_a_zip_of_a_phone_is_read_plain_and_sealed_with_its_media() -> None:
    sealed = seal(filled_in(instance="uuid:2"), {"b.jpg": b"pixels"}, instance="uuid:2")
    inner = filled_in({"photo": "a.jpg", "beds": "2"})
    zipped = packed(
        {"one/one.xml": inner, "one/a.jpg": b"pixels", "two/submission.xml": sealed.manifest}
        | {f"two/{name}": raw for name, raw in sealed.files.items()}
    )
    looked = look([file(zipped, "all.zip")], OdkKey(pem_of(office_key())))
    assert seen(looked) == [
        ("uuid:1", False, False, ("a.jpg",)),
        ("uuid:2", True, True, ("b.jpg",)),
    ]
    assert looked.troubles == ()
    assert looked.found[1].submission.text("arrival/how") == "By lantern cart."


def test_each_that_cannot_be_opened_is_told_and_says_why() -> None:
    sealed = seal(filled_in())
    files = [file(sealed.manifest), *(file(raw, name) for name, raw in sealed.files.items())]
    plain = file(filled_in(instance="uuid:9"), "b.xml")
    for key, code in ((None, "no_key"), (OdkKey(pem_of(office_key(1))), "wrong_key")):
        looked = look([*files, plain], key)
        assert [(one.source, one.code) for one in looked.troubles] == [("a.xml", code)]
        assert seen(looked) == [("uuid:9", False, False, ())]
    looked = look(files[:1], OdkKey(pem_of(office_key())))
    assert [one.code for one in looked.troubles] == ["changed"]


def test_a_form_sealed_under_another_manifest_is_not_taken() -> None:
    for inner in (filled_in(instance="uuid:2"), filled_in(form="other"), b"<a/>", b"no xml"):
        sealed = seal(inner)
        files = [file(sealed.manifest), *(file(raw, name) for name, raw in sealed.files.items())]
        looked = look(files, OdkKey(pem_of(office_key())))
        assert [one.code for one in looked.troubles] == ["changed"]
        assert looked.found == ()


def test_a_server_that_wraps_many_into_one_file_is_read() -> None:
    bare = [filled_in(instance=f"uuid:{at}").partition(b"?>")[2] for at in range(3)]
    wrapped = b"<root><count>3</count><results>" + b"".join(bare) + b"</results></root>"
    assert [one.instance for one in parsed(wrapped).found] == ["uuid:0", "uuid:1", "uuid:2"]


@pytest.mark.parametrize(
    "wrong",
    [
        *(b"", b"<a", b"<a/>", b'<data id="x"/>', b"\0" * 50, filled_in().replace(b"id=", b"ID=")),
        b'<!DOCTYPE a><data id="x"><meta><instanceID>u</instanceID></meta></data>',
        '<!DOCTYPE a><data id="x"><meta><instanceID>u</instanceID></meta></data>'.encode("utf-16"),
        BOMB,
        b"<?xml version='1.0' encoding='nonsense'?><a/>",
    ],
)
def test_what_is_no_submission_or_brings_entities_is_not_read(wrong: bytes) -> None:
    found = parsed(wrong)
    assert (found.found, found.unread) == ((), ("a.xml",))


def test_what_is_deep_long_or_wide_is_cut_and_told() -> None:
    deep = b"<g>" * 60 + b"x" + b"</g>" * 60
    for inside in (deep, b"<q>" + b"a" * 30_000 + b"</q>", b"<q>1</q>" * 6_000):
        (one,) = parsed(filled_in().replace(b"<beds>", inside + b"<beds>")).found
        assert one.cut
    very = b'<data id="x"><meta><instanceID>u</instanceID></meta>'
    (one,) = parsed(very + b"<g>" * 100_000 + b"</g>" * 100_000 + b"</data>").found
    assert one.cut


def test_zips_that_are_made_to_burst_or_are_none_are_refused() -> None:
    burst = packed({"a.xml": b" " * (30 << 20)})
    with pytest.raises(TooMuch):
        look([file(burst, "a.zip")], None)
    with pytest.raises(TooMuch):
        look([file(packed({"a.xml": b"<a/>"}, zipfile.ZIP_BZIP2), "a.zip")], None)
    for wrong in (b"PK\x03\x04", packed({"a.xml": b"<a/>" * 99})[:60]):
        with pytest.raises(NotReadable):
            look([file(wrong, "a.zip")], None)


def test_files_of_one_name_hide_none_of_each_other() -> None:
    three = [file(filled_in(instance=f"uuid:{at}"), "submission.xml") for at in range(3)]
    looked = look([*three, file(b"<a/>", "submission.xml")], None)
    assert [one.submission.instance for one in looked.found] == ["uuid:0", "uuid:1", "uuid:2"]
    assert [one.source for one in looked.troubles] == ["4/submission.xml"]
    long = "x" * 600 + ".xml"
    looked = look([file(filled_in(instance=f"uuid:{at}"), long) for at in range(2)], None)
    assert len(looked.found) == 2


def test_names_in_a_zip_never_become_paths() -> None:
    zipped = packed({"../../etc/a.xml": filled_in(), "/abs/b.xml": filled_in(instance="uuid:2")})
    looked = look([file(zipped, "z.zip")], None)
    assert [one.submission.source for one in looked.found] == [
        "z.zip/../../etc/a.xml",
        "z.zip//abs/b.xml",
    ]


def test_reading_is_refused_where_a_file_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission_files, "XML_MOST", 100)
    with pytest.raises(TooMuch):
        look([file(filled_in())], None)


def test_a_workbook_is_read_in_the_sandbox() -> None:
    found = read_workbook(xlsform())
    assert [one.name for one in found.sheets] == list(sheets())
    assert found.sheets[0].rows[1][1] == "arrival"


def test_what_is_no_workbook_is_refused() -> None:
    for wrong in (b"", b"type,name", b"PK\x03\x04rest", packed({"a": b"b"})):
        with pytest.raises(NotReadable):
            read_workbook(wrong)
    with pytest.raises(TooMuch):
        read_workbook(b"PK\x03\x04" + bytes(WORKBOOK_MOST))
    assert read_workbook(workbook({"survey": ()})).sheets[0].rows == ()
