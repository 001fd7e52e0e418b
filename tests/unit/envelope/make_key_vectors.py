"""Vectors of canonical JSON, codes, wraps, returns, bundles and mailboxes."""

from __future__ import annotations

from typing import Any

from openregie.envelope import base64url, bundle, code, jcs, mailbox, returns
from openregie.envelope.suites import SUITES
from openregie.envelope.vault_keys import VaultKeys, keys_payload
from unit.envelope.vector_material import (
    ITEM,
    MAILBOX,
    OTHER_MAILBOX,
    RECIPIENTS,
    SIGNERS,
    TENANT,
    drawn,
    flipped,
    shortened,
    write,
)


def jcs_file() -> None:
    values: list[Any] = [
        None,
        True,
        False,
        0,
        -1,
        2**53 - 1,
        -(2**53 - 1),
        1.5,
        -0.25,
        1e-7,
        1.0,
        1e15,
        0.1,
        5e-324,
        1.7976931348623157e308 / 1e300,
        "",
        "é€",
        "\u2028\u2029",
        '"\\\b\f\n\r\t\u0000\u001f\u007f',
        "😀",
        [],
        {},
        [[], {}],
        {"b": 1, "a": 2},
        {"": 0},
        {"10": 1, "9": 2},
        {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7},
        {"a": {"b": [1, {"c": None}]}},
        ITEM,
    ]
    write(
        "envelope/jcs.json",
        "`value` written canonically is `canonical`; each text in `refused` is not canonical.",
        cases=[{"value": v, "canonical": jcs.canonical(v).decode()} for v in values],
        refused=[
            '{"b":1,"a":2}',
            '{"a":1,"a":1}',
            " 1",
            "1 ",
            "01",
            "1.0",
            "1e3",
            "-0",
            "NaN",
            "Infinity",
            "9007199254740992",
            "-9007199254740992",
            '"\\u00e9"',
            '"\\/"',
            '"\\ud800"',
            "[1,]",
            "",
            "'a'",
            '{"a":1}\n',
            "\ufeff1",
            "1e400",
        ],
    )


def typed(printed: str) -> str:
    """As somebody types it over: small letters, spaces, l for 1 and o for 0."""
    return printed.lower().replace("-", " ").replace("1", "l").replace("0", "o")


def codes_file() -> None:
    secrets = [bytes(16), b"\xff" * 16, *(drawn(f"code {n}", 16) for n in range(6))]
    good = code.code_of(drawn("code 0", 16))
    swapped = good[1] + good[0] + good[2:]
    other_end = good[:-1] + ("0" if good[-1] != "0" else "2")
    write(
        "envelope/code.json",
        "Printed codes, as typed, and the keys they give.",
        cases=[
            {
                "secret": secret.hex(),
                "code": code.code_of(secret),
                "typed": typed(code.code_of(secret)),
                "kek": code.kek(code.code_of(secret)).hex(),
                "letterKek": code.kek(code.code_of(secret), kind="letter").hex(),
            }
            for secret in secrets
        ],
        prf={
            "output": drawn("prf", 32).hex(),
            "kek": code.derive_kek(drawn("prf", 32), kind="passkey").hex(),
        },
        refused=[
            {"name": "one short", "code": good[:-1], "error": "CodeLength"},
            {"name": "one more", "code": good + "0", "error": "CodeLength"},
            {"name": "nothing", "code": "", "error": "CodeLength"},
            {"name": "the letter U", "code": "U" + good[1:], "error": "CodeCharacter"},
            {"name": "a full stop", "code": good[:10] + "." + good[11:], "error": "CodeCharacter"},
            {"name": "last one changed", "code": other_end, "error": "CodeChecksum"},
            {"name": "first two swapped", "code": swapped, "error": "CodeChecksum"},
        ],
    )


def wraps_file() -> None:
    printed = code.code_of(drawn("code wraps", 16))
    kek = code.kek(printed)
    cases = []
    for suite in SUITES:
        counter = iter(range(1000))
        keys = VaultKeys.generate(
            suite,
            epoch=3,
            random_bytes=lambda n, name=suite.name, at=counter: drawn(
                f"vault {name} {next(at)}", n
            ),
        )
        wrap = keys.wrap(
            kek, mailbox=MAILBOX, wrap_id="w-1", kind="code", params={"label": "papier"}
        )
        secrets = {c.value: base64url.encode(k.secret) for c, k in keys.compartments.items()}
        cases.append(
            {
                "name": suite.name,
                "mailbox": MAILBOX,
                "code": printed,
                "vault": keys.public().to_json(),
                "wrap": wrap,
                "secrets": {**secrets, "signing": base64url.encode(keys.signer.secret)},
            }
        )
    refused = []
    for case in cases:
        vault, wrap = case["vault"], case["wrap"]
        blobs = wrap["blobs"]
        other = code.code_of(drawn("code other", 16))
        swapped_keys = {**vault["compartments"], "own": vault["compartments"]["money"]}
        swapped_keys["money"] = vault["compartments"]["own"]
        changes: list[tuple[str, dict[str, Any]]] = [
            ("another code", {"code": other}),
            ("another mailbox", {"mailbox": OTHER_MAILBOX}),
            ("another epoch", {"vault": {**vault, "epoch": 4}}),
            ("another public key", {"vault": {**vault, "compartments": swapped_keys}}),
            ("another wrap id", {"wrap": {**wrap, "wrapId": "w-2"}}),
            ("another kind", {"wrap": {**wrap, "kind": "letter"}}),
            (
                "another compartment",
                {"wrap": {**wrap, "blobs": {**blobs, "own": blobs["money"]}}},
            ),
            (
                "a flipped byte",
                {"wrap": {**wrap, "blobs": {**blobs, "signing": flipped(blobs["signing"], 20)}}},
            ),
            ("too short", {"wrap": {**wrap, "blobs": {**blobs, "money": "AAAA"}}}),
        ]
        refused += [
            {**case, **change, "name": f"{name}, {case['name']}", "error": "WrapBroken"}
            for name, change in changes
        ]
    write(
        "envelope/wraps.json",
        "A vault's private halves under a printed code.",
        cases=cases,
        refused=refused,
    )


def returns_file() -> None:
    cases = []
    for run_suite in ("s1", "s0"):
        for suite in SUITES:
            counter = iter(range(1000))
            keys = VaultKeys.generate(
                suite, random_bytes=lambda n, at=counter: drawn(f"returns {next(at)}", n)
            )
            payload = keys_payload(
                keys.public(),
                mailbox=MAILBOX,
                action="enrol",
                at="2026-11-05",
                subject_check={"birthYear": 1984, "initials": "A.B."},
            )
            sealed = returns.seal_return(
                payload,
                tenant=TENANT,
                stream="keys",
                mailbox=MAILBOX,
                to=RECIPIENTS[run_suite].public,
                signer=keys.signer,
            )
            cases.append(
                {
                    "name": f"keys of suite {suite.name} to the run's {run_suite}",
                    "tenant": TENANT,
                    "key": run_suite,
                    "sealed": sealed,
                    "payload": payload,
                    "signingKey": keys.signer.verify_key.to_text(),
                    "algorithm": keys.signer.algorithm.value,
                }
            )
    good = cases[1]
    sealed = good["sealed"]
    stranger = SIGNERS["ed25519"].verify_key.to_text()
    changes: list[tuple[str, str, dict[str, Any]]] = [
        ("another tenant", "SealBroken", {"tenant": "elsewhere"}),
        ("another mailbox", "SealBroken", {"sealed": {**sealed, "mailbox": OTHER_MAILBOX}}),
        ("another stream", "SealBroken", {"sealed": {**sealed, "stream": "shown"}}),
        ("another key", "WrongKey", {"key": "s1-other"}),
        ("another signer", "WrongSignature", {"signingKey": stranger}),
        ("cut short", "Truncated", {"sealed": {**sealed, "blob": shortened(sealed["blob"])}}),
        ("version 2", "UnknownVersion", {"sealed": {**sealed, "v": 2}}),
        ("suite s9", "UnknownSuite", {"sealed": {**sealed, "suite": "s9"}}),
        ("no blob", "MalformedEnvelope", {"sealed": {**sealed, "blob": None}}),
    ]
    refused = [{**good, **change, "name": name, "error": e} for name, e, change in changes]
    write(
        "envelope/returns.json", "Returns from residents to the run.", cases=cases, refused=refused
    )


def bundles_file() -> None:
    cases = []
    for suite in ("s0", "s1", "s2"):
        for length in (0, 100):
            payload = drawn("bundle", length)
            sealed = bundle.seal_to(
                RECIPIENTS[suite].public,
                payload,
                tenant=TENANT,
                purpose="labels/2026-11-05",
                signer=SIGNERS["ed25519"],
            )
            cases.append(
                {
                    "name": f"{length} bytes, {suite}",
                    "key": suite,
                    "verify": "ed25519",
                    "purpose": "labels/2026-11-05",
                    "sealed": sealed,
                    "payload": payload.hex(),
                }
            )
    good = next(case for case in cases if case["key"] == "s1")
    sealed = good["sealed"]
    changes: list[tuple[str, str, dict[str, Any]]] = [
        ("another purpose asked", "MalformedEnvelope", {"purpose": "labels/2026-11-06"}),
        ("purpose changed", "SealBroken", {"purpose": "x", "sealed": {**sealed, "purpose": "x"}}),
        ("tenant changed", "SealBroken", {"sealed": {**sealed, "tenant": "elsewhere"}}),
        ("another key", "WrongKey", {"key": "s1-other"}),
        ("another signer", "WrongSignature", {"verify": "ed25519-other"}),
        ("cut short", "Truncated", {"sealed": {**sealed, "blob": shortened(sealed["blob"])}}),
        ("flipped", "SealBroken", {"sealed": {**sealed, "blob": flipped(sealed["blob"], 50)}}),
        ("version 2", "UnknownVersion", {"sealed": {**sealed, "v": 2}}),
    ]
    refused = [{**good, **change, "name": name, "error": e} for name, e, change in changes]
    write("envelope/bundle.json", "Bytes sealed to one organisation.", cases=cases, refused=refused)


def mailbox_file() -> None:
    secret = drawn("tenant secret", 32)
    numbers = ("123456782", "999990019", "111222333")
    write(
        "envelope/mailbox.json",
        "Citizen numbers (invented, passing the elfproef) and their mailboxes.",
        secret=secret.hex(),
        cases=[{"bsn": n, "mailbox": mailbox.mailbox_of(n, tenant_secret=secret)} for n in numbers],
        refused=["123456789", "000000000", "12345678", "12345678a", ""],
    )
