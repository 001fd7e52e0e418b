"""An insider with one share and the whole disk opens nothing, whatever share and whatever file."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from operator import xor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openregie.envelope import base64url, custody_ceremony, custody_locked, shares
from openregie.envelope.custody_files import read_holding, read_locked
from openregie.envelope.errors import CustodyError, ShareRefused
from openregie.envelope.shares import Lock, Share
from unit.custody.custody_folder import ON, Folder

_STANDARD = bytes.maketrans(b"-_", b"+/")
PART = 12
"""Bytes of a secret that may not stand together anywhere on the disk or in a share."""


def secrets_of(folder: Folder) -> dict[str, bytes]:
    """Every secret that the split closed."""
    run = folder.run
    found = {f"kem {name}": key.secret for name, key in run.kem.items()}
    found |= {f"signer {name}": signer.secret for name, signer in run.signers.items()}
    return found | {"age": run.age_identity.encode(), "tenant": folder.secret}


def spellings(secret: bytes) -> list[bytes]:
    """How bytes may stand in a file: raw, hex, base64 at each offset, reversed."""
    parts = []
    for start in range(len(secret) - PART + 1):
        part = secret[start : start + PART]
        parts += [part, part[::-1], part.hex().encode(), part.hex().upper().encode()]
    parts += [b64encode(secret)[:-2], urlsafe_b64encode(secret)[:-2], secret]
    for offset in range(3):
        inner = secret[offset : offset + (len(secret) - offset) // 3 * 3]
        parts += [b64encode(inner), urlsafe_b64encode(inner)]
    return parts


def disk(folder: Folder) -> dict[str, bytes]:
    return {
        path.relative_to(folder.dir).as_posix(): path.read_bytes()
        for path in sorted(folder.dir.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("held", ["a", "b", "c", ""])
def test_no_byte_of_a_secret_stands_on_the_disk_or_in_a_share(folder: Folder, held: str) -> None:
    assert any(
        found in content
        for content in disk(folder).values()
        for found in spellings(folder.run.age_identity.encode())
    ), "the search itself works: before the split the secret is found"
    folder.split()
    seen = disk(folder)
    if held:
        path = folder.places(held)[0]
        seen[held] = path.read_bytes()
        for lock, share in read_holding(path).shares.items():
            seen[f"{held} {lock}"] = share.value
    for name, secret in secrets_of(folder).items():
        for place, content in seen.items():
            assert not any(found in content for found in spellings(secret)), (name, place)


def candidates(folder: Folder, held: str) -> list[bytes]:
    """Every 32 bytes an insider could try as key or as the other share, from all they have."""
    seen = [*disk(folder).values(), folder.places(held)[0].read_bytes()]
    locked = json.loads(disk(folder)["custody/locked.json"])
    seen += [base64url.decode(text, place="") for text in locked["locks"].values()]
    seen += [share.value for share in read_holding(folder.places(held)[0]).shares.values()]
    for content in list(seen):
        for word in content.replace(b'"', b" ").split():
            if len(word) >= 43:
                plain = re.sub(rb"[^A-Za-z0-9+/]", b"", word.translate(_STANDARD))
                seen.append(b64decode(plain[: len(plain) // 4 * 4]))
    return sorted(
        {
            content[start : start + 32]
            for content in seen
            for start in range(max(1, len(content) - 31))
            if len(content[start : start + 32]) == 32
        }
    )


@pytest.mark.parametrize("held", ["a", "b", "c"])
def test_no_bytes_of_the_disk_open_a_lock_alone_or_with_one_share(folder: Folder, held) -> None:
    folder.split()
    mine = read_holding(folder.places(held)[0]).shares
    names = read_locked(folder.dir).fingerprints
    tried = candidates(folder, held)
    assert len(tried) > 1000
    for guess in tried:
        mixed = [bytes(map(xor, share.value, guess)) for share in mine.values()]
        keys = [guess, *mixed]
        assert not {shares.fingerprint(key).hex() for key in keys} & set(names.values())
    for lock, share in mine.items():
        for number in {1, 2, 3} - {share.number}:
            for guess in tried[:: max(1, len(tried) // 60)]:
                key = shares.value_at_zero(share.number, share.value, number, guess)
                assert shares.fingerprint(key).hex() != names[lock]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    held=st.sampled_from("abc"), number=st.integers(1, 3), value=st.binary(min_size=32, max_size=32)
)
def test_a_made_up_second_share_opens_nothing(folder_split, held, number, value) -> None:
    folder = folder_split
    mine = folder.shares(held)
    forged = [Share(s.lock, number, s.tenant_mark, s.fingerprint, value) for s in mine]
    with pytest.raises(ShareRefused):
        custody_ceremony.open_run(folder.dir, [*mine, *forged])
    with pytest.raises(ShareRefused):
        custody_ceremony.open_mailbox(folder.dir, [*mine, *forged])
    locked = read_locked(folder.dir)
    for guess in (value, *(share.value for share in mine)):
        with pytest.raises(CustodyError):
            custody_locked.open_run(locked, guess)
        with pytest.raises(CustodyError):
            custody_locked.open_mailbox(locked, guess)


@pytest.fixture(scope="module")
def folder_split(tmp_path_factory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("insider"))
    folder.split()
    return folder


def test_who_holds_only_the_mailbox_key_reads_no_key_of_the_run(folder: Folder) -> None:
    folder.split()
    parts = [s for s in folder.shares("a", "b") if s.lock is Lock.MAILBOX]
    key = shares.join_key(parts)
    with pytest.raises(CustodyError):
        custody_locked.open_run(read_locked(folder.dir), key)


def test_new_shares_say_nothing_about_old_ones(folder: Folder) -> None:
    folder.split("a", "b")
    before = read_holding(folder.places("a")[0]).shares
    custody_ceremony.renew(folder.dir, folder.shares("a", "b"), folder.places("d", "e"), on=ON)
    after = read_holding(folder.places("d")[0]).shares
    for lock in Lock:
        assert after[lock].value != before[lock].value
        assert after[lock].fingerprint != before[lock].fingerprint
