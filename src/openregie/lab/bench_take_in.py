"""Taking in a hand-over: how fast, how long each chunk holds the database, how long others wait."""

from __future__ import annotations

import json
import random
import select
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

from openregie.envelope import custody, handover
from openregie.envelope.base64url import encode
from openregie.envelope.suites import SignatureAlgorithm
from openregie.lab.bench_figure import Figure, Scene
from openregie.lab.bench_process import spend
from openregie.lab.bench_tenant import TENANT, make_folder

RESIDENTS = 1_000
ITEMS = 10
LARGE = 3_000
"""So many items lie in one mailbox: it too must leave the database to others."""
RUNS = 3
SEED = 7
DAY = date(2026, 11, 1)
BUCKET = 1024
OVERHEAD = 48
_WRITES_APART_SECONDS = 0.003
_HUNDREDTHS = 100


def measure(scene: Scene) -> list[Figure]:
    """Figures of the intake, each run in a process and a folder of its own."""
    told = []
    runs = scene.runs(RUNS)
    for turn in range(runs):
        folder = make_folder(scene.folder / f"take-in-{turn}", seed=SEED)
        told.append(json.loads(spend("openregie.lab.bench_take_in", [str(folder)]).output))
        scene.progress("take in", turn + 1, runs)
    lines = (
        f"{RESIDENTS} mailboxes of {ITEMS} items and one of {LARGE}, then a second run that "
        "replaces them, while another process writes"
    )
    chunk = "database time of one transaction of it (its processor time and its commit)"

    def all_of(name: str) -> tuple[float, ...]:
        return tuple(one[name] for one in told)

    return [
        Figure("take-in", f"items taken in: {lines}", "items/s", all_of("rate")),
        Figure("take-in-longest", f"longest {chunk}", "ms", all_of("longest")),
        Figure("take-in-p99", f"99th percentile of {chunk}", "ms", all_of("p99")),
        Figure(
            "take-in-held",
            "99th percentile of how long a transaction of it held the database, other work of "
            "the machine included",
            "ms",
            all_of("held"),
        ),
        Figure("take-in-wait", "longest wait of the other process", "ms", all_of("wait")),
    ]


def measure_intake(folder: Path) -> dict[str, float]:
    """Two hand-overs taken in, beside a process that writes. One tenant a process."""
    from openregie.sealed.web.setup import prepare  # noqa: PLC0415 - Django only where it is used

    prepare(folder)
    from openregie.sealed.vault.actions import Vault  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.intake.actions import take_in  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.intake.pace import Pace  # noqa: PLC0415 - after prepare

    mailboxes = _enrol()
    folders = [_hand_over(folder, number, mailboxes) for number in (1, 2)]
    other = subprocess.Popen(  # noqa: S603 - our own module, our own arguments
        [sys.executable, "-m", "openregie.lab.bench_take_in", "write", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None  # noqa: S101 - we asked for a pipe
    other.stdout.readline()
    pace, items = Pace(), 0
    started = time.perf_counter()
    for one in folders:
        items += take_in(
            Vault(TENANT, folder), one, clock=lambda: datetime.now(UTC), pace=pace
        ).items_added
    seconds = time.perf_counter() - started
    waited, _ = other.communicate("stop\n")
    return {
        "rate": items / seconds,
        "longest": 1000 * max(pace.own),
        "p99": 1000 * quantiles(pace.own, n=_HUNDREDTHS)[-1],
        "held": 1000 * quantiles(pace.held, n=_HUNDREDTHS)[-1],
        "wait": float(waited),
    }


def _enrol() -> list[str]:
    from openregie.sealed.vault.models import KeyEpoch, Resident  # noqa: PLC0415 - after prepare

    draw = random.Random(SEED)  # noqa: S311 - nothing secret: made-up mailboxes
    mailboxes = [encode(draw.randbytes(32)) for _ in range(RESIDENTS + 1)]
    Resident.objects.bulk_create(
        Resident(mailbox=one, state=Resident.State.ENROLLED, epoch=1) for one in mailboxes
    )
    KeyEpoch.objects.bulk_create(
        KeyEpoch(
            resident_id=one,
            epoch=1,
            suite="s1",
            compartments={"money": {"kid": "A" * 16}},
            signing_key="",
            added_on=DAY,
        )
        for one in mailboxes
    )
    return mailboxes


def _hand_over(folder: Path, number: int, mailboxes: list[str]) -> Path:
    """A hand-over as large as real ones: ciphertext of the usual length, which nobody opens."""
    draw = random.Random(number)  # noqa: S311 - nothing secret: it stands for ciphertext

    def sealed(mailbox: str, seq: int) -> dict[str, Any]:
        outside = {"v": 1, "tenant": TENANT, "mailbox": mailbox, "seq": seq, "day": DAY.isoformat()}
        blob = encode(draw.randbytes(BUCKET + OVERHEAD))
        return {**outside, "suite": "s1", "kid": "A" * 16, "bucket": BUCKET, "blob": blob}

    def items() -> Iterator[bytes]:
        for place, mailbox in enumerate(mailboxes):
            amount = ITEMS if place else LARGE
            for seq in range((number - 1) * amount + 1, number * amount + 1):
                if number > 1:
                    yield _line({"op": "remove", "mailbox": mailbox, "seq": seq - amount})
                yield _line({"op": "add", "sealed": sealed(mailbox, seq)})

    def events() -> Iterator[bytes]:
        for one in mailboxes:
            said = {"mailbox": one, "chain": "run", "seq": number, "type": "items.sealed"}
            commit = draw.randbytes(32).hex()
            yield _line({**said, "commit": commit, "sealed": sealed(one, number)})

    def relations() -> Iterator[bytes]:
        for one in mailboxes:
            due = {"household": "00", "adults": 1, "epochDueOn": "2027-01-01"}
            yield _line({"mailbox": one, **due})

    return handover.finish(
        handover.write(
            folder / "handover",
            {"items.jsonl": items(), "events.jsonl": events(), "relations.jsonl": relations()},
            tenant=TENANT,
            number=number,
            day=DAY.isoformat(),
            run="00",
            signer=custody.load_run(folder).signers[SignatureAlgorithm.ED25519],
        )
    )


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode()


def write_beside(folder: Path) -> float:
    """Write small rows, one a transaction, until told to stop; the longest wait for a turn, ms."""
    longest = 0.0
    database = sqlite3.connect(folder / "sealed" / "db.sqlite3", timeout=20, isolation_level=None)
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE beside (said TEXT)")
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], _WRITES_APART_SECONDS)[0]:
        asked = time.perf_counter()
        database.execute("BEGIN IMMEDIATE")
        longest = max(longest, time.perf_counter() - asked)
        database.execute("INSERT INTO beside VALUES ('x')")
        database.execute("COMMIT")
    return 1000 * longest


if __name__ == "__main__":
    if sys.argv[1] == "write":
        print(write_beside(Path(sys.argv[2])))
    else:
        print(json.dumps(measure_intake(Path(sys.argv[1]))))
