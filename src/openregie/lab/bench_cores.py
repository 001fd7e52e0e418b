"""Sealing on every core, as the run does it, beside bare HPKE on every core and on one.

The ratio that counts is the one to bare HPKE on as many cores: the one beside a single core would
flatter. Ours holds all that the run does: items to the processes, signature, padding, HPKE, the
line of JSON, and the lines back. Canonical JSON is not in it, for the run writes it once, earlier,
for the item's id; the group `seal` measures sealing with it, on one core.
"""

from __future__ import annotations

import os
from functools import partial

from openregie.blind.sealers import Lock, Open, seal_items
from openregie.cores import Cores
from openregie.envelope import frame, jcs
from openregie.envelope.custody import RunKeys, new_run
from openregie.envelope.item import Header
from openregie.envelope.keys import PrivateKey, PublicKey
from openregie.envelope.suites import S1
from openregie.lab.bench_figure import Figure, Peer, Scene, Target, in_turns
from openregie.lab.bench_sealing import INFO_BYTES, MAILBOX, an_item
from openregie.lab.bench_tenant import TENANT

ITEMS = 20_000


def measure(scene: Scene) -> list[Figure]:
    """Items sealed per second by all cores together, in the default suite."""
    keys, resident = new_run(TENANT, os.urandom), PrivateKey.generate(S1)
    contents = [jcs.canonical(an_item(number)) for number in range(ITEMS)]
    length = frame.bucket_for(len(contents[0]))
    said = resident.public.to_json()
    lock = Lock(S1.name, said["kid"], said["publicKey"])
    bare = partial(_bare, resident.public.raw, length)
    with Cores(few=0) as cores, Cores(1) as one:
        work = partial(_ours, keys, lock, contents, cores)
        work()  # starts the processes
        runs, everywhere = in_turns(
            work, lambda: list(cores.map(bare, range(ITEMS))), amount=ITEMS, runs=scene.runs(5)
        )
        _, alone = in_turns(
            lambda: None, lambda: list(one.map(bare, range(ITEMS))), amount=ITEMS, runs=len(runs)
        )
        count = cores.processes
    what = (
        f"items sealed on {count} cores, from canonical JSON to line: signature, {length} B, HPKE"
    )
    peers = (
        Peer(f"HPKE of `cryptography` alone, {count} cores", everywhere),
        Peer("HPKE of `cryptography` alone, 1 core", alone),
    )
    return [Figure("seal-cores", what, "items/s", runs, peers, Target(at_least=0.6, of="ratio"))]


def _ours(keys: RunKeys, lock: Lock, contents: list[bytes], cores: Cores) -> None:
    given = (
        Open(content, Header(TENANT, MAILBOX, number, "2026-11-01"), lock)
        for number, content in enumerate(contents, start=1)
    )
    for _ in seal_items(keys, given, cores):
        pass


def _bare(raw: bytes, length: int, numbers: list[int]) -> list[None]:
    """Seal that many texts of zeros; nothing is sent back."""
    key, plaintext, info = PublicKey.from_bytes(S1, raw), bytes(length), bytes(INFO_BYTES)
    for _ in numbers:
        S1.hpke.encrypt(plaintext, key.handle, info)
    return [None] * len(numbers)
