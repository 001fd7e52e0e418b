"""What a process of its own takes: time, processor and memory, the same for ours and for peers."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openregie.lab import bench_launch
from openregie.lab.errors import BenchFailed


@dataclass(frozen=True, slots=True)
class Spent:
    """What one process took, with those it waited for. `peak_mb` is the largest resident set."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    output: str


def spend(module: str, arguments: Sequence[str]) -> Spent:
    """Run a module of ours in a process of its own. Raises BenchFailed."""
    return spend_command([sys.executable, "-m", module, *arguments], name=module)


def spend_command(command: Sequence[str], *, name: str) -> Spent:
    """Run a command, given by its whole path, in a process of its own. Raises BenchFailed."""
    with tempfile.TemporaryDirectory(prefix="openregie-spent-") as folder:
        usage, out = Path(folder) / "usage.json", Path(folder) / "out"
        launch = [sys.executable, "-I", "-S", str(bench_launch.__file__), str(usage)]
        with out.open("wb") as file:
            done = subprocess.run(  # noqa: S603 - our own commands, our own arguments
                [*launch, *command],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        if done.returncode:
            raise BenchFailed(f"`{name}` ended with code {done.returncode}; run it by itself")
        return Spent(
            **json.loads(usage.read_text(encoding="utf-8")),
            output=out.read_text(encoding="utf-8"),
        )
