"""Where the product's own folders are: content/ and browser/, beside the source or as told."""

from __future__ import annotations

import os
from pathlib import Path

from openregie.cli.outcome import Exit, Stop

ROOT = Path(__file__).resolve().parents[3]


def content_directory() -> Path:
    """Return content/. Raises `Stop` when it is nowhere."""
    return _place("content", "OPENREGIE_CONTENT")


def browser_directory() -> Path:
    """Return browser/. Raises `Stop` when it is nowhere."""
    return _place("browser", "OPENREGIE_BROWSER")


def _place(name: str, variable: str) -> Path:
    told = os.environ.get(variable)
    place = Path(told) if told else ROOT / name
    if not place.is_dir():
        raise Stop(
            f"folder `{name}/` was not found",
            remedy=f"run from a checkout, or set {variable} to where it is",
            code=Exit.NOT_READY,
        )
    return place
