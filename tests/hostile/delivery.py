"""What a hostile delivery is: what it tries, how it must end, and the values it must not leak."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from unit.streams.deliveries import RENT, to_csv

REFUSED, QUARANTINED, HARMLESS = "refused", "quarantined", "harmless"

CANARIES = ("zeehond", "kanariepad", "777777777")
"""Planted in what is delivered; no message, log or page may ever show one of them."""

PLANTED = RENT | {
    "ID": "ZEEHOND-1",
    "client.Achternaam": "Zeehond",
    "client.Straatnaam": "Kanariepad",
}
GOOD = RENT | {"ID": "R-2"}


@dataclass(frozen=True)
class Place:
    """Where one delivery is tried: a tenant folder, and the supplier's own desk beside it."""

    directory: Path
    desk: Path
    file: Path
    manifest: dict[str, object]

    @property
    def inbox(self):
        return self.directory / "inbox"


@dataclass(frozen=True)
class Hostile:
    """One delivery. `says`: a fragment of the message.

    `rows` and `waits` are the data rows of the file and those that must wait in quarantine;
    HARMLESS ones keep every row. `lay` changes the supplier's desk (and may name another file),
    `spoil` changes the inbox afterwards. `sidecar` replaces the manifest file.
    """

    name: str
    tries: str
    ends: str
    says: str
    data: bytes | Callable[[], bytes] = b""
    stream: str = "rent_arrears"
    rows: int = 1
    waits: int = 1
    manifest: Mapping[str, object] = field(default_factory=dict)
    sidecar: bytes | None = None
    lay: Callable[[Place], Path | None] | None = None
    spoil: Callable[[Place], None] | None = None
    no_file: bool = False

    def bytes(self):
        return self.data() if callable(self.data) else self.data


def csv_of(*rows, **options):
    """The planted row and others as CSV."""
    return to_csv(list(rows) or [PLANTED], **options)


def with_cell(header, value):
    """One planted row with one hostile cell, and a good row that must come through."""
    return csv_of(PLANTED | {header: value}, GOOD)


def cell(name, tries, header, value, says):
    """A hostile cell costs its row, and no other."""
    return Hostile(name, tries, QUARANTINED, says, with_cell(header, value), rows=2)
