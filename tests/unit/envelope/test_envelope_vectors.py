"""Every envelope vector opens in Python, or is refused for the reason it names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from openregie.envelope import bundle, code, errors, item, jcs, mailbox, returns
from openregie.envelope.keys import PrivateKey, VerifyKey
from openregie.envelope.suites import SignatureAlgorithm
from openregie.envelope.vault_keys import VaultKeys, VaultPublic

FOLDER = Path(__file__).resolve().parents[3] / "vectors" / "envelope"


def vectors(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def named(name: str, part: str = "cases") -> Any:
    cases = vectors(name)[part]
    return pytest.mark.parametrize(
        "case", cases, ids=[str(c.get("name", n)) for n, c in enumerate(cases)]
    )


KEYS = vectors("keys")


def private_key(name: str) -> PrivateKey:
    return PrivateKey.from_json(KEYS["recipients"][name])


def verify_key(name: str) -> VerifyKey:
    told = KEYS["signers"][name]
    return VerifyKey.from_text(SignatureAlgorithm(told["algorithm"]), told["verifyKey"])


def open_case(case: dict[str, Any]) -> dict[str, Any]:
    return item.open_sealed(
        item.SealedItem.from_json(case["sealed"]),
        key=private_key(case["key"]),
        verify=verify_key(case["verify"]),
        protocol=case.get("protocol", item.ITEM),
    )


def refused_with(name: str) -> Any:
    """Exactly this class: a caller tells the reasons apart by it."""
    return pytest.raises(
        errors.EnvelopeError, check=lambda error: type(error) is getattr(errors, name)
    )


@pytest.mark.parametrize("suite", ["s0", "s1", "s2"])
def test_items_open(suite: str) -> None:
    for case in vectors(f"item_{suite}")["cases"]:
        assert open_case(case) == case["item"], case["name"]


@pytest.mark.parametrize(
    "file", ["wrong_key", "wrong_info", "wrong_signature", "truncated", "tampered", "unknown"]
)
def test_items_are_refused_for_the_reason_the_vector_names(file: str) -> None:
    for case in vectors(file)["cases"]:
        with refused_with(case["error"]):
            open_case(case)


def test_canonical_json_is_written_and_read() -> None:
    for case in vectors("jcs")["cases"]:
        assert jcs.canonical(case["value"]) == case["canonical"].encode()
        assert jcs.parse(case["canonical"].encode(), place="vector") == case["value"]


@pytest.mark.parametrize("text", vectors("jcs")["refused"])
def test_other_spellings_are_refused(text: str) -> None:
    with refused_with("NotCanonical"):
        jcs.parse(text.encode(), place="vector")


def test_codes_are_made_read_as_typed_and_give_the_same_keys() -> None:
    for case in vectors("code")["cases"]:
        assert code.code_of(bytes.fromhex(case["secret"])) == case["code"]
        assert code.secret_of(case["typed"]).hex() == case["secret"]
        assert code.kek(case["typed"]).hex() == case["kek"]
        assert code.kek(case["code"], kind="letter").hex() == case["letterKek"]
    prf = vectors("code")["prf"]
    assert code.derive_kek(bytes.fromhex(prf["output"]), kind="passkey").hex() == prf["kek"]


@named("code", "refused")
def test_codes_are_refused(case: dict[str, Any]) -> None:
    with refused_with(case["error"]):
        code.secret_of(case["code"])


def unwrapped(case: dict[str, Any]) -> VaultKeys:
    public = VaultPublic.from_json(case["vault"])
    kek = code.kek(case["code"])
    return VaultKeys.unwrap(public, case["wrap"], kek, mailbox=case["mailbox"])


@named("wraps")
def test_wraps_open(case: dict[str, Any]) -> None:
    keys = unwrapped(case)
    assert keys.public().to_json() == case["vault"]
    for name, key in keys.compartments.items():
        assert key.to_json()["privateKey"] == case["secrets"][name.value]


@named("wraps", "refused")
def test_wraps_are_refused(case: dict[str, Any]) -> None:
    with refused_with(case["error"]):
        unwrapped(case)


def open_return(case: dict[str, Any]) -> dict[str, Any]:
    return returns.open_return(
        case["sealed"],
        tenant=case["tenant"],
        key=private_key(case["key"]),
        verify=VerifyKey.from_text(SignatureAlgorithm(case["algorithm"]), case["signingKey"]),
    )


@named("returns")
def test_returns_open(case: dict[str, Any]) -> None:
    assert open_return(case) == case["payload"]
    payload, verify = returns.open_keys_return(
        case["sealed"], tenant=case["tenant"], key=private_key(case["key"])
    )
    assert payload == case["payload"]
    assert verify.to_text() == case["signingKey"]


@named("returns", "refused")
def test_returns_are_refused(case: dict[str, Any]) -> None:
    with refused_with(case["error"]):
        open_return(case)


def open_bundle(case: dict[str, Any]) -> bytes:
    return bundle.open_bundle(
        case["sealed"],
        purpose=case["purpose"],
        key=private_key(case["key"]),
        verify=verify_key(case["verify"]),
    )


@named("bundle")
def test_bundles_open(case: dict[str, Any]) -> None:
    assert open_bundle(case).hex() == case["payload"]


@named("bundle", "refused")
def test_bundles_are_refused(case: dict[str, Any]) -> None:
    with refused_with(case["error"]):
        open_bundle(case)


def test_mailboxes_are_made_with_the_tenant_secret_only() -> None:
    told = vectors("mailbox")
    secret = bytes.fromhex(told["secret"])
    for case in told["cases"]:
        made = mailbox.mailbox_of(case["bsn"], tenant_secret=secret)
        assert made == case["mailbox"]
        assert mailbox.is_mailbox(made)
        assert mailbox.mailbox_of(case["bsn"], tenant_secret=secret[::-1]) != made
    for number in told["refused"]:
        with refused_with("MalformedEnvelope"):
            mailbox.mailbox_of(number, tenant_secret=secret)
    with refused_with("MalformedKey"):
        mailbox.mailbox_of(told["cases"][0]["bsn"], tenant_secret=b"short")


def test_what_a_browser_sealed_opens() -> None:
    told = vectors("browser")
    for case in told["items"]:
        assert open_case(case) == case["item"]
    for case in told["vaults"]:
        keys = unwrapped(case)
        assert keys.public().to_json() == case["vault"]
    for case in told["returns"]:
        payload, _ = returns.open_keys_return(
            case["sealed"], tenant=case["tenant"], key=private_key(case["key"])
        )
        assert payload == case["payload"]
    with refused_with("WrongSignature"):
        open_case(told["forged"])
