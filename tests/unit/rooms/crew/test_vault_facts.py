# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts about vaults, in the form of roster facts (spec/crew.md 1 and 3)."""

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadSignature, Malformed
from safeconduct.rooms.crew import (
    KINDS,
    KeyEpoch,
    KeyGroup,
    KeysGranted,
    VaultOpened,
    kind_of,
    write_fact,
)
from safeconduct.rooms.crew.events import SIGNED, Signed, check_fact, parse_fact
from safeconduct.rooms.crew.vault_facts import VaultFact
from tests.kit.builders import build_office

TEAM, VAULT, PARCEL, DEVICE = b"t" * 16, b"v" * 16, b"p" * 32, b"d" * 16
OPENED = VaultOpened(VAULT, "identity", (TEAM,), 1)
GRANTED = KeysGranted((KeyGroup(2, VAULT),), PARCEL, (DEVICE,), (KeyEpoch(TEAM, 3),))


@pytest.mark.parametrize(
    ("fact", "fields"),
    [
        (OPENED, [VAULT, "identity", [TEAM], 1]),
        (GRANTED, [[[2, VAULT]], PARCEL, [DEVICE], [[TEAM, 3]]]),
    ],
)
def test_a_fact_about_vaults_has_the_fields_of_the_spec(
    fact: VaultFact, fields: list[object]
) -> None:
    office = build_office()
    signer = office.devices[0]
    kind = kind_of(fact)
    signed = SIGNED.decode(write_fact(fact, office.id, signer.id, signer.signing))
    check_fact(kind, signed, office.id, signer.signing.public)
    assert signed.fact == encode(fields)
    assert parse_fact(kind, signed) == fact
    with pytest.raises(BadSignature):
        check_fact(kind, signed, office.id, office.devices[1].signing.public)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("crew.VaultOpened", [VAULT, "identity", [TEAM], 2]),
        ("crew.VaultOpened", [VAULT, "identity", [TEAM], True]),
        ("crew.VaultOpened", [VAULT, "", [TEAM], 1]),
        ("crew.VaultOpened", [VAULT[1:], "identity", [], 1]),
        ("crew.VaultOpened", [VAULT, "identity", [TEAM[1:]], 1]),
        ("crew.VaultOpened", [VAULT, "identity", [], 1, 0]),
        ("crew.KeysGranted", [[[1]], PARCEL, [], []]),
        ("crew.KeysGranted", [[[-1, VAULT]], PARCEL, [], []]),
        ("crew.KeysGranted", [[[1, b""]], PARCEL, [], []]),
        ("crew.KeysGranted", [[[1, VAULT[1:]]], PARCEL, [], []]),
        ("crew.KeysGranted", [[[1, VAULT + VAULT]], PARCEL, [], []]),
        ("crew.KeysGranted", [[[1, VAULT + TEAM]], PARCEL, [], []]),
        ("crew.KeysGranted", [[[1, VAULT]], PARCEL[1:], [], []]),
        ("crew.KeysGranted", [[[1, VAULT]], PARCEL, [], [TEAM]]),
    ],
)
def test_a_fact_about_vaults_of_another_form_is_malformed(kind: str, fields: list[object]) -> None:
    assert kind in KINDS
    with pytest.raises(Malformed):
        parse_fact(kind, Signed(encode(fields), DEVICE, b""))
