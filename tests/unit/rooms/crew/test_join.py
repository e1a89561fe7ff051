# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cards, parcels, and two devices that meet (spec/journal.md 3, 7, 8)."""

import base64
import hashlib

import pytest
from msgspec import structs

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import (
    BadSignature,
    CannotOpen,
    Malformed,
    SafeconductError,
    UnknownVersion,
)
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.rooms.crew import (
    parse_card,
)
from safeconduct.rooms.crew.join import (
    Grant,
    Invite,
    PromiseBroken,
    Transcript,
    meeting_boxes,
    open_grant,
    parse_invite,
    promise,
    read_reveal,
    reveal,
    seal_grant,
    write_invite,
)
from safeconduct.rooms.crew.words import Card, CardMismatch, device_id, write_card
from tests.kit.builders import Office, build_office

INVITE = Invite(1, "https://relay.example", b"o" * 16, b"m" * 32, b"c" * 32, 12, b"r" * 32, "ru")
NONCE = b"n" * 32


@pytest.fixture
def office() -> Office:
    return build_office()


def test_a_card_gives_a_device_with_typed_keys(office: Office) -> None:
    device = office.devices[0]
    again = parse_card(device.known.card)
    assert (again.id, again.name) == (device.id, "desk 0")
    assert again.signing.raw == device.signing.public.raw
    assert again.sealing.raw == device.sealing.public.raw


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"format": 2}, UnknownVersion),
        ({"id": b"x" * 16}, CardMismatch),
        ({"name": ""}, Malformed),
        ({"name": "n" * 81}, Malformed),
        ({"door": b"short"}, Malformed),
        ({"sealing": b"short"}, SafeconductError),
        ({"signing": b"short"}, SafeconductError),
    ],
)
def test_a_card_that_is_signed_but_wrong_is_refused(
    office: Office, changed: dict[str, object], error: type[SafeconductError]
) -> None:
    device = office.devices[0]
    public = device.signing.public.raw
    told = {
        "format": 1,
        "id": device_id(public),
        "name": "desk",
        "signing": public,
        "sealing": device.sealing.public.raw,
        "door": b"d" * 32,
    }
    raw = encode(Card(**(told | changed)))  # type: ignore[arg-type]
    with pytest.raises(error):
        parse_card(raw + sign_long(device.signing, "card", b"", raw))


def test_a_card_signed_by_another_is_refused(office: Office) -> None:
    one, two = office.devices
    card = one.known.card[:-3373] + two.known.card[-3373:]
    with pytest.raises(BadSignature):
        parse_card(card)
    for broken in (b"", one.known.card[:100], one.known.card[1:]):
        with pytest.raises(SafeconductError):
            parse_card(broken)


def test_a_card_says_its_name_and_door(office: Office) -> None:
    device = office.devices[0]
    card = parse_card(write_card("стол", device.signing, device.sealing.public, b"d" * 32))
    assert (card.name, card.door) == ("стол", b"d" * 32)


def test_an_invite_survives_being_copied_by_hand() -> None:
    text = write_invite(INVITE)
    assert parse_invite(text) == INVITE
    assert parse_invite(text.lower().replace("-", " \n")) == INVITE


@pytest.mark.parametrize("text", ["", "a", "1", "ß", "AAAA", "МОСКВА", "=" * 8, "A" * 1000])
def test_what_is_no_invite_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        parse_invite(text)


def test_an_invite_to_words_that_we_do_not_have_is_refused() -> None:
    with pytest.raises(Malformed):
        parse_invite(write_invite(structs.replace(INVITE, language="xx")))


def test_an_invite_with_a_slip_of_the_pen_is_refused() -> None:
    text = write_invite(INVITE)
    for place in range(0, len(text), 7):
        slip = "B" if text[place] == "A" else "A"
        with pytest.raises(SafeconductError):
            parse_invite(text[:place] + slip + text[place + 1 :])


def test_a_newer_invite_is_told_from_a_broken_one() -> None:
    raw = encode([2, "something else"])
    text = base64.b32encode(raw + hashlib.sha256(raw).digest()[:4]).decode()
    with pytest.raises(UnknownVersion):
        parse_invite(text)


def test_what_is_revealed_is_what_was_promised(office: Office) -> None:
    card = office.devices[0].known.card
    promised = promise(card, NONCE)
    assert read_reveal(reveal(card, NONCE), promised).id == office.devices[0].id
    other = office.devices[1].known.card
    for revealed in (reveal(other, NONCE), reveal(card, b"x" * 32), b"", card):
        with pytest.raises(PromiseBroken):
            read_reveal(revealed, promised)


def test_somebody_in_the_middle_changes_the_words() -> None:
    honest = Transcript(b"invite", b"promise", b"inviter", b"joiner")
    assert honest.words("en") == Transcript(*honest_parts(honest)).words("en")
    assert len(honest.words("ru")) == 5
    for changed in (
        Transcript(b"invitE", b"promise", b"inviter", b"joiner"),
        Transcript(b"invite", b"promisE", b"inviter", b"joiner"),
        Transcript(b"invite", b"promise", b"inviteR", b"joiner"),
        Transcript(b"invite", b"promise", b"inviter", b"joineR"),
        Transcript(b"invitep", b"romise", b"inviter", b"joiner"),
    ):
        assert changed.words("en") != honest.words("en")


def honest_parts(transcript: Transcript) -> tuple[bytes, bytes, bytes, bytes]:
    """What both sides saw."""
    return transcript.invite, transcript.promise, transcript.inviter, transcript.joiner


def test_two_boxes_hang_on_a_meeting() -> None:
    one, two = meeting_boxes(b"m" * 32)
    assert one != two
    assert one == hashlib.sha256(b"m" * 32 + b"A").digest()


def test_a_grant_opens_for_the_compared_key_and_transcript_only(office: Office) -> None:
    one, two = office.devices
    transcript = Transcript(b"i", b"p", b"a", b"b")
    grant = Grant(1, b"relay", b"capability", b"root", b"v" * 16, b"p" * 32, 3, b"r" * 32)
    sealed = seal_grant(grant, one.sealing.public, transcript)
    assert open_grant(sealed, one.sealing, transcript) == grant
    with pytest.raises(CannotOpen):
        open_grant(sealed, two.sealing, transcript)
    with pytest.raises(CannotOpen):
        open_grant(sealed, one.sealing, Transcript(b"i", b"p", b"a", b"B"))
