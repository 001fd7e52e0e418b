"""The demo: a synthetic municipality, linked blind, taken in, ready to be read."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from openregie.lab import personas
from openregie.lab.personas import Printed
from openregie.sealed.web.setup import prepare
from openregie.synth import deliveries, truth
from openregie.synth import personas as synthetic
from openregie.synth.municipality import make
from openregie.terms import Progress


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demo made: the run's receipt, and who can be played."""

    receipt: dict[str, Any]
    printed: tuple[Printed, ...]


def seeded(seed: int, purpose: str) -> Callable[[int], bytes]:
    """Return bytes that a seed repeats: for synthetic towns only, where nothing is secret."""
    return random.Random(f"openregie demo {purpose} {seed}").randbytes  # noqa: S311 - see above


def make_deliveries(
    directory: Path, *, residents: int, seed: int, on: date, progress: Progress
) -> list[Path]:
    """Make the municipality, its delivery files, its truth and its personas."""
    town = make(residents, seed=seed, on=on, progress=progress)
    delivered = deliveries.compose(town, seed=seed)
    files = deliveries.write(delivered, directory, progress=progress)
    truth.write(town, delivered, directory)
    synthetic.write(town, directory)
    return files


def enrol_personas(directory: Path, *, seed: int, on: date) -> tuple[Printed, ...]:
    """Enrol the three personas through the vault, so that the run finds their keys in its inbox."""
    prepare(directory)
    from openregie.sealed.vault.actions import Vault, enrol  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.tick.actions import tick  # noqa: PLC0415 - after prepare

    tenant = json.loads((directory / "openregie.json").read_text(encoding="utf-8"))["tenant"]
    vault = Vault(tenant, directory)

    def store(mailbox: Any, enrolment: Any, *, now: datetime) -> None:
        enrol(vault, mailbox, enrolment, now=now)

    now = datetime.now(UTC)
    printed = personas.enrol(
        directory, on=on, random_bytes=seeded(seed, "personas"), store=store, now=now
    )
    tick(vault, now=now)
    return printed


def run_apart(directory: Path, content: Path, *, on: date, quiet: bool) -> dict[str, Any]:
    """Run the blind path in a process of its own, as in production; return its receipt.

    The process gets no standard input and, where the system lets us, no network at all.
    """
    command = [sys.executable, "-m", "openregie.cli", "run", "--json"]
    command += ["--dir", str(directory), "--content", str(content), "--on", on.isoformat()]
    if quiet:
        command.append("--quiet")
    done = subprocess.run(  # noqa: S603 - our own command, our own arguments
        [*no_network(), *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False
    )
    if done.returncode:
        raise SystemExit(done.returncode)
    receipt: dict[str, Any] = json.loads(done.stdout)
    return receipt


def no_network() -> list[str]:
    """Return the words that start a process without a network; empty where not possible."""
    words = ["unshare", "--net", "--map-root-user"]
    try:
        tried = subprocess.run([*words, "true"], capture_output=True, check=False)  # noqa: S603 - fixed words
    except OSError:
        return []
    return words if tried.returncode == 0 else []


def take_in(directory: Path) -> int:
    """Take every finished hand-over into the sealed zone; return how many were new."""
    prepare(directory)
    from openregie.sealed.vault.actions import Vault  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.intake.actions import take_in_all  # noqa: PLC0415 - after prepare
    from openregie.sealed.vault.ledger import actions as ledger  # noqa: PLC0415 - after prepare

    tenant = json.loads((directory / "openregie.json").read_text(encoding="utf-8"))["tenant"]
    vault = Vault(tenant, directory)
    ledger.demand_newest(vault)
    taken = take_in_all(vault, clock=lambda: datetime.now(UTC))
    ledger.keep_head(vault, now=datetime.now(UTC))
    return len(taken)
