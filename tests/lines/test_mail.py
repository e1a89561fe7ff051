# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail with a real Dovecot and a real submission server (docs/run/lines/mail.md)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import pytest

from safeconduct.edges.lines.channel import UNPROVEN, CannotSend, Departing
from safeconduct.edges.lines.handles import code_of, parse_handle
from safeconduct.edges.lines.kinds.mail import NOBODY, Us, arrived, channel, write_mail
from safeconduct.edges.lines.kinds.mail_imap import MAIL_MOST, NotLetIn, WrongCertificate
from safeconduct.edges.lines.kinds.mail_reading import read_mail
from safeconduct.kernel.errors import Unreachable
from tests.kit.offices import wait
from tests.kit.stage import stage
from tests.lines.kit import by_hand
from tests.lines.kit.at_work import admitted_line, at_work, mark_of, running
from tests.lines.kit.by_hand import KeptByHand, LineByHand, until
from tests.lines.kit.imap import PASSWORD, Imap, imap
from tests.lines.kit.markers import control, search
from tests.lines.kit.smtp import Smtp, smtp

pytestmark = pytest.mark.needs("dovecot")

MX: Final = "mx.hotline.example"
LINE: Final = "help@hotline.example"
SHE: Final = "amina@else.example"
TEXT: Final = "серый дом за мельницей"
SUBJECT: Final = "please read this at night"
ANSWER: Final = "an answer nobody else reads"
CONTENT: Final = b"eleven strange words on a list " * 400


@dataclass
class World:
    """The mail servers."""

    imap: Imap
    smtp: Smtp
    vouches: bool = True

    def settings(self) -> dict[str, str]:
        """What a line is told."""
        return {
            "address": LINE,
            "password": PASSWORD,
            "imap": f"127.0.0.1:{self.imap.tls}",
            "smtp": f"127.0.0.1:{self.smtp.tls}",
            "fingerprint": self.imap.fingerprint,
            "subject": "...",
            "vouches": MX,
        }

    def post(self, mail: EmailMessage) -> None:
        """Let a mail come."""
        said = f"Authentication-Results: {MX}; spf=pass smtp.mailfrom={SHE}\n"
        self.smtp.deliver(SHE, (LINE,), said.encode() * self.vouches + mail.as_bytes())

    def answers(self) -> list[EmailMessage]:
        """Return what went to her."""
        seen = [one.content for one in self.smtp.seen if one.to == (SHE,)]
        return [message_from_bytes(one, policy=policy.default) for one in seen]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with imap(tmp_path) as box, smtp(box) as post:
        yield World(box, post)


def mail(text: str = TEXT, **headers: str) -> EmailMessage:
    written = EmailMessage()
    for name, told in {"From": f"Amina <{SHE}>", "To": LINE, "Subject": SUBJECT, **headers}.items():
        written[name.replace("_", "-")] = told
    written.set_content(text)
    return written


def test_words_and_files_come_and_a_doors_text_goes(world: World, tmp_path: Path) -> None:
    written = mail()
    written.add_attachment(CONTENT, maintype="application", subtype="pdf", filename="papers.pdf")
    with at_work(tmp_path, "mail", channel, world.settings()) as work:
        world.post(written)
        [letter] = work.until(1)
        assert letter.text == f"{SUBJECT}\n\n{TEXT}"
        assert work.files(letter) == [("papers.pdf", CONTENT)]
        wait(lambda: len(world.answers()) == 1)
        work.answer(letter, ANSWER, ("map.txt", CONTENT))
        wait(lambda: len(world.answers()) == 2)
        handle = parse_handle(work.line.keys, mark_of(letter).handle)
        for one in world.answers():
            assert one["Subject"] == "..."
            assert one["Auto-Submitted"] == "auto-replied"
            assert code_of(work.line.keys, handle) in one.get_content()
            assert not list(one.iter_attachments())
        wait(lambda: not world.imap.mails(LINE))
        markers: dict[str, str | bytes] = {"text": TEXT, "subject": SUBJECT, "file": CONTENT[:60]}
        assert not search([work.folder], contact=SHE, answer=ANSWER, **markers)
    seen = b"".join(one.content for one in world.smtp.seen)
    for quoted in (TEXT.encode(), SUBJECT.encode(), ANSWER.encode(), CONTENT[:60]):
        assert quoted not in seen
    control(tmp_path / "line", **markers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"List_Id": "<news.else.example>"},
        {"List_Unsubscribe": "<mailto:off@else.example>"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@else.example"},
        {"From": LINE},
        {"From": "nobody at all"},
    ],
    ids=lambda headers: next(iter(headers.items()))[1],
)
def test_a_machine_is_taken_and_never_answered(headers: dict[str, str]) -> None:
    told = mail(**headers).as_bytes()
    read = read_mail(told, len(told), LINE)
    assert read.by_machine
    assert TEXT in read.text


def test_two_lines_never_write_to_one_another(world: World) -> None:
    asyncio.run(_two_machines(world))


async def _two_machines(world: World) -> None:
    line = LineByHand()
    box = channel(world.settings(), KeptByHand())
    async with by_hand.running(box, line):
        world.post(write_mail(SHE, LINE, "...", "what another line says"))
        await until(lambda: line.taken)
        [came] = line.taken
        assert came.contact.startswith(NOBODY)
        with pytest.raises(CannotSend):
            await box.send(came.contact, Departing("a door's text"))
        world.smtp.refuses.add("gone@else.example")
        with pytest.raises(CannotSend):
            await box.send(b"gone@else.example", Departing("a door's text"))
        with pytest.raises(CannotSend):
            await box.send(b"x@else.example\nBcc: y@else.example", Departing("a door's text"))
    assert not world.smtp.seen


def test_whom_no_server_vouches_for_is_written_to_by_a_persons_word_alone(
    world: World, tmp_path: Path
) -> None:
    world.vouches = False
    with at_work(tmp_path, "mail", channel, world.settings()) as work:
        world.post(mail("40718293", Subject=""))
        [letter] = work.until(1)
        assert letter.text.startswith("[no mail server proves who wrote this")
        assert mark_of(letter).said == ""
        wait(lambda: not world.imap.mails(LINE))
        world.vouches = True
        world.post(mail(Subject="40718293"))
        proven = next(one for one in work.until(2) if TEXT in one.text)
        assert proven.voice != letter.voice
        wait(lambda: len(world.answers()) == 1)
        work.answer(letter, ANSWER)
        wait(lambda: len(world.answers()) == 2)
    codes = [mark_of(one).code for one in (proven, letter)]
    assert all(code in one.get_content() for code, one in zip(codes, world.answers(), strict=True))


@pytest.mark.parametrize(
    ("said", "proven"),
    [
        (f"{MX}; dmarc=pass (p=none) header.from=else.example", True),
        (f"{MX} 1; spf=fail; dkim=pass header.d=else.example; dmarc=pass", True),
        (f"{MX}; dkim=pass (2048-bit key) header.i=@else.example", True),
        (f"{MX}; dmarc=fail; dkim=pass header.d=else.example", False),
        (f"{MX}; dmarc=pass header.from=other.example", False),
        (f"{MX}; dkim=pass header.d=other.example; spf=pass smtp.mailfrom=x@o.example", False),
        (f"{MX}; dkim=pass header.d=example.else.example", False),
        (f"{MX}; dkim=pass header.d=example", False),
        (f'{MX}; spf=fail smtp.mailfrom="; dmarc=pass "@evil.example', False),
        (f"{MX}; spf=fail (x; dmarc=pass", False),
        ("mx.evil.example; dmarc=pass", False),
        (f"{MX}; none", False),
        ("", False),
    ],
)
def test_our_own_server_alone_vouches_for_a_sender(said: str, proven: bool) -> None:
    raw = f"Authentication-Results: {said}\n".encode() + mail().as_bytes()
    came = arrived(raw, len(raw), Us(LINE, MX))
    assert came.contact == (b"" if proven else UNPROVEN) + SHE.encode()
    assert arrived(raw, len(raw), Us(LINE)).contact.startswith(UNPROVEN)
    below = f"Authentication-Results: {MX}; dmarc=none\n".encode() + raw
    assert arrived(below, len(below), Us(LINE, MX)).contact.startswith(UNPROVEN)


def test_a_mail_of_two_senders_is_proven_of_neither() -> None:
    two = mail(From=f"{SHE}, eve@else.example").as_bytes()
    raw = f"Authentication-Results: {MX}; dmarc=pass\n".encode() + two
    assert arrived(raw, len(raw), Us(LINE, MX)).contact.startswith(UNPROVEN)


@pytest.mark.parametrize("name", ["From", "Subject", "Content-Type"])
def test_a_header_that_takes_minutes_to_read_is_not_read(name: str) -> None:
    raw = f"{name}: {'<a@' * 30_000}\n".encode() + mail().as_bytes()
    begun = time.monotonic()
    [file] = read_mail(raw).files
    assert file.content == raw
    assert time.monotonic() - begun < 2


def test_what_came_while_the_line_was_down_is_taken_once(world: World, tmp_path: Path) -> None:
    with stage() as office:
        line = admitted_line(tmp_path / "line", "mail", office.url, world.settings())
        with running(office, line, channel) as work:
            world.post(mail("before"))
            work.until(1)
            wait(lambda: not world.imap.mails(LINE))
        later = ("while nobody listened", "and once more")
        for text in later:
            world.post(mail(text))
        with running(office, line, channel) as work:
            letters = work.until(3)
            assert {one.text.rpartition("\n")[2] for one in letters} == {"before", *later}
            assert len({one.voice for one in letters}) == 1
            wait(lambda: not world.imap.mails(LINE))


def test_nothing_is_deleted_before_it_was_taken(world: World) -> None:
    asyncio.run(_refused_first(world))


async def _refused_first(world: World) -> None:
    line = LineByHand(refuses=True)
    async with by_hand.running(channel(world.settings(), KeptByHand()), line):
        world.post(mail())
        await until(lambda: line.asked)
        # What comes later makes it look again: it is asked for what it asked for before.
        world.post(mail("and once more"))
        await until(lambda: line.asked > 1)
        assert len(world.imap.mails(LINE)) == 2
    line.refuses = False
    async with by_hand.running(channel(world.settings(), KeptByHand()), line):
        await until(lambda: len(line.taken) == 2)
        await until(lambda: not world.imap.mails(LINE))
    assert len(line.taken) == 2


def test_a_server_that_is_gone_is_told_of_and_found_again(world: World) -> None:
    asyncio.run(_gone_and_back(world))


async def _gone_and_back(world: World) -> None:
    line = LineByHand()
    async with by_hand.running(channel(world.settings(), KeptByHand()), line) as task:
        await until(lambda: line.heards)
        world.imap.stop()
        await until(task.done)
        assert isinstance(task.exception(), Unreachable)
    with pytest.raises(Unreachable):
        await channel(world.settings(), KeptByHand()).run(line)
    world.imap.start()
    world.post(mail())
    async with by_hand.running(channel(world.settings(), KeptByHand()), line):
        await until(lambda: line.taken)


@pytest.mark.parametrize(
    ("spoilt", "error"),
    [
        ({"password": "another"}, NotLetIn),
        ({"fingerprint": "00" * 32}, WrongCertificate),
        ({"fingerprint": "-"}, WrongCertificate),
    ],
    ids=["password", "fingerprint", "nobody vouches"],
)
def test_another_server_and_a_wrong_password_are_told_apart(
    world: World, spoilt: dict[str, str], error: type[Exception]
) -> None:
    box = channel({**world.settings(), **spoilt}, KeptByHand())
    with pytest.raises(error):
        asyncio.run(box.run(LineByHand()))


def test_a_mail_that_is_too_large_is_taken_with_its_beginning() -> None:
    raw = mail().as_bytes()
    read = read_mail(raw, MAIL_MOST + 1, LINE)
    assert TEXT in read.text
    assert str(MAIL_MOST + 1) in read.text


def test_a_file_that_is_too_large_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safeconduct.edges.lines.kinds.sizes.BYTES_MOST", 1 << 20)
    asyncio.run(_large(world))


async def _large(world: World) -> None:
    written = mail()
    for name, size in (("large.png", 2 << 20), ("small.png", 1000)):
        written.add_attachment(bytes(size), maintype="image", subtype="png", filename=name)
    line = LineByHand()
    async with by_hand.running(channel(world.settings(), KeptByHand()), line):
        world.post(written)
        await until(lambda: line.taken)
        await until(lambda: not world.imap.mails(LINE))
    [came] = line.taken
    assert TEXT in came.text
    assert "large.png" in came.text
    assert [one.name for one in came.files] == ["small.png"]


def test_a_mail_that_cannot_be_read_comes_whole_as_a_file() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"\r\n--b\r\n" * 5000
    read = read_mail(raw)
    assert read.by_machine
    assert [one.content for one in read.files] == [raw]
