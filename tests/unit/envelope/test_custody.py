"""A tenant's keys on disk, and age files."""

from __future__ import annotations

import json
import random
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openregie.envelope import age, custody, errors
from openregie.envelope.suites import S0, S1, S2, SignatureAlgorithm

CHUNK = 65536 + 16


def create(directory: Path, seed: int = 7) -> custody.RunKeys:
    return custody.create(
        directory,
        tenant="lindestad",
        teams=["debt_team"],
        sources=["landlord", "energy"],
        random_bytes=random.Random(seed).randbytes,
    )


def test_what_was_created_is_loaded_again(tmp_path: Path) -> None:
    run = create(tmp_path)
    assert custody.load_run(tmp_path) == run
    assert custody.load_run_public(tmp_path) == run.public()
    assert custody.load_team(tmp_path, "debt_team").public == custody.load_team_public(
        tmp_path, "debt_team"
    )
    for kind in ("landlord", "energy"):
        private = custody.load_source(tmp_path, kind)
        assert private.public == custody.load_source_public(tmp_path, kind)
    assert custody.load_print_house(tmp_path).public == custody.load_print_house_public(tmp_path)
    assert len(custody.load_tenant_secret(tmp_path)) == 32
    log = custody.load_log_key(tmp_path)
    assert (log.origin, log.signer.verify_key) == custody.load_log_public(tmp_path)


def test_the_run_has_a_key_and_a_signer_for_every_resident(tmp_path: Path) -> None:
    run = create(tmp_path)
    assert set(run.kem) == {"s0", "s1"}
    assert run.key_for({"suite": "s0"}).suite is S0
    assert run.key_for({"suite": "s1"}).suite is S1
    with pytest.raises(errors.CustodyError):
        run.key_for({"suite": S2.name})
    with pytest.raises(errors.UnknownSuite):
        run.key_for({})
    key = run.kem["s0"].public
    assert run.signer_for(key).algorithm is SignatureAlgorithm.P256


def test_the_same_seed_gives_the_same_keys_and_another_seed_gives_others(tmp_path: Path) -> None:
    one, two, three = (create(tmp_path / str(n), seed) for n, seed in enumerate((1, 1, 2)))
    assert one == two
    assert one != three


def test_secrets_are_for_their_owner_only(tmp_path: Path) -> None:
    create(tmp_path)
    for path in (tmp_path / "custody", *(tmp_path / "custody").rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path.name


def test_public_files_hold_no_secret(tmp_path: Path) -> None:
    create(tmp_path)
    secrets = set()
    for path in (tmp_path / "custody").rglob("*.*"):
        secrets |= {v for v in flat(json.loads(path.read_text())) if len(v) >= 40}
    public = "".join(p.read_text() for p in (tmp_path / "public").rglob("*.*"))
    assert secrets
    assert not [secret for secret in secrets if secret in public]


def flat(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for member in value.values() for text in flat(member)]
    if isinstance(value, list):
        return [text for member in value for text in flat(member)]
    return [value] if isinstance(value, str) else []


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    run = create(tmp_path)
    with pytest.raises(errors.CustodyError, match="another folder"):
        create(tmp_path, 8)
    assert custody.load_run(tmp_path) == run


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"v":2}', '{"v":1}', '{"v":1,"kem":[{}]}'])
def test_a_damaged_file_is_named_and_its_content_is_not(tmp_path: Path, content: str) -> None:
    create(tmp_path)
    loads = {
        "custody/run.json": custody.load_run,
        "public/run.json": custody.load_run_public,
        "custody/tenant.secret": custody.load_tenant_secret,
        "custody/log.key": custody.load_log_key,
        "public/log.pub": custody.load_log_public,
        "custody/print-house.json": custody.load_print_house,
        "public/print-house.json": custody.load_print_house_public,
    }
    for name, load in loads.items():
        (tmp_path / name).write_text(content)
        with pytest.raises(errors.CustodyError, match=Path(name).name):
            load(tmp_path)


def test_a_missing_key_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(errors.CustodyError, match="openregie init"):
        custody.load_team(tmp_path, "debt_team")


IDENTITY = age.new_identity(random.Random(1).randbytes)


@given(st.binary(max_size=300))
@settings(max_examples=20, deadline=None)
def test_age_gives_back_what_was_encrypted(data: bytes) -> None:
    sealed = age.encrypt(data, to=age.recipient_of(IDENTITY))
    assert age.is_age(sealed)
    assert age.decrypt(sealed, identity=IDENTITY) == data


def test_an_age_identity_from_a_seed_is_always_the_same_and_reads_back() -> None:
    assert age.new_identity(random.Random(1).randbytes) == IDENTITY
    assert IDENTITY.startswith("AGE-SECRET-KEY-1")
    for seed in range(20):
        identity = age.new_identity(random.Random(seed).randbytes)
        assert age.recipient_of(identity).startswith("age1")


def test_a_cut_or_changed_age_file_gives_not_one_byte() -> None:
    sealed = age.encrypt(b"x" * (3 * 65536), to=age.recipient_of(IDENTITY))
    head = len(sealed) - 3 * CHUNK
    cuts = [0, 10, head, head + CHUNK, head + 2 * CHUNK, len(sealed) - 1]
    changed = bytearray(sealed)
    changed[-1] ^= 1
    for bad in [*(sealed[:cut] for cut in cuts), bytes(changed), sealed + b"x"]:
        with pytest.raises(errors.AgeRefused):
            age.decrypt(bad, identity=IDENTITY)


def test_age_refuses_other_keys_and_keys_that_are_none() -> None:
    sealed = age.encrypt(b"x", to=age.recipient_of(IDENTITY))
    with pytest.raises(errors.AgeRefused):
        age.decrypt(sealed, identity=age.new_identity(random.Random(2).randbytes))
    with pytest.raises(errors.MalformedKey):
        age.decrypt(sealed, identity="AGE-SECRET-KEY-1NONE")
    with pytest.raises(errors.AgeRefused):
        age.encrypt(b"x", to="age1none")
