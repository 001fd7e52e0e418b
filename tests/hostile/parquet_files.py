"""Hostile Parquet: footers and pages that lie, written byte by byte."""

import gzip
import io

import pyarrow as pa
import pyarrow.parquet as pq

from hostile.delivery import GOOD, PLANTED, QUARANTINED, REFUSED, Hostile
from unit.streams.deliveries import STREAMS

_BYTE_ARRAY, _UTF8, _PLAIN, _GZIP = 6, 0, 0, 2
_MB = 1024**2
REQUIRED = [column.header for column in STREAMS["rent_arrears"].columns if column.required]


def _varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _value(value):
    """Type and bytes of a value in Thrift's compact protocol: int i64, str, list, dict struct."""
    if isinstance(value, int):
        return 6, _varint((value << 1) ^ (value >> 63) if value >= 0 else ((-value) << 1) - 1)
    if isinstance(value, str):
        return 8, _varint(len(value.encode())) + value.encode()
    if isinstance(value, bytes):  # a list already written
        return 9, value
    if isinstance(value, list):
        kind = _value(value[0])[0]
        head = (
            bytes([len(value) << 4 | kind])
            if len(value) < 15
            else bytes([0xF0 | kind]) + (_varint(len(value)))
        )
        return 9, head + b"".join(_value(item)[1] for item in value)
    return 12, _struct(value)


class _I32(int):
    """A 32-bit number."""


def _struct(fields):
    out, last = b"", 0
    for number, value in sorted(fields.items()):
        kind, data = _value(value)
        if isinstance(value, _I32):
            kind = 5
        out += bytes([number - last << 4 | kind]) + data
        last = number
    return out + b"\0"


def _page(content, *, claimed=None, values=1):
    packed = gzip.compress(content)
    head = {
        1: _I32(0),
        2: _I32(len(content) if claimed is None else claimed),
        3: _I32(len(packed)),
        5: {1: _I32(values), 2: _I32(_PLAIN), 3: _I32(3), 4: _I32(3)},
    }
    return _struct(head) + packed


def _twice(page):
    """The page's size once more, as a number of 64 bits that others step over."""
    at = 1 + 1 + 1 + len(_varint((2**31 - 1) << 1))  # type and its number; size and its number
    return (
        page[:at]
        + bytes([0x06])
        + _varint(2 << 1)
        + _varint(10 << 1)
        + bytes([0x15])
        + page[at + 1 :]
    )


def _file(page, *, groups=1, rows=1, claimed=100, packed=None, more=None):
    """Every required column from one page, and a footer that says what it likes."""
    columns = [
        {
            2: 4,
            3: {
                1: _I32(_BYTE_ARRAY),
                2: [_I32(_PLAIN)],
                3: [name],
                4: _I32(_GZIP),
                5: rows,
                6: claimed,
                7: len(page) if packed is None else packed,
                9: 4,
                **(more or {}),
            },
        }
        for name in REQUIRED
    ]
    group = {1: columns, 2: claimed, 3: rows}
    group_bytes = _struct(group)
    head = bytes([0xFC]) + _varint(groups)
    footer = _struct(
        {
            1: _I32(1),
            2: [
                {4: "schema", 5: _I32(len(REQUIRED))},
                *({1: _I32(_BYTE_ARRAY), 3: _I32(0), 4: name, 6: _I32(_UTF8)} for name in REQUIRED),
            ],
            3: rows * groups,
            4: head + group_bytes * groups,
        }
    )
    return b"PAR1" + page + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def _text(value):
    return len(value).to_bytes(4, "little") + value


def honest(rows=(PLANTED, GOOD), **options):
    """An honest file, for the attacks that change one."""
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), out, **options)
    return out.getvalue()


def crafted():
    """A whole file made by the same hand as the bombs: proves that the hand writes Parquet."""
    return _file(_page(_text(b"R-1")))


def _repeated(cell_chars, rows):
    table = pa.Table.from_pylist([PLANTED] * rows).drop_columns("status")
    cells = pa.array(["z" * cell_chars])
    status = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), cells)
    out = io.BytesIO()
    pq.write_table(table.append_column("status", status), out, compression="zstd")
    return out.getvalue()


def _changed(data, at, byte):
    return data[:at] + bytes([data[at] ^ byte]) + data[at + 1 :]


def _cut(data, keep):
    return data[: int(len(data) * keep)]


def _bomb(megabytes):
    return _file(_page(_text(b"0" * (megabytes * _MB))))


def _parquet(name, tries, says, data):
    return Hostile(name, tries, REFUSED, says, data)


ALL = (
    _parquet(
        "Parquet of 20,000 row groups",
        "a footer that takes minutes to walk",
        "row groups",
        lambda: _file(_page(_text(b"R")), groups=20_000),
    ),
    _parquet(
        "Parquet that claims a billion rows",
        "memory set aside for rows that are not there",
        "more than 10000000 rows",
        lambda: _file(_page(_text(b"R")), rows=10**9),
    ),
    _parquet(
        "Parquet that claims negative rows",
        "a number below zero",
        "not readable as Parquet",
        lambda: _file(_page(_text(b"R")), rows=-5),
    ),
    _parquet(
        "Parquet that claims 100 terabyte",
        "a size beyond every limit",
        "expands to more than",
        lambda: _file(_page(_text(b"R")), claimed=10**14),
    ),
    _parquet(
        "Parquet with a negative size",
        "a size that makes the sum small",
        "not readable as Parquet",
        lambda: _file(_page(_text(b"R")), claimed=-(10**14)),
    ),
    _parquet(
        "Parquet page bomb",
        "a page of 100 MB in 100 kB; the footer says 100 bytes",
        "a page is larger",
        lambda: _bomb(100),
    ),
    _parquet(
        "Parquet page that claims 2 GB",
        "memory set aside for one page",
        "a page is larger",
        lambda: _file(_page(_text(b"R"), claimed=2**31 - 1)),
    ),
    _parquet(
        "Parquet page that claims too little",
        "a page larger than it says",
        "not readable as Parquet",
        lambda: _file(_page(_text(b"R" * 5_000), claimed=10)),
    ),
    Hostile(
        "Parquet page of a million values",
        "more values than its bytes hold",
        QUARANTINED,
        "not one of Huur",
        lambda: _file(_page(_text(b"R"), values=1_000_000)),
    ),
    _parquet(
        "Parquet with statistics that do not fit",
        "a footer that ends the process of the library",
        "not readable as Parquet",
        lambda: _file(_page(_text(b"R")), more={16: {3: [1, 2, 3]}}),
    ),
    _parquet(
        "Parquet whose page says its size twice",
        "small as one kind of number, giant as another",
        "a page is larger|not readable",
        lambda: _file(_twice(_page(_text(b"R"), claimed=2**31 - 1))),
    ),
    _parquet(
        "Parquet chunk beyond the end",
        "a column that lies outside the file",
        "not readable as Parquet",
        lambda: _file(_page(_text(b"R")), packed=10**9),
    ),
    _parquet(
        "Parquet dictionary bomb",
        "one cell of 1 MB, repeated 5,000 times",
        "a cell is longer",
        lambda: _repeated(_MB, 5_000),
    ),
    _parquet(
        "Parquet of many middling cells",
        "200,000 signs, repeated 50,000 times",
        "expands to more",
        lambda: _repeated(200_000, 50_000),
    ),
    _parquet(
        "Parquet with another column twice",
        "columns nobody asked for",
        "not declared",
        lambda: honest([PLANTED | {"bsn": "777777777"}]),
    ),
    _parquet(
        "Parquet with a list",
        "two amounts in one cell",
        "not a type that fits",
        lambda: honest([PLANTED | {"bedrag": [1, 2]}]),
    ),
    _parquet(
        "Parquet with binary cells",
        "bytes that are no text",
        "not a type that fits",
        lambda: honest([PLANTED | {"status": b"\xff\xfezeehond"}]),
    ),
    *(
        _parquet(
            f"Parquet cut at {keep:.0%}",
            "a file that ends early",
            "not readable as Parquet",
            lambda keep=keep: _cut(honest(), keep),
        )
        for keep in (0.1, 0.5, 0.99)
    ),
    _parquet(
        "Parquet with a changed page",
        "one bit turned in a page",
        "not readable as Parquet",
        lambda: _changed(honest(write_page_checksum=True), 60, 1),
    ),
    _parquet(
        "Parquet with a false end",
        "a footer longer than the file",
        "not readable as Parquet",
        lambda: honest()[:-8] + b"\xff\xff\xff\x7fPAR1",
    ),
    _parquet("Parquet in name only", "the sign of Parquet and nothing", "not readable", b"PAR1"),
)
