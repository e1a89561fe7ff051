# SPDX-License-Identifier: AGPL-3.0-or-later
"""Roster facts as bytes (spec/crew.md 1)."""

import hashlib

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadSignature, Malformed, NotCanonical
from safeconduct.kernel.words import fact_id
from safeconduct.rooms.crew.asking_facts import (
    CaseErased,
    ErasureAsked,
    ErasureStopped,
    ExportAsked,
    TakenBack,
)
from safeconduct.rooms.crew.backup_facts import BackedUp
from safeconduct.rooms.crew.events import (
    KINDS,
    REASON_MOST,
    SIGNED,
    CommitAdopted,
    CrewFact,
    Cut,
    DeviceExpelled,
    DeviceReadmitted,
    DeviceSuspended,
    DoorsWritten,
    Followed,
    RoleGranted,
    Seconded,
    Signed,
    check_fact,
    hash_of,
    kind_of,
    parse_fact,
    write_fact,
)
from safeconduct.rooms.crew.team_facts import KeysRenewed, TeamFormed
from safeconduct.rooms.crew.tracing_facts import TracingOpened
from safeconduct.rooms.crew.vault_facts import KeyEpoch, key_groups
from tests.kit.builders import build_office

CUT = Cut(b"d" * 16, 7, b"c" * 32)
ID = fact_id(b"c" * 32, 3)
FACTS = (
    DeviceSuspended((CUT, Cut(b"e" * 16, 0, bytes(32))), "taken at the border"),
    DeviceExpelled((CUT,), ""),
    DeviceReadmitted(CUT, (ID,)),
    RoleGranted(b"d" * 16, ("operator", "steward"), (ID, ID)),
    Seconded(ID, b"h" * 32),
    CommitAdopted(b"c" * 32, (0, 4)),
    TakenBack(ID, b"h" * 32),
    ErasureAsked(b"c" * 16, "person"),
    ErasureStopped(ID, b"h" * 32),
    CaseErased(ID),
    ExportAsked((b"a" * 16, b"b" * 16), "for the court", "the lawyer"),
    DoorsWritten(3, (Followed(b"d" * 16, ID, "suspended"),)),
    TracingOpened(2, "somebody floods"),
    BackedUp(b"h" * 32, 3, 7),
    TeamFormed(b"t" * 16, "night", (b"d" * 16, b"e" * 16), (b"d" * 16,), (ID,)),
    KeysRenewed(key_groups([(b"v" * 16, 70_000)]), b"p" * 32, (), (KeyEpoch(b"t" * 16, 1),)),
)


def test_fact_id_is_the_commit_and_the_place_in_it() -> None:
    assert ID == b"c" * 32 + b"\0\0\0\3"


@pytest.mark.parametrize("fact", FACTS, ids=kind_of)
def test_signed_fact_is_read_as_it_was_written(fact: CrewFact) -> None:
    office = build_office(devices=2)
    one, other = office.devices
    signed = SIGNED.decode(write_fact(fact, office.id, one.id, one.signing))
    assert parse_fact(kind_of(fact), signed) == fact
    check_fact(kind_of(fact), signed, office.id, one.signing.public)
    with pytest.raises(BadSignature):
        check_fact(kind_of(fact), signed, office.id, other.signing.public)
    for kind in set(KINDS) - {kind_of(fact)}:
        with pytest.raises(BadSignature):
            check_fact(kind, signed, office.id, one.signing.public)


def test_second_signs_the_bytes_of_the_fact() -> None:
    signed = Signed(encode(FACTS[1]), b"d" * 16, b"s")
    assert hash_of(signed) == hashlib.sha256(encode(FACTS[1])).digest()


@pytest.mark.parametrize(
    "fact",
    [
        ("crew.TeamFormed", [b"t" * 16, "", [b"d" * 16], [], []]),
        ("crew.TeamFormed", [b"t" * 16, "night", [], [], []]),
        ("crew.TeamFormed", [b"t" * 16, "night", [b"e" * 16, b"d" * 16], [], []]),
        ("crew.TeamFormed", [b"t" * 16, "night", [b"d" * 16] * 2, [], []]),
        ("crew.TeamFormed", [b"t" * 16, "night", [b"d" * 16], [b"e" * 16], []]),
        ("crew.DeviceSuspended", [[[b"d" * 15, 7, b"c" * 32]], ""]),
        ("crew.DeviceSuspended", [[[b"d" * 16, -1, b"c" * 32]], ""]),
        ("crew.DeviceExpelled", [[[b"d" * 16, 7, b"c" * 31]], ""]),
        ("crew.DeviceExpelled", [[[b"d" * 16, 7, b"c" * 32]], "x" * (REASON_MOST + 1)]),
        ("crew.DeviceReadmitted", [[b"d" * 16, 7, b"c" * 32], [b"c" * 32]]),
        ("crew.RoleGranted", [b"d" * 16, ["steward"]]),
        ("crew.Seconded", [b"c" * 32, b"h" * 32]),
        ("crew.ExportAsked", [[], "why", "whom"]),
        ("crew.ExportAsked", [[b"a" * 16], "", "whom"]),
        ("crew.TakenBack", [ID, b"h" * 31]),
        ("crew.CommitAdopted", [b"c" * 32, [1 << 32]]),
        ("crew.DoorsWritten", [1 << 32, []]),
        ("crew.BackedUp", [b"h" * 31, 3, 7]),
        ("crew.BackedUp", [b"h" * 32, 3, 0]),
        ("crew.BackedUp", [b"h" * 32, 3, 367]),
        ("crew.TracingOpened", [2, ""]),
        ("crew.TracingOpened", [1 << 32, "why"]),
        ("crew.DoorsWritten", [2, [[b"d" * 16, ID, "s" * 17]]]),
    ],
)
def test_fact_of_another_form_is_refused(fact: tuple[str, list[object]]) -> None:
    kind, fields = fact
    with pytest.raises(Malformed):
        parse_fact(kind, Signed(encode(fields), b"", b""))


def test_fact_in_another_encoding_is_refused() -> None:
    longer = encode(FACTS[5])[:-1] + b"\xcc\x04"
    with pytest.raises(NotCanonical):
        parse_fact("crew.CommitAdopted", Signed(longer, b"", b""))
