# SPDX-License-Identifier: AGPL-3.0-or-later
"""Founding, access epochs, certificates, the key beside the file, and starting again."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from safeconduct.edges.relay import store as store_module
from safeconduct.edges.relay.disk import probe_of
from safeconduct.edges.relay.keyfile import key_path, load_or_make
from safeconduct.edges.relay.store import KeyIsMissing, RelayStore, SystemClock, SystemRng
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadKey, BadSignature, Defect, Malformed
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.sign import sign
from safeconduct.kernel.wire.bodies import Access, Founding, OfficeCard, Opening
from safeconduct.kernel.wire.refusals import Conflict, NotFound, UnknownCapability, UnknownOffice
from tests.kit.relay import Disk, Kept, Office, SetClock, keep, plenty, relay

# --- founding


def test_a_founding_code_is_good_once(tmp_path: Path) -> None:
    first, second = Office(1), Office(2)
    with RelayStore(tmp_path / "relay.db", probe=plenty) as store:
        code = store.founding_code()
        assert code is not None
        assert store.founding_code() == code
        with pytest.raises(Conflict):
            store.found(Founding("wrong", first.card))
        assert store.found(Founding(code, first.card)).relay_key == store.relay_key
        assert store.founding_code() is None
        with pytest.raises(Conflict):
            store.found(Founding(code, second.card))
        store.found(Founding(store.new_founding_code(), second.card))
        for office in (first, second):
            store.desk(office.office, office.capability(1))


def test_the_first_office_is_the_one_founded_first(kept: Kept, tmp_path: Path) -> None:
    keep(kept.store, Office(0))
    assert kept.store.first_office() == kept.office.card
    with RelayStore(tmp_path / "empty.db", probe=plenty) as store:
        assert store.first_office() is None


def test_a_code_survives_a_restart(tmp_path: Path) -> None:
    with RelayStore(tmp_path / "relay.db", probe=plenty) as store:
        code = store.founding_code()
    with RelayStore(tmp_path / "relay.db", probe=plenty) as store:
        assert store.founding_code() == code


def test_founding_again_with_the_same_card_is_answered_again(kept: Kept) -> None:
    again = Founding("used", kept.office.card)
    assert kept.store.found(again).relay_key == kept.store.relay_key
    card = kept.office.card
    other = OfficeCard(1, card.office, card.intake_signing, card.control, b"x" * 32)
    with pytest.raises(Conflict):
        kept.store.found(Founding("used", other))


def test_a_card_with_a_bad_key_is_refused(kept: Kept) -> None:
    card = Office(3).card
    bad = OfficeCard(1, card.office, card.intake_signing, bytes(32), card.capability_hash)
    with pytest.raises(BadKey):
        kept.store.found(Founding(kept.store.new_founding_code(), bad))


def test_an_unknown_office_is_named_so(kept: Kept) -> None:
    stranger = Office(9)
    for ask in (kept.store.public, lambda office: kept.store.desk(office, b"x")):
        with pytest.raises(UnknownOffice):
            ask(stranger.office)
    with pytest.raises(UnknownOffice):
        kept.store.open_access(stranger.office, stranger.opening(2))


@pytest.mark.parametrize("capability", [None, b"", b"wrong"])
def test_the_wrong_capability_opens_no_desk(kept: Kept, capability: bytes | None) -> None:
    with pytest.raises(UnknownCapability):
        kept.store.desk(kept.office.office, capability)


# --- access epochs


def test_a_new_epoch_ends_the_old_capability(kept: Kept) -> None:
    office = kept.office
    kept.store.open_access(office.office, office.opening(2))
    with pytest.raises(UnknownCapability):
        kept.store.desk(office.office, office.capability(1))
    kept.store.desk(office.office, office.capability(2)).append([b"frame"])
    kept.store.open_access(office.office, office.opening(3))
    kept.store.desk(office.office, office.capability(3))


def test_the_first_valid_opening_of_an_epoch_wins(kept: Kept) -> None:
    office = kept.office
    opening = office.opening(2)
    kept.store.open_access(office.office, opening)
    kept.store.open_access(office.office, opening)  # The answer was lost: once more.
    rival = Office(1, epoch=9)
    other = rival.opening(3, signer=office.control(1))
    with pytest.raises(BadSignature):
        kept.store.open_access(office.office, other)
    with pytest.raises(Conflict):
        kept.store.open_access(office.office, office.opening(4))
    late = Opening(1, office.office, 2, bytes(32), office.control(2).public.raw)
    signature = sign(office.control(1), "access", office.office, encode(late))
    with pytest.raises(Conflict):
        kept.store.open_access(office.office, Access(encode(late), signature))


def test_an_opening_for_another_office_is_malformed(kept: Kept) -> None:
    with pytest.raises(Malformed):
        kept.store.open_access(kept.office.office, Office(2).opening(2))
    with pytest.raises(Malformed):
        kept.store.open_access(kept.office.office, Access(b"no", bytes(64)))


# --- certificates


def test_only_newer_certificates_of_the_office_are_published(kept: Kept) -> None:
    office = kept.office
    kept.desk.publish(office.certificate(1))  # The same again.
    with pytest.raises(Conflict):
        kept.desk.publish(office.certificate(1, closes=5))
    newest = office.certificate(3)
    kept.desk.publish(newest)
    kept.desk.publish(office.certificate(3))  # The same, signed once more.
    with pytest.raises(Conflict):
        kept.desk.publish(office.certificate(2))
    assert kept.public.terms().certificate == newest
    forged = office.certificate(4)[:-1] + b"\0"
    with pytest.raises(BadSignature):
        kept.desk.publish(forged)
    with pytest.raises(Malformed):
        kept.desk.publish(Office(2).certificate(4))
    with pytest.raises(Malformed):
        kept.desk.publish(b"")


def test_without_a_certificate_nobody_can_write(tmp_path: Path) -> None:
    with RelayStore(tmp_path / "relay.db", probe=plenty) as store:
        kept = keep(store, Office(), certificate=False)
        with pytest.raises(NotFound):
            kept.public.terms()


# --- the key beside the file


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "relay.db"
    with RelayStore(path, probe=plenty) as store:
        key = store.relay_key
    assert key_path(path).stat().st_mode & 0o077 == 0
    assert path.stat().st_mode & 0o077 == 0
    with RelayStore(path, probe=plenty) as store:
        assert store.relay_key == key


def test_a_store_does_not_begin_again_under_another_key(tmp_path: Path) -> None:
    path = tmp_path / "relay.db"
    with RelayStore(path, probe=plenty):
        pass
    key_path(path).unlink()
    with pytest.raises(KeyIsMissing):
        RelayStore(path, probe=plenty)


def test_a_damaged_key_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"short")
    with pytest.raises(Malformed):
        load_or_make(path, SystemRng())


def test_a_broken_source_of_chance_makes_no_key(tmp_path: Path) -> None:
    class Broken:
        """Gives nothing."""

        def bytes(self, count: int) -> bytes:  # noqa: ARG002
            """Nothing."""
            return b""

    with pytest.raises(Defect):
        load_or_make(tmp_path / "key", Broken())
    assert not (tmp_path / "key").exists()


def test_receipts_are_signed_by_the_key_of_the_file(kept: Kept, tmp_path: Path) -> None:
    seed = key_path(tmp_path / "relay.db").read_bytes()
    assert LongSigningKey.from_seed(seed).public.raw == kept.store.relay_key


# --- starting again and sweeping


def test_everything_is_there_after_a_restart(tmp_path: Path, clock: SetClock) -> None:
    with relay(tmp_path, clock=clock) as kept:
        kept.desk.append([b"frame"])
        kept.submit(b"text")
        terms = kept.public.terms()
    with RelayStore(tmp_path / "relay.db", probe=plenty, clock=clock) as store:
        again = Kept(store, kept.office)
        assert again.public.terms() == terms
        assert again.desk.frames(0, 1) == [b"frame"]
        assert encode(again.desk.sizes()) == encode([1, 1])


def test_sweeping_goes_on_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: SetClock
) -> None:
    swept = threading.Event()
    monkeypatch.setattr(store_module, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(RelayStore, "sweep", lambda _: swept.set())
    with relay(tmp_path, clock=clock):
        assert swept.wait(5)


def test_a_sweep_that_fails_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    twice = threading.Semaphore(0)

    def fail(_: RelayStore) -> None:
        twice.release()
        raise Conflict

    monkeypatch.setattr(store_module, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(RelayStore, "sweep", fail)
    with relay(tmp_path):
        assert twice.acquire(timeout=5)
        assert twice.acquire(timeout=5)


def test_health_tells_whether_files_must_wait_and_nothing_else(kept: Kept, disk: Disk) -> None:
    for free, status in ((80, "ok"), (20, "ok"), (19, "words_first"), (1, "words_first")):
        disk.free = free
        kept.store.parts.disk._asked = 0  # It is asked anew.
        assert encode(kept.store.health()) == encode([status])


def test_the_system_tells_time_in_milliseconds_and_gives_chance() -> None:
    assert 1_700_000_000_000 < SystemClock().now() < 10_000_000_000_000
    assert len(SystemRng().bytes(10)) == 10


def test_the_disk_is_asked_where_the_file_stands(tmp_path: Path) -> None:
    free, total = probe_of(tmp_path)()
    assert 0 < free <= total


def test_a_sweep_ends_when_the_store_closes(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[int] = []

    def endless(_: object) -> bool:
        turns.append(1)
        kept.store.stop_waiting()
        return True

    monkeypatch.setattr(kept.store.parts.boxes, "sweep", endless)
    kept.store.sweep()
    assert len(turns) == 1


def test_an_office_holds_its_capability_to_its_hash(kept: Kept) -> None:
    assert kept.store.parts.offices.find(kept.office.office).intake_epoch == 1
