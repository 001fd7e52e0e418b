"""Which format a delivery has, judged by its bytes alone: names can lie."""

from __future__ import annotations

from openregie.blind.streams.brp_testset import looks_like_testset, read_testset
from openregie.blind.streams.csv_file import read_csv
from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.json_file import looks_like_json, read_json
from openregie.blind.streams.limits import MAX_FILE_BYTES
from openregie.blind.streams.parquet_file import read_parquet
from openregie.blind.streams.parquet_pages import MAGIC
from openregie.blind.streams.raw import RawDelivery
from openregie.blind.streams.stream import BRP_TESTSET, Stream
from openregie.envelope import age

_ARMORED_AGE = b"-----BEGIN AGE ENCRYPTED FILE-----"
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!")
_OFFICE = b"\xd0\xcf\x11\xe0"


def is_lines(head: bytes) -> bool:
    """Whether a file with this head is read line by line; the other formats have their own size."""
    others = (MAGIC, *_ARCHIVES, _OFFICE)
    return not head.startswith(others) and not age.is_age(head) and not looks_like_json(head[:4096])


def parse(data: bytes, stream: Stream) -> RawDelivery:
    """Every row of a plain delivery as text. Raises DeliveryRefused with every reason."""
    if len(data) > MAX_FILE_BYTES:
        raise DeliveryRefused((f"file: larger than {MAX_FILE_BYTES} bytes; split it",))
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        raise DeliveryRefused(("file: empty; send a header line even when there are no rows",))
    if data.startswith(_ARMORED_AGE):
        raise DeliveryRefused(("file: an armored age file; encrypt it without --armor",))
    if age.is_age(data):
        raise DeliveryRefused(("file: encrypted twice; encrypt it once",))
    if data.startswith((*_ARCHIVES, _OFFICE)):
        reason = "file: an archive or a spreadsheet; send CSV in UTF-8, JSON Lines or Parquet"
        raise DeliveryRefused((reason,))
    if data.startswith(MAGIC):
        return read_parquet(data, stream)
    if looks_like_json(data[:4096]):
        return read_json(data, stream)
    if BRP_TESTSET in stream.adapters and looks_like_testset(data):
        return read_testset(data, stream)
    return read_csv(data, stream)
