"""What sealing promises beyond the vectors."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openregie.envelope import bundle, errors, frame, item, jcs, returns
from openregie.envelope.keys import PrivateKey, PublicKey, Signer, VerifyKey, new_kid
from openregie.envelope.suites import S0, S1, S2, SUITES, SignatureAlgorithm, Suite
from openregie.envelope.vault_keys import VaultKeys, VaultPublic, keys_payload

TENANT = "lindestad"
MAILBOX = "m" * 43
HEADER = item.Header(TENANT, MAILBOX, 1, "2026-11-05")
KEYS = {suite.name: PrivateKey.generate(suite) for suite in SUITES}
SIGNERS = {algorithm: Signer.generate(algorithm) for algorithm in SignatureAlgorithm}
BIGGEST = frame.BUCKETS[-1] - frame.HEAD_BYTES

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-jcs.MAX_INTEGER, jcs.MAX_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=6), inner, max_size=4
        )
    ),
    max_leaves=12,
)
items = st.dictionaries(st.text("abcé", max_size=4), plain, max_size=4)


def sealed_by(suite: Suite, content: dict[str, Any]) -> item.SealedItem:
    key, signer = KEYS[suite.name].public, SIGNERS[suite.signature]
    return item.seal(content, header=HEADER, to=key, signer=signer)


@pytest.mark.parametrize("suite", SUITES, ids=lambda s: s.name)
@settings(max_examples=25, deadline=None)
@given(content=items)
def test_any_item_survives_sealing_storing_and_opening(
    suite: Suite, content: dict[str, Any]
) -> None:
    stored = sealed_by(suite, content).to_line()
    assert "\n" not in stored
    opened = item.open_sealed(
        item.SealedItem.from_line(stored),
        key=KEYS[suite.name],
        verify=SIGNERS[suite.signature].verify_key,
    )
    assert opened == content


@given(st.integers(0, BIGGEST))
def test_every_length_gets_the_smallest_bucket_that_holds_it(length: int) -> None:
    bucket = frame.bucket_for(length)
    assert bucket in frame.BUCKETS
    smaller = [b for b in frame.BUCKETS if b < bucket]
    assert length + frame.HEAD_BYTES <= bucket
    assert not smaller or length + frame.HEAD_BYTES > smaller[-1]


def test_an_item_too_large_is_refused_with_sizes_and_without_content() -> None:
    with pytest.raises(errors.ItemTooLarge, match="65468") as caught:
        sealed_by(S1, {"geheim": "waarde" * 20_000})
    assert "waarde" not in str(caught.value)


def test_two_seals_of_one_item_differ_and_have_one_length() -> None:
    one, two = sealed_by(S1, {"a": 1}), sealed_by(S1, {"a": 2})
    assert one.blob != sealed_by(S1, {"a": 1}).blob
    assert len(one.blob) == len(two.blob)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_changed_byte_opens(data: st.DataObject) -> None:
    sealed = sealed_by(S1, {"a": 1})
    blob = bytearray(sealed.blob)
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(errors.SealBroken):
        item.open_sealed(
            replace(sealed, blob=bytes(blob)),
            key=KEYS["s1"],
            verify=SIGNERS[SignatureAlgorithm.ED25519].verify_key,
        )


def test_a_signer_that_does_not_fit_the_suite_is_refused() -> None:
    with pytest.raises(errors.UnknownSuite):
        item.seal({}, header=HEADER, to=KEYS["s0"].public, signer=SIGNERS[S1.signature])


@pytest.mark.parametrize("line", ["", "[]", "null", "{", '"x"', "{}", '{"v":true}'])
def test_what_is_no_sealed_item_is_refused(line: str) -> None:
    with pytest.raises((errors.MalformedEnvelope, errors.UnknownVersion)):
        item.SealedItem.from_line(line)


def test_nothing_secret_shows_in_the_text_of_an_object() -> None:
    key, signer = KEYS["s1"], SIGNERS[SignatureAlgorithm.ED25519]
    shown = repr(key) + repr(signer) + repr(VaultKeys.generate(S1))
    assert "secret" not in shown
    assert repr(key.secret) not in shown


@given(plain)
def test_quick_and_thorough_canonical_json_agree(value: Any) -> None:
    from rfc8785 import dumps  # noqa: PLC0415 - the thing compared with

    assert jcs.canonical(value) == dumps(value)
    assert jcs.parse(jcs.canonical(value), place="test") == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_fractions_are_written_as_javascript_writes_them(value: float) -> None:
    if value.is_integer() and abs(value) > jcs.MAX_INTEGER:
        with pytest.raises(errors.NotCanonical):
            jcs.canonical([0.5, value])
    else:
        assert json.loads(jcs.canonical(value)) == value


@pytest.mark.parametrize(
    "value",
    [2**53, -(2**53), 1e300, float("nan"), float("inf"), "\ud800", {"\ud800": 1}, {1: 2}, b"", {1}],
)
def test_what_json_does_not_have_cannot_be_canonical(value: Any) -> None:
    for nested in (value, [value], {"a": [0.5, value]}):
        with pytest.raises(errors.NotCanonical):
            jcs.canonical(nested)


def test_a_circle_is_refused_and_does_not_hang() -> None:
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(errors.NotCanonical):
        jcs.canonical(circle)


@pytest.mark.parametrize("suite", SUITES, ids=lambda s: s.name)
def test_keys_survive_their_byte_forms(suite: Suite) -> None:
    key = KEYS[suite.name]
    assert PrivateKey.from_json(key.to_json()) == key
    assert PublicKey.from_json(suite, key.public.to_json()) == key.public
    assert len(key.public.raw) == suite.public_bytes
    again = PrivateKey.generate(suite, random_bytes=lambda n: b"\x05" * n)
    assert again == PrivateKey.generate(suite, random_bytes=lambda n: b"\x05" * n)


@pytest.mark.parametrize(
    ("suite", "raw"),
    [(S0, b"\x04" * 65), (S0, b"\x02" + bytes(32)), (S1, bytes(31)), (S2, b"\xff" * 1216)],
)
def test_public_keys_that_are_none_are_refused(suite: Suite, raw: bytes) -> None:
    with pytest.raises(errors.MalformedKey):
        PublicKey.from_bytes(suite, raw)


@pytest.mark.parametrize(("suite", "raw"), [(S0, bytes(32)), (S0, b"\xff" * 32), (S1, b"")])
def test_private_keys_that_are_none_are_refused(suite: Suite, raw: bytes) -> None:
    with pytest.raises(errors.MalformedKey):
        PrivateKey.from_bytes(suite, raw)


@pytest.mark.parametrize("algorithm", SignatureAlgorithm)
def test_signatures_verify_repeat_and_do_not_verify_for_anything_else(
    algorithm: SignatureAlgorithm,
) -> None:
    signer = SIGNERS[algorithm]
    signature = signer.sign(b"data")
    assert len(signature) == 64
    assert signature == signer.sign(b"data")
    signer.verify_key.verify(b"data", signature)
    other = Signer.generate(algorithm).verify_key
    wrong = [
        (signer.verify_key, b"date", signature),
        (signer.verify_key, b"data", signature[:-1]),
        (signer.verify_key, b"data", bytes(64)),
        (other, b"data", signature),
    ]
    for key, data, bad in wrong:
        with pytest.raises(errors.WrongSignature):
            key.verify(data, bad)


@pytest.mark.parametrize(
    ("algorithm", "raw"),
    [(SignatureAlgorithm.ED25519, bytes(31)), (SignatureAlgorithm.P256, b"\x04" + bytes(64))],
)
def test_verify_keys_that_are_none_are_refused(algorithm: SignatureAlgorithm, raw: bytes) -> None:
    with pytest.raises(errors.MalformedKey):
        VerifyKey.from_bytes(algorithm, raw)


def test_a_compressed_point_is_no_second_spelling_of_a_verify_key() -> None:
    raw = SIGNERS[SignatureAlgorithm.P256].verify_key.raw
    with pytest.raises(errors.MalformedKey):
        VerifyKey.from_bytes(SignatureAlgorithm.P256, bytes([2 + raw[-1] % 2]) + raw[1:33])


def test_vault_keys_from_json_are_checked() -> None:
    told = VaultKeys.generate(S1).public().to_json()
    halves = told["compartments"]
    wrong: list[Any] = [
        None,
        {},
        {**told, "epoch": 0},
        {**told, "epoch": True},
        {**told, "suite": "s9"},
        {**told, "compartments": {"money": halves["money"]}},
        {**told, "compartments": {**halves, "own": halves["money"]}},
        {**told, "compartments": {**halves, "own": {"kid": "x", "publicKey": "AAAA"}}},
        {**told, "signingKey": None},
    ]
    for value in wrong:
        with pytest.raises(errors.EnvelopeError):
            VaultPublic.from_json(value)


def test_a_keys_return_whose_mailbox_differs_inside_is_refused() -> None:
    keys, run = VaultKeys.generate(S1), KEYS["s1"]
    payload = keys_payload(keys.public(), mailbox="x" * 43, action="enrol", at="2026-11-05")
    sealed = returns.seal_return(
        payload, tenant=TENANT, stream="keys", mailbox=MAILBOX, to=run.public, signer=keys.signer
    )
    with pytest.raises(errors.Tampered):
        returns.open_keys_return(sealed, tenant=TENANT, key=run)


def test_only_a_keys_return_brings_its_own_signing_key() -> None:
    keys, run = VaultKeys.generate(S1), KEYS["s1"]
    sealed = returns.seal_return(
        {}, tenant=TENANT, stream="shown", mailbox=MAILBOX, to=run.public, signer=keys.signer
    )
    with pytest.raises(errors.MalformedEnvelope):
        returns.open_keys_return(sealed, tenant=TENANT, key=run)


def test_a_keys_return_that_names_a_signing_key_of_somebody_else_is_refused() -> None:
    keys, other, run = VaultKeys.generate(S1), VaultKeys.generate(S1), KEYS["s1"]
    payload = keys_payload(other.public(), mailbox=MAILBOX, action="enrol", at="2026-11-05")
    sealed = returns.seal_return(
        payload, tenant=TENANT, stream="keys", mailbox=MAILBOX, to=run.public, signer=keys.signer
    )
    with pytest.raises(errors.WrongSignature):
        returns.open_keys_return(sealed, tenant=TENANT, key=run)


@pytest.mark.parametrize("length", [0, 188, 189, BIGGEST, BIGGEST + 1, 200_000])
def test_bundles_of_any_size_are_padded_and_open(length: int) -> None:
    key, signer = KEYS["s1"], SIGNERS[SignatureAlgorithm.ED25519]
    payload = b"x" * length
    sealed = bundle.seal_to(key.public, payload, tenant=TENANT, purpose="p", signer=signer)
    opened = bundle.open_bundle(sealed, purpose="p", key=key, verify=signer.verify_key)
    assert opened == payload


def test_a_kid_is_random_and_a_thumbprint_is_not() -> None:
    assert len(new_kid()) == 16
    assert new_kid() != new_kid()
    key = KEYS["s1"]
    assert PublicKey.from_bytes(S1, key.public.raw).kid == key.kid
