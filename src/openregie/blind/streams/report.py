"""What reading found: counts per file and warnings, never a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileReport:
    """One delivery. Every row is accepted, quarantined, expired, superseded or marked as paid.

    `refused` holds the reasons when the file was refused whole in the run; then all counts are 0.
    """

    stream: str
    delivery_id: str
    supplier_oin: str
    format: str
    encoding: str
    rows: int
    accepted: int
    quarantined: int
    expired: int
    superseded: int
    dropped: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    marked: int = 0

    def to_json(self) -> dict[str, object]:
        """For the receipt and `--json`."""
        return {
            "stream": self.stream,
            "deliveryId": self.delivery_id,
            "supplierOin": self.supplier_oin,
            "format": self.format,
            "encoding": self.encoding,
            "rows": self.rows,
            "accepted": self.accepted,
            "quarantined": self.quarantined,
            "expired": self.expired,
            "superseded": self.superseded,
            "marked": self.marked,
            "dropped": list(self.dropped),
            "refused": list(self.refused),
        }


def refused_file(
    stream: str, delivery_id: str, supplier_oin: str, reasons: tuple[str, ...]
) -> FileReport:
    """The report of a file that was refused whole."""
    return FileReport(stream, delivery_id, supplier_oin, "", "", 0, 0, 0, 0, 0, (), reasons)


@dataclass(frozen=True, slots=True)
class ReadReport:
    """All deliveries that counted, in the order of stream and delivery, and what to mind."""

    files: tuple[FileReport, ...]
    warnings: tuple[str, ...]

    def rows_of(self, stream: str) -> int:
        """Accepted records of one stream."""
        return sum(file.accepted for file in self.files if file.stream == stream)

    def to_json(self) -> dict[str, object]:
        """For the receipt and `--json`."""
        return {
            "files": [file.to_json() for file in self.files],
            "warnings": list(self.warnings),
        }
