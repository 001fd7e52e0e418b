"""`openregie init`: a municipality's folder with every key it needs."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from openregie.cli import options
from openregie.cli.outcome import EXIT_CODES_HELP, Exit, Stop, report
from openregie.cli.tenant import SETTINGS, Tenant
from openregie.envelope import custody

TEAMS = ("debt_help",)
SOURCES = ("landlord", "energy_supplier", "water_company", "health_insurer", "municipality")
FOLDERS = ("deliveries", "inbox", "handover", "state", "sealed")
SHORT_NAME = re.compile(r"[a-z][a-z0-9-]{1,30}")


def make(
    directory: Path,
    settings: dict[str, Any],
    *,
    random_bytes: Callable[[int], bytes] = os.urandom,
) -> Tenant:
    """Make the folder, the keys and openregie.json; the last one marks that it is whole.

    Raises `Stop` when the folder holds keys already: keys are never overwritten.
    """
    if not SHORT_NAME.fullmatch(str(settings["tenant"])):
        raise Stop(
            "option --tenant: not a short name",
            remedy="use 2 to 31 small letters, digits or dashes, such as `lindestad`",
            code=Exit.USAGE,
        )
    if (directory / SETTINGS).exists() or (directory / "custody").exists():
        raise Stop(
            f"folder `{directory}`: holds a municipality already",
            remedy="choose another --dir, or remove the folder if its keys may be lost",
        )
    directory.mkdir(parents=True, exist_ok=True)
    custody.create(
        directory,
        tenant=settings["tenant"],
        teams=TEAMS,
        sources=SOURCES,
        random_bytes=random_bytes,
    )
    for name in FOLDERS:
        (directory / name).mkdir(exist_ok=True)
    (directory / "sealed").chmod(0o700)
    told = {"v": 1, **settings}
    (directory / SETTINGS).write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    return Tenant(directory, told)


@click.command("init", epilog=EXIT_CODES_HELP)
@options.directory
@click.option("--tenant", required=True, help="Short name, bound into every envelope: lindestad.")
@click.option("--name", required=True, help="Name as residents read it: 'Gemeente Lindestad'.")
@click.option("--theme", default="lindestad", show_default=True, help="Theme in content/themes.")
@options.as_json
def command(directory: Path, tenant: str, name: str, theme: str, as_json: bool) -> None:
    """Make a municipality's folder and its keys.

    Secrets go to DIR/custody (only you can read it), public halves to DIR/public. In production
    each file of custody goes to the party that may hold it: see docs/specs/envelope.md.
    """
    settings = {"tenant": tenant, "name": name, "theme": theme, "synthetic": False}
    made = make(directory, {**settings, "development": False})
    told = {"directory": str(directory), **made.settings, "teams": TEAMS, "sources": SOURCES}
    report(
        told,
        as_json=as_json,
        lines=f"{name}: folder and keys are in {directory}\n"
        f"  next: openregie custody split --fresh --dir {directory} --to A.share --to B.share\n"
        "        so that no one person opens what is linked (docs/custody.md)\n"
        f"  then: openregie deliver FILE --dir {directory}",
    )
