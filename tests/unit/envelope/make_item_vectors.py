"""Vectors of items: what opens, and everything that must be refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from openregie.envelope import base64url, frame, item, jcs
from unit.envelope.vector_material import (
    HEADER,
    ITEM,
    MAILBOX,
    MESSAGE,
    OTHER_MAILBOX,
    RECIPIENTS,
    SIGNERS,
    TENANT,
    flipped,
    signer_name,
    write,
)


def sealed_case(name: str, suite: str, value: dict[str, Any], **how: Any) -> dict[str, Any]:
    header = how.get("header", HEADER)
    protocol = how.get("protocol", item.ITEM)
    sealed = item.seal(
        value,
        header=header,
        to=RECIPIENTS[suite].public,
        signer=SIGNERS[how.get("signer", signer_name(suite))],
        protocol=protocol,
    )
    return {
        "name": name,
        "key": suite,
        "verify": signer_name(suite),
        "protocol": protocol,
        "sealed": sealed.to_json(),
    }


def long_text(bucket: int) -> dict[str, Any]:
    """Item whose canonical form fills a bucket to the last byte."""
    empty = len(jcs.canonical({"text": ""}))
    return {"text": "x" * (bucket - frame.HEAD_BYTES - empty)}


def items_files() -> None:
    for suite in ("s0", "s1", "s2"):
        asked = [
            ("an item", ITEM, {}),
            ("an empty item", {}, {}),
            ("a message", ITEM, {"header": replace(HEADER, message=MESSAGE)}),
            ("a log event", {"entry": {"seq": 1}}, {"protocol": item.EVENT}),
            ("exactly full", long_text(512), {}),
            ("one byte more", {"text": long_text(512)["text"] + "x"}, {}),
        ]
        cases = [
            sealed_case(name, suite, value, **how) | {"item": value} for name, value, how in asked
        ]
        write(f"envelope/item_{suite}.json", f"Items of suite {suite} that open.", cases=cases)


def raw_sealed(suite: str, plaintext: bytes, **changes: Any) -> dict[str, Any]:
    """A seal around any plaintext: what a faulty or hostile sealer could make."""
    key = RECIPIENTS[suite]
    outside = {
        "suite": suite,
        "kid": key.kid,
        "tenant": TENANT,
        "mailbox": MAILBOX,
        "seq": 7,
        "day": "2026-11-05",
        "bucket": len(plaintext),
        "message": None,
    }
    info = jcs.canonical({"p": item.ITEM, **outside})
    blob = key.suite.hpke.encrypt(plaintext, key.public.handle, info)
    return {"v": 1, **outside, "blob": base64url.encode(blob), **changes}


def framed(suite: str, content: bytes, *, length: int = 256) -> bytes:
    key = RECIPIENTS[suite]
    bound = {"suite": suite, "kid": key.kid, "tenant": TENANT, "mailbox": MAILBOX, "seq": 7}
    info = jcs.canonical(
        {"p": item.ITEM, **bound, "day": "2026-11-05", "bucket": length, "message": None}
    )
    context = item.ITEM.encode() + b"\0" + info
    by = SIGNERS[signer_name(suite)]
    return frame.pack(content, context=context, signer=by, length=length)


def refused_file(name: str, about: str, error: str, cases: list[dict[str, Any]]) -> None:
    for case in cases:
        case.setdefault("error", error)
        case.setdefault("protocol", item.ITEM)
        case.setdefault("verify", signer_name(case["key"][:2]))
    write(f"envelope/{name}.json", about, cases=cases)


def changed(case: dict[str, Any], name: str, **fields: Any) -> dict[str, Any]:
    return {**case, "name": name, "sealed": {**case["sealed"], **fields}}


def refusals_files() -> None:
    good = {suite: sealed_case("", suite, ITEM) for suite in ("s0", "s1", "s2")}
    refused_file(
        "wrong_key",
        "Sealed to another key than the one offered.",
        "WrongKey",
        [
            {**good["s1"], "name": "another kid", "key": "s1-other"},
            {**good["s0"], "name": "another suite", "key": "s1", "verify": "ed25519"},
            changed(
                {**good["s1"], "key": "s1-other", "error": "SealBroken"},
                "the kid says otherwise",
                kid=RECIPIENTS["s1-other"].kid,
            ),
            changed(
                {**good["s0"], "key": "s0-other", "error": "SealBroken"},
                "the kid says otherwise, s0",
                kid=RECIPIENTS["s0-other"].kid,
            ),
        ],
    )
    fields = {
        "tenant": "elsewhere",
        "mailbox": OTHER_MAILBOX,
        "seq": 8,
        "day": "2026-11-06",
        "message": MESSAGE,
    }
    cases = [
        changed(good[suite], f"another {field}, {suite}", **{field: value})
        for suite in good
        for field, value in fields.items()
    ]
    cases.append({**good["s1"], "name": "another protocol", "protocol": item.EVENT})
    refused_file("wrong_info", "A header that was changed after sealing.", "SealBroken", cases)
    forged = [sealed_case(f"forged, {s}", s, ITEM, signer=f"{signer_name(s)}-other") for s in good]
    refused_file("wrong_signature", "Signed by somebody else.", "WrongSignature", forged)
    truncated_file(good)
    tampered_file(good)
    unknown_file(good["s1"])


def truncated_file(good: dict[str, dict[str, Any]]) -> None:
    cases = []
    for suite, case in good.items():
        blob = base64url.decode(case["sealed"]["blob"], place="vector")
        for name, data in (
            ("one byte less", blob[:-1]),
            ("one byte more", blob + b"\0"),
            ("nothing", b""),
        ):
            cases.append(changed(case, f"{name}, {suite}", blob=base64url.encode(data)))
        cases.append(changed(case, f"another bucket, {suite}", bucket=4096))
    refused_file("truncated", "Not as long as the bucket says.", "Truncated", cases)


def tampered_file(good: dict[str, dict[str, Any]]) -> None:
    cases = []
    for suite, case in good.items():
        blob = case["sealed"]["blob"]
        for name, place in (("first", 0), ("middle", -200), ("last", -1)):
            broken = changed(case, f"{name} byte flipped, {suite}", blob=flipped(blob, place))
            cases.append({**broken, "error": "SealBroken"})
        sound = framed(suite, jcs.canonical({"a": 1}))
        inside = {
            "padding not zero": sound[:-1] + b"\1",
            "length beyond the end": b"\xff\xff\xff\xff" + sound[4:],
            "one more than fits": (256 - 68 + 1).to_bytes(4, "big") + sound[4:],
            "keys out of order": framed(suite, b'{"b":1,"a":2}'),
            "a key twice": framed(suite, b'{"a":1,"a":1}'),
            "white space": framed(suite, b'{"a": 1}'),
            "not JSON": framed(suite, b"{"),
            "not UTF-8": framed(suite, b'"\xff"'),
            "a list": framed(suite, b"[1]"),
        }
        cases += [
            {"name": f"{name}, {suite}", "key": suite, "sealed": raw_sealed(suite, plaintext)}
            for name, plaintext in inside.items()
        ]
    refused_file(
        "tampered", "Opens, and is not what sealing makes; or a byte changed.", "Tampered", cases
    )


def unknown_file(case: dict[str, Any]) -> None:
    without = {name: value for name, value in case["sealed"].items() if name != "mailbox"}
    refused_file(
        "unknown",
        "Versions, suites and fields that this version does not know.",
        "MalformedEnvelope",
        [
            changed({**case, "error": "UnknownVersion"}, "version 2", v=2),
            changed({**case, "error": "UnknownVersion"}, "version as text", v="1"),
            changed({**case, "error": "UnknownSuite"}, "suite s9", suite="s9"),
            {**case, "name": "signed for another suite", "verify": "p256", "error": "UnknownSuite"},
            {**case, "name": "no mailbox", "sealed": without},
            changed(case, "number as text", seq="7"),
            changed(case, "a fraction", seq=7.5),
            changed(case, "a bucket that is none", bucket=1000),
            changed(case, "a message that is none", message="x"),
            changed({**case, "error": "BadEncoding"}, "padding", blob=case["sealed"]["blob"] + "="),
            changed({**case, "error": "BadEncoding"}, "other alphabet", blob="+/+/"),
            changed({**case, "error": "BadEncoding"}, "stray bits", blob="AB"),
        ],
    )
