"""The gate before the keys: does the log name what runs here? See docs/specs/release.md."""

from __future__ import annotations

import json
from pathlib import Path

import click

from openregie.cli.outcome import Stop
from openregie.envelope import custody
from openregie.logbook import released
from openregie.logbook.checkpoint import LogVerifier
from openregie.logbook.errors import LogbookError
from openregie.release_digest import Release

unlogged_option = click.option(
    "--unlogged",
    is_flag=True,
    help="Open the keys for a release that the log does not name. The receipt and the log say so.",
)


def demand_logged(directory: Path, release: Release, *, unlogged: bool) -> bool:
    """Whether the log names this release; where keys are locked it must, unless `unlogged`.

    INVARIANT: asked before a share is read or a key is given. Raises CustodyError; `Stop`.
    """
    reason = _why_not(directory, release)
    if reason and custody.is_locked(directory) and not unlogged:
        raise Stop(
            f"release {release.digest}: {reason}; no key was opened",
            remedy=f"compare it (docs/custody.md), then: openregie log release --dir {directory}",
        )
    return not reason


def _why_not(directory: Path, release: Release) -> str:
    """Why the log does not show this release; empty when it does. Raises CustodyError."""
    file = directory / "public" / released.FILE
    origin, key = custody.load_log_public(directory)
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        named = released.verify_released(told, log=LogVerifier(origin, key.raw))
    except FileNotFoundError:
        return "the log names no release yet"
    except LogbookError as error:
        return f"public/{released.FILE} proves nothing ({error})"
    except (OSError, ValueError, RecursionError):
        return f"public/{released.FILE} cannot be read"
    return "" if named == release else f"the log names another one, {named.digest}"
