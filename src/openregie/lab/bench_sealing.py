"""Sealing and opening per suite, against bare HPKE of the same library; canonical JSON."""

from __future__ import annotations

import rfc8785

from openregie.envelope import frame, item, jcs
from openregie.envelope.item import Header, SealedItem
from openregie.envelope.keys import PrivateKey, Signer
from openregie.envelope.suites import SUITES, Suite
from openregie.lab.bench_figure import Figure, Peer, Scene, Target, in_turns

ITEMS = 1000
MAILBOX = "A" * 43
SEAL_TARGET = Target(at_least=0.6, of="ratio")
INFO_BYTES = 300
"""About the length of the context that our seals bind."""


def an_item(number: int) -> dict[str, object]:
    """A fact as the run writes it, about nobody."""
    return {
        "v": 1,
        "id": f"{number:032x}",
        "kind": "fact",
        "subjectCheck": {"birthYear": 1980, "initials": "A.B."},
        "day": "2026-11-01",
        "record": f"{number:032x}",
        "stream": "rent_arrears",
        "factKind": "arrears",
        "domain": "housing",
        "law": {
            "id": "wgs",
            "article": "3 lid 1 onder b",
            "nl": "Wet gemeentelijke schuldhulpverlening",
            "en": "Municipal Debt Assistance Act",
        },
        "source": {"name": "Woonstichting", "kind_nl": "verhuurder", "kind_en": "landlord"},
        "subject": "self",
        "title": {"nl": "Huur: open rekening", "en": "Rent: unpaid bill"},
        "amountCents": 64_000 + number,
        "fields": [
            {
                "label": {"nl": "gemeld op", "en": "reported on"},
                "value": "2026-10-12",
                "type": "date",
            },
        ],
        "eventOn": "2026-10-12",
        "receivedOn": "2026-11-01",
        "deleteOn": "2027-04-13",
        "audience": ["resident", "debt_team"],
        "disputed": None,
        "link": {"method": "name", "reasons": [{"nl": "adres gelijk", "en": "same address"}]},
    }


def measure_sealing(scene: Scene) -> list[Figure]:
    """Items sealed per second and core, in each suite."""
    return [_seal(suite, scene, at) for at, suite in enumerate(SUITES, start=1)]


def measure_opening(scene: Scene) -> list[Figure]:
    """Items opened per second and core, in each suite."""
    return [_open(suite, scene, at) for at, suite in enumerate(SUITES, start=1)]


def measure_jcs(scene: Scene) -> list[Figure]:
    """Canonical JSON of items."""
    items = [an_item(number) for number in range(ITEMS)]
    scene.progress("canonical JSON", 0, 1)
    ours, theirs = in_turns(
        lambda: [jcs.canonical(one) for one in items],
        lambda: [rfc8785.dumps(one) for one in items],  # type: ignore[arg-type]
        amount=ITEMS,
        runs=scene.runs(),
    )
    scene.progress("canonical JSON", 1, 1)
    peer = Peer("rfc8785 on the same items", theirs)
    what = f"items of {len(jcs.canonical(items[0]))} bytes written as canonical JSON"
    return [Figure("jcs", what, "items/s", ours, (peer,))]


def _seal(suite: Suite, scene: Scene, at: int) -> Figure:
    key, signer = PrivateKey.generate(suite), Signer.generate(suite.signature)
    items = [an_item(number) for number in range(ITEMS)]
    length = frame.bucket_for(len(jcs.canonical(items[0])))
    plaintext, info = bytes(length), bytes(INFO_BYTES)

    def ours() -> None:
        for number, one in enumerate(items, start=1):
            header = Header("lindestad", MAILBOX, number, "2026-11-01")
            item.seal(one, header=header, to=key.public, signer=signer).to_line()

    def bare() -> None:
        for _ in items:
            suite.hpke.encrypt(plaintext, key.public.handle, info)

    runs, theirs = in_turns(ours, bare, amount=ITEMS, runs=scene.runs())
    scene.progress("sealing", at, len(SUITES))
    what = f"items sealed in {suite.name}: canonical JSON, signature, padding to {length} B, HPKE"
    peer = Peer("HPKE of `cryptography` alone", runs=theirs)
    return Figure(f"seal-{suite.name}", what, "items/s", runs, (peer,), SEAL_TARGET)


def _open(suite: Suite, scene: Scene, at: int) -> Figure:
    key, signer = PrivateKey.generate(suite), Signer.generate(suite.signature)
    lines = [
        item.seal(
            an_item(number),
            header=Header("lindestad", MAILBOX, number, "2026-11-01"),
            to=key.public,
            signer=signer,
        ).to_line()
        for number in range(1, ITEMS + 1)
    ]
    length, info = SealedItem.from_line(lines[0]).bucket, bytes(INFO_BYTES)
    blob = suite.hpke.encrypt(bytes(length), key.public.handle, info)

    def ours() -> None:
        for line in lines:
            item.open_sealed(SealedItem.from_line(line), key=key, verify=signer.verify_key)

    def bare() -> None:
        for _ in lines:
            suite.hpke.decrypt(blob, key.handle, info)

    runs, theirs = in_turns(ours, bare, amount=ITEMS, runs=scene.runs())
    scene.progress("opening", at, len(SUITES))
    what = f"items opened in {suite.name}: read, HPKE, padding, signature, canonical form"
    peer = Peer("HPKE of `cryptography` alone", runs=theirs)
    return Figure(f"open-{suite.name}", what, "items/s", runs, (peer,))
