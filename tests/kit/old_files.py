# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of the first weeks, as messy as real ones; all of it invented."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

PICTURE = b"\xff\xd8\xff\xe0 not really a picture"


def mail(body: str | bytes = "Help me.", /, **headers: str) -> bytes:
    """One mail as it lies in an mbox, with headers named by `From_`-like words."""
    told = {
        "From": "Lilac <lilac@example.org>",
        "To": "help@example.net",
        "Date": "Mon, 2 Mar 2026 10:00:00 +0300",
        "Message-ID": "<1@example.org>",
        "Subject": "Please",
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }
    head = "".join(f"{name}: {text}\n" for name, text in told.items() if text)
    content = body if isinstance(body, bytes) else body.encode()
    return b"From x Mon Mar  2 07:00:00 2026\n" + head.encode() + b"\n" + content + b"\n\n"


def telegram(folder: Path) -> Path:
    """Telegram's export of all chats: one talk both ways with a photo, one group, one notice."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "photos").mkdir()
    (folder / "photos" / "one.jpg").write_bytes(PICTURE)

    def said(number: int, who: str, text: object, **more: object) -> dict[str, object]:
        return {
            "id": number,
            "type": "message",
            "date": "2026-03-02T10:00:00",
            "date_unixtime": str(1_772_434_800 + number),
            "from": who,
            "from_id": "user7" if who == "Hotline" else f"user{who}",
            "text": text,
            **more,
        }

    private = [
        {"id": 1, "type": "service", "action": "phone_call"},
        said(2, "Lilac", ["They ", {"type": "bold", "text": "took"}, " him."]),
        said(3, "Lilac", "", photo="photos/one.jpg"),
        said(4, "Hotline", "We read this."),
        said(5, "Lilac", "Thank you.", file="files/gone.pdf"),
    ]
    group = [
        said(1, "Reed", "Is it safe?"),
        said(2, "Hotline", "To all: wait."),
        said(3, "Hotline", "Not today.", reply_to_message_id=1),
    ]
    chats = [
        {"name": "Lilac", "type": "personal_chat", "id": 11, "messages": private},
        {"name": "All", "type": "private_supergroup", "id": 12, "messages": group},
    ]
    told = {"personal_information": {"user_id": 7}, "chats": {"list": chats}}
    (folder / "result.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    return folder


def packed(path: Path, files: Mapping[str, bytes]) -> Path:
    """A zip of files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def workbook(
    sheets: Mapping[str, Sequence[Sequence[object]]],
    *,
    from_1904: bool = False,
    merged: str = "",
    dates: Sequence[str] = (),
    bomb: bool = False,
) -> bytes:
    """A workbook as office programs write one: numbers are dates in the columns that are named.

    A cell of two is a formula and the value that was saved with it.  A bomb has texts beside its
    sheets that unpack to more than anybody writes.
    """
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    names = list(sheets)
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        'package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="'
        f'{kinds}.sheet.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="a" Type="{rel}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><workbookPr date1904="'
        f'{int(from_1904)}"/><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{at}" r:id="s{at}"/>'
            for at, name in enumerate(names, 1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/'
        f'package/2006/relationships"><Relationship Id="st" Type="{rel}/styles" '
        'Target="styles.xml"/>'
        f'<Relationship Id="ss" Type="{rel}/sharedStrings" Target="sharedStrings.xml"/>'
        + "".join(
            f'<Relationship Id="s{at}" Type="{rel}/worksheet" Target="worksheets/s{at}.xml"/>'
            for at, _ in enumerate(names, 1)
        )
        + "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="22"/></cellXfs></styleSheet>',
    }
    for at, name in enumerate(names, 1):
        cells = "".join(_row(row, number, dates) for number, row in enumerate(sheets[name], 1))
        joined = f'<mergeCells><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
        files[f"xl/worksheets/s{at}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData>{joined}</worksheet>'
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        if bomb:
            with archive.open("xl/sharedStrings.xml", "w") as shared:
                shared.write(f'<sst xmlns="{main}">'.encode())
                for _ in range(2):
                    shared.write(b"<si><t>" + b"a" * (8 << 20) + b"</t></si>")
                shared.write(b"</sst>")
    return out.getvalue()


def _row(row: Sequence[object], number: int, dates: Sequence[str]) -> str:
    cells = ""
    for at, value in enumerate(row):
        place = chr(65 + at)
        if value is None:
            continue
        if isinstance(value, tuple):
            formula, saved = value
            cells += f'<c r="{place}{number}" t="str"><f>{formula}</f><v>{escape(saved)}</v></c>'
        elif isinstance(value, int | float):
            style = ' s="1"' if place in dates else ""
            cells += f'<c r="{place}{number}"{style}><v>{value}</v></c>'
        else:
            text = escape(str(value))
            cells += f'<c r="{place}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
    return f'<row r="{number}">{cells}</row>'
