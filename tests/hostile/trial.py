"""Asks a worker process to try deliveries, and judges how each ended."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from hostile.delivery import CANARIES, HARMLESS, QUARANTINED, REFUSED

ROOT = Path(__file__).parents[2]
MAX_PEAK_BYTES = 512 * 1024**2
SECONDS = 30
_FAULT_CODE = 70
_CODES = {REFUSED: {0, 3}, QUARANTINED: {0}, HARMLESS: {0}}


@dataclass(frozen=True)
class Ended:
    """What became of one delivery: `messages` are all that anybody was told."""

    how: str
    message: str
    lost: int
    leaked: tuple[str, ...]
    stray: tuple[str, ...]
    code: int
    peak: int
    fault: str


class Trial:
    """One worker; a new one when a delivery has killed it."""

    def __init__(self):
        self._worker = None

    def attempt(self, case):
        if self._worker is None or self._worker.poll() is not None:
            self._worker = self._start()
        self._worker.stdin.write(case.name + "\n")
        self._worker.stdin.flush()
        line = self._worker.stdout.readline()
        if not line:
            return _faulty(f"the process died with {self._worker.wait()}")
        return _judge(case, json.loads(line))

    def close(self):
        if self._worker is not None:
            self._worker.stdin.close()
            self._worker.stdout.close()
            self._worker.wait(SECONDS)

    @staticmethod
    def _start():
        paths = [str(ROOT / "src"), str(ROOT / "tests")]
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "hostile.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )


def _faulty(fault):
    return Ended("fault", "", 0, (), (), _FAULT_CODE, 0, fault)


def _judge(case, told):
    if "fault" in told:
        return _faulty(told["fault"])
    files = told["report"]["files"]
    count = {
        name: sum(file[name] for file in files)
        for name in ("rows", "accepted", "quarantined", "expired", "superseded")
    }
    messages = [
        *(line.strip().removeprefix("- ") for line in told["said"].splitlines()),
        *told["reasons"],
        *(reason for file in files for reason in file["refused"]),
    ]
    refused = told["exit"] != 0 or any(file["refused"] for file in files)
    kept = count["rows"] == case.rows and not refused
    if refused:
        how, lost = REFUSED, count["rows"]
    else:
        lost = case.rows - count["accepted"] - count["quarantined"] - count["superseded"]
        expected = case.ends == QUARANTINED and count["quarantined"] == case.waits
        how = QUARANTINED if kept and expected else HARMLESS if kept else "lost"
    everything = json.dumps([told["said"], told["reasons"], told["report"], told["logged"]])
    return Ended(
        how=how,
        message=next((m for m in messages if m and re.search(case.says, m)), ""),
        lost=lost,
        leaked=tuple(canary for canary in CANARIES if canary in everything.lower()),
        stray=tuple(told["stray"]),
        code=told["exit"],
        peak=told["peak"],
        fault="" if told["exit"] in _CODES[case.ends] else f"exit code {told['exit']}",
    )
