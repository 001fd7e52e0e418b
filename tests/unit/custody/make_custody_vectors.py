"""Makes vectors/custody/: fixed keys, their shares in lines, and a locked file. Made once, kept."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from openregie.envelope import custody, custody_locked, shares
from openregie.envelope.custody_locked import Contents, Earlier
from openregie.envelope.shares import Lock

VECTORS = Path(__file__).parents[3] / "vectors" / "custody"
ON = date(2026, 11, 24)


def make() -> dict[str, Any]:
    draw = random.Random("openregie custody vectors").randbytes
    keys = {lock: draw(shares.KEY_BYTES) for lock in Lock}
    before, now = custody.new_run("lindestad", draw), custody.new_run("lindestad", draw)
    earlier = Earlier(ON + timedelta(days=90), tuple(before.kem.values()), before.age_identity)
    contents = Contents(now, draw(32), (earlier,))
    locked = custody_locked.close(contents, keys, made_on=ON, shares=3, random_bytes=draw)
    made = {
        lock: shares.split_key(
            keys[lock], lock=lock, tenant="lindestad", shares=3, random_bytes=draw
        )
        for lock in Lock
    }
    wrong = list(shares.to_lines(made[Lock.RUN][0]))
    swapped = [wrong[1], wrong[0], *wrong[2:]]
    mixed = [*wrong[:3], *shares.to_lines(made[Lock.RUN][1])[3:]]
    typo = [*wrong[:2], wrong[2][:-1] + ("0" if wrong[2][-1] != "0" else "1"), *wrong[3:]]
    return {
        "about": "docs/specs/custody.md: two of three shares of each lock open `locked`",
        "tenant": "lindestad",
        "keys": {lock.value: keys[lock].hex() for lock in Lock},
        "shares": [
            {"lock": lock.value, "number": s.number, "lines": list(shares.to_lines(s))}
            for lock in Lock
            for s in made[lock]
        ],
        "refused": [
            {"why": "line 1", "lines": swapped},
            {"why": "two different shares", "lines": mixed},
            {"why": "line 3", "lines": typo},
        ],
        "locked": locked.to_json(),
        "opened": {"run": contents.to_json(), "mailbox": contents.to_json()["secret"]},
    }


if __name__ == "__main__":
    VECTORS.mkdir(parents=True, exist_ok=True)
    text = json.dumps(make(), indent=1, sort_keys=True) + "\n"
    (VECTORS / "shares.json").write_text(text, encoding="utf-8")
