"""The run's first stop: deliveries in force become typed tables; nothing is lost on the way."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import duckdb

from openregie.blind.streams.cells import literal, quoted
from openregie.blind.streams.conversion import Origin, convert, create_tables
from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.formats import parse
from openregie.blind.streams.inbox import Kept, list_kept, read_kept
from openregie.blind.streams.manifest import Manifest, judge_claims
from openregie.blind.streams.marks import apply_marks
from openregie.blind.streams.register import create_identities, create_register
from openregie.blind.streams.report import FileReport, ReadReport, refused_file
from openregie.blind.streams.returns import Opened, ReturnReader
from openregie.blind.streams.stream import Kind, Stream
from openregie.envelope import age
from openregie.envelope.custody import RunKeys
from openregie.envelope.errors import EnvelopeError
from openregie.envelope.keys import VerifyKey
from openregie.terms import Progress

STOP = "streams"


def read(
    con: duckdb.DuckDBPyConnection,
    *,
    inbox: Path,
    keys: RunKeys,
    log: tuple[str, VerifyKey],
    streams: Mapping[str, Stream],
    on: date,
    progress: Progress,
) -> ReadReport:
    """Create one table per stream, `quarantine`, `identities` and `register`.

    `keys` open deliveries and residents' returns; `log`, the log's origin and key, proves whose
    keys are known. What is dated after `on` does not count. A snapshot's source counts with its
    newest file, and with the one before when that cannot be read.
    """
    declared = [streams[name] for name in sorted(streams)]
    create_tables(con, declared)
    files: list[FileReport] = []
    warnings: list[str] = []
    delivered = [stream for stream in declared if not stream.sealed_return]
    pending = {stream.name: _in_force(inbox, stream, on, files, warnings) for stream in delivered}
    done, total = 0, sum(len(kept) for kept in pending.values())
    progress(STOP, 0, total)
    for stream in delivered:
        satisfied: set[str] = set()
        for kept in pending[stream.name]:
            if kept.manifest.supplier_oin not in satisfied:
                report = _read_one(con, kept, stream, identity=keys.age_identity, on=on)
                files.append(report)
                if stream.kind is Kind.SNAPSHOT and not report.refused:
                    satisfied.add(kept.manifest.supplier_oin)
            done += 1
            progress(STOP, done, total)
        files = _supersede(con, stream, pending[stream.name], files)
    for stream, opened in ReturnReader(keys=keys, log=log, on=on).read_all(inbox, declared):
        files.extend(_add_returns(con, stream, opened, on, warnings))
    files, minded = apply_marks(con, streams, files)
    warnings.extend(minded)
    create_identities(con, declared)
    files = create_register(con, streams, files)
    return ReadReport(tuple(sorted(files, key=_place)), tuple(warnings))


def _place(report: FileReport) -> tuple[str, str, str]:
    return (report.stream, report.supplier_oin, report.delivery_id)


def _in_force(
    inbox: Path, stream: Stream, on: date, files: list[FileReport], warnings: list[str]
) -> list[Kept]:
    """Deliveries of one stream to try: events oldest first, snapshots newest first per source."""
    kept, refused = list_kept(inbox, stream.name)
    files.extend(
        refused_file(stream.name, delivery_id, "", reasons)
        for delivery_id, reasons in sorted(refused.items())
    )
    oldest_on = _days_before(on, stream.retention_days)
    kept = [one for one in kept if oldest_on <= one.manifest.delivered_on <= on]
    for oin, theirs in groupby(sorted(kept, key=_source), key=lambda one: _source(one)[0]):
        newest = max(one.manifest.delivered_on for one in theirs)
        if newest < _days_before(on, stream.freshness_days):
            warnings.append(
                f"stream `{stream.name}`, source {oin}: newest delivery is of {newest}, older than "
                f"{stream.freshness_days} days; ask for a new one"
            )
    return kept if stream.kind is Kind.EVENTS else kept[::-1]


def _source(kept: Kept) -> tuple[str, tuple[str, int, str]]:
    return (kept.manifest.supplier_oin, kept.order)


def _days_before(on: date, days: int) -> date:
    return on - timedelta(days=min(days, (on - date.min).days))


def _read_one(
    con: duckdb.DuckDBPyConnection, kept: Kept, stream: Stream, *, identity: str, on: date
) -> FileReport:
    manifest = kept.manifest
    origin = Origin.of_file(
        delivery_id=manifest.delivery_id,
        supplier=manifest.supplier,
        supplier_oin=manifest.supplier_oin,
        delivered_on=manifest.delivered_on,
        oldest_on=_days_before(on, stream.retention_days),
    )
    try:
        raw = parse(_open(kept, stream, identity), stream)
    except DeliveryRefused as error:
        _quarantine_whole(con, manifest, error.reasons)
        return refused_file(stream.name, manifest.delivery_id, manifest.supplier_oin, error.reasons)
    counts = convert(con, stream, raw, origin)
    return FileReport(
        stream=stream.name,
        delivery_id=manifest.delivery_id,
        supplier_oin=manifest.supplier_oin,
        format=raw.format,
        encoding=raw.encoding,
        rows=raw.rows,
        accepted=counts.accepted,
        quarantined=counts.quarantined,
        expired=counts.expired,
        superseded=0,
        dropped=raw.dropped,
    )


def _open(kept: Kept, stream: Stream, identity: str) -> bytes:
    """The plain file. Raises DeliveryRefused; nothing of a broken file is ever used."""
    reasons = judge_claims(kept.manifest, stream)
    sealed = read_kept(kept)
    if kept.sealed_by_source and hashlib.sha256(sealed).hexdigest() != kept.manifest.sha256:
        reasons.append("file: changed since intake; deliver it again")
    if reasons:
        raise DeliveryRefused(tuple(reasons))
    try:
        data = age.decrypt(sealed, identity=identity)
    except EnvelopeError as error:
        reason = "file: does not open with the run's key, or was cut short; deliver it again"
        raise DeliveryRefused((reason,)) from error
    if not kept.sealed_by_source and hashlib.sha256(data).hexdigest() != kept.manifest.sha256:
        raise DeliveryRefused(("file: changed since intake; deliver it again",))
    return data


def _quarantine_whole(
    con: duckdb.DuckDBPyConnection, manifest: Manifest, reasons: tuple[str, ...]
) -> None:
    """Row number 0 stands for the whole file, so that its source hears of it."""
    con.execute(
        "INSERT INTO quarantine VALUES (?, ?, ?, 0, NULL, ?, NULL)",
        [manifest.delivery_id, manifest.stream, manifest.supplier_oin, "; ".join(reasons)],
    )


def _add_returns(
    con: duckdb.DuckDBPyConnection, stream: Stream, opened: Opened, on: date, warnings: list[str]
) -> list[FileReport]:
    """All returns of one stream as one file in the report."""
    if opened.refused:
        con.executemany(
            "INSERT INTO quarantine VALUES (?, ?, ?, 0, NULL, ?, ?)",
            [[r.return_id, stream.name, r.mailbox, r.reason, r.text] for r in opened.refused],
        )
    if opened.waiting:
        warnings.append(f"stream `{stream.name}`: {opened.waiting} returns are of a later day")
    rows = opened.raw.rows + len(opened.refused) + opened.repeated
    if not rows:
        return []
    counts = convert(
        con, stream, opened.raw, Origin.of_rows(_days_before(on, stream.retention_days))
    )
    return [
        FileReport(
            stream=stream.name,
            delivery_id="",
            supplier_oin="",
            format=opened.raw.format,
            encoding=opened.raw.encoding,
            rows=rows,
            accepted=counts.accepted,
            quarantined=counts.quarantined + len(opened.refused),
            expired=counts.expired,
            superseded=opened.repeated,
        )
    ]


def _supersede(
    con: duckdb.DuckDBPyConnection, stream: Stream, kept: list[Kept], files: list[FileReport]
) -> list[FileReport]:
    """Of an event delivered again by its source, the newest version counts."""
    if stream.kind is not Kind.EVENTS or len(kept) < 2:  # noqa: PLR2004 - one file replaces nothing
        return files
    order = ", ".join(
        f"({literal(one.manifest.delivery_id)}, {number})" for number, one in enumerate(kept)
    )
    table = quoted(stream.name)
    gone = con.execute(
        f"DELETE FROM {table} WHERE (record_id, delivery_id) IN (SELECT (record_id, delivery_id) "
        f"FROM {table} JOIN (VALUES {order}) AS newer(delivery_id, number) USING (delivery_id) "
        "QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY number DESC) > 1) "
        "RETURNING delivery_id"
    ).fetchall()
    lost: dict[str, int] = {}
    for (delivery_id,) in gone:
        lost[delivery_id] = lost.get(delivery_id, 0) + 1
    return [_fewer(file, stream.name, lost) for file in files]


def _fewer(file: FileReport, stream: str, lost: Mapping[str, int]) -> FileReport:
    number = lost.get(file.delivery_id, 0) if file.stream == stream else 0
    if not number:
        return file
    return dataclasses.replace(
        file, accepted=file.accepted - number, superseded=file.superseded + number
    )
