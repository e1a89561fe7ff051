# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cases of journal.json (spec/journal.md 1, 4, 5)."""

import hashlib

from safeconduct.kernel.canon import encode
from safeconduct.kernel.journal import Fact, Keys, Pen, write
from safeconduct.kernel.journal.commit import Commit
from safeconduct.kernel.journal.entry import entry_context, entry_tag, write_entry
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.seal.lock import close_box
from safeconduct.kernel.seal.padding import pad
from safeconduct.kernel.seal.sign import sign
from safeconduct.kernel.words import DeviceId, OfficeId, VaultId
from tests.kit.clocks import FixedClock, SeededRng
from tests.vectors.case import Case, Field, case
from tests.vectors.draw import flip, seeded

OFFICE = OfficeId(seeded("office", 16))
DEVICE = DeviceId(seeded("device", 16))
VAULT = VaultId(seeded("vault", 16))
VAULT_KEY, OFFICE_KEY = seeded("vault key"), seeded("office key")
SIGNER = SigningKey.from_seed(seeded("commit signer"))
EPOCH = 3
KEYS = Keys(SIGNER, EPOCH, OFFICE_KEY, {VAULT: (1, VAULT_KEY)})
FACTS = (
    Fact(VAULT, "hotline.NoteWritten", 1, encode([seeded("conversation", 16), "Ждём."])),
    Fact(VAULT, "later.Unknown", 9, b"\xc0"),
)


def cases(_kept: set[bytes]) -> list[Case]:
    """Every case, in order."""
    commit, frame, _ = write(
        FACTS, Pen(OFFICE, DEVICE), KEYS, now=FixedClock().now(), rng=SeededRng("journal")
    )
    return [
        *_small(commit),
        *_frames(commit, frame),
        *_headers(commit),
        *_entries(commit, frame),
        *_signatures(frame, commit),
    ]


def _small(commit: Commit) -> list[Case]:
    return [
        case(
            f"entry tag {n}",
            "entry_tag",
            browser=False,
            key=VAULT_KEY,
            device=DEVICE,
            n=n,
            tag=entry_tag(VAULT_KEY, DEVICE, n),
        )
        for n in (0, 1, 256)
    ] + [
        case("commit id", "commit_id", browser=False, header=commit.header_bytes, id=commit.id),
    ]


def _frames(commit: Commit, frame: bytes) -> list[Case]:
    given: Case = {"frame": frame, "office": OFFICE, "epoch": EPOCH, "key": OFFICE_KEY}

    def refused(name: str, expect: str = "cannot_open", **changed: Field) -> Case:
        return case(f"open frame: {name}", "open_frame", expect, browser=False, **(given | changed))

    return [
        case(
            "open frame",
            "open_frame",
            browser=False,
            **given,
            id=commit.id,
            device=DEVICE,
            sequence=1,
        ),
        refused("another key", key=seeded("other key")),
        refused("no key of this epoch", "no_office_key", epoch=EPOCH + 1),
        refused("epoch changed", epoch=2, frame=flip(frame, 32)),
        refused("another office", office=seeded("other office", 16)),
        refused("bit flipped in the salt", frame=flip(frame, 8 * 5)),
        refused("bit flipped in the commitment", frame=flip(frame, 8 * 21)),
        refused("bit flipped in the text", frame=flip(frame, 8 * 53)),
        refused("bit flipped in the check", frame=flip(frame, -1)),
        refused("cut by one byte", frame=frame[:-1]),
        refused("one byte more", frame=frame + b"\0"),
        refused("nothing", "malformed", frame=b""),
        refused("shorter than any", "malformed", frame=frame[:1044]),
        refused("of version 2", "unknown_version", frame=b"\x02" + frame[1:]),
        refused("not padded", "malformed", frame=_frame(bytes(1024))),
        refused("not a commit", "malformed", frame=_frame(pad(b"\x93", 1024))),
        refused(
            "short signature", "malformed", frame=_framed(commit.header_bytes, commit, b"short")
        ),
        refused(
            "commit not canonical",
            "not_canonical",
            frame=_frame(pad(b"\xdc\x00\x03" + _body(commit.header_bytes, commit)[1:], 1024)),
        ),
    ]


def _frame(padded: bytes) -> bytes:
    head = EPOCH.to_bytes(4, "big") + seeded("frame salt", 16)
    return b"\x01" + head + close_box(OFFICE_KEY, "frame", OFFICE + head, padded)


def _body(header: bytes, commit: Commit, signature: bytes | None = None) -> bytes:
    if signature is None:
        signature = sign(SIGNER, "commit", b"", header)
    return encode([header, signature, list(commit.sealed)])


def _framed(header: bytes, commit: Commit, signature: bytes | None = None) -> bytes:
    return _frame(pad(_body(header, commit, signature), 1024))


def _headers(commit: Commit) -> list[Case]:
    h = commit.header
    slots = [[slot.tag, slot.length, slot.digest] for slot in h.slots]
    fields = [
        *(1, OFFICE, DEVICE, 1, h.previous, h.hlc, [], [h.seen.size, h.seen.root], h.salt, slots)
    ]
    assert encode(fields) == commit.header_bytes
    place = {"format": 0, "office": 1, "device": 2, "sequence": 3, "hlc": 5, "heads": 6, "slots": 9}

    def refused(name: str, expect: str, header: bytes) -> Case:
        return case(
            f"header: {name}",
            "open_frame",
            expect,
            browser=False,
            frame=_framed(header, commit),
            office=OFFICE,
            epoch=EPOCH,
            key=OFFICE_KEY,
        )

    def changed(name: str, value: object) -> bytes:
        return encode([*fields[: place[name]], value, *fields[place[name] + 1 :]])

    heads = sorted((seeded("head 1"), seeded("head 2")))
    digest = hashlib.sha256(commit.sealed[0]).digest()
    return [
        refused("of version 2", "unknown_version", changed("format", 2)),
        refused("of version 2 with a field more", "unknown_version", encode([2, *fields[1:], 0])),
        refused("of another office", "wrong_office", changed("office", seeded("other office", 16))),
        refused("with a field more", "malformed", encode([*fields, 0])),
        refused("short device", "malformed", changed("device", DEVICE[1:])),
        refused("sequence 0", "malformed", changed("sequence", 0)),
        refused("negative sequence", "malformed", changed("sequence", -1)),
        refused("sequence beyond all", "malformed", changed("sequence", 2**63)),
        refused("negative time", "malformed", changed("hlc", -1)),
        refused("heads out of order", "not_canonical", changed("heads", heads[::-1])),
        refused("a head twice", "not_canonical", changed("heads", [heads[0]] * 2)),
        refused(
            "sequence in a longer form",
            "not_canonical",
            commit.header_bytes.replace(DEVICE + b"\x01", DEVICE + b"\xcc\x01"),
        ),
        refused("a slot less", "entry_changed", changed("slots", slots[:1])),
        refused("a slot more", "entry_changed", changed("slots", [*slots, slots[0]])),
        refused("slots exchanged", "entry_changed", changed("slots", slots[::-1])),
        refused(
            "another length",
            "entry_changed",
            changed("slots", [[slots[0][0], len(commit.sealed[0]) + 1, digest], slots[1]]),
        ),
        refused(
            "another hash",
            "entry_changed",
            changed("slots", [[slots[0][0], len(commit.sealed[0]), flip(digest, 0)], slots[1]]),
        ),
    ]


def _entries(commit: Commit, frame: bytes) -> list[Case]:
    where: Case = {"vault": VAULT, "vault_epoch": 1, "vault_key": VAULT_KEY}
    given: Case = {"frame": frame, "office": OFFICE, "epoch": EPOCH, "key": OFFICE_KEY} | where
    told = [write_entry(fact, 1, n).hex() for n, fact in enumerate(FACTS)]
    misplaced = "entry_misplaced"

    def refused(name: str, expect: str, plaintext: bytes, **at: Field) -> Case:
        fields = given | {"frame": _with_entry(commit, plaintext, **at)}
        return case(f"open entries: {name}", "open_entries", expect, browser=False, **fields)

    fact = FACTS[0]
    good = write_entry(fact, 1, 0)
    elsewhere = Fact(VaultId(flip(VAULT, 0)), fact.kind, 1, fact.body)
    return [
        case("open entries", "open_entries", browser=False, **given, entries=told),
        case(
            "open entries: a colleague without the key",
            "open_entries",
            browser=False,
            **(given | {"vault_key": seeded("other key"), "entries": []}),
        ),
        refused("names another number", misplaced, pad(write_entry(fact, 1, 1), 128)),
        refused("names another epoch", misplaced, pad(write_entry(fact, 2, 0), 128)),
        refused("names another vault", misplaced, pad(write_entry(elsewhere, 1, 0), 128)),
        refused("not padded", "malformed", bytes(128)),
        refused("not an entry", "malformed", pad(b"\xc0", 128)),
        refused("of version 2", "unknown_version", pad(b"\x97\x02" + good[2:], 128)),
        refused("not canonical", "not_canonical", pad(b"\x97\xcc\x01" + good[2:], 128)),
        refused("sealed at another index", "cannot_open", pad(good, 128), index=1),
        refused("sealed at another sequence", "cannot_open", pad(good, 128), sequence=2),
        refused("sealed by another device", "cannot_open", pad(good, 128), device=flip(DEVICE, 0)),
        refused("sealed under another key", "cannot_open", pad(good, 128), key=seeded("other key")),
    ]


def _with_entry(
    commit: Commit,
    plaintext: bytes,
    *,
    index: int = 0,
    sequence: int = 1,
    device: bytes = DEVICE,
    key: bytes = VAULT_KEY,
) -> bytes:
    """A frame of one entry, sealed where it says and standing at the first place."""
    h = commit.header
    context = entry_context(DeviceId(device), sequence, h.salt, index)
    sealed = close_box(key, "entry", context, plaintext)
    slot = [entry_tag(VAULT_KEY, DEVICE, 0), len(sealed), hashlib.sha256(sealed).digest()]
    seen = [h.seen.size, h.seen.root]
    header = encode([1, OFFICE, DEVICE, 1, h.previous, h.hlc, [], seen, h.salt, [slot]])
    body = encode([header, sign(SIGNER, "commit", b"", header), [sealed]])
    return _frame(pad(body, 1024))


def _signatures(frame: bytes, commit: Commit) -> list[Case]:
    given: Case = {
        "frame": frame,
        "office": OFFICE,
        "epoch": EPOCH,
        "key": OFFICE_KEY,
        "signing_key": SIGNER.public.raw,
    }
    stranger = SigningKey.from_seed(seeded("stranger"))
    header = commit.header_bytes
    other_purpose = sign(SIGNER, "receipt", b"", header)

    def refused(name: str, **changed: Field) -> Case:
        told = given | changed
        return case(f"check commit: {name}", "check_commit", "bad_signature", browser=False, **told)

    return [
        case("check commit", "check_commit", browser=False, **given),
        refused("another device's key", signing_key=stranger.public.raw),
        refused("signed for another purpose", frame=_framed(header, commit, other_purpose)),
        refused("not signed", frame=_framed(header, commit, bytes(64))),
        refused(
            "framed by a colleague in this device's name",
            frame=_framed(header, commit, sign(stranger, "commit", b"", header)),
        ),
    ]
