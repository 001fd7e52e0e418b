"""Takes deliveries and returns out of the inbox when the term of their stream ends."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from openregie.blind.streams.inbox import list_kept
from openregie.blind.streams.stream import Stream
from openregie.policy.keeping import Ended, Terms

TOMBSTONE = ".gone"


def sweep(
    inbox: Path, streams: Iterable[Stream], terms: Terms, *, on: date, dry: bool = False
) -> list[Ended]:
    """Remove every delivery and return past its stream's term on a day; leave a tombstone.

    A delivery's term counts from the day it was delivered; rows whose own term ends earlier are
    not read any more from that day. A return tells its day only to the run: its term counts from
    the day it was laid in the inbox. The tombstone beside a delivery holds stream, days and size,
    nothing of what was in it. Files are removed, not overwritten. `dry` removes nothing.
    """
    ended: list[Ended] = []
    for stream in streams:
        oldest_on = _days_before(on, stream.retention_days)
        why = f"term of {stream.retention_days} days, content/streams/{stream.name}.yaml"
        folder = inbox / stream.name
        if stream.sealed_return:
            past = [f for f in sorted(folder.glob("*.return")) if laid_on(f) < oldest_on]
            ended += _take(f"returns of {stream.name}", past, why, dry=dry)
        else:
            if not dry:
                _finish(folder)
            ended += _deliveries(inbox, stream, oldest_on, why, on=on, dry=dry)
        graves = [
            file
            for file in sorted(folder.glob(f"*{TOMBSTONE}"))
            if _removed_on(file) < _days_before(on, terms.days["tombstones"])
        ]
        ended += _take("tombstones", graves, "term `tombstones`", dry=dry)
    return ended


def unfinished(folders: Iterable[Path], terms: Terms, *, on: date, dry: bool) -> list[Ended]:
    """Remove what a killed process left half written; a process that still writes is younger."""
    oldest_on = _days_before(on, terms.days["unfinished"])
    left = [
        file
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.suffix in (".part", ".tmp") and file.is_file() and laid_on(file) < oldest_on
    ]
    return list(_take("unfinished files", left, "term `unfinished`", dry=dry))


def _take(what: str, files: list[Path], why: str, *, dry: bool) -> Iterator[Ended]:
    if not files:
        return
    size = sum(file.stat().st_size for file in files)
    if not dry:
        for file in files:
            file.unlink(missing_ok=True)
    yield Ended(what, len(files), size, why)


def _deliveries(
    inbox: Path, stream: Stream, oldest_on: date, why: str, *, on: date, dry: bool
) -> Iterator[Ended]:
    folder = inbox / stream.name
    past = _past(inbox, stream, oldest_on)
    if not past:
        return
    size = sum(_size(folder, stem) for stem, _ in past)
    if not dry:
        for stem, delivered_on in past:
            _bury(folder, stem, stream, delivered_on=delivered_on, on=on)
    yield Ended(f"deliveries of {stream.name}", len(past), size, why)


def _past(inbox: Path, stream: Stream, oldest_on: date) -> list[tuple[str, date]]:
    """Deliveries past their term; one whose manifest cannot be read counts from its file's day."""
    kept, refused = list_kept(inbox, stream.name)
    days = [(one.manifest.delivery_id, one.manifest.delivered_on) for one in kept]
    days += [(stem, laid_on(inbox / stream.name / f"{stem}.json")) for stem in sorted(refused)]
    return [(stem, day) for stem, day in days if day < oldest_on]


def _bury(folder: Path, stem: str, stream: Stream, *, delivered_on: date, on: date) -> None:
    """Tombstone first, then the manifest (the delivery is no more), then the file."""
    told = {
        "v": 1,
        "stream": stream.name,
        "delivered_on": delivered_on.isoformat(),
        "removed_on": on.isoformat(),
        "bytes": _size(folder, stem),
    }
    (folder / f"{stem}{TOMBSTONE}").write_text(json.dumps(told) + "\n", encoding="utf-8")
    (folder / f"{stem}.json").unlink(missing_ok=True)
    (folder / f"{stem}.age").unlink(missing_ok=True)


def _size(folder: Path, stem: str) -> int:
    file = folder / f"{stem}.age"
    return file.stat().st_size if file.exists() else 0


def _finish(folder: Path) -> None:
    """Remove files that an interrupted sweep left beside their tombstone."""
    for tombstone in sorted(folder.glob(f"*{TOMBSTONE}")):
        if not tombstone.with_suffix(".json").exists():
            tombstone.with_suffix(".age").unlink(missing_ok=True)


def _removed_on(tombstone: Path) -> date:
    try:
        return date.fromisoformat(json.loads(tombstone.read_bytes())["removed_on"])
    except (ValueError, KeyError, TypeError):
        return laid_on(tombstone)


def laid_on(file: Path) -> date:
    """The day a file was written."""
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).date()


def _days_before(on: date, days: int) -> date:
    return on - timedelta(days=min(days, (on - date.min).days))
