"""The door: a delivery is accepted whole and sealed to the run, or refused with every reason."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from openregie.blind.streams import inbox as inbox_folder
from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.formats import is_lines, parse
from openregie.blind.streams.limits import MAX_FILE_BYTES, MAX_LINE_CHARS
from openregie.blind.streams.manifest import Manifest, judge_manifest, parse_manifest
from openregie.blind.streams.own_file import NotAFile, TooLarge, has_endless_line, read_own
from openregie.blind.streams.raw import RawDelivery
from openregie.blind.streams.stream import Stream
from openregie.envelope import age


@dataclass(frozen=True, slots=True)
class Accepted:
    """A delivery in the inbox.

    `rows` and `format` are None when the source encrypted the file: it is judged in the run.
    `known`: this very delivery was there already, nothing was added.
    """

    delivery_id: str
    stream: str
    supplier_oin: str
    file: Path
    known: bool
    rows: int | None
    format: str | None
    dropped: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """For `openregie deliver --json`."""
        return {
            "deliveryId": self.delivery_id,
            "stream": self.stream,
            "supplierOin": self.supplier_oin,
            "known": self.known,
            "rows": self.rows,
            "format": self.format,
            "dropped": list(self.dropped),
        }


def receive(
    file: Path,
    manifest: Manifest | Mapping[str, object],
    *,
    streams: Mapping[str, Stream],
    inbox: Path,
    run_recipient: str,
    today: date,
) -> Accepted:
    """Judge one file and keep it, encrypted to the run, as inbox/<stream>/<delivery_id>.age.

    `manifest` may be the JSON of <file>.delivery.json. The same file twice is one delivery.
    Raises DeliveryRefused with every reason, InboxUnusable.
    """
    if not isinstance(manifest, Manifest):
        manifest = parse_manifest(manifest)
    stream = _find_stream(manifest, streams)
    data = read_once(file)
    reasons = judge_manifest(manifest, stream, today=today)
    if hashlib.sha256(data).hexdigest() != manifest.sha256:
        reasons.append("file: its SHA-256 differs from the manifest's; send file and manifest anew")
    sealed_by_source = age.is_age(data)
    raw = None if sealed_by_source else _parse(data, stream, reasons)
    if reasons:
        raise DeliveryRefused(tuple(reasons))
    sealed = data if sealed_by_source else age.encrypt(data, to=run_recipient)
    kept, known_already = inbox_folder.keep(
        sealed, manifest, sealed_by_source=sealed_by_source, inbox=inbox
    )
    return Accepted(
        delivery_id=manifest.delivery_id,
        stream=stream.name,
        supplier_oin=manifest.supplier_oin,
        file=kept,
        known=known_already,
        rows=raw.rows if raw else None,
        format=raw.format if raw else None,
        dropped=raw.dropped if raw else (),
    )


def _find_stream(manifest: Manifest, streams: Mapping[str, Stream]) -> Stream:
    stream = streams.get(manifest.stream)
    if stream is None:
        known = ", ".join(sorted(name for name in streams if not streams[name].sealed_return))
        reason = f"manifest, `stream`: no stream is called so; declared are {known}"
        raise DeliveryRefused((reason,))
    if stream.sealed_return:
        reason = f"stream `{stream.name}`: comes from residents' browsers only, never as a file"
        raise DeliveryRefused((reason,))
    return stream


def read_once(file: Path) -> bytes:
    """The file's bytes, read one time only: it may change meanwhile. Raises DeliveryRefused."""
    try:
        return read_own(file, at_most=MAX_FILE_BYTES, judge=_refuse_endless_line)
    except NotAFile as error:
        reason = "file: a link, a pipe or a device, not a file of its own; send the file itself"
        raise DeliveryRefused((reason,)) from error
    except TooLarge as error:
        reason = f"file: larger than {MAX_FILE_BYTES} bytes; split it"
        raise DeliveryRefused((reason,)) from error
    except OSError as error:
        raise DeliveryRefused(("file: cannot be read; check path and rights",)) from error


def _refuse_endless_line(opened: BinaryIO) -> None:
    if has_endless_line(opened, at_most=MAX_LINE_CHARS, reads=is_lines):
        reason = f"file: a line is longer than {MAX_LINE_CHARS} bytes; is it a CSV file?"
        raise DeliveryRefused((reason,))


def _parse(data: bytes, stream: Stream, reasons: list[str]) -> RawDelivery | None:
    try:
        return parse(data, stream)
    except DeliveryRefused as error:
        reasons.extend(error.reasons)
        return None
