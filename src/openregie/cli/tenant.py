"""One municipality on disk: where its folders are, and what its openregie.json says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openregie.cli.outcome import Exit, Stop

SETTINGS = "openregie.json"


@dataclass(frozen=True, slots=True)
class Tenant:
    """A municipality's folder."""

    directory: Path
    settings: dict[str, Any]

    @property
    def id(self) -> str:
        """The short name that is bound into every envelope."""
        return str(self.settings["tenant"])

    @property
    def synthetic(self) -> bool:
        """Whether its residents were made up; only then may it run the demo's shortcuts."""
        return self.settings.get("synthetic") is True

    def path(self, *parts: str) -> Path:
        """Return a path below the folder."""
        return self.directory.joinpath(*parts)


def find(directory: Path) -> Tenant:
    """Open a municipality's folder.

    Raises `Stop` when the folder was never initialised.
    """
    file = directory / SETTINGS
    if not file.is_file():
        raise Stop(
            f"folder `{directory}`: no {SETTINGS} here",
            remedy=f"make one with: openregie init --dir {directory}",
            code=Exit.NOT_READY,
        )
    try:
        settings = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Stop(
            f"file `{file}`: not valid JSON",
            remedy="restore it from a backup, or correct the line that your editor marks",
            code=Exit.NOT_READY,
        ) from error
    return Tenant(directory, settings)
