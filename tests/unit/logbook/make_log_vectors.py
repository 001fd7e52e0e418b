"""Vectors of the log: tree, entries, checkpoints and proofs. Made again, they come out the same."""

from __future__ import annotations

from openregie.envelope import base64url
from openregie.logbook import entry as log_entry
from openregie.logbook.checkpoint import Checkpoint, LogSigner
from openregie.logbook.proof import TlogProof
from openregie.logbook.tree import Tree, leaf_hash
from unit.envelope.vector_material import MAILBOX, TENANT, drawn, write

LEAVES = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)


def tree_file() -> None:
    tree = Tree()
    leaves = [bytes.fromhex(leaf) for leaf in LEAVES]
    leaves += [str(n).encode() for n in range(8, 40)]
    tree.extend(leaf_hash(leaf) for leaf in leaves)
    sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40]
    write(
        "logbook/tree.json",
        "Roots and proofs of one growing tree, beginning with the leaves of RFC 6962 test data.",
        leaves=[leaf.hex() for leaf in leaves],
        roots=[tree.root(size).hex() for size in range(len(leaves) + 1)],
        inclusion=[
            {"index": i, "size": n, "proof": [h.hex() for h in tree.inclusion_proof(i, n)]}
            for n in sizes
            for i in sorted({0, n // 2, n - 1})
        ],
        consistency=[
            {"oldSize": m, "size": n, "proof": [h.hex() for h in tree.consistency_proof(m, n)]}
            for n in sizes
            for m in (0, *[m for m in sizes if m <= n])
        ],
    )


def entries() -> list[tuple[log_entry.Entry, bytes]]:
    told = [
        {"v": 1, "type": "key.added", "day": "2026-11-01", "epoch": 1},
        {
            "v": 1,
            "type": "items.sealed",
            "day": "2026-11-02",
            "added": ["f-0001", "é"],
            "removed": 0,
        },
        {"v": 1, "type": "items.sealed", "day": "2026-11-03", "added": [], "removed": 1},
    ]
    made: list[tuple[log_entry.Entry, bytes]] = []
    prev = None
    for seq, event in enumerate(told, start=1):
        one = log_entry.Entry("run", seq, prev, event, MAILBOX)
        salt = drawn(f"salt {seq}", 32)
        prev = log_entry.commit_of(one, salt)
        made.append((one, salt))
    return made


def entry_file() -> None:
    cases = [
        {
            "opened": one.with_salt(salt),
            "commit": log_entry.commit_of(one, salt),
            "leafData": log_entry.leaf_data(
                type=one.type, commit=log_entry.commit_of(one, salt)
            ).decode(),
            "leafHash": log_entry.leaf_of(
                type=one.type, commit=log_entry.commit_of(one, salt)
            ).hex(),
        }
        for one, salt in entries()
    ]
    write(
        "logbook/entry.json",
        "One resident's chain of the run. Each order in `brokenChains` must be refused.",
        mailbox=MAILBOX,
        chain="run",
        cases=cases,
        brokenChains=[[1, 2], [0, 2], [0, 0], [1, 0], [0, 1, 1]],
    )


def checkpoint_files() -> None:
    key = LogSigner(f"openregie.example/log/{TENANT}", drawn("log", 32))
    forger = LogSigner(key.name, drawn("forger", 32))
    tree = Tree()
    hashes = [
        log_entry.leaf_of(type=one.type, commit=log_entry.commit_of(one, salt))
        for one, salt in entries()
    ]
    tree.extend(hashes)
    tree.extend(leaf_hash(str(n).encode()) for n in range(10))
    signed = {n: Checkpoint(key.name, n, tree.root(n)).sign(key) for n in (0, 1, 3, 8, 13)}
    body = Checkpoint(key.name, 13, tree.root()).body()
    forged = forger.sign(body).to_text()
    last = signed[13]
    unsigned = last.replace("\u2014 openregie", "\u2014 other")
    both = last + last.splitlines()[-1][:-8] + "AAAAAAA=\n"
    padded = key.sign(body.replace("\n13\n", "\n013\n")).to_text()
    elsewhere = key.sign(body.replace(key.name, "other.example/log")).to_text()
    mangled = [
        ("forged by another key", forged, "CheckpointForged"),
        ("no signature of the log", unsigned, "CheckpointForged"),
        ("size changed", last.replace("\n13\n", "\n14\n"), "CheckpointForged"),
        ("a right and a wrong one", both, "CheckpointForged"),
        ("leading zero", padded, "MalformedCheckpoint"),
        ("short root", key.sign(f"{key.name}\n1\nAAAA\n").to_text(), "MalformedCheckpoint"),
        ("another origin", elsewhere, "CheckpointForged"),
        ("no signatures", body, "MalformedCheckpoint"),
        ("empty", "", "MalformedCheckpoint"),
        ("control character", last.replace("\n13\n", "\n13\r\n"), "MalformedCheckpoint"),
    ]
    write(
        "logbook/checkpoint.json",
        "Signed heads of one log, and what must be refused.",
        vkey=key.verifier.to_text(),
        publicKey=base64url.encode(key.verifier.public),
        cases=[{"size": n, "root": tree.root(n).hex(), "text": text} for n, text in signed.items()],
        refused=[{"name": name, "text": text, "error": error} for name, text, error in mangled],
    )
    proofs = [
        TlogProof(i, tuple(tree.inclusion_proof(i, 13)), last, extra)
        for i, extra in ((0, None), (2, b"extra"), (12, None))
    ]
    text = proofs[0].to_text()
    lines = text.split("\n")
    changes = [
        ("another header", text.replace("@v1", "@v2"), "MalformedProof"),
        ("index with a zero before it", text.replace("index 0", "index 00"), "MalformedProof"),
        ("no index", text.replace("index 0\n", ""), "MalformedProof"),
        ("no checkpoint", text.split("\n\n")[0], "MalformedProof"),
        ("a hash less", "\n".join(lines[:2] + lines[3:]), "ProofBroken"),
        ("another index", text.replace("index 0", "index 1"), "ProofBroken"),
    ]
    write(
        "logbook/proof.json",
        "Proofs as C2SP tlog-proof text: leaf hash, index, proof, checkpoint.",
        vkey=key.verifier.to_text(),
        cases=[
            {
                "leafHash": (hashes[p.index] if p.index < 3 else leaf_hash(b"9")).hex(),
                "index": p.index,
                "extra": None if p.extra is None else p.extra.hex(),
                "text": p.to_text(),
            }
            for p in proofs
        ],
        refused=[{"name": name, "text": told, "error": error} for name, told, error in changes],
    )
