"""The file of results: per group what was measured last, with its moment, machine and commit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openregie.lab.errors import BenchFailed

VERSION = 1


def read(path: Path) -> dict[str, dict[str, Any]]:
    """Groups by name; none when there is no file yet. Raises BenchFailed."""
    if not path.exists():
        return {}
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["v"] == VERSION:
            return {group["group"]: group for group in told["groups"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BenchFailed(f"{path}: is no file of results; remove it and measure anew") from error
    raise BenchFailed(f"{path}: is of another version; remove it and measure anew")


def write(path: Path, groups: Mapping[str, Mapping[str, Any]]) -> None:
    """Replace the file in one step, one line per row so that a change can be reviewed."""
    waiting = path.with_suffix(".tmp")
    waiting.write_text(_text(groups), encoding="utf-8")
    waiting.replace(path)


def _text(groups: Mapping[str, Mapping[str, Any]]) -> str:
    told = []
    for group in groups.values():
        head = json.dumps({name: value for name, value in group.items() if name != "rows"})
        rows = ",\n  ".join(json.dumps(row, sort_keys=True) for row in group["rows"])
        told.append(f'{head[:-1]}, "rows": [\n  {rows}\n]}}')
    return f'{{"v": {VERSION}, "groups": [\n' + ",\n".join(told) + "\n]}\n"
