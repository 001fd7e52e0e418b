"""A made-up municipality's folder to measure in, and processes of our own that work in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openregie.envelope import custody
from openregie.lab.demo import seeded
from openregie.lab.errors import BenchFailed

TENANT = "lindestad"
TEAMS = ("debt_help",)
SETTINGS = {
    "v": 1,
    "tenant": TENANT,
    "name": "Gemeente Lindestad",
    "synthetic": True,
    "development": True,
}


def make_folder(folder: Path, *, seed: int, sources: Iterable[str] = ()) -> Path:
    """Keys and settings of a synthetic municipality; `sources` are the kinds that deliver."""
    folder.mkdir(parents=True)
    custody.create(
        folder,
        tenant=TENANT,
        teams=TEAMS,
        sources=sorted(set(sources)),
        random_bytes=seeded(seed, "bench"),
    )
    (folder / "openregie.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    (folder / "sealed").mkdir(mode=0o700)
    return folder


@dataclass(frozen=True, slots=True)
class Spent:
    """What one process took. `peak_mb` is its largest resident set."""

    seconds: float
    peak_mb: float
    output: str


def spend(module: str, arguments: Sequence[str]) -> Spent:
    """Run a module of ours in a process of its own; its time and memory. Raises BenchFailed."""
    with tempfile.TemporaryFile() as out:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own module, our own arguments
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise BenchFailed(f"`{module}` ended with code {process.returncode}; run it by itself")
        out.seek(0)
        return Spent(seconds, usage.ru_maxrss / 1024, out.read().decode("utf-8"))
