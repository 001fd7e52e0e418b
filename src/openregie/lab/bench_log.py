"""The log: places given in batches and one by one, acts with their entry, proofs."""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from openregie.envelope import custody
from openregie.envelope.mailbox import mailbox_of
from openregie.lab.bench_figure import Figure, Peer, Scene, in_turns, per_second
from openregie.lab.bench_process import spend
from openregie.lab.bench_tenant import TENANT, make_folder
from openregie.lab.demo import enrol_personas
from openregie.logbook.tree import MemoryStore, Tree
from openregie.terms import Bsn, Mailbox

BATCH = 5_000
ONE_BY_ONE = 100
ACTS = 300
PROOFS = 300
MEMORY_LEAVES = 100_000
ITEMS = 20
SEED = 7
DAY = date(2026, 11, 1)
FIGURES = ("batched", "one_by_one", "acts", "proofs", "memory_proofs")


def measure(scene: Scene) -> list[Figure]:
    """Figures of the log's tables in SQLite (in a process of its own) and of its tree."""
    scene.progress("log", 0, 2)
    folder = make_folder(scene.folder / "log", seed=SEED)
    told = json.loads(spend("openregie.lab.bench_log", [str(folder), str(scene.runs())]).output)
    scene.progress("log", 1, 2)
    figures = [
        Figure(
            "log-batched",
            f"entries given their place by the sequencer, {BATCH} waiting (SQLite, FULL)",
            "entries/s",
            tuple(told["batched"]),
            (Peer("the same, one by one", tuple(told["one_by_one"])),),
        ),
        Figure(
            "log-opening",
            f"openings of {ITEMS} items, each one transaction with its sealed log entry",
            "openings/s",
            tuple(told["acts"]),
        ),
        Figure(
            "log-proof",
            f"inclusion proofs from SQLite, of a log of {told['size']} entries",
            "proofs/s",
            tuple(told["proofs"]),
            (Peer("the tree in memory", tuple(told["memory_proofs"])),),
        ),
        _tree(scene.runs()),
    ]
    scene.progress("log", 2, 2)
    return figures


def _tree(turns: int) -> Figure:
    leaves = [hashlib.sha256(n.to_bytes(8, "big")).digest() for n in range(MEMORY_LEAVES)]

    def ours() -> None:
        Tree(MemoryStore()).extend(leaves)

    def hashes() -> None:
        for leaf in leaves:
            hashlib.sha256(b"\x01" + leaf + leaf).digest()

    runs, theirs = in_turns(ours, hashes, amount=MEMORY_LEAVES, runs=turns)
    what = f"leaves added to a tree in memory, {MEMORY_LEAVES} at once"
    return Figure("log-tree", what, "leaves/s", runs, (Peer("one SHA-256 per leaf", theirs),))


def measure_tables(folder: Path, runs: int) -> dict[str, object]:
    """Figures of one tenant's tables, per second; fills its log. One tenant a process."""
    vault, mailbox = _a_resident(folder)
    from openregie.sealed.log.models import Entry  # noqa: PLC0415 - after prepare
    from openregie.sealed.log.tree import actions as log  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault import keyring  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.actions import open_items  # noqa: PLC0415 - after prepare

    signer = keyring.log_signer(folder)
    draw = random.Random(SEED)  # noqa: S311 - nothing secret: commitments to nothing
    told: dict[str, list[float]] = {name: [] for name in FIGURES}

    def sequence() -> None:
        log.sequence(signer, now=datetime.now(UTC))

    for _ in range(runs):
        _wait(draw, BATCH)
        told["batched"].append(per_second(sequence, BATCH))
        seconds = 0.0
        for _ in range(ONE_BY_ONE):
            _wait(draw, 1)
            seconds += 1 / per_second(sequence, 1)
        told["one_by_one"].append(ONE_BY_ONE / seconds)

        def act() -> None:
            for _ in range(ACTS):
                open_items(vault, mailbox, after=0, now=datetime.now(UTC))

        told["acts"].append(per_second(act, ACTS))
        sequence()
        size = Entry.objects.count()
        asked = [draw.randrange(1, size + 1) for _ in range(PROOFS)]
        told["proofs"].append(per_second(partial(_prove, log.proof_text, asked), PROOFS))
        told["memory_proofs"].append(_prove_in_memory(size, asked))
    return {**told, "size": size}


def _a_resident(folder: Path) -> tuple[Any, Mailbox]:
    """Enrol one made-up resident with sealed items; the vault, and their mailbox."""
    bsn = Bsn("999990019")  # the range that the national test set uses
    persona = {"name": "Anna", "bsn": bsn, "birthYear": 1980, "initials": "A."}
    (folder / "demo").mkdir()
    text = json.dumps([{**persona, "enrolled": True}])
    (folder / "demo" / "personas.json").write_text(text, encoding="utf-8")
    enrol_personas(folder, seed=SEED, on=DAY)
    from openregie.sealed.vault.actions import Vault  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.models import StoredItem  # noqa: PLC0415 - after prepare

    secret = custody.load_tenant_secret(folder)
    mailbox = mailbox_of(bsn, tenant_secret=secret)
    StoredItem.objects.bulk_create(
        StoredItem(
            mailbox=mailbox,
            seq=seq,
            kid="A" * 16,
            suite="s1",
            day=DAY,
            bucket=1024,
            blob=bytes(1072),
        )
        for seq in range(1, ITEMS + 1)
    )
    return Vault(TENANT, folder), mailbox


def _wait(draw: random.Random, amount: int) -> None:
    """Let so many entries wait for their place, each in a chain of its own."""
    from openregie.sealed.log.models import Entry  # noqa: PLC0415 - after prepare

    Entry.objects.bulk_create(
        Entry(
            type="items.sealed",
            commit=draw.randbytes(32).hex(),
            mailbox=draw.randbytes(32).hex()[:43],
            chain="run",
            seq=1,
            day=DAY,
        )
        for _ in range(amount)
    )


def _prove(proof_text: Callable[[int], str], asked: list[int]) -> None:
    for pk in asked:
        proof_text(pk)


def _prove_in_memory(size: int, asked: list[int]) -> float:
    tree = Tree(MemoryStore())
    tree.extend(hashlib.sha256(n.to_bytes(8, "big")).digest() for n in range(size))
    return per_second(lambda: [tree.inclusion_proof(pk - 1) for pk in asked], len(asked))


if __name__ == "__main__":
    print(json.dumps(measure_tables(Path(sys.argv[1]), int(sys.argv[2]))))
