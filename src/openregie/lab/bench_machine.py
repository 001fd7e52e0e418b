"""On what was measured, and how busy it was: no figure means anything without it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

BUSY_SHARE = 0.5
"""Above this share of its processors' load before we began, the machine counts as busy."""
ENGINES = ("cryptography", "duckdb", "splink", "django", "rfc8785")


@dataclass(frozen=True, slots=True)
class Machine:
    """What the figures were measured on. Never its name or place."""

    processor: str
    processors: int
    memory_gb: float
    system: str
    python: str
    engines: tuple[str, ...]

    def lines(self) -> list[str]:
        """Say it in lines for people."""
        return [
            f"{self.processors} x {self.processor}, {self.memory_gb:.0f} GB, {self.system}",
            f"Python {self.python}; {', '.join(self.engines)}",
        ]


def look() -> Machine:
    """Describe this machine."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(
        _processor(),
        len(os.sched_getaffinity(0)),
        pages / 2**30,
        platform.system(),
        platform.python_version(),
        tuple(f"{name} {found}" for name in ENGINES if (found := _version(name))),
    )


def commit(content: Path) -> str:
    """Short name of the commit that this is, `+` when tracked files differ; else the version."""
    git = shutil.which("git")
    words = ["describe", "--always", "--dirty=+", "--exclude=*"]
    if git is None:
        return _version("openregie")
    told = subprocess.run(  # noqa: S603 - git, and a folder of ours
        [git, "-C", str(content), *words], capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or _version("openregie")


def load() -> float:
    """How many processes wanted a processor, on average over the last minute."""
    return os.getloadavg()[0]


def is_busy(before: float, processors: int) -> bool:
    """Whether others worked so much beforehand that the figures are lower bounds."""
    return before > BUSY_SHARE * processors


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in told.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
