"""Fixed keys and texts of the vectors, and how a vector file is written."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from openregie.envelope import base64url, item, wraps
from openregie.envelope.keys import PrivateKey, Signer
from openregie.envelope.suites import SUITES, SignatureAlgorithm

VECTORS = Path(__file__).resolve().parents[3] / "vectors"
TENANT = "lindestad"
MAILBOX = "mailbox-of-the-vectors-000000000000000000-x"
OTHER_MAILBOX = "mailbox-of-somebody-else-00000000000000000x"
HEADER = item.Header(TENANT, MAILBOX, 7, "2026-11-05")
MESSAGE = {"id": "bericht-1", "actByOn": "2026-11-20", "ladder": "reminder"}
ITEM = {
    "v": 1,
    "id": "f-0001",
    "kind": "fact",
    "subjectCheck": {"birthYear": 1984, "initials": "A.B."},
    "title": {"nl": "Achterstand bij de huur, € 812,50", "en": "Rent arrears, € 812.50"},
    "amountCents": 81250,
    "disputed": None,
    "audience": ["resident"],
}


def drawn(label: str, length: int) -> bytes:
    """Fixed bytes with a name."""
    return hashlib.shake_256(f"openregie vectors {label}".encode()).digest(length)


def recipient(name: str) -> PrivateKey:
    suite = next(s for s in SUITES if s.name == name[:2])
    kid = base64url.encode(drawn(f"kid {name}", 12))
    return PrivateKey.generate(suite, kid=kid, random_bytes=lambda n: drawn(name, n))


def signer(name: str) -> Signer:
    algorithm = SignatureAlgorithm(name.split("-", maxsplit=1)[0])
    return Signer.generate(algorithm, random_bytes=lambda n: drawn(name, n))


RECIPIENTS = {name: recipient(name) for name in ("s0", "s1", "s2", "s0-other", "s1-other")}
SIGNERS = {name: signer(name) for name in ("ed25519", "p256", "ed25519-other", "p256-other")}


def signer_name(suite: str) -> str:
    return "p256" if suite == "s0" else "ed25519"


def encoded_private(key: PrivateKey) -> bytes:
    if key.suite.name == "s2":
        return key.secret
    return wraps.to_pkcs8(
        "p256" if key.suite.name == "s0" else "x25519", key.secret, key.public.raw
    )


def write(name: str, about: str, **content: Any) -> None:
    path = VECTORS / name
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"v": 1, "about": about, **content}
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def keys_file() -> None:
    recipients = {
        name: {
            "suite": key.suite.name,
            "kid": key.kid,
            "publicKey": base64url.encode(key.public.raw),
            "privateKey": base64url.encode(key.secret),
            "encodedPrivateKey": base64url.encode(encoded_private(key)),
        }
        for name, key in RECIPIENTS.items()
    }
    signers = {
        name: {
            "algorithm": s.algorithm.value,
            "verifyKey": s.verify_key.to_text(),
            "privateKey": base64url.encode(s.secret),
            "encodedPrivateKey": base64url.encode(
                wraps.to_pkcs8(s.algorithm.value, s.secret, s.verify_key.raw)
            ),
        }
        for name, s in SIGNERS.items()
    }
    write(
        "envelope/keys.json",
        "Keys that the other vectors name. Never use them for anything else.",
        recipients=recipients,
        signers=signers,
    )


def flipped(blob: str, place: int) -> str:
    data = bytearray(base64url.decode(blob, place="vector"))
    data[place] ^= 1
    return base64url.encode(bytes(data))


def shortened(blob: str) -> str:
    return base64url.encode(base64url.decode(blob, place="vector")[:-3])
