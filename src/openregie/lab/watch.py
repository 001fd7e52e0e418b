"""Starts a run when a browser sent something, and takes its hand-over in."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from datetime import date, datetime
from pathlib import Path

from openregie.envelope import custody, custody_agent, handover
from openregie.envelope.shares import Lock
from openregie.lab.demo import no_network

_log = logging.getLogger("openregie.watch")
RETURN_STREAMS = ("keys", "corrections", "objections", "shown")
PAUSE_SECONDS = 1.0


def waiting(directory: Path, seen: frozenset[Path]) -> frozenset[Path]:
    """Return every sealed return in the inbox that asks for a run and is not in `seen`.

    `shown` asks for none: that a message was seen can wait until the night.
    """
    inbox = directory / "inbox"
    found = (f for s in RETURN_STREAMS if s != "shown" for f in (inbox / s).glob("*.return"))
    return frozenset(found) - seen


def watch(
    directory: Path, content: Path, *, on: date, ending: threading.Event, quiet: bool
) -> None:
    """Run, in a process of its own, for what is new in the inbox, until `ending` is set.

    What was there when the last hand-over was finished has been seen by a run.
    """
    newest = directory / "handover" / str(handover.newest(directory / "handover"))
    since = (newest / handover.MANIFEST).stat().st_mtime if newest.is_dir() else 0.0
    seen = frozenset(f for f in waiting(directory, frozenset()) if f.stat().st_mtime < since)
    while not ending.wait(PAUSE_SECONDS):
        new = waiting(directory, seen)
        today = max(
            on, datetime.now().astimezone().date()
        )  # what a browser sends today waits for a run of today
        if (
            new
            and can_run(directory)
            and run_and_take_in(directory, content, on=today, quiet=quiet)
        ):
            seen |= new


def can_run(directory: Path) -> bool:
    """Whether a run would find its keys: plain, or held by who was given two shares."""
    return not custody.is_locked(directory) or custody_agent.is_held(directory, Lock.RUN)


def run_and_take_in(directory: Path, content: Path, *, on: date, quiet: bool) -> bool:
    """Run blind, then take the result in, each in its own process. False: try again later."""
    our = [sys.executable, "-m", "openregie.cli"]
    place = ["--dir", str(directory)]
    run = [*no_network(), *our, "run", *place, "--content", str(content), "--on", on.isoformat()]
    for step in ([*run, "--quiet"] if quiet else run, [*our, "take-in", *place]):
        done = subprocess.run(  # noqa: S603 - our own command, our own arguments
            step, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            _log.warning("a step of the run ended with code %d; it is tried again", done.returncode)
            return False
    return True
