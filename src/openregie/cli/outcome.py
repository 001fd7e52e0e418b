"""How a command ends: exit codes, and every error turned into one place, one reason, one remedy."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

import click


class Exit(IntEnum):
    """Exit codes of every `openregie` verb."""

    DONE = 0
    PROBLEMS = 1
    """The command ran and found problems: `check`, `log verify`."""
    USAGE = 2
    """The command was called wrongly (click's own code)."""
    REFUSED = 3
    """A delivery, key or hand-over was refused; nothing was changed."""
    NOT_READY = 4
    """A folder, key or package that is needed is missing; the message names the remedy."""
    BUSY = 5
    """Another run holds the folder; try again when it has ended."""
    FAULT = 70
    """A fault of Open Regie itself; running again is safe."""


EXIT_CODES_HELP = """\b
Exit codes: 0 done, 1 problems found, 2 wrong usage, 3 input refused (nothing
changed), 4 something needed is missing, 5 another run is busy, 70 internal fault."""


class Stop(click.ClickException):
    """End the command with a reason, a remedy and an exit code."""

    def __init__(self, message: str, *, remedy: str = "", code: Exit = Exit.REFUSED) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.exit_code = int(code)  # type: ignore[misc]  # click reads it from the instance

    def show(self, file: Any = None) -> None:
        """Write the reason and the remedy to standard error."""
        click.echo(f"openregie: {self.format_message()}", err=True, file=file)
        if self.remedy:
            click.echo(f"  what to do: {self.remedy}", err=True, file=file)


def report(told: Mapping[str, Any], *, as_json: bool, lines: str) -> None:
    """Print a result: JSON for machines on standard output, or lines for people."""
    if as_json:
        json.dump(told, sys.stdout, ensure_ascii=False, indent=2, sort_keys=True)
        sys.stdout.write("\n")
    else:
        click.echo(lines)
