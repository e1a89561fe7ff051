# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms as they arrive: in any pieces, too large, broken off, and junk."""

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.edges.counter.config import Limits
from safeconduct.edges.counter.forms import Form, read_form
from tests.kit.counter import multipart

PLAIN = "application/x-www-form-urlencoded"
SMALL = Limits(file_bytes=1000, files=2, body_bytes=3000)
NAMES = st.text(st.characters(codec="utf-8", exclude_characters='"\r\n/\\'), min_size=1, max_size=9)


def cut(body: bytes, size: int) -> list[bytes]:
    """A body in pieces."""
    return [body[at : at + size] for at in range(0, len(body), size)]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r")), st.binary(), NAMES)
def test_what_was_typed_and_chosen_arrives_in_any_pieces(
    text: str, content: bytes, name: str
) -> None:
    kind, body = multipart({"text": text, "action": "send"}, (name, content))
    for size in (1, 7, len(body)):
        form = read_form(cut(body, size), kind, Limits())
        assert form.whole
        assert (form["text"], form["action"], form["words"]) == (text, "send", "")
        assert [(upload.name, bytes(upload.data)) for upload in form.uploads] == [
            (name.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n"), content)
        ]


def test_a_plain_form_arrives_in_any_pieces() -> None:
    body = b"text=%D0%90+b%0D%0Ac&words=one%2Ctwo&unknown=x&action=read"
    for size in (1, 5, len(body)):
        form = read_form(cut(body, size), PLAIN, Limits())
        assert form.whole
        assert form.values == {"text": "А b\nc", "words": "one,two", "action": "read"}


def test_an_empty_choice_of_files_is_no_file() -> None:
    kind, body = multipart({"text": "x"}, ("", b""))
    assert not read_form([body], kind, Limits()).uploads


def test_of_a_file_that_is_too_large_only_the_name_is_kept_and_the_text_is_there() -> None:
    kind, body = multipart({"text": "help"}, ("video.mp4", bytes(1001)), ("a.jpg", bytes(1000)))
    form = read_form(cut(body, 100), kind, SMALL)
    assert form["text"] == "help"
    large, fits = form.uploads
    assert (large.too_large, bytes(large.data)) == (True, b"")
    assert (fits.too_large, len(fits.data)) == (False, 1000)


def test_all_files_share_the_room() -> None:
    kind, body = multipart({}, ("a", bytes(600)), ("b", bytes(600)))
    assert [upload.too_large for upload in read_form([body], kind, SMALL).uploads] == [False, True]


def test_more_files_than_are_taken_are_named_as_too_much() -> None:
    kind, body = multipart({}, *((name, b"x") for name in "abc"))
    large = [upload.too_large for upload in read_form([body], kind, SMALL).uploads]
    assert large == [False, False, True]


def test_a_body_beyond_every_limit_is_not_read_on_and_the_text_is_there() -> None:
    kind, body = multipart({"text": "help"}, ("video", bytes(5000)))
    pieces = iter(cut(body, 100))
    form = read_form(pieces, kind, SMALL)
    assert form["text"] == "help"
    assert not form.whole
    assert len(list(pieces)) > 10


def test_a_form_that_breaks_off_is_not_whole_and_the_text_is_there() -> None:
    kind, body = multipart({"text": "help", "action": "send"}, ("a", bytes(500)))
    form = read_form([body[:-5]], kind, Limits())
    assert not form.whole
    assert form["text"] == "help"


def test_a_text_that_no_letter_holds_is_cut_and_said_to_be() -> None:
    form = read_form([b"text=" + b"x" * (3 << 20)], PLAIN, Limits())
    assert not form.whole
    assert len(form["text"]) == 2 << 20


def test_endless_parts_are_junk() -> None:
    kind, body = multipart({f"x{at}": "" for at in range(300)})
    assert not read_form([body], kind, Limits()).whole


def test_a_boundary_that_no_browser_draws_is_junk() -> None:
    form = read_form([b"text=help"], f"multipart/form-data; boundary={'x' * 300}", Limits())
    assert not form.whole
    assert not form.uploads


def test_a_file_hides_in_no_other_field() -> None:
    kind, body = multipart({"words": "x"})
    body = body.replace(b'name="words"', b'name="words"; filename="x.exe"')
    form = read_form([body], kind, Limits())
    assert not form.uploads


@given(
    st.lists(st.binary(max_size=200), max_size=5),
    st.sampled_from(
        ["", PLAIN, "multipart/form-data; boundary=x", "multipart/form-data", "\xff;="]
    ),
)
def test_junk_never_breaks_the_reader(parts: list[bytes], kind: str) -> None:
    assert isinstance(read_form(parts, kind, SMALL), Form)


@given(st.binary(max_size=300))
def test_junk_between_boundaries_never_breaks_the_reader(junk: bytes) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhelp\r\n--x\r\n' + junk
    form = read_form([body], "multipart/form-data; boundary=x", SMALL)
    assert form["text"] == "help"
